"""Names and times as callers say them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlp.speech.said import name_said, time_said

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("你好，我叫张伟，住在南湖街道", "张伟"),
        ("我叫欧阳小明我住在三栋", "欧阳小明"),
        ("免贵姓陈，想问一下", "陈"),
        ("我姓李，哦不是，我叫李小龙。", "李小龙"),
        ("我叫了救护车，没人来", None),
        ("小区叫金域华府", None),
        ("", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    found = name_said(text)
    assert (found.value if found else None) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("昨天晚上八点半停的水", "2026-11-21T20:30+00:00"),
        ("昨晚11点多", "2026-11-21T23:00+00:00"),
        ("今天早上7点15分开始", "2026-11-22T07:15+00:00"),
        ("前天下午三点一刻", "2026-11-20T15:15+00:00"),
        ("三天前就停了", "2026-11-19"),
        ("上个星期五的事", "2026-11-13"),
        ("周五就开始了", "2026-11-20"),
        ("11月3号上午十点", "2026-11-03T10:00+00:00"),
        ("十二月二十日", "2025-12-20"),
        ("今天晚上八点他们还要施工", None),
        ("十三月四十号", None),
        ("停水了", None),
        ("昨天晚上十二点", "2026-11-22T00:00+00:00"),
        ("昨晚一点多", "2026-11-22T01:00+00:00"),
        ("前天夜里十一点", "2026-11-20T23:00+00:00"),
        ("昨天夜里两点", "2026-11-21T02:00+00:00"),
        ("昨天凌晨十二点", "2026-11-21T00:00+00:00"),
        ("昨天中午一点", "2026-11-21T13:00+00:00"),
        ("昨天中午十二点半", "2026-11-21T12:30+00:00"),
        ("两三天前就停了", "2026-11-19"),
    ],
)
def test_times(text: str, value: str | None) -> None:
    found = time_said(text, NOW)
    assert (found.value if found else None) == value


def test_a_day_that_only_a_leap_year_has() -> None:
    found = time_said("2月29日停的水", datetime(2028, 1, 5, tzinfo=UTC))
    assert found is None
    found = time_said("2月29日停的水", datetime(2028, 3, 5, tzinfo=UTC))
    assert found is not None
    assert found.value == "2028-02-29"

"""What citizens read: fixed short messages fit one segment, and no date is promised that does not exist."""

import re
from datetime import UTC, datetime

import pytest

from channels_ingest import words
from channels_ingest.sms import segments
from hotline.tickets.models import Satisfaction
from hotline.tickets.states import State

NUMBER, CODE = "123452611210000017", "ABCDEFGHJK"
DUE = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # already 1 December in China
SIGNATURE = "【云水市12345】"
FIXED = {
    "received": words.received(NUMBER, CODE),
    "accepted": words.accepted(NUMBER),
    "dispatched": words.dispatched(NUMBER, "云水市城市管理和综合执法局云东分局", DUE),
    "closed": words.closed(NUMBER, invite=True),
    "extended": words.extended(NUMBER, "材料需要采购，厂家尚未发货", DUE),
    "moved": words.moved(NUMBER, "云水市城市管理和综合执法局云东分局", DUE),
    "suspended": words.suspended(NUMBER, "等待检验、检测、鉴定结果", DUE),
    "resumed": words.resumed(NUMBER, DUE),
    "merged": words.merged(NUMBER, NUMBER),
    "joined": words.joined(NUMBER),
    "unmerged": words.unmerged(NUMBER, State.REWORK),
    "split_off": words.split_off(NUMBER, CODE, NUMBER),
    "emergency": words.emergency(NUMBER, "110"),
    "emergency_with_number": words.emergency(NUMBER, "110", "JJ20261122-000000000000123456789"),
    "partner_reference": words.partner_reference(NUMBER, "122", "JJ20261122-000000000000123456789"),
    "rework": words.rework(NUMBER, DUE),
    "withdrawn": words.withdrawn(NUMBER),
}


@pytest.mark.parametrize("kind", FIXED)
def test_fixed_short_message_is_one_segment_with_its_signature(kind: str) -> None:
    short = SIGNATURE + FIXED[kind].short
    assert segments(short) == 1, f"{len(short)}: {short}"


def test_answer_by_short_message_takes_at_most_three_segments_and_keeps_the_invitation() -> None:
    short = words.answered(NUMBER, "已经安排人员到现场处理。" * 40).short
    assert segments(SIGNATURE + short) == 3
    assert short.endswith("请回复数字评价：1非常满意 2满意 3基本满意 4不满意 5非常不满意。")


@pytest.mark.parametrize(
    "wording",
    [
        words.received(NUMBER, CODE),
        words.accepted(NUMBER),
        words.dispatched(NUMBER, "城管局", None),
        words.rework(NUMBER, None),
        words.extended(NUMBER, "缺材料", None),
    ],
)
def test_no_date_without_a_limit(wording: words.Wording) -> None:
    assert not re.search(r"\d+月|\d+日|期限", wording.full + wording.short)


def test_limit_is_told_in_the_citys_own_time() -> None:
    assert words.dispatched(NUMBER, "城管局", DUE).full == (
        f"编号{NUMBER}的诉求已交城管局办理，办理期限到12月1日。承办单位可能会与您电话联系，请留意来电。"
    )


def test_words_of_merging_splitting_and_handing_over() -> None:
    assert words.emergency(NUMBER, "110", "JJ0731").full == (
        f"编号{NUMBER}的诉求情况紧急，已转110处理，110的编号是JJ0731。请同时直接拨打110。"
    )
    assert words.joined(NUMBER).short == f"编号{NUMBER}与他人反映的是同一件事，已合并办理，有答复会告诉您。"
    assert words.unmerged(NUMBER, "handling").short == f"编号{NUMBER}不再与其他诉求合并，恢复单独办理，目前办理中。"
    assert words.split_off(NUMBER, CODE, "1").short == f"您说的另一件事已单独登记，编号{NUMBER}，查询码{CODE}。"


def test_the_invitation_numbers_the_levels_as_they_are_read() -> None:
    assert words.INVITATION == "请回复数字评价：1非常满意 2满意 3基本满意 4不满意 5非常不满意。"
    assert set(words.SATISFACTION) == set(Satisfaction)


def test_every_state_has_a_word_for_the_citizen() -> None:
    assert set(words.STATES) == set(words.PHRASES) == set(State.values)
    assert max(map(len, words.PHRASES.values())) <= 5


@pytest.mark.parametrize(("length", "pieces"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_segments(length: int, pieces: int) -> None:
    assert segments("字" * length) == pieces


def test_clipped_words_say_that_they_are() -> None:
    assert words.clipped("第一行\n第二行", 20) == "第一行 第二行"
    assert words.clipped("一二三四五", 4) == "一二三…"

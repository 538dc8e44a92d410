"""Days named in a text ("12月底前", "下周三", "三个工作日内") as dates, reckoned from the day of the words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_PAST_YEAR = r"(?<!去年)(?<!前年)(?<!上年)(?<!往年)(?<!\d年)(?<![\d一二三四五六七八九十])"
_YEAR = _PAST_YEAR + r"(?:(20\d\d|今|本|明|后|次|当)年度?)?"
_SPAN_AHEAD = r"(?<![近前\d一二两三四五六七八九十])(?<!过去)(?<!过去的)(?<!近的)"
_WEEK_AHEAD = r"(?<![上每逢单双一两])(?<!上个)(?<!每个)"
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that the words at start:end name; of a stretch ("上旬", "底前"), its last one."""

    start: int
    end: int
    words: str
    day: date


def number(words: str) -> int:
    """An Arabic or small Chinese number; of two said side by side (两三天, 十五六户) the greater, which is the last."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return _DIGITS[ones[-1]]
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[-1]] if ones else 0)


def _year(said: str | None, today: date) -> int | None:
    if not said:
        return None
    return int(said) if said.isdigit() else today.year + {"明": 1, "次": 1, "后": 2}.get(said, 0)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months_on(today: date, months: int) -> date:
    at = today.month - 1 + months
    year, month = today.year + at // 12, at % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _coming(today: date, month: int, year: int | None) -> int:
    """The year that a bare month means: this one, unless it was over half a year ago."""
    if year:
        return year
    return today.year + (1 if month + 6 < today.month else 0)


def _full(found: re.Match[str], today: date) -> date:
    month, day = number(found[2]), number(found[3])
    return date(_coming(today, month, _year(found[1], today)), month, day)


def _month(found: re.Match[str], today: date) -> date:
    month, part = number(found[2]), found[3] or ""
    year = _coming(today, month, _year(found[1], today))
    last = _month_end(year, month)
    return last.replace(day={"上": 10, "初": 10, "中": 20}.get(part[:1], last.day))


def _this_month(found: re.Match[str], today: date) -> date:
    on = 1 if found[1].startswith(("下", "次")) else 0
    last = _months_on(today.replace(day=1), on)
    last = _month_end(last.year, last.month)
    if found[2] and found[2].endswith(("日", "号")):
        return last.replace(day=number(found[2][:-1]))
    return last.replace(day={"上": 10, "初": 10, "中": 20}.get((found[2] or "")[:1], last.day))


def _part_of_year(found: re.Match[str], today: date) -> date:
    year = _year(found[1], today) or today.year
    said = found[2]
    if "季" in said:
        quarter = number(re.sub(r"[第季度]", "", said))
        return _month_end(year, quarter * 3)
    return _month_end(year, 6) if said in ("上半年", "年中", "六月底") else _month_end(year, 12)


def _week(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    weeks = 1 if (found[1] or "").startswith("下") else 0
    day = monday + timedelta(days=7 * weeks + WEEKDAYS.get(found[2] or "", 6))
    return day if found[1] or day >= today else day + timedelta(days=7)


def _span(found: re.Match[str], today: date) -> date:
    """So many days, weeks or months on ("一个半月" is one and fifteen days); weekends are no working days."""
    count = 0.5 if found[1] == "半" else number(found[1]) + (0.5 if found[2] else 0.0)
    unit = found[3]
    if "工作" in unit:
        return _working_days(today, int(count))
    if unit in ("天", "日", "自然日", "小时"):
        return today + timedelta(days=count / 24 if unit == "小时" else count)
    if unit in ("周", "星期"):
        return today + timedelta(weeks=count)
    return _months_on(today, int(count)) + timedelta(days=15 if count % 1 else 0)


def _working_days(today: date, count: int) -> date:
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _near(found: re.Match[str], today: date) -> date:
    return today + timedelta(days={"今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "大": 3}[found[1][0]])


Reckon = Callable[[re.Match[str], date], date]
_FORMS: tuple[tuple[re.Pattern[str], Reckon], ...] = (
    (re.compile(rf"{_YEAR}{_N}月(?:份)?{_N}[日号](?!起)"), _full),
    (re.compile(r"(20\d\d)[-./](\d{1,2})[-./](\d{1,2})"), _full),
    (re.compile(rf"{_YEAR}{_N}月份?(底|末|初|上旬|中旬|下旬|内|中|前|左右|以前|之前)"), _month),
    (re.compile(r"(本月|这个月|当月|下个?月|次月)(\d{1,2}[日号]|底|末|初|上旬|中旬|下旬|内|中)?"), _this_month),
    (
        re.compile(r"(?:(20\d\d|今|本|明|后)年)(底|末|年底|上半年|下半年|年中|第?[一二三四1-4]季度|内|前)"),
        _part_of_year,
    ),
    (re.compile(r"()(年底|年末|上半年|下半年|第?[一二三四1-4]季度末?|年内|岁末)"), _part_of_year),
    (re.compile(rf"{_WEEK_AHEAD}((?:本|这|下)个?)?(?:周|星期|礼拜)([一二三四五六日天末])(?![次回])"), _week),
    (re.compile(r"(本周|这周|下周|下个?星期)(?:内|之内)?()"), _week),
    (
        re.compile(
            rf"{_SPAN_AHEAD}{_N[:-1]}|半)个?(半)?(工作日|工作天|自然日|小时|天|日|周|星期|月)(?:之内|以内|内|后|左右)"
        ),
        _span,
    ),
    (re.compile(r"(今天|今日|当天|当日|明天|明日|次日|后天|大后天)"), _near),
)


def days(text: str, today: date) -> tuple[Day, ...]:
    """Every day that the text names, in reading order; of two that overlap the longer."""
    found = sorted(_all(text, today), key=lambda each: (each.start, -each.end))
    kept: list[Day] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _all(text: str, today: date) -> Iterator[Day]:
    for form, reckon in _FORMS:
        for match in form.finditer(text):
            try:
                day = reckon(match, today)
            except (ValueError, KeyError, OverflowError):
                continue  # "31 April", "month 20": no day at all
            yield Day(match.start(), match.end(), match[0], day)


def soonest(text: str, today: date) -> date | None:
    """The first day named that is not before ``today``."""
    return min((each.day for each in days(text, today) if each.day >= today), default=None)

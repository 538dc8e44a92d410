"""A caller's name and the time of what happened, as they are said on the telephone; only what is said outright."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nlp.when import WEEKDAYS, number

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|司徒|慕容"
_HAN = r"[\u4e00-\u9fa5]"
_AFTER_NAME = r"(?=[，。！、；\s]|我|是|住|家住|电话|手机|$)"
_NAME = re.compile(
    rf"(?:我(?:的名字)?(?:就)?叫|我名叫|本人叫|我的名字是)"
    rf"((?:{_COMPOUND}){_HAN}{{1,2}}?|[{_SURNAMES}]{_HAN}{{1,2}}?){_AFTER_NAME}"
)
_FAMILY = re.compile(rf"(?:我|免贵|本人)姓({_COMPOUND}|[{_SURNAMES}])")

_NUMBER = r"(\d{1,2}|[一二三四五六七八九十两]{1,3})"
_DAYS_AGO = {
    "今天": 0,
    "今早": 0,
    "今晚": 0,
    "今日": 0,
    "昨天": 1,
    "昨晚": 1,
    "昨日": 1,
    "前天": 2,
    "前晚": 2,
    "大前天": 3,
}
_DAY = re.compile(
    rf"(?P<near>大前天|今天|今早|今晚|今日|昨天|昨晚|昨日|前天|前晚)"
    rf"|{_NUMBER.replace('(', '(?P<ago>', 1)}天(?:以?前|之前)"
    rf"|(?P<last>上个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|{_NUMBER.replace('(', '(?P<month>', 1)}月{_NUMBER.replace('(', '(?P<day>', 1)}[日号]"
)
_HOUR = re.compile(
    rf"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜)?的?{_NUMBER.replace('(', '(?P<hour>', 1)}点钟?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|{_NUMBER.replace('(', '(?P<minute>', 1)}分?)?"
)
_NOON_UNTIL, _DARK_FROM = 3, 5
"""中午一点 is thirteen o'clock; 晚上五点 is seventeen, but 晚上一点 and 夜里两点 are after midnight."""
_NEAR_ENOUGH = 6
"""Letters that may stand between the day and the hour."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A value, and the words it was read from."""

    value: str
    text: str


def name_said(text: str) -> Heard | None:
    """The name that the caller gives, or the family name alone; the last one said, which corrects earlier ones."""
    for pattern in (_NAME, _FAMILY):
        found = list(pattern.finditer(text))
        if found:
            return Heard(found[-1][1], found[-1][0])
    return None


def time_said(text: str, now: datetime) -> Heard | None:
    """When it happened, as an ISO date or an ISO date and time; nothing for what lies ahead."""
    for found in _DAY.finditer(text):
        day = _day(found, now.date())
        if day is None or day > now.date():
            continue
        hour = _HOUR.match(text, found.end()) or _HOUR.search(text, found.end(), found.end() + _NEAR_ENOUGH * 2)
        near = hour is not None and hour.start() - found.end() <= _NEAR_ENOUGH
        clock = _clock(hour, found["near"] or "") if hour and near else None
        if hour and clock is not None:
            moment = datetime.combine(day, time(), now.tzinfo) + clock
            if moment <= now:
                return Heard(moment.isoformat(timespec="minutes"), text[found.start() : hour.end()])
            continue
        return Heard(day.isoformat(), found[0])
    return None


def _day(found: re.Match[str], today: date) -> date | None:
    if found["near"]:
        return today - timedelta(days=_DAYS_AGO[found["near"]])
    if found["ago"]:
        return today - timedelta(days=number(found["ago"]))
    if found["weekday"]:
        monday = today - timedelta(days=today.weekday() + (7 if found["last"] else 0))
        return monday + timedelta(days=WEEKDAYS[found["weekday"]])
    month, day = number(found["month"]), number(found["day"])
    for year in (today.year, today.year - 1):
        try:
            named = date(year, month, day)
        except ValueError:  # 31 April, or 29 February of such a year
            continue
        if named <= today:
            return named
    return None


def _clock(found: re.Match[str], day: str) -> timedelta | None:
    """How long after the day's beginning; 昨天晚上十二点 is where that day ends."""
    hour, part = number(found["hour"]), found["part"] or ("晚上" if day.endswith("晚") else "")
    minute = 30 if found["half"] else 15 * number(found["quarter"] or "零") or number(found["minute"] or "零")
    if hour > 24 or minute > 59:
        return None
    return timedelta(hours=_of_day(hour, part), minutes=minute)


def _of_day(hour: int, part: str) -> int:
    """The hour from midnight on, by the part of the day that is said with it."""
    evening, night = part == "晚上", part in ("夜里", "半夜")
    if (part in ("下午", "傍晚") and hour < 12) or (part == "中午" and hour <= _NOON_UNTIL):
        return hour + 12
    if (evening or night) and _DARK_FROM <= hour <= 12:
        return hour + 12
    if evening and hour < _DARK_FROM:
        return hour + 24
    return 0 if part == "凌晨" and hour == 12 else hour

"""The part of an address no gazetteer lists: road, number, estate, building, and "opposite the school"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMERAL = r"[0-9０-９一二三四五六七八九十百]"
_ROAD = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:大道|路(?<!号路(?=灯))|街|巷|胡同)(?:[东南西北中]段?)?"
    rf"(?:{_NUMERAL}{{1,5}}巷)?"
)
_SITE = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:小区|花园|花苑|家园|华庭|新村|公寓|广场|大厦|市场|公园|医院"
    r"|小学|中学|幼儿园|学校|车站|地铁站|工业园|商场|超市|酒店)"
)
_NUMBER = re.compile(
    rf"(?:{_NUMERAL}{{1,5}}(?:之{_NUMERAL}{{1,3}}|-{_NUMERAL}{{1,4}})?号(?:楼|院|铺)?"
    rf"|[A-Za-z]?{_NUMERAL}{{1,4}}(?:期|区|栋|座|幢|单元|室|房|楼|层|巷|组|队|米)|[A-Za-z](?:栋|座|区))"
    rf"(?:(?<=[栋座幢元])[0-9]{{3,4}}[室房]?)?"
)
_RELATION = re.compile(
    r"(?:正?对面|斜对面|旁边|隔壁|附近|门口|大门|后门|楼下|楼上|后面|前面"
    r"|路口|交叉口|交界处?|交汇处|拐角|公交站|[东西南北]侧)"
)
_LINK = re.compile(r"[的、和与跟\s-]?")

# what stands before a name in a sentence: a name begins after the last of these
_LEAD = re.compile(
    r".*(?:今天|昨天|昨晚|现在|最近|刚才|位于|就在|住在|是在|来到|经过|路过|反映|投诉|举报|咨询|请问"
    r"|建议|希望|你好|您好|我是|我们|这边|那边|这里|那里|这条|那条|一条|整条|[在到从于住由去往向把将个家我你他的是了]|(?<=[路街道巷])[和与跟至])"
)
# a road or site said without a name
_NO_NAME = re.compile(
    r"(?:高速公|人行道|回家|大马|[马公道走一半铁线电思修堵问铺让带网水门小大村这条])?路|(?:[逛上大条老]|整条)?街|[小条]?巷"
    r"|[本这该老个]?(?:这个|住宅)?小区|[这个]?(?:学校|医院|菜?市场|公园|超市|商场|广场|酒店|幼儿园|小学|中学|地铁站|车站)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text; ``named`` tells a road, site or gazetteer name from a number or "opposite"."""

    start: int
    end: int
    named: bool


def address_spans(text: str, mentions: Iterable[tuple[int, int]]) -> list[Span]:
    """The addresses of a text, as spans from left to right; ``mentions`` are the gazetteer names in it."""
    pieces = [Span(start, end, True) for start, end in mentions]
    for pattern in (_ROAD, _SITE):
        pieces += [span for match in pattern.finditer(text) if (span := _name(text, match)) is not None]
    for pattern in (_NUMBER, _RELATION):
        pieces += [Span(*match.span(), named=False) for match in pattern.finditer(text)]
    return [span for span in _merged(text, pieces) if span.named]


def _name(text: str, match: re.Match[str]) -> Span | None:
    lead = _LEAD.match(match[0][:-1])
    start = match.start() + (lead.end() if lead else 0)
    name = text[start : match.end()]
    return Span(start, match.end(), True) if len(name) > 1 and not _NO_NAME.fullmatch(name) else None


def _merged(text: str, pieces: list[Span]) -> list[Span]:
    """Neighbours made one, also over a link such as 的; a number or relation alone begins no address."""
    merged: list[Span] = []
    for piece in sorted(pieces, key=lambda span: (span.start, -span.end)):
        last = merged[-1] if merged else None
        if last and (piece.start <= last.end or _LINK.fullmatch(text[last.end : piece.start])):
            merged[-1] = Span(last.start, max(last.end, piece.end), last.named or piece.named)
        elif piece.named:
            merged.append(piece)
    return merged

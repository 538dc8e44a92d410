"""The part of an address no gazetteer lists: road, number, estate, building, and "opposite the school"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.mentions import fold

LONGEST_NAME = 8
NUMERAL = r"[0-9０-９一二三四五六七八九十百零〇]"
# found by their last character, so that a long text without roads costs next to nothing
_ROAD_ENDS = re.compile(
    r"(?:大道|公路|胡同|巷|大桥|[0-9]{0,2}街(?!道|上|坊)"
    r"|(?<![走跑修堵问铺让带退出进迷绕拦探引思套销网水电铁线公马道半一门通同无有没各赶过回上爬街路])"
    r"[0-9]{0,2}路(?!上|过|人|费|况|程|由|途|径|障|牌|边|桩|子|虎))"
    rf"(?:[东南西北中]段?(?![门边侧面]))?(?:{NUMERAL}{{1,5}}巷)?"
)
_SITE_ENDS = re.compile(
    r"小区|花园|花苑|家园|佳苑|雅苑|新苑|嘉园|华庭|豪庭|名都|新城|新村|公寓|山庄|公馆|广场|大厦|市场|公园|医院|卫生院|敬老院"
    r"|小学|中学|大学|学院|幼儿园|学校|车站|地铁站|客运站|工业园|产业园|工业区|商场|商业城|超市|酒店|水库|码头|苑(?!士)"
    r"|(?<=[\u4e00-\u9fff])村(?!民|里|委|干|口|子|庄|组|镇|规|医)|村(?=[0-9一二三四五六七八九十]+[组队])"
)
_NUMBER = re.compile(
    rf"(?:{NUMERAL}{{1,5}}(?:之{NUMERAL}{{1,3}}|-{NUMERAL}{{1,4}})?号(?!线)(?:楼|院|铺)?(?:之{NUMERAL}{{1,3}})?"
    rf"|[A-Za-z]?{NUMERAL}{{1,4}}(?:期|区|栋|座|幢|单元|室|房(?!东)|楼|层|巷|组|队|米|公里)处?|[A-Za-z](?:栋|座|区|出?口))"
    rf"(?:(?<=[栋座幢元])[0-9]{{3,4}}(?:室|房(?!东))?)?"
    r"|(?<=[厦寓楼城座])[0-9]{3,4}(?:室|房(?!东))?"
)
_RELATION = re.compile(
    r"(?:正对面|斜对面|对面|旁边|隔壁|附近|校门口|村口|门口|门前|居委会|大门|后门|楼下|楼上|楼顶|天台|天井|后面|前面|里面|外面|上面|下面|路口"
    r"|交叉口|交界处?|交汇处|拐角|公交站|停车场|地下停车场|[东南西北]侧|临街(?:门面|商铺|店铺)|大坝)"
)
_LINK = re.compile(r"[的、和与跟\s-]?")

# what stands before a name in a sentence: a name begins after the last of these
_LEAD = re.compile(
    r".*(?:今天|昨天|昨晚|晚上|早上|每晚|每天|现在|最近|刚才|位于|就在|住在|是在|来到|经过|路过|反映|投诉|举报|咨询|请问|解决|一下|[0-9一二三四五六七八九十两]点"
    r"|建议|希望|关于|你好|您好|我是|我们|公司|这边|那边|这里|那里|这条|那条|一条|整条|哪里|附近|旁边|对面"
    r"|[在到从于住由去往向把将个家我你他的是了有请被给让问叫])"
)
_APART = re.compile(
    r".*(?:[路街道巷区县镇乡市桥][和与跟至及]|[区县镇乡]|市(?!场)|(?:(?<=.道)|(?<=[路街巷桥]))[和与跟至及]?(?=.{2}))"
)
# a road or site said without a name
_NO_NAME = re.compile(
    r"(?:高速|一级|乡村|沿江|绕城)?公路|[一-十]*[十丁]字路|.?三岔路|交[叉汇]路|[大这那条]{1,2}路|(?:[逛上大条老沿整]|[这那条一]{1,2})?街|[小条]?巷|大桥|(?:步行|小吃|商业)街"
    r"|(?:[本这该老各全个住宅居民]*|很多|整个|老旧)小区|(?:菜|农贸|人才|就业|房产|房地产|股票|劳动力|建材|二手|旧货|汽车|国内|批发|整个|规范|扰乱)?市场"
    r"|(?:公立|私立|公办|民办|附近|各|去|上|这所|这个|本|我们|全|市|县|区)?(?:小学|中学|大学|学院|学校|幼儿园|医院)"
    r"|(?:这个)?(?:公园|超市|商场|广场|酒店|地铁站|车站|客运站|公寓|大厦|工业园|产业园|工业区|水库|码头|敬老院|卫生院)"
    r"|[农乡本我全各该这那城同新]{0,2}村|新农村|[全各本该]?新村|新城|家园|花园|苑"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]*$")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text; ``named`` tells a road, site or gazetteer name from a number or "opposite"."""

    start: int
    end: int
    named: bool


def address_spans(text: str, mentions: Iterable[tuple[int, int]]) -> list[Span]:
    """The addresses of a text, as spans from left to right; ``mentions`` are the gazetteer names in it."""
    pieces = [Span(start, end, True) for start, end in mentions] + names_in(text)
    if not pieces:
        return []
    for pattern in (_NUMBER, _RELATION):
        pieces += [Span(*match.span(), named=False) for match in pattern.finditer(text)]
    return [span for span in _merged(text, pieces) if span.named]


def without_addresses(text: str, names: Iterable[str]) -> str:
    """The folded text without its addresses; ``names`` are those of places that stand in it, as they are folded."""
    said = fold(text)
    mentions = [found.span() for name in names for found in re.finditer(re.escape(name), said)]
    ends = [0, *(edge for span in address_spans(said, mentions) for edge in (span.start, span.end)), len(said)]
    return " ".join(said[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))


def names_in(text: str) -> list[Span]:
    """Roads and sites that are told by how their names end."""
    return names_ending(text, (_ROAD_ENDS, _SITE_ENDS))


def names_ending(text: str, patterns: Iterable[re.Pattern[str]]) -> list[Span]:
    """Names of which the patterns know the end."""
    ends = (match for pattern in patterns for match in pattern.finditer(text))
    named = sorted((span for match in ends if (span := _name(text, match))), key=lambda span: span.start)
    joined: list[Span] = []  # 幸福家园 and 家园小区 are one name
    for span in named:
        if joined and span.start < joined[-1].end:
            span = Span(joined[-1].start, max(span.end, joined.pop().end), True)
        joined.append(span)
    return joined


def _name(text: str, match: re.Match[str]) -> Span | None:
    before = text[max(0, match.start() - LONGEST_NAME) : match.start()]
    chinese = _CHINESE.search(before)
    start = match.start() - (len(chinese[0]) if chinese else 0)
    for lead in (_LEAD, _APART):
        found = lead.match(text[start : match.start()])
        start += found.end() if found else 0
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

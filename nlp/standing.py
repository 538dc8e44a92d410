"""Whether dangerous words tell of what is happening, or of what is denied, past, feared, asked about or rehearsed."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALL = 9
WINDOW = 200
"""Characters on either side that bear on the words, where no punctuation ends them sooner."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the words are meant, and how many levels that takes off."""

    name: str
    discount: int


HAPPENING = Standing("happening", 0)
FEARED = Standing("feared", 1)
RECENT = Standing("recent", 1)
AGAIN = Standing("again", 1)
DENIED = Standing("denied", ALL)
PAST = Standing("past", ALL)
OVER = Standing("over", ALL)
ASKED = Standing("asked", ALL)
TOPIC = Standing("topic", ALL)

_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]")
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
# just before the words
_DENIED = re.compile(
    r"(?:没有?|并未|未|不是|并非|无|不会|别说|说没有?|禁止|严禁|不准|不许|不得|杜绝)(?:发生|出现|再|什么|任何|有|被|人|过|去)*$"
)
_FEARED = re.compile(
    r"(?:怕|担心|害怕|万一|如果|要是|假如|容易|可能|恐怕|会不会|迟早|早晚|隐患"
    r"|引起|引发|导致|造成|防止|预防|避免|以免|以防|以为|怀疑会|谨防|小心).{0,8}$"
)
# just after them
_TOPIC = re.compile(
    r"^.{0,6}(?:演练|演习|培训|宣传|知识|保险|险种|险的|险怎么|险理赔|隐患排查|排查|预防|防治|应急预案|赔偿标准|补助|补贴|疫苗|教育"
    r"|警示|标志|栏目|热线|证明|电影|鉴定|科普|讲座|报警器|专项|条例|办法|规定)"
)
_OVER = re.compile(
    r"^.{0,10}(?:已经?|早就?|都)?(?:扑灭|灭了|救上来|救出来|修好|恢复了|来电了|来水了|处理过|处理好|解决了|没事了|找到了|找回|抓住了)"
)
_THANKED = re.compile(r"(?:感谢|表扬|点赞|谢谢).{0,16}$")
# anywhere in the clause, or in the sentence before them
_PAST = re.compile(
    r"去年|前年|大前年|上个月|上月|以前|之前就|曾经?|几年前|早年|当年|上次|上回|历史上|那年|小时候|[一二两三四五六七八九十几\d]年前"
    r"|(?:19|20)\d\d年|听说别的|别的城市|外地|新闻(?:里|上|说)|电视上"
)
_STILL = re.compile(r"现在|今天|刚才|刚刚|又|正在|目前|昨天|昨晚")
_RECENT = re.compile(r"昨天|昨晚|前天|前几天|上周|上星期|前段时间")
_AGAIN = re.compile(
    r"经常|常常|时常|长期|天天|每天|每晚|每次|多次|屡次|频繁|常年|一直以来|动不动|往往|有时|每年|隔三差五"
)
_ASKED = re.compile(
    r"(?:怎么|如何|怎样)(?:预防|申请|防止|避免|举报|投保|办理|理赔|赔偿)|是什么意思|哪天|哪里(?:办|领|打|开|可以)|在哪(?:办|领|打|开)"
    r"|计划停|什么时候停|停[水电气]通知|会停[水电气]吗|谁来赔|怎么赔|收费标准|许可证|电话是多少|要多久|什么流程|(?:怎么|如何)(?:申请|认定)工伤"
)
_WISHED = re.compile(r"(?:希望|建议|请求|能不能|可否|是否可以|想要|呼吁).{0,14}$")
_AGAINST = re.compile(r"(?:加强|加大|完善|落实|做好|规范).{0,10}$")
_LASTING = frozenset({"self_harm", "minors", "wages", "mass", "missing", "disease", "violence"})
"""Kinds that are as pressing a few days later."""
_SINGLE = frozenset({"self_harm", "minors", "violence", "missing", "wages"})
"""Kinds that are no less pressing when it happens again and again."""


def standing(text: str, start: int, end: int, kind: str) -> Standing:
    """How the words at start:end are meant."""
    clause_start, clause_end = _around(_CLAUSE_END, text, start, end)
    sentence_start, sentence_end = _around(_SENTENCE_END, text, start, end)
    before, after = text[clause_start:start], text[end : end + 20]
    clause = text[clause_start:clause_end]
    if _DENIED.search(before):
        return DENIED
    if _TOPIC.search(after):
        return TOPIC
    if _OVER.search(after) or _THANKED.search(before):
        return OVER
    if _ASKED.search(clause) or _ASKED.search(text[start:sentence_end]):
        return ASKED
    told = text[sentence_start:start] + text[start:clause_end]
    if _PAST.search(told) and not _STILL.search(text[clause_start:clause_end]):
        return PAST
    return _lesser(before, told, kind)


def _lesser(before: str, told: str, kind: str) -> Standing:
    if _FEARED.search(before) or _WISHED.search(before) or _AGAINST.search(before):
        return FEARED
    if kind not in _LASTING and _RECENT.search(told):
        return RECENT
    if kind not in _SINGLE and _AGAIN.search(told):
        return AGAIN
    return HAPPENING


def _around(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where the stretch between two ends begins and ends, within the window."""
    first, last = max(0, start - WINDOW), min(len(text), end + WINDOW)
    breaks = [found.end() for found in ends.finditer(text, first, start)]
    after = ends.search(text, end, last)
    return (breaks[-1] if breaks else first), (after.start() if after else last)

"""How urgent a message is, by what it says is happening; the denied, past or feared counts less."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

from nlp.mentions import fold
from nlp.results import Reason, Urgency, UrgencyLevel

_RANK: dict[UrgencyLevel, int] = {"normal": 0, "urgent": 1, "critical": 2}
_LEVELS: tuple[UrgencyLevel, ...] = ("normal", "urgent", "critical")

_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]")
# just before the words
_DENIED = re.compile(r"(?:没有?|并未|未|不是|并非|无|不会|别说)(?:发生|出现|再|什么|任何|有|被)?$")
_FEARED = re.compile(
    r"(?:怕|担心|害怕|万一|如果|要是|假如|容易|可能|恐怕|会不会"
    r"|引起|引发|导致|防止|预防|避免|以为|怀疑).{0,6}$"
)
# just after them
_NOT_HAPPENING = re.compile(r"^.{0,4}(?:演练|演习|培训|宣传|知识|保险|险种|险的|隐患排查|预防|应急预案|赔偿标准|补助)")
_OVER = re.compile(r"^.{0,8}(?:已经?|早就?)?(?:扑灭|灭了|救上来|修好|恢复了|来电了|来水了|处理好|解决了|没事了)")
# anywhere in the clause before them
_PAST = re.compile(r"去年|前年|上个月|上月|以前|曾经?|几年前|早年|当年|上次|上回|历史上|那年|小时候")
# anywhere in the clause
_ASKING = re.compile(
    r"(?:怎么|如何)(?:预防|申请|防止|避免|举报|投保)|是什么意思|哪天"
    r"|计划停|什么时候停|停[水电气]通知|会停[水电气]吗"
)


@dataclass(frozen=True, slots=True)
class _Sign:
    level: UrgencyLevel
    pattern: re.Pattern[str]
    what: str


@cache
def _signs() -> tuple[_Sign, ...]:
    table = resources.files("nlp").joinpath("data/urgency.tsv").read_text(encoding="utf-8")
    signs = []
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        level = _LEVELS[_LEVELS.index(cast("UrgencyLevel", row["level"]))]
        signs.append(_Sign(level, re.compile(row["pattern"]), row["what"]))
    return tuple(signs)


def assess(text: str) -> Urgency:
    """The highest level that any words of the text give, with all the words that give it."""
    folded = fold(text)
    found: dict[str, tuple[UrgencyLevel, str]] = {}
    for sign in _signs():
        for match in sign.pattern.finditer(folded):
            level = _LEVELS[max(0, _RANK[sign.level] - _discount(folded, match))]
            if _RANK[level] > _RANK[found.get(sign.what, ("normal", ""))[0]]:
                found[sign.what] = (level, match[0])
    if not found:
        return Urgency("normal")
    highest = max((level for level, _ in found.values()), key=_RANK.__getitem__)
    reasons = [Reason("rule", f"{what}：{words}", float(_RANK[level])) for what, (level, words) in found.items()]
    return Urgency(highest, tuple(sorted(reasons, key=lambda reason: -reason.weight)))


def _discount(text: str, match: re.Match[str]) -> int:
    """How many levels the words around the match take off: all of them, one, or none."""
    breaks = [found.end() for found in _CLAUSE_END.finditer(text, 0, match.start())]
    before = text[breaks[-1] if breaks else 0 : match.start()]
    after = text[match.end() : match.end() + 16]
    end = _CLAUSE_END.search(text, match.end())
    clause = before + match[0] + text[match.end() : end.start() if end else len(text)]
    if _DENIED.search(before) or _NOT_HAPPENING.search(after) or _OVER.search(after):
        return len(_LEVELS)
    if _PAST.search(before) or _ASKING.search(clause):
        return len(_LEVELS)
    return 1 if _FEARED.search(before) else 0

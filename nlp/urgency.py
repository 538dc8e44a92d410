"""How urgent a message is and what it warns of, by what it says is happening; the denied, past or feared counts less.

Two look at each message: a lexicon (nlp.signs), sure of its words and blind to others, and a small model (nlp.danger)
of how danger is told. Each risk carries the words and the rule it was read by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import cast

from nlp import danger
from nlp.danger import DangerModel
from nlp.mentions import fold
from nlp.results import Reason, Risk, RiskKind, Urgency, UrgencyLevel
from nlp.signs import LEVELS, MACROS, Lexicon, Sign, default
from nlp.standing import HAPPENING, standing
from nlp.when import soonest

RANK: dict[UrgencyLevel, int] = {"normal": 0, "urgent": 1, "critical": 2}
NAMES: dict[RiskKind, str] = {
    "life": "生命危险",
    "fire": "火灾爆炸",
    "gas": "燃气泄漏",
    "self_harm": "轻生",
    "mass": "群体事件",
    "minors": "未成年人受侵害",
    "wages": "多人讨薪",
    "violence": "暴力伤害",
    "disease": "疫病或食物中毒",
    "collapse": "坍塌坠落",
    "missing": "人员走失",
    "chemical": "危险品泄漏",
}
"""Kinds of alarm, which a person must see at once; the other kinds only shorten the clocks."""
SOON = timedelta(days=21)
LOOKS = 20
"""So many places of one sign are looked at: who repeats a word a thousand times must not hold up the others."""
CHANCE = 0.26
"""From which probability on the model's guess about a sentence or two is an alarm."""
CHANCE_OF_MANY = 0.75
"""The more is told, the more of it sounds alarming by chance."""
MANY = 2
LONG = 200
"""Of a text longer than this the model guesses nothing: it only says whether the lexicon's words are meant."""
CHANCE_OF_WORDS = 0.5

_CONDITIONS = {name: re.compile(pattern) for name, pattern in MACROS.items()}


def assess(
    text: str, *, lexicon: Lexicon | None = None, model: DangerModel | None = None, day: date | None = None
) -> Urgency:
    """The highest level that any words of the text give, with every risk they tell of; ``day`` is that of the words."""
    looked_for, hearing = lexicon or default(), model or danger.shipped()
    folded = fold(text)
    found, dismissed = by_words(text, looked_for, day)
    if len(text) > LONG:
        found = [_confirmed(risk, hearing, folded) for risk in found]
    elif not dismissed and not any(risk.alarming for risk in found):
        found += _hunch(hearing, looked_for.without_idioms(folded), text)
    risks = tuple(sorted(found, key=lambda risk: (-RANK[risk.level], not risk.alarming, risk.start)))
    reasons = tuple(Reason("rule", f"{risk.what}：{risk.words}", float(RANK[risk.level])) for risk in risks)
    return Urgency(risks[0].level if risks else "normal", reasons, risks)


def by_words(text: str, lexicon: Lexicon, day: date | None = None) -> tuple[list[Risk], bool]:
    """What the lexicon hears: for each name of a sign the place where it says most; and whether all is dismissed.

    Dismissed is what was heard and is denied, past, asked about …: the model need not hear it again.
    """
    folded = fold(text)
    if next(lexicon.find(folded), None) is None:
        return [], False
    folded = lexicon.without_idioms(folded)
    said = cache(partial(_said, folded, day))
    best: dict[str, Risk] = {}
    dismissed = False
    for each, match in _first_of_each(lexicon.find(folded)):
        risk = _risk(each, match, folded, text)
        dismissed |= risk is None and each.kind in NAMES
        known = best.get(each.what)
        if risk and (known is None or _weight(risk) > _weight(known)) and all(map(said, each.beside)):
            best[each.what] = risk
    return list(best.values()), dismissed and not best


def _first_of_each(found: Iterable[tuple[Sign, re.Match[str]]]) -> Iterator[tuple[Sign, re.Match[str]]]:
    times = Counter[Sign]()
    for each, match in found:
        times[each] += 1
        if times[each] <= LOOKS:
            yield each, match


def _weight(risk: Risk) -> tuple[int, bool]:
    return RANK[risk.level], risk.alarming


def _risk(each: Sign, match: re.Match[str], folded: str, text: str) -> Risk | None:
    start, end = match.span()
    stands = standing(folded, start, end, each.kind)
    level = LEVELS[max(0, RANK[each.level] - stands.discount)]
    if level == "normal":
        return None
    alarming = each.kind in NAMES and stands == HAPPENING
    kind = cast("RiskKind", each.kind)
    return Risk(kind, level, text[start:end], start, end, each.what, stands.name, alarming)


def _said(folded: str, day: date | None, condition: str) -> bool:
    return bool(_CONDITIONS[condition].search(folded)) or (condition == "{soon}" and _near(folded, day))


def _near(folded: str, day: date | None) -> bool:
    named = soonest(folded, day) if day else None
    return named is not None and day is not None and named <= day + SOON


def _confirmed(risk: Risk, model: DangerModel, folded: str) -> Risk:
    """Of a long story, what the model does not hear as an alarm does not ring."""
    if not risk.alarming:
        return risk
    near = next((span for span in danger.stretches(folded) if span[0] <= risk.start < span[1]), (risk.start, risk.end))
    return risk if model.alarm(folded[slice(*near)]) >= CHANCE_OF_WORDS else replace(risk, alarming=False)


def _hunch(model: DangerModel, folded: str, text: str) -> list[Risk]:
    """What the model hears where the lexicon heard no alarm: at most the likeliest, told as a guess."""
    spans = list(danger.stretches(folded))
    hunch = model.likeliest(folded, spans)
    if hunch is None or hunch.probability < (CHANCE_OF_MANY if len(spans) > MANY else CHANCE):
        return []
    start, end = hunch.telling
    if standing(folded, start, end, hunch.kind) != HAPPENING:
        return []
    what = f"{NAMES[hunch.kind]}（疑似，{round(100 * hunch.probability)}%）"
    return [Risk(hunch.kind, "urgent", text[start:end], start, end, what, HAPPENING.name, True)]

"""The lexicon of danger: words that warn of something, found in one pass over a text; a city may change its lines."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module, resources
from typing import Any, Literal, cast, get_args

from nlp.mentions import fold
from nlp.results import RiskKind, UrgencyLevel

SignKind = Literal[RiskKind, "idiom"]
LEVELS: tuple[UrgencyLevel, ...] = ("normal", "urgent", "critical")
KINDS: tuple[str, ...] = (*get_args(RiskKind), "idiom")

_PEOPLE = r"(?:人|工人|工友|农民工|民工|老乡|员工|业主|村民|家长|司机|学生|孩子|老人|同学|职工|客人|师傅|兄弟|阿姨|例)"
_NUMBER = r"(?:\d\d|好几|几|十几|几十|上百|百|[二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]?百)"
_FEW = r"(?:[3-9]|\d\d|好几|好多|许多|几|三|四|五|六|七|八|九|十几|几十|上百|一半)"
MACROS = {
    "{crowd}": rf"{_NUMBER}(?:多|几|来)?(?:[一二三四五六七八九]?十)?(?:个|名|位|号|口|户)*(?:多)?{_PEOPLE}|百号|七八十",
    "{many}": (
        rf"(?:{_FEW}|{_NUMBER}|[二三四五六七八九]?十|[三四五六七八九])(?:多)?(?:个|名|位|例|户|家)?(?:多)?(?:小)?{_PEOPLE}"
        r"|全家|全班|好几[家户]|一半孩子|[一两三四五六七八九几十\d]例|好几?个?人|都在(?:吐|拉|发烧)|各家"
    ),
    "{action}": r"堵(?:路|门|工地|大门|高速)|拉横幅|爬塔吊|爬上|上访|聚集|围[堵住]|闹|跳楼|集体|停工|一起去|讨说法",
    "{soon}": (
        r"今天|明天|后天|大后天|今晚|明早|这周|本周|下?周[一二三四五六日天末]|下?星期[一二三四五六日天]|月底|年底|年前|过年"
        r"|春节|除夕|大年|小年|节前|中秋|国庆|开学|再不|马上|现在|已经把|天内"
    ),
}
"""What the column `with` may ask for beside the words themselves: a number of people, an action, a day that is near."""
_CAPITAL = re.compile(r"(?<!\\)[A-Z]")
_PARSER: Any = import_module("re._parser")


@dataclass(frozen=True, slots=True)
class Sign:
    """Words (a regular expression) that warn of something; with ``beside``, only where all of that is said too."""

    kind: SignKind
    level: UrgencyLevel
    pattern: re.Pattern[str]
    what: str
    beside: tuple[str, ...] = ()
    heads: frozenset[str] = field(default=frozenset(), compare=False)


def sign(kind: str, level: str, pattern: str, what: str, beside: str = "") -> Sign:
    """A sign from a line of the lexicon; raises ValueError when a part of the line means nothing.

    Its words may be written in any letters (CO中毒, ＣＯ中毒, 火災): what is looked through is folded, and so are they.
    """
    if kind not in KINDS or level not in LEVELS:
        raise ValueError(f"{kind} {level}: unknown kind or level")
    asked = tuple(re.findall(r"\{\w+\}", beside))
    if "".join(asked) != beside or not set(asked) <= MACROS.keys():
        raise ValueError(f"{beside}: unknown condition")
    folded = _as_folded(pattern)
    try:
        compiled = re.compile(folded, re.IGNORECASE if _CAPITAL.search(folded) else 0)
        heads = {head.lower() for head in _heads(_PARSER.parse(folded))}
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern}: {error}") from error
    if not heads and kind != "idiom":
        raise ValueError(f"{pattern}: must begin with words")
    return Sign(cast("SignKind", kind), level, compiled, what, asked, frozenset(heads))


def _as_folded(pattern: str) -> str:
    """The pattern with its wide and traditional characters as they stand in folded text, none turned into a sign."""
    return "".join(letter if letter.isascii() else _plain(fold(letter)) for letter in pattern)


def _plain(letter: str) -> str:
    return re.escape(letter) if letter.isascii() else letter


def _heads(parsed: Any) -> set[str]:
    """The characters with which a match can begin; empty when it could be any."""
    gathered: set[str] = set()
    for operation, operand in parsed:
        name = str(operation)
        if name in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        repeated = name in ("MAX_REPEAT", "MIN_REPEAT")
        heads = _heads(operand[2]) if repeated else _heads_of(name, operand)
        if not heads:
            return set()
        gathered |= heads
        if not (repeated and operand[0] == 0):
            return gathered
    return set()


def _heads_of(name: str, operand: Any) -> set[str]:
    match name:
        case "LITERAL":
            return {chr(operand)}
        case "SUBPATTERN":
            return _heads(operand[3])
        case "IN":
            each = [{chr(value)} if str(kind) == "LITERAL" else set[str]() for kind, value in operand]
        case "BRANCH":
            each = [_heads(branch) for branch in operand[1]]
        case _:
            return set()
    return set[str]().union(*each) if all(each) else set()


@dataclass(frozen=True)
class Lexicon:
    """The signs looked for; what an idiom says is not heard."""

    signs: tuple[Sign, ...]

    @cached_property
    def _idioms(self) -> tuple[re.Pattern[str], ...]:
        """Each by itself: joined, the flags, groups and names of one would break or change the others."""
        return tuple(each.pattern for each in self.signs if each.kind == "idiom")

    @cached_property
    def _by_head(self) -> dict[str, list[Sign]]:
        """Trying each sign only where its first character stands takes a seventh of the time."""
        starting: dict[str, list[Sign]] = defaultdict(list)
        for each in self.signs:
            for head in each.heads if each.kind != "idiom" else ():
                starting[head].append(each)
        return dict(starting)

    def find(self, folded: str) -> Iterator[tuple[Sign, re.Match[str]]]:
        """Every sign and where it stands, in reading order."""
        starting = self._by_head
        for at, character in enumerate(folded):
            for each in starting.get(character, ()):
                found = each.pattern.match(folded, at)
                if found and found[0]:
                    yield each, found

    def without_idioms(self, folded: str) -> str:
        """The same text, with blanks where an idiom stood."""
        for idiom in self._idioms:
            folded = idiom.sub(lambda saying: "　" * len(saying[0]), folded)
        return folded


@cache
def shipped() -> tuple[Sign, ...]:
    """The signs that come with the product (nlp/data/urgency.tsv)."""
    table = resources.files("nlp").joinpath("data/urgency.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(sign(row["kind"], row["level"], row["pattern"], row["what"], row["with"]) for row in rows)


def with_changes(changes: Iterable[Sign]) -> Lexicon:
    """The shipped lexicon with a city's own lines: a line takes the place of all shipped lines of its name."""
    own = tuple(changes)
    replaced = {each.what for each in own}
    return Lexicon((*(each for each in shipped() if each.what not in replaced), *own))


@cache
def default() -> Lexicon:
    """The shipped lexicon alone."""
    return Lexicon(shipped())

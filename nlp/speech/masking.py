"""Telephone, identity-card and bank-card numbers in what was said: found however they are said, masked, and timed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal

from stdnum import luhn
from stdnum.cn import ric

from nlp.speech.engine import Word

Kind = Literal["identity", "bank", "phone"]
STAR = "*"

_FIGURES = {
    **{str(digit): str(digit) for digit in range(10)},
    **{chr(ord("０") + digit): str(digit) for digit in range(10)},
    **dict(zip("零〇一二三四五六七八九幺", "001234567891", strict=True)),
    **dict.fromkeys("xXｘＸ×", "X"),
}
_BETWEEN = r"[\s,，、。.·\-—_/]|[嗯呃啊哦额]|然后|[杠点]"
"""What people put between the digits of one number: pauses, hesitation, hyphens."""
_RUN = re.compile(rf"[{''.join(_FIGURES)}](?:(?:{_BETWEEN}){{0,4}}[{''.join(_FIGURES)}])*")

_IDENTITY = re.compile(r"[1-9]\d{16}[\dX]")
_OLD_IDENTITY = re.compile(r"[1-9]\d{14}")
_BANK = re.compile(r"[3-9]\d{12,18}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_LOCAL_DIGITS = 8
_TOLD_TO_BE_ONE = re.compile(r"(?:电话|座机|号码|手机|联系)\D{0,8}$")
_TICKET = re.compile(r"12345\d{13}")
_UNIONPAY = re.compile(r"62\d{14,17}")
_SHOWN: dict[Kind, tuple[int, int]] = {"identity": (6, 4), "bank": (0, 4), "phone": (3, 4)}
"""How many digits stay at the beginning and at the end."""

_AROUND_SECONDS = 0.15
_TOGETHER_SECONDS = 0.6


@dataclass(frozen=True, slots=True)
class Number:
    """A number that tells who somebody is or opens their purse; `places` are those of its digits in the text."""

    kind: Kind
    places: tuple[int, ...]

    @property
    def hidden(self) -> tuple[int, ...]:
        """The places that are masked."""
        first, last = _SHOWN[self.kind] if len(self.places) > _LOCAL_DIGITS else (0, 4)
        return self.places[first : len(self.places) - last]


@dataclass(frozen=True, slots=True)
class Masked:
    """A word as others may read it; `hidden` when it is part of a number, which others do not hear either."""

    text: str
    start: float
    end: float
    hidden: bool


def numbers(text: str) -> list[Number]:
    """Every number to be masked, in digits or in words (幺三八…), with pauses and hesitation between."""
    found = []
    for run in _RUN.finditer(text):
        places = [place for place in range(*run.span()) if text[place] in _FIGURES]
        digits = "".join(_FIGURES[text[place]] for place in places)
        groups = [n for n, place in enumerate(places) if n == 0 or place - places[n - 1] > 1]
        said = _Run(digits, (*groups, len(digits)), told=bool(_TOLD_TO_BE_ONE.search(text[: run.start()])))
        found += [Number(kind, tuple(places[start:end])) for kind, start, end in said.numbers()]
    return found


def mask(text: str) -> str:
    """The text with stars for the digits that matter; everything else stays where it is."""
    letters = list(text)
    for number in numbers(text):
        for place in number.hidden:
            letters[place] = STAR
    return "".join(letters)


def mask_each(texts: Sequence[str]) -> list[str]:
    """One speaker's utterances masked, also where a number goes on from one to the next."""
    masked = mask("，".join(texts))
    ends = list(accumulate(len(text) + 1 for text in texts))
    return [masked[end - 1 - len(text) : end - 1] for text, end in zip(texts, ends, strict=True)]


def mask_words(words: Sequence[Word]) -> list[Masked]:
    """One speaker's words masked, and told which of them belong to a number."""
    text = "".join(word.text for word in words)
    found = numbers(text)
    inside = {place for number in found for place in range(number.places[0], number.places[-1] + 1)}
    masked, end, told = mask(text), 0, []
    for word in words:
        start, end = end, end + len(word.text)
        told.append(Masked(masked[start:end], word.start, word.end, not inside.isdisjoint(range(start, end))))
    return told


def spans(words: Iterable[Masked]) -> list[tuple[float, float]]:
    """The seconds in which numbers are said, a little wider than the words; from left to right, apart."""
    return merged((max(0.0, word.start - _AROUND_SECONDS), word.end + _AROUND_SECONDS) for word in words if word.hidden)


def merged(times: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Times that touch or nearly touch, as one."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(times):
        if joined and start - joined[-1][1] <= _TOGETHER_SECONDS:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits said without other words between; `breaks` are where their groups begin and the last one ends."""

    digits: str
    breaks: tuple[int, ...]
    told: bool
    """Whether the words before say that a telephone number comes."""

    def numbers(self) -> Iterator[tuple[Kind, int, int]]:
        """The numbers from left to right; the longest that fits comes first at each place."""
        at = 0
        while at < len(self.digits):
            if ticket := _TICKET.match(self.digits, at):
                at = ticket.end()
            elif found := self._at(at):
                yield (found[0], at, found[1])
                at = found[1]
            else:
                at += 1

    def _at(self, at: int) -> tuple[Kind, int] | None:
        digits = self.digits
        if (found := _IDENTITY.match(digits, at)) and _is_identity(found[0]):
            return "identity", found.end()
        if end := self._bank_end(at):
            return "bank", end
        for pattern in (_MOBILE, _LANDLINE):
            if found := pattern.match(digits, at):
                return "phone", found.end()
        if self.told and at == 0 and (found := _LOCAL.fullmatch(digits)):
            return "phone", found.end()
        if (
            (found := _OLD_IDENTITY.match(digits, at))
            and found.end() in self.breaks
            and _is_date("19" + found[0][6:12])
        ):
            return "identity", found.end()
        return None

    def _bank_end(self, at: int) -> int | None:
        """Where a card's number ends that begins here: by its check digit, else by UnionPay's prefix."""
        if at not in self.breaks:
            return None
        ends = [end for end in reversed(self.breaks) if _BANK.fullmatch(self.digits, at, end)]
        checked = (end for end in ends if luhn.is_valid(self.digits[at:end]))
        issued = (end for end in ends if _UNIONPAY.fullmatch(self.digits, at, end))
        return next(checked, None) or next(issued, None)


def _is_identity(digits: str) -> bool:
    """By its check digit; a date of birth alone will do, since recognisers mishear a digit here and there."""
    return ric.is_valid(digits) or _is_date(digits[6:14])


def _is_date(digits: str) -> bool:
    try:
        born = datetime.strptime(digits, "%Y%m%d")
    except ValueError:
        return False
    return 1900 <= born.year < 2100

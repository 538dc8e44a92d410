"""What was said, put under the chain: a line carries salted digests of words that are kept in rows elsewhere.

The words themselves (a message, an answer, a rating …) are not in the line, since lines are shown to
many and kept for ever. The nonce is shown with the words and withheld with them: nobody can find
withheld words by trying texts against the digest.
"""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any, Protocol

from django.db.models import Model

from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Attachment, Message, Rating, Ticket


class What(StrEnum):
    """What kind of words a digest is of."""

    MESSAGE = "message"
    TRANSCRIPT = "transcript"
    MEDIA = "media"
    FILE = "file"
    ANSWER = "answer"
    RATING = "rating"
    REQUEST = "request"


KEPT: dict[What, tuple[type[Model], tuple[str, ...]]] = {
    What.MESSAGE: (Message, ("text", "place")),
    What.TRANSCRIPT: (Message, ("transcript",)),
    What.MEDIA: (Message, ("attachment__sha256",)),
    What.FILE: (Attachment, ("sha256", "purpose")),
    What.ANSWER: (Assignment, ("public_answer", "internal_answer", "solved")),
    What.RATING: (Rating, ("satisfied", "solved", "words", "counts", "protected")),
    What.REQUEST: (Ticket, ("text",)),
}
"""Where each kind of words is kept: the row, and the fields that together are the words."""

SAYING = frozenset(
    {
        Kind.RECEIVED,
        Kind.WORDS_ADDED,
        Kind.MEDIA_KEPT,
        Kind.EVIDENCE_ADDED,
        Kind.TRANSCRIBED,
        Kind.REPLIED,
        Kind.RELAYED,
        Kind.UNIT_ANSWERED,
        Kind.ANSWERED,
        Kind.RATED,
    }
)
"""Lines about words that are kept elsewhere; older ones carry no digest."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a line is about: `row` keeps them, as KEPT says."""

    what: What
    row: Model

    @property
    def key(self) -> str:
        """How the line names them."""
        return f"{self.what} {self.row.pk}"

    @property
    def words(self) -> dict[str, Any]:
        """The words as the row has them now."""
        return {name: reduce(getattr, name.split("__"), self.row) for name in KEPT[self.what][1]}


class Line(Protocol):
    """A ledger line, as far as words go."""

    sequence: int
    said: Any
    nonce: str


def digest_of(nonce: str, key: str, words: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over nonce and words."""
    stated = json.dumps([nonce, key, words], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(stated.encode()).hexdigest()


def sealed(said: Iterable[Said]) -> tuple[dict[str, str] | None, str]:
    """The digests that a line carries and the nonce that opens them; (None, "") for a line without words."""
    nonce = secrets.token_hex(16)
    digests = {one.key: digest_of(nonce, one.key, one.words) for one in said}
    return (digests, nonce) if digests else (None, "")


def newest(lines: Iterable[Line]) -> dict[str, Line]:
    """The last line about each of the words: a later answer takes the place of an earlier one in its row."""
    return {key: line for line in lines for key in line.said or {}}


def kept(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The words that the rows have now, in one query for each kind; a row that is gone is left out."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for what, _space, pk in (key.partition(" ") for key in keys):
        wanted[what].add(int(pk))
    found: dict[str, dict[str, Any]] = {}
    for what, (model, names) in KEPT.items():
        if wanted[what]:
            rows = model._default_manager.filter(pk__in=wanted[what]).values("pk", *names)
            found |= {f"{what} {row.pop('pk')}": row for row in rows}
    return found


def by_line(lines: Iterable[Line]) -> dict[int, dict[str, Any]]:
    """For each line the words that it is the last about, as they are kept now."""
    lines = list(lines)
    latest = newest(lines)
    found: dict[int, dict[str, Any]] = {line.sequence: {} for line in lines}
    for key, words in kept(latest).items():
        found[latest[key].sequence][key] = words
    return found


def unlike(lines: Iterable[Line], now: Mapping[str, dict[str, Any]]) -> int | None:
    """The first line whose words are not (`now`) what it says; None when all are."""
    wrong = [
        line.sequence
        for key, line in newest(lines).items()
        if key not in now or digest_of(line.nonce, key, now[key]) != line.said[key]
    ]
    return min(wrong, default=None)

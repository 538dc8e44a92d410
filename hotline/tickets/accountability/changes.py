"""What each kind of ledger line changes: the lead unit, its limits, who assists, whose turn a call-back is."""

from collections.abc import Callable
from datetime import datetime

from hotline.tickets.accountability.spans import Holder, HolderKind, Line
from hotline.tickets.accountability.walk import Walk
from hotline.tickets.facts import Kind
from hotline.tickets.models import Clock
from hotline.tickets.states import ENDED


def _lead(walk: Walk, line: Line, at: datetime) -> None:
    """A unit becomes the lead, with the limits that the line names."""
    unit = line.data.get("moved_to") or line.data["department"]
    if unit != walk.lead:
        walk.takers.pop(Holder(kind=HolderKind.UNIT, unit=unit), None)
        walk.dues = {key: due for key, due in walk.dues.items() if key[1] is None}
    walk.lead = unit
    walk.leave([unit], at)
    walk.limit(Clock.SIGN, unit, line.data.get("sign_due_at"))
    walk.limit(Clock.ANSWER, unit, line.data.get("due_at"))
    walk.join(line.data.get("assisting", ()), at)


def _upheld(walk: Walk, line: Line, at: datetime) -> None:
    if line.data.get("moved_to"):
        _lead(walk, line, at)
    else:
        _taken_back(walk, line, at)


def _taken_back(walk: Walk, line: Line, at: datetime) -> None:
    walk.lead = None
    walk.leave(list(walk.beside), at)


def _passed(walk: Walk, line: Line, at: datetime) -> None:
    """A part changes level; the answer's clock goes with it."""
    giver, taker = line.data["department"], line.data["to"]
    answer = walk.dues.pop((Clock.ANSWER, giver), None)
    if answer:
        walk.dues[Clock.ANSWER, taker] = answer
    walk.limit(Clock.SIGN, taker, line.data.get("sign_due_at"))
    if giver == walk.lead:
        walk.lead = taker
    else:
        walk.leave([giver], at)
        walk.join([taker], at)


def _answer_limit(walk: Walk, line: Line, at: datetime) -> None:
    walk.limit(Clock.ANSWER, walk.lead, line.data.get("due_at"))


def _ruling_limit(walk: Walk, line: Line, at: datetime) -> None:
    walk.consults = bool(line.data.get("consultation"))
    walk.limit(Clock.CONSULTATION if walk.consults else Clock.RULING, None, line.data.get("due_at"))


def _named_limit(walk: Walk, line: Line, at: datetime) -> None:
    walk.limit(line.data["clock"], line.data.get("department"), line.data["due_at"])


def _answered(walk: Walk, line: Line, at: datetime) -> None:
    walk.leave(list(walk.beside), at)
    walk.calls_back = bool(line.data.get("call_back"))


def _called(walk: Walk, line: Line, at: datetime) -> None:
    """Who was reached and is content has the last word; a bad one is decided on by who heard it."""
    unreached = walk.calls_back and not line.data["reached"]
    walk.calls_back = unreached or line.data.get("solved") is False


def _joined(walk: Walk, line: Line, at: datetime) -> None:
    walk.join(line.data["departments"], at)


def _left(walk: Walk, line: Line, at: datetime) -> None:
    walk.leave([line.data["department"]], at)


def _merged(walk: Walk, line: Line, at: datetime) -> None:
    walk.merged = list(walk.beside) or walk.merged


def _unmerged(walk: Walk, line: Line, at: datetime) -> None:
    if line.state not in ENDED:
        walk.join(walk.merged, at)
    walk.merged = []


CHANGES: dict[str, Callable[[Walk, Line, datetime], None]] = {
    Kind.DISPATCHED: _lead,
    Kind.CONSULTATION_RULED: _lead,
    Kind.RETURN_UPHELD: _upheld,
    Kind.RECALLED: _taken_back,
    Kind.PASSED_DOWN: _passed,
    Kind.PASSED_UP: _passed,
    Kind.UNITS_ADDED: _joined,
    Kind.UNIT_RELEASED: _left,
    Kind.UNIT_ANSWERED: _left,
    Kind.ANSWERED: _answered,
    Kind.ANSWERED_DIRECTLY: _answered,
    Kind.REVIEW_PASSED: _answered,
    Kind.FOLLOWED_UP: _called,
    Kind.EXTENSION_GRANTED: _answer_limit,
    Kind.RESUMED: _answer_limit,
    Kind.REWORK: _answer_limit,
    Kind.RETURN_REQUESTED: _ruling_limit,
    Kind.CARD_SHOWN: _named_limit,
    Kind.LIMIT_MOVED: _named_limit,
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
}

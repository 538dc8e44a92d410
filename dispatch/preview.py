"""What a change of rules or calendar would do to the clocks that run, and doing it in the open.

A preview makes the change in a transaction, reckons every running clock by the rules before and
after it, and rolls everything back. Applying keeps the change together with a plan of moves; the
worker then writes one ledger line for each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext

from dispatch import terms
from dispatch.calendar import day_of
from dispatch.models import PlannedMove, TermRule, Unit
from dispatch.rulebook import reference, say_extension
from dispatch.rules import Case, Rules, reading
from dispatch.terms import Reckoning
from hotline.tickets import clock as now_clock
from hotline.tickets.alone import wait_turn
from hotline.tickets.models import Clock, Deadline

ROUNDING = timedelta(minutes=1)
"""A limit that shifts by less has not moved: a clock's start is kept a moment after its limit was reckoned."""
BATCH = 2_000
WINDOWS = (Clock.RETURN, Clock.SILENCE)
"""Clocks that merely close: nobody is late when they do."""


class MovesPending(Exception):
    """The moves of an earlier change are still being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A running clock that a change moves; `late` when it becomes late by it, `relieved` when it no longer is."""

    deadline: int
    ticket: str
    clock: Clock
    department: str
    before: datetime
    after: datetime
    rule: str
    late: bool
    relieved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change does to the running clocks; `untouched` are those whose rule is not known.

    `planned` are the moves in the same order, each able to say its new reckoning in words.
    """

    moves: tuple[Move, ...]
    looked_at: int
    untouched: int
    planned: tuple["Planned", ...] = field(default=(), repr=False, compare=False)

    @property
    def tickets(self) -> int:
        """How many tickets have a clock that moves."""
        return len({move.ticket for move in self.moves})

    @property
    def late(self) -> int:
        """How many tickets become late by it."""
        return len({move.ticket for move in self.moves if move.late})

    @property
    def relieved(self) -> int:
        """How many tickets were late and are not any more."""
        return len({move.ticket for move in self.moves if move.relieved})


def say_effect(tickets: int, late: int) -> str:
    """What moves and what becomes late by it in one sentence, in the reader's language."""
    moved = ngettext("%(n)d ticket moves", "%(n)d tickets move", tickets) % {"n": tickets}
    overdue = ngettext("%(n)d becomes late", "%(n)d become late", late) % {"n": late}
    return f"{moved}, {overdue}."


class Running(NamedTuple):
    """The columns of a clock that its limit depends on; `ended_at` once it runs no more."""

    pk: int
    clock: str
    rule: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    paused_seconds: int
    extended_days: int
    number: str
    type: str
    urgency: str
    source: str
    channel: str
    matter: int | None
    field: int | None
    level: str | None
    department: str | None
    ended_at: datetime | None

    def case(self) -> Case:
        """What a rule may ask about it."""
        return Case(
            level=self.level or "",
            type=self.type,
            urgency=self.urgency,
            matters=tuple(pk for pk in (self.matter, self.field) if pk),
            sources=tuple(source for source in (self.source, self.channel) if source),
        )


COLUMNS = (
    *("pk", "clock", "rule", "started_at", "due_at", "paused_at", "paused_seconds", "extended_days"),
    *("ticket__number", "ticket__type", "ticket__urgency", "ticket__source", "ticket__channel"),
    *("ticket__matter_id", "ticket__matter__parent_id"),
    *("assignment__department__level", "assignment__department__code", "ended_at"),
)


class Reckoner:
    """Limits by one reading of the rules; what was found for one clock serves all that are alike."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules.load()
        self.by_reference = {reference(rule): rule for rule in rules.terms()}
        self._rules: dict[tuple[Clock, Case, date], TermRule | None] = {}
        self._dues: dict[tuple[int, datetime | date, int], datetime] = {}

    def rule(self, which: Clock, case: Case, on: date) -> TermRule | None:
        """The rule in force that day for such a case."""
        key = (which, case, on)
        if key not in self._rules:
            self._rules[key] = self.rules.term(*key)
        return self._rules[key]

    def due(self, rule: TermRule, started: datetime, extended_days: int) -> datetime:
        """The limit by that rule, its extension included; counted in days it is the same for all of one day."""
        by_day = rule.unit in (Unit.WORKING_DAYS, Unit.NATURAL_DAYS)
        key = (rule.pk, day_of(started) if by_day else started, extended_days)
        if key not in self._dues:
            self._dues[key] = self.steps(rule, started, extended_days)[-1].at
        return self._dues[key]

    def steps(self, rule: TermRule, started: datetime, extended_days: int) -> tuple[Reckoning, ...]:
        """The reckoning of the limit and, after it, that of its extension."""
        base = terms.reckon(self.rules.calendar, started, rule.amount, rule.unit)
        if not extended_days:
            return (base,)
        return (base, terms.reckon(self.rules.calendar, base.at, extended_days, Unit.WORKING_DAYS))

    def shifted(self, rule: TermRule, due: datetime, unshifted: datetime, to: datetime) -> datetime:
        """The limit `due`, put off as `unshifted` was put off to `to`: whole working days stay whole working days."""
        shift, days = to - unshifted, self.rules.calendar
        if abs(shift) < ROUNDING:
            return due
        if rule.unit != Unit.WORKING_DAYS or shift < timedelta(0) or not terms.ends_a_day(to):
            return due + shift
        return terms.reckon(days, due, len(days.working_days_ended(unshifted, to)), Unit.WORKING_DAYS).at


@dataclass(frozen=True, slots=True)
class Planned:
    """A move and the reckoning behind it."""

    move: Move
    rule: TermRule
    reckoner: Reckoner
    started_at: datetime
    extended_days: int

    @property
    def steps(self) -> tuple[Reckoning, ...]:
        """The reckoning of the new limit and of its extension."""
        return self.reckoner.steps(self.rule, self.started_at, self.extended_days)

    def explanation(self) -> list[str]:
        """The new reckoning in words."""
        base, *extension = self.steps
        lines = [self.rule.basis, *base.lines()]
        for more in extension:
            lines += [say_extension(self.extended_days), *more.lines()]
        return lines

    def row(self, reason: str) -> PlannedMove:
        """As it is kept until the ledger has it."""
        return PlannedMove(
            deadline_id=self.move.deadline,
            before=self.move.before,
            due_at=self.move.after,
            rule=self.move.rule,
            explanation=self.explanation(),
            provisional=any(step.provisional for step in self.steps),
            reason=reason,
        )


def preview(change: Callable[[], object], *, as_of: date | None = None) -> Preview:
    """What `change` would move; nothing is kept.

    Each clock goes by the rules in force on the day it started or, given `as_of`, on that day.
    """
    with transaction.atomic():
        found = _compare(change, as_of, Deadline.objects.filter(ended_at=None))
        transaction.set_rollback(True)
    return found


def replay(change: Callable[[], object], since: datetime, until: datetime, *, as_of: date | None = None) -> Preview:
    """The same for the clocks that started in a past period: which would have been late, or not, when they ended."""
    with transaction.atomic():
        found = _compare(change, as_of, Deadline.objects.filter(started_at__gte=since, started_at__lt=until))
        transaction.set_rollback(True)
    return found


def apply(change: Callable[[], object], *, reason: str, as_of: date | None = None) -> Preview:
    """Make `change` and plan its moves, in one transaction; the worker writes a ledger line for each.

    Raises MovesPending while the moves of an earlier change are still being written.
    """
    with transaction.atomic():
        wait_turn("planned-moves")
        if pending():
            raise MovesPending
        found = _compare(change, as_of, Deadline.objects.filter(ended_at=None))
        PlannedMove.objects.bulk_create((plan.row(reason) for plan in found.planned), batch_size=BATCH)
    return found


def pending() -> int:
    """How many planned moves are not in their ledgers yet."""
    return PlannedMove.objects.count()


def _compare(change: Callable[[], object], as_of: date | None, clocks: QuerySet[Deadline]) -> Preview:
    with reading(fresh=True) as before:
        old = Reckoner(before)
    change()
    with reading(fresh=True) as after:
        new = Reckoner(after)
    now, looked_at, untouched = now_clock.now(), 0, 0
    planned: list[Planned] = []
    for row in _rows(clocks):
        looked_at += 1
        pair = _rules_of(row, old, new, as_of)
        if pair is None:
            untouched += 1
        elif plan := _plan(row, old, new, pair, row.ended_at or now):
            planned.append(plan)
    planned.sort(key=lambda plan: (not plan.move.late, plan.move.after, plan.move.ticket))
    moves = tuple(plan.move for plan in planned)
    return Preview(moves=moves, looked_at=looked_at, untouched=untouched, planned=tuple(planned))


def _rows(clocks: QuerySet[Deadline]) -> Iterator[Running]:
    return (Running(*row) for row in clocks.order_by("pk").values_list(*COLUMNS).iterator(BATCH))


def _rules_of(row: Running, old: Reckoner, new: Reckoner, as_of: date | None) -> tuple[TermRule, TermRule] | None:
    """The rule that the clock goes by, and the one that it would go by; None when either is not known."""
    mine = old.by_reference.get(row.rule)
    if mine is None:
        return None
    day, case, which = day_of(row.started_at), row.case(), Clock(mine.clock)
    if as_of is not None:
        other = new.rule(which, case, as_of)
    elif old.rule(which, case, day) is mine:
        other = new.rule(which, case, day)
    else:  # set by an earlier change, or before the ticket was edited: it stays with its own rule
        other = new.by_reference.get(row.rule)
    return (mine, other) if other else None


def _plan(row: Running, old: Reckoner, new: Reckoner, pair: tuple[TermRule, TermRule], now: datetime) -> Planned | None:
    """The move of one clock. Whatever else has shifted it (pauses, time spent in review) shifts the new limit alike."""
    mine, other = pair
    unshifted = old.due(mine, row.started_at, row.extended_days)
    after = new.shifted(other, new.due(other, row.started_at, row.extended_days), unshifted, row.due_at)
    if abs(after - row.due_at) < ROUNDING:
        return None
    runs = row.paused_at is None and row.clock not in WINDOWS
    move = Move(
        deadline=row.pk,
        ticket=row.number,
        clock=Clock(row.clock),
        department=row.department or "",
        before=row.due_at,
        after=after,
        rule=reference(other),
        late=runs and after < now <= row.due_at,
        relieved=runs and row.due_at < now <= after,
    )
    return Planned(move, other, new, row.started_at, row.extended_days)

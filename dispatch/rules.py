"""The rules in force, read once and asked many times: which rule of the city's pack applies to a case."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

from dispatch import calendar
from dispatch.calendar import Calendar
from dispatch.models import CheckRule, PackInForce, Policy, SupervisionTrigger, TermRule
from hotline.people.models import Department
from hotline.tickets.models import Clock, Ticket

Rule = TypeVar("Rule", TermRule, CheckRule)


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may ask about: `matters` is the ticket's matter and the field above it, nearest first."""

    level: str = ""
    type: str = ""
    urgency: str = ""
    matters: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, ticket: Ticket, unit: Department | None) -> "Case":
        """The case of a ticket with a unit."""
        matter = ticket.matter
        matters = (matter.pk, *([matter.parent_id] if matter.parent_id else [])) if matter else ()
        sources = tuple(source for source in (ticket.source, ticket.channel) if source)
        return cls(unit.level if unit else "", ticket.type, ticket.urgency, matters, sources)

    def fits(self, rule: TermRule | CheckRule) -> bool:
        """Whether the rule is for this case: what it leaves empty stands for any."""
        return (
            rule.level in ("", self.level)
            and rule.type in ("", self.type)
            and rule.urgency in ("", self.urgency)
            and (rule.matter_id is None or rule.matter_id in self.matters)
            and (not rule.source or rule.source in self.sources)
        )

    def nearness(self, rule: TermRule | CheckRule) -> tuple[bool, int, bool, bool, int, date]:
        """How specific a fitting rule is: urgency beats matter beats type beats level beats source; then the newest."""
        matter = len(self.matters) - self.matters.index(rule.matter_id) if rule.matter_id else 0
        source = len(self.sources) - self.sources.index(rule.source) if rule.source else 0
        return (bool(rule.urgency), matter, bool(rule.type), bool(rule.level), source, rule.from_date)


class Rules:
    """The city's rules as they were when first asked; each part is one query, made only when it is needed."""

    @cached_property
    def _packs(self) -> list[PackInForce]:
        return list(PackInForce.objects.order_by("-from_date"))

    @cached_property
    def _terms(self) -> dict[tuple[int, str], list[TermRule]]:
        """Of the packs that the city ever chose: those of other places are three quarters of the table."""
        chosen = {choice.pack_id for choice in self._packs}
        return _grouped(TermRule.objects.filter(pack__in=chosen).select_related("pack", "matter"), "clock")

    @cached_property
    def _every_term(self) -> list[TermRule]:
        return list(TermRule.objects.select_related("pack", "matter"))

    @cached_property
    def _checks(self) -> dict[tuple[int, str], list[CheckRule]]:
        return _grouped(CheckRule.objects.select_related("pack", "matter"), "step")

    @cached_property
    def _policies(self) -> list[Policy]:
        return list(Policy.objects.order_by("-from_date"))

    @cached_property
    def _triggers(self) -> list[SupervisionTrigger]:
        return list(SupervisionTrigger.objects.order_by("count"))

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar."""
        return calendar.current()

    def load(self) -> "Rules":
        """Read at once all that a limit depends on, before anything changes."""
        _read = (self._packs, self._terms, self._every_term, self._policies, self.calendar)
        return self

    def terms(self) -> list[TermRule]:
        """Every time limit of every pack."""
        return self._every_term

    def pack(self, on: date) -> int:
        """The pack that the city goes by that day."""
        found = next((choice.pack_id for choice in self._packs if choice.from_date <= on), None)
        if found is None:
            raise ImproperlyConfigured(f"No rule pack is in force on {on}; choose one in the admin.")
        return found

    def term(self, clock: Clock, case: Case, on: date) -> TermRule | None:
        """The most specific time limit in force."""
        return _best(self._terms.get((self.pack(on), clock), []), case, on)

    def check(self, step: CheckRule.Step, case: Case, on: date) -> CheckRule | None:
        """The most specific checking rule in force."""
        return _best(self._checks.get((self.pack(on), step), []), case, on)

    def figure(self, key: str, on: date) -> int:
        """A single figure of the centre's policy."""
        found = next((row.value for row in self._policies if row.key == key and _in_force(row, on)), None)
        if found is None:
            raise ImproperlyConfigured(f"The policy figure {str(key)!r} is not set for {on}; set it in the admin.")
        return found

    def triggers(self, trigger: str, on: date) -> list[SupervisionTrigger]:
        """When orders of supervision are made by themselves, the smallest count first."""
        return [row for row in self._triggers if row.trigger == trigger and _in_force(row, on)]


_held: ContextVar[Rules | None] = ContextVar("rules", default=None)


def rules() -> Rules:
    """The rules held by `reading`, or read anew."""
    return _held.get() or Rules()


@contextmanager
def reading(fresh: bool = False) -> Iterator[Rules]:
    """Inside, the rules are read once; an outer reading goes on unless `fresh`."""
    token = _held.set(Rules() if fresh else rules())
    try:
        yield rules()
    finally:
        _held.reset(token)


def _grouped(rows: Iterable[Rule], by: str) -> dict[tuple[int, str], list[Rule]]:
    groups: dict[tuple[int, str], list[Rule]] = {}
    for row in rows:
        groups.setdefault((row.pack_id, getattr(row, by)), []).append(row)
    return groups


def _best(found: list[Rule], case: Case, on: date) -> Rule | None:
    fitting = [rule for rule in found if _in_force(rule, on) and case.fits(rule)]
    return max(fitting, key=case.nearness, default=None)


def _in_force(row: TermRule | CheckRule | Policy | SupervisionTrigger, on: date) -> bool:
    return row.from_date <= on and (row.to_date is None or on <= row.to_date)

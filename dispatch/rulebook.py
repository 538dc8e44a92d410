"""What the verbs ask of the rules (hotline.tickets.rulebook), answered from the city's data."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from dispatch import duties, looks, terms
from dispatch.calendar import day_of
from dispatch.given_back import give_back
from dispatch.models import CheckRule, TermRule, Unit
from dispatch.rules import Case, Rules, reading, rules
from hotline.people.models import Department
from hotline.tickets import clock as now_clock
from hotline.tickets.models import CallBack, Clock, Deadline, Ticket
from hotline.tickets.rulebook import CallBackChoice, Limit

NEEDED = (Clock.SIGN, Clock.RETURN, Clock.ANSWER)
"""Clocks without which no ticket may be dispatched."""


class Book:
    """The rules in force, by the pack that the city goes by (see hotline.tickets.rulebook.Rulebook)."""

    def reading(self) -> AbstractContextManager[Rules]:
        """Inside, the rules are read once."""
        return reading()

    def limit(self, ticket: Ticket, clock: Clock, at: datetime, unit: Department | None = None) -> Limit | None:
        """The limit of a clock that starts at `at`; None when the pack sets none for this case."""
        with reading() as book:
            rule = book.term(clock, Case.of(ticket, unit), day_of(at))
            if rule is None and clock in NEEDED:
                raise ImproperlyConfigured(f"The rule pack in force has no limit for the clock {clock.value!r}.")
            return limit_by(book, rule, clock, at) if rule else None

    def extended(self, deadline: Deadline, working_days: int) -> Limit:
        """The limit of `deadline` put off by `working_days`; the reckoning goes on where it ended."""
        with reading() as book:
            more = terms.reckon(book.calendar, deadline.due_at, working_days, Unit.WORKING_DAYS)
            which = Clock(deadline.clock)
            return Limit(
                clock=which,
                due_at=more.at,
                rule=deadline.rule,
                explanation=(*deadline.explanation, say_extension(working_days), *more.lines()),
                provisional=deadline.provisional or more.provisional,
                next_at=looks.first(book, which, deadline.started_at, more.at),
            )

    def resumed(self, deadline: Deadline, since: datetime, until: datetime) -> Limit:
        """The limit of `deadline`, which stood still from `since` to `until`, with what it gets back for that."""
        with reading() as book:
            back = give_back(book.calendar, counted_in(book, deadline), deadline.due_at, since, until)
            return Limit(
                clock=Clock(deadline.clock),
                due_at=back.at,
                rule=deadline.rule,
                explanation=(*deadline.explanation, *back.lines()),
                provisional=deadline.provisional or back.provisional,
                next_at=looks.again(book, deadline, back.at),
            )

    def extension_cap(self, ticket: Ticket, unit: Department) -> int | None:
        """The most working days that extensions of this ticket may add in all; None without a cap."""
        rule = rules().term(Clock.EXTENSION, Case.of(ticket, unit), _today())
        if rule and rule.unit != Unit.WORKING_DAYS:
            raise ImproperlyConfigured(f"The cap {reference(rule)} must be in working days.")
        return rule.amount if rule else None

    def needs_review(self, ticket: Ticket) -> bool:
        """Whether the answer is read before the citizen gets it; without a rule it is."""
        rule = rules().check(CheckRule.Step.REVIEW, Case.of(ticket, ticket.department), _today())
        return rule is None or _drawn(rule, ticket)

    def call_back(self, ticket: Ticket) -> CallBackChoice:
        """Whether the citizen is called back about the answer; without a rule not."""
        rule = rules().check(CheckRule.Step.CALL_BACK, Case.of(ticket, ticket.department), _today())
        if rule is None or rule.how == CheckRule.How.NEVER:
            return CallBackChoice(choice=CallBack.NONE)
        if rule.how == CheckRule.How.ALWAYS:
            return CallBackChoice(choice=CallBack.DUE)
        choice = CallBack.SAMPLED if _drawn(rule, ticket) else CallBack.NONE
        return CallBackChoice(choice=choice, share=rule.percent / 100)

    def figure(self, key: str) -> int:
        """A single figure of the centre's policy; `key` as in dispatch.models.PolicyKey."""
        return rules().figure(key, _today())

    def may_pass_down(self, ticket: Ticket, to: Department) -> str | None:
        """The catalogue's basis for `to` doing this ticket's matter; None when the catalogue does not let it."""
        return self.who_may_take(ticket, [to]).get(to.pk)

    def who_may_take(self, ticket: Ticket, units: Sequence[Department]) -> dict[int, str]:
        """The same of each of `units`, by key, those that it does not let left out; a few queries, however many."""
        return duties.bases_to_lead(ticket.matter, ticket.area, units, _today()) if ticket.matter else {}


BOOK = Book()


def limit_by(book: Rules, rule: TermRule, clock: Clock, at: datetime) -> Limit:
    """The limit that a rule sets for a clock that starts at `at`."""
    reckoned = terms.reckon(book.calendar, at, rule.amount, rule.unit)
    return Limit(
        clock=clock,
        due_at=reckoned.at,
        rule=reference(rule),
        explanation=(rule.basis, *reckoned.lines()),
        provisional=reckoned.provisional,
        next_at=looks.first(book, clock, at, reckoned.at),
    )


def reference(rule: TermRule) -> str:
    """The rule by its natural key: pack, clock, whatever narrows the case, and since when."""
    matter = rule.matter.code if rule.matter else ""
    narrowed = [part for part in (rule.level, rule.type, rule.urgency, matter, rule.source) if part]
    return "/".join([rule.pack.code, rule.clock, *narrowed]) + f"@{rule.from_date}"


def counted_in(book: Rules, deadline: Deadline) -> str:
    """The unit of a running clock's limit: working days once it was extended by them, else its rule's.

    A clock whose rule is not in the tables any more counts the time as it passes.
    """
    if deadline.extended_days:
        return Unit.WORKING_DAYS
    return next((rule.unit for rule in book.terms() if reference(rule) == deadline.rule), Unit.HOURS)


def say_extension(working_days: int) -> str:
    """The line that begins the reckoning of an extension."""
    with translation.override(settings.LANGUAGE_CODE):
        said = ngettext("Extended by %(n)d working day:", "Extended by %(n)d working days:", working_days)
    return said % {"n": working_days}


def _drawn(rule: CheckRule, ticket: Ticket) -> bool:
    """Whether the lot fell on this ticket and round. Keyed, so that nobody can foresee or steer it."""
    if rule.how != CheckRule.How.SAMPLE:
        return rule.how == CheckRule.How.ALWAYS
    lot = salted_hmac("dispatch.lot", f"{rule.step}/{ticket.number}/{ticket.rounds}", algorithm="sha256").digest()
    return int.from_bytes(lot[:8], "big") % 10_000 < rule.percent * 100


def _today() -> date:
    return day_of(now_clock.now())

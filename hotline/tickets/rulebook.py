"""What the verbs ask of the city's rules; the dispatch app answers it (settings.RULEBOOK).

The verbs themselves start and stop every clock. Were the limits handed in by each caller, a caller
could forget one, or make one up.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from hotline.people.models import Department
from hotline.tickets.models import CallBack, Clock, Deadline, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When a clock runs out, by which rule, and why then; `next_at` is when the sweep must look at it first."""

    clock: Clock
    due_at: datetime
    rule: str
    explanation: tuple[str, ...]
    provisional: bool = False
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackChoice:
    """Whether the citizen is called back; `share` (0–1) is the chance with which a sampled one was drawn."""

    choice: CallBack
    share: float | None = None


class Rulebook(Protocol):
    """The city's rules in force at a moment."""

    def reading(self) -> AbstractContextManager[object]:
        """Inside, the rules are read once, however many questions are asked; every verb goes by one reading."""

    def limit(self, ticket: Ticket, clock: Clock, at: datetime, unit: Department | None = None) -> Limit | None:
        """The limit of a clock that starts at `at`; None when the pack sets none for this case.

        Raises ImproperlyConfigured when a clock that every ticket needs (sign, return, answer) has no rule.
        """

    def extended(self, deadline: Deadline, working_days: int) -> Limit:
        """The limit of `deadline` put off by `working_days`."""

    def resumed(self, deadline: Deadline, since: datetime, until: datetime) -> Limit:
        """The limit of `deadline`, which stood still from `since` to `until`, with what it gets back for that."""

    def extension_cap(self, ticket: Ticket, unit: Department) -> int | None:
        """The most working days that extensions of this ticket may add in all; None without a cap."""

    def needs_review(self, ticket: Ticket) -> bool:
        """Whether the answer is read before the citizen gets it."""

    def call_back(self, ticket: Ticket) -> CallBackChoice:
        """Whether the citizen is called back about the answer; the same ticket and round always draw the same lot."""

    def figure(self, key: str) -> int:
        """A single figure of the centre's policy; `key` as in dispatch.models.PolicyKey."""

    def may_pass_down(self, ticket: Ticket, to: Department) -> str | None:
        """The catalogue's basis for `to` doing this ticket's matter; None when the catalogue does not let it."""

    def who_may_take(self, ticket: Ticket, units: Sequence[Department]) -> dict[int, str]:
        """The same of each of `units`, by key, those that it does not let left out; a few queries, however many."""


def book() -> Rulebook:
    """The rules of this installation."""
    return cast(Rulebook, import_string(settings.RULEBOOK))

"""A ticket's clocks as screens show them: what is due, from whom, how it stands, and why it ends when it does."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dispatch.explaining import explain
from hotline.api.asker import DUE_LEVELS, Asker
from hotline.people.models import Department, Staff
from hotline.people.roles import Role
from hotline.tickets import access, clock, rulebook
from hotline.tickets.models import Card, Clock, Deadline, Ticket
from hotline.tickets.parts import LEAD_CLOCKS

CENTRE_CLOCKS = (Clock.ACCEPT, Clock.RULING, Clock.CONSULTATION, Clock.REVIEW, Clock.CALL_BACK)
"""What the hotline centre itself must do in time; the other clocks are the units'."""


class TermOut(serializers.Serializer[Any]):
    """A clock that would start, and why it would end when it does."""

    name = serializers.ChoiceField(Clock.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    due_at = serializers.DateTimeField()
    level = serializers.ChoiceField(DUE_LEVELS)
    provisional = serializers.BooleanField()
    rule = serializers.CharField()
    explanation = serializers.ListField(child=serializers.CharField())


class PressingClock(serializers.Serializer[Deadline]):
    """A clock in a list: what is due, when, how it stands."""

    name = serializers.ChoiceField(Clock.choices, source="clock")
    label = serializers.CharField(source="get_clock_display")  # type: ignore[assignment]
    due_at = serializers.DateTimeField()
    level = serializers.SerializerMethodField()
    card = serializers.ChoiceField(Card.choices, allow_blank=True)

    @extend_schema_field(serializers.ChoiceField(DUE_LEVELS))
    def get_level(self, deadline: Deadline) -> str:
        """How it stands: ok, soon or late; none while it stands still."""
        asker: Asker = self.context["asker"]
        return asker.level(deadline.due_at, running=deadline.paused_at is None)


class ClockOut(PressingClock):
    """One clock, and why it ends when it does, day by day."""

    department = serializers.CharField(source="assignment.department.code", default=None, allow_null=True)
    department_name = serializers.CharField(source="assignment.department.name", default=None, allow_null=True)
    started_at = serializers.DateTimeField()
    paused = serializers.SerializerMethodField()
    provisional = serializers.BooleanField()
    rule = serializers.CharField()
    explanation = serializers.SerializerMethodField()

    def get_paused(self, deadline: Deadline) -> bool:
        """Whether it stands still."""
        return deadline.paused_at is not None

    def get_explanation(self, deadline: Deadline) -> list[str]:
        """The rule's basis, then one line per day, then what pauses and extensions added."""
        return explain(deadline)


def shown_clocks(ticket: Ticket, asker: Asker) -> list[Deadline]:
    """The running clocks that concern the asker, soonest first: a unit sees its own, the hotline all."""
    running: list[Deadline] = ticket.running  # type: ignore[attr-defined]  # by queries.rows
    return concerning(asker.staff, [d for d in running if d.clock != Clock.RETURN or d.due_at > asker.now])


def concerning(staff: Staff, clocks: Iterable[Deadline]) -> list[Deadline]:
    """Those of `clocks` that `staff` is shown: a unit its own and the reply to an order, the hotline all."""
    if staff.role != Role.DEPARTMENT:
        return list(clocks)
    own = access.unit_ids(staff)
    return [d for d in clocks if d.clock == Clock.SUPERVISION or (d.assignment and d.assignment.department_id in own)]


def pressing_clock(ticket: Ticket, asker: Asker) -> Deadline | None:
    """What the asker must do first about the ticket, else what others must; a window that closes is no duty."""
    duties = [d for d in shown_clocks(ticket, asker) if d.clock not in (Clock.RETURN, Clock.SILENCE)]
    own = duties if asker.staff.role == Role.DEPARTMENT else [d for d in duties if d.clock in CENTRE_CLOCKS]
    return next(iter(own or duties), None)


def terms_of(ticket: Ticket, unit: Department | None, asker: Asker) -> list[dict[str, Any]]:
    """The clocks that a dispatch to `unit` now would start."""
    limits = (rulebook.book().limit(ticket, which, clock.now(), unit) for which in LEAD_CLOCKS)
    return [
        {
            "name": limit.clock,
            "label": str(Clock(limit.clock).label),
            "due_at": limit.due_at,
            "level": asker.level(limit.due_at),
            "provisional": limit.provisional,
            "rule": limit.rule,
            "explanation": list(limit.explanation),
        }
        for limit in limits
        if limit
    ]

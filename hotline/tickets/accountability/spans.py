"""What a chain of accountability is made of: holders, spans, assisting parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.people.roles import Role
from hotline.tickets.models import Clock
from hotline.tickets.states import State


class HolderKind(models.TextChoices):
    """Who can have the ball."""

    DESK = "desk", _("The desk")
    UNIT = "unit", _("The unit")
    REVIEWER = "reviewer", _("A reviewer")
    CITIZEN = "citizen", _("The citizen")
    NOBODY = "nobody", _("Nobody any more")


class Line(Protocol):
    """What is read of a ledger line."""

    sequence: int
    kind: str
    data: Any
    state: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has the ball: `unit` is the code of a unit, `role` that of a reviewer or of the desk."""

    kind: HolderKind
    unit: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One holder without interruption, in one state, under one clock.

    `staff` is the first of the holder's own people who acted on it, at `taken_at`; `given_by` is who passed
    the ball; `line` is the ledger line that began the span. `end` is None while it lasts.
    """

    holder: Holder
    state: State
    start: datetime
    end: datetime | None
    line: int
    given_by: int | None
    staff: int | None
    taken_at: datetime | None
    clock: Clock | None
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An assisting unit's part, from being called in to its answer or release."""

    unit: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The spans of a ticket's life without gap or overlap; `first_asked` is the first member of staff who acted."""

    first_asked: int | None
    spans: tuple[Span, ...]
    beside: tuple[Beside, ...]

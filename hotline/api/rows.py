"""A ticket as one row of a list: codes and names, who has it, how its clock stands, what may be done."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hotline.api.asker import DUE_LEVELS, Asker
from hotline.api.clocks import PressingClock, pressing_clock
from hotline.people.models import Department, Staff
from hotline.tickets import access, confiding, rulebook
from hotline.tickets.models import Assignment, CallBack, Matter, RequestType, Ticket, UrgencyLevel
from hotline.tickets.states import ENDED, State, Verb


def clock_runs(ticket: Ticket) -> bool:
    """Whether the answer is still awaited and the clock does not stand still."""
    return ticket.answered_at is None and ticket.state not in ENDED | {State.SUSPENDED}


def matter_path(matter: Matter) -> str:
    """Field and matter, as 「市容环卫 / 噪音扰民」."""
    return f"{matter.parent.name} / {matter.name}" if matter.parent else matter.name


class Place(serializers.Serializer[Ticket]):
    """Where it is."""

    area = serializers.CharField(source="area.code", default=None, allow_null=True)
    area_name = serializers.CharField(source="area.name", default="")
    address = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class Person(serializers.Serializer[Staff]):
    """A member of staff by name."""

    username = serializers.CharField()
    name = serializers.CharField(source="__str__")


class UnitOut(serializers.Serializer[Department]):
    """A unit by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class CitizenSeen(serializers.Serializer[Any]):
    """The citizen as the asker may see them: masked, or hidden altogether (null)."""

    name = serializers.CharField(source="masked_name")
    phone = serializers.CharField(source="masked_phone")


class TicketRow(serializers.Serializer[Ticket]):
    """One ticket in a list."""

    number = serializers.CharField()
    public_code = serializers.SerializerMethodField()
    state = serializers.ChoiceField(State.choices)
    state_label = serializers.CharField(source="get_state_display")
    type = serializers.ChoiceField(RequestType.choices, allow_blank=True)
    type_label = serializers.CharField(source="get_type_display")
    matter = serializers.CharField(source="matter.code", default=None, allow_null=True)
    matter_name = serializers.CharField(source="matter.name", default="")
    matter_path = serializers.SerializerMethodField()
    title = serializers.CharField()
    text = serializers.CharField()
    summary = serializers.CharField()
    channel = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    urgency = serializers.ChoiceField(UrgencyLevel.choices)
    confidential = serializers.BooleanField()
    enterprise = serializers.BooleanField()
    place = Place(source="*")
    citizen = serializers.SerializerMethodField()
    department = serializers.CharField(source="department.code", default=None, allow_null=True)
    department_name = serializers.CharField(source="department.name", default="")
    assisting = serializers.SerializerMethodField()
    assisting_names = serializers.SerializerMethodField()
    holder = Person(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_level = serializers.SerializerMethodField()
    clock = serializers.SerializerMethodField()
    supervision_level = serializers.IntegerField()
    children_count = serializers.IntegerField()
    crowd = serializers.SerializerMethodField()
    call_back = serializers.ChoiceField(CallBack.choices, allow_blank=True)
    set_aside = serializers.BooleanField()
    partner = serializers.CharField()
    partner_reference = serializers.CharField()
    satisfied = serializers.IntegerField(allow_null=True)
    last_entry = serializers.IntegerField(allow_null=True)
    unread = serializers.BooleanField()
    allowed = serializers.SerializerMethodField()

    @property
    def asker(self) -> Asker:
        """Who reads this answer."""
        asker: Asker = self.context["asker"]
        return asker

    def to_representation(self, ticket: Ticket) -> dict[str, Any]:
        """Without what tells who a protected citizen is, for those who may not know."""
        shown: dict[str, Any] = confiding.veiled(super().to_representation(ticket), self.asker.staff, ticket)
        return shown

    def get_public_code(self, ticket: Ticket) -> str:
        """What opens the citizen's own page, where one can rate and withdraw; empty outside the hotline centre."""
        return ticket.public_code if access.speaks_with_citizen(self.asker.staff) else ""

    def get_matter_path(self, ticket: Ticket) -> str:
        """Field and matter; empty without one."""
        return matter_path(ticket.matter) if ticket.matter else ""

    @extend_schema_field(CitizenSeen(allow_null=True))
    def get_citizen(self, ticket: Ticket) -> dict[str, str] | None:
        """Masked; null where not even that may be seen."""
        if access.hides_citizen(self.asker.staff, ticket):
            return None
        return CitizenSeen(ticket.citizen).data

    def get_assisting(self, ticket: Ticket) -> list[str]:
        """Codes of the assisting units."""
        return [part.department.code for part in _assisting(ticket)]

    def get_assisting_names(self, ticket: Ticket) -> list[str]:
        """Names of the assisting units."""
        return [part.department.name for part in _assisting(ticket)]

    @extend_schema_field(serializers.ChoiceField(DUE_LEVELS))
    def get_due_level(self, ticket: Ticket) -> str:
        """How the answer's clock stands."""
        return self.asker.level(ticket.due_at, running=clock_runs(ticket))

    @extend_schema_field(PressingClock(allow_null=True))
    def get_clock(self, ticket: Ticket) -> dict[str, Any] | None:
        """What the asker must do first, and by when; null when nothing is due from them."""
        deadline = pressing_clock(ticket, self.asker)
        return PressingClock(deadline, context=self.context).data if deadline else None

    def get_crowd(self, ticket: Ticket) -> bool:
        """Whether so many reported the matter that the centre calls it a crowd; the figure is read once."""
        context = cast(dict[str, Any], self.context)
        if "crowd" not in context:
            context["crowd"] = rulebook.book().figure("crowd")
        return bool(ticket.children_count >= context["crowd"])  # type: ignore[attr-defined]  # by queries.rows

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Verb.choices)))
    def get_allowed(self, ticket: Ticket) -> list[str]:
        """The verbs open to the asker now."""
        return access.allowed(self.asker.staff, ticket)


def _assisting(ticket: Ticket) -> list[Assignment]:
    return [
        part
        for part in ticket.assignments.all()
        if part.role == Assignment.Role.ASSISTING and part.state in access.LIVE_PARTS
    ]

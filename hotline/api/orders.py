"""What stands beside a ticket's state, as its page shows it: more time, pauses, consultations, supervision orders."""

from collections.abc import Mapping
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hotline.api.rows import UnitOut
from hotline.tickets.models import (
    Consultation,
    ExtensionRequest,
    List,
    ListEntry,
    Opinion,
    Supervision,
    Suspension,
)


def listed_label(context: Mapping[str, Any], which: List, code: str) -> str:
    """The words of a closed list's code; each list is read once for an answer."""
    lists: dict[List, dict[str, str]] = cast(dict[str, Any], context).setdefault("lists", {})
    if which not in lists:
        lists[which] = ListEntry.objects.labels(which)
    return lists[which].get(code, code)


class ExtensionOut(serializers.Serializer[ExtensionRequest]):
    """A request for more time and its ruling."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="assignment.department.code")
    department_name = serializers.CharField(source="assignment.department.name")
    working_days = serializers.IntegerField()
    code = serializers.CharField()
    cause = serializers.SerializerMethodField()
    reason = serializers.CharField()
    state = serializers.SerializerMethodField()
    requested_at = serializers.DateTimeField()
    granted_days = serializers.IntegerField(allow_null=True)
    ruled_at = serializers.DateTimeField(allow_null=True)
    ruling_note = serializers.CharField()

    def get_cause(self, request: ExtensionRequest) -> str:
        """The listed cause in words; empty where none was named."""
        return listed_label(self.context, List.EXTENSION, request.code)

    @extend_schema_field(serializers.ChoiceField(["requested", "granted", "refused"]))
    def get_state(self, request: ExtensionRequest) -> str:
        """requested, granted or refused."""
        return {None: "requested", True: "granted", False: "refused"}[request.granted]


class SuspensionOut(serializers.Serializer[Suspension]):
    """A pause of the clocks: why, by whom, from when until when; `resumed_at` is null while they stand still."""

    code = serializers.CharField()
    cause = serializers.SerializerMethodField()
    reason = serializers.CharField()
    by_name = serializers.CharField(source="by.__str__")
    at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    resumed_at = serializers.DateTimeField(allow_null=True)

    def get_cause(self, pause: Suspension) -> str:
        """The listed cause in words; empty where none was named."""
        return listed_label(self.context, List.SUSPENSION, pause.code)


class OpinionOut(serializers.Serializer[Opinion]):
    """What one unit says."""

    department = serializers.CharField(source="department.code")
    department_name = serializers.CharField(source="department.name")
    text = serializers.CharField()
    by_name = serializers.CharField(source="by.__str__")
    at = serializers.DateTimeField()


class ConsultationOut(serializers.Serializer[Consultation]):
    """A consultation (会商): who is heard, what they said; `ruled_at` is null while it is open."""

    units = UnitOut(many=True)
    opinions = OpinionOut(many=True)
    opened_at = serializers.DateTimeField()
    ruled_at = serializers.DateTimeField(allow_null=True)
    ruling = serializers.CharField(source="request.ruling_note")
    department = serializers.SerializerMethodField()
    department_name = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_department(self, consultation: Consultation) -> str | None:
        """Whose it is by the ruling."""
        return self._precedent(consultation, "code")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_department_name(self, consultation: Consultation) -> str | None:
        """The name of that unit."""
        return self._precedent(consultation, "name")

    def _precedent(self, consultation: Consultation, field: str) -> str | None:
        ruling = getattr(consultation.ticket, "precedent", None)  # none either where the ticket ended before
        return str(getattr(ruling.department, field)) if consultation.ruled_at and ruling else None


class SupervisionOut(serializers.Serializer[Supervision]):
    """An order of supervision, its reply and its end; `by_name` is empty when the rules made it by themselves."""

    id = serializers.IntegerField()
    level = serializers.IntegerField()
    level_name = serializers.SerializerMethodField()
    trigger = serializers.ChoiceField(Supervision.Trigger.choices)
    trigger_label = serializers.CharField(source="get_trigger_display")
    note = serializers.CharField()
    by_name = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    reply = serializers.CharField()
    replied_by_name = serializers.SerializerMethodField()
    replied_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by_name = serializers.SerializerMethodField()
    ending_note = serializers.CharField()

    def get_level_name(self, order: Supervision) -> str:
        """The level as the centre calls it."""
        return listed_label(self.context, List.SUPERVISION, str(order.level))

    def get_by_name(self, order: Supervision) -> str:
        """Who ordered it."""
        return str(order.by or "")

    def get_replied_by_name(self, order: Supervision) -> str:
        """Who replied."""
        return str(order.replied_by or "")

    def get_ended_by_name(self, order: Supervision) -> str:
        """Who ended it; empty for an order that a stronger one of the rules' own replaced."""
        return str(order.ended_by or "")

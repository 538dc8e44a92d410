"""Who I am, what I have done today, and whether I am ready for work."""

from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.models import DriftAlarm
from hotline.api.base import Base, decides, reader
from hotline.api.rows import UnitOut
from hotline.people.models import DeskState, Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets import access, ledger, queries, reach
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry

SCREENS = ("desk", "supervision", "wallboard")


def capabilities(staff: Staff) -> list[str]:
    """The screens open to somebody; what may be done with a ticket the ticket itself says (`allowed`)."""
    if staff.role not in access.SEES_ALL:
        return ["portal"]
    unmask = ["unmask"] if staff.role in HOTLINE_ROLES else []
    return [*SCREENS, *unmask, *(["admin"] if staff.is_staff else [])]


class TodayOut(serializers.Serializer[Any]):
    """What somebody has done since midnight."""

    answered = serializers.IntegerField()
    dispatched = serializers.IntegerField()
    mean_handling_seconds = serializers.FloatField(allow_null=True)


class ChannelOut(serializers.Serializer[Any]):
    """A channel of this installation, named in the asker's language."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    short_messages = serializers.BooleanField()


class MeOut(serializers.Serializer[Staff]):
    """The member of staff who asks."""

    username = serializers.CharField()
    display_name = serializers.CharField(source="__str__")
    role = serializers.ChoiceField(Role.choices)
    department = UnitOut(allow_null=True)
    capabilities = serializers.SerializerMethodField()
    language = serializers.SerializerMethodField()
    city = serializers.SerializerMethodField()
    agent_state = serializers.ChoiceField(DeskState.choices)
    agent_state_reason = serializers.CharField()
    channels = serializers.SerializerMethodField()
    entry = serializers.SerializerMethodField()
    today = serializers.SerializerMethodField()

    def get_capabilities(self, staff: Staff) -> list[str]:
        """The screens open to the role."""
        return capabilities(staff)

    def get_language(self, staff: Staff) -> str:
        """The language of this answer."""
        return get_language() or settings.LANGUAGE_CODE

    def get_city(self, staff: Staff) -> str:
        """The city that this hotline serves."""
        return str(settings.CITY_NAME)

    @extend_schema_field(ChannelOut(many=True))
    def get_channels(self, staff: Staff) -> list[dict[str, Any]]:
        """The channels by which requests can come, for filters and names on the screens."""
        return [
            {"slug": slug, "label": str(channel.label), "short_messages": channel.short_messages}
            for slug, channel in reach.all_channels().items()
        ]

    def get_entry(self, staff: Staff) -> int:
        """Where the live feed stands: lists read after this answer miss nothing that follows it."""
        return ledger.head()

    def get_today(self, staff: Staff) -> dict[str, Any]:
        """Tickets answered and dispatched by hand, and the mean time from acceptance to that."""
        return TodayOut(today_of(staff)).data


def today_of(staff: Staff) -> dict[str, Any]:
    """What `staff` has done since midnight, in one query."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    answered, dispatched = Q(kind=Kind.ANSWERED_DIRECTLY), Q(kind=Kind.DISPATCHED)
    done = LedgerEntry.objects.filter(answered | dispatched, by=staff, at__gte=midnight).aggregate(
        answered=Count("pk", filter=answered),
        dispatched=Count("pk", filter=dispatched),
        mean=Avg(F("at") - F("ticket__accepted_at")),
    )
    mean = done.pop("mean")
    return {**done, "mean_handling_seconds": round(mean.total_seconds(), 1) if mean is not None else None}


class MeView(Base):
    """GET /me."""

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        """The asker, their screens, and where the live feed stands."""
        return Response(MeOut(reader(request)).data)


class StateBody(serializers.Serializer[Any]):
    """Ready, busy (with a reason), wrapping up or away."""

    state = serializers.ChoiceField(DeskState.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=80)


class MyState(Base):
    """POST /me/state."""

    @extend_schema(request=StateBody, responses=MeOut)
    def post(self, request: Request) -> Response:
        """Say whether I am ready for work (示闲 / 示忙 / 话后整理)."""
        body = StateBody(data=request.data)
        body.is_valid(raise_exception=True)
        staff = reader(request)
        staff.agent_state = body.validated_data["state"]
        staff.agent_state_reason = body.validated_data["reason"]
        staff.agent_state_since = timezone.now()
        staff.save(update_fields=["agent_state", "agent_state_reason", "agent_state_since"])
        return Response(MeOut(staff).data)


class QueueCounts(Base):
    """GET /queue-counts."""

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "integer"}}})
    def get(self, request: Request) -> Response:
        """How many tickets stand in each tab of the desk, and how many drift alarms nobody has seen."""
        staff = reader(request)
        counts = queries.queue_counts(staff)
        if decides(staff):
            counts["learning"] = DriftAlarm.objects.filter(seen_at=None).count()
        return Response(counts)


class PortalGroups(Base):
    """GET /portal-groups."""

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "integer"}}})
    def get(self, request: Request) -> Response:
        """How many tickets stand in each group of the asker's units."""
        staff = reader(request)
        if staff.role != Role.DEPARTMENT:
            raise PermissionDenied
        return Response(queries.group_counts(staff))

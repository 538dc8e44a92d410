"""The telephone over the interface: calls, and the way into the phone socket."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, SeesAll, reader
from hotline.api.pagination import Pages
from hotline.api.rows import Person
from hotline.api.schema import PROBLEM
from hotline.calls import address, tokens
from hotline.calls.models import PhoneCall
from hotline.calls.states import CallState, Outcome
from hotline.people.models import Staff
from hotline.tickets import access
from hotline.tickets.models import Recusal


def visible_calls(staff: Staff) -> QuerySet[PhoneCall]:
    """The calls that `staff` may read: not those about a ticket from which they stood back."""
    stood_back = Recusal.objects.filter(staff=staff.pk).values("ticket")
    return PhoneCall.objects.filter(Q(ticket=None) | ~Q(ticket__in=stood_back)).select_related("agent", "ticket")


# --- calls ---------------------------------------------------------------------------------------------


class RecordingOut(serializers.Serializer[PhoneCall]):
    """The sound that was kept."""

    seconds = serializers.FloatField(source="recording_seconds")
    sha256 = serializers.CharField(source="recording_sha256")
    deleted_at = serializers.DateTimeField(source="sound_deleted_at", allow_null=True)


class CallOut(serializers.Serializer[PhoneCall]):
    """One call; the caller masked, or hidden with a protected ticket."""

    uuid = serializers.UUIDField()
    mode = serializers.ChoiceField(PhoneCall.Mode.choices)
    state = serializers.ChoiceField(CallState.choices)
    state_label = serializers.CharField(source="get_state_display")
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    outcome_label = serializers.CharField(source="get_outcome_display")
    caller = serializers.SerializerMethodField()
    called = serializers.CharField()
    skill = serializers.CharField()
    agent = Person(allow_null=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True)
    started_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    waited_seconds = serializers.FloatField()
    held_seconds = serializers.FloatField()
    rating = serializers.IntegerField(allow_null=True)
    solved = serializers.BooleanField(allow_null=True)
    recording = serializers.SerializerMethodField()
    transcript_state = serializers.ChoiceField(PhoneCall.TranscriptState.choices)

    def get_caller(self, call: PhoneCall) -> str:
        """Masked; empty where not even that may be seen."""
        staff: Staff = self.context["staff"]
        hidden = call.ticket is not None and access.hides_citizen(staff, call.ticket)
        return "" if hidden else call.masked_caller

    @extend_schema_field(RecordingOut(allow_null=True))
    def get_recording(self, call: PhoneCall) -> dict[str, Any] | None:
        """Null where nothing was recorded."""
        return RecordingOut(call).data if call.recording else None


class CallWhole(CallOut):
    """One call with what happened in it and its words."""

    keys = serializers.CharField()
    events = serializers.ListField(child=serializers.DictField())
    transcript = serializers.CharField()

    def to_representation(self, call: PhoneCall) -> dict[str, Any]:
        """Without the words and the keys where the citizen is hidden: they tell who it is."""
        shown: dict[str, Any] = super().to_representation(call)
        hidden = call.ticket is not None and access.hides_citizen(self.context["staff"], call.ticket)
        return shown | {"transcript": "", "keys": "", "events": []} if hidden else shown


class CallFilter(filters.FilterSet):
    """Every parameter narrows; days are included."""

    state = filters.MultipleChoiceFilter(choices=CallState.choices)
    outcome = filters.MultipleChoiceFilter(choices=Outcome.choices)
    mode = filters.ChoiceFilter(choices=PhoneCall.Mode.choices)
    agent = filters.CharFilter(field_name="agent__username")
    ticket = filters.CharFilter(field_name="ticket__number")
    since = filters.DateFilter(field_name="started_at", lookup_expr="date__gte")
    until = filters.DateFilter(field_name="started_at", lookup_expr="date__lte")

    class Meta:
        model = PhoneCall
        fields: list[str] = []


class Calls(Base, generics.ListAPIView[PhoneCall]):
    """Calls, newest first; units hear of a call by its ticket alone."""

    permission_classes = [SeesAll]
    serializer_class = CallOut
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = CallFilter
    queryset = PhoneCall.objects.none()  # for the OpenAPI document

    def get_queryset(self) -> QuerySet[PhoneCall]:
        """Only what the asker may see."""
        return visible_calls(reader(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """Rows are made for one asker."""
        return {"staff": reader(self.request)}


class OneCall(Base):
    """One call."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: CallWhole, 404: PROBLEM})
    def get(self, request: Request, uuid: str) -> Response:
        """The call with what happened in it."""
        staff = reader(request)
        call = get_object_or_404(visible_calls(staff), uuid=uuid)
        return Response(CallWhole(call, context={"staff": staff}).data)


# --- the phone socket -------------------------------------------------------------------------------------


class TokenOut(serializers.Serializer[Any]):
    """What opens the phone socket, where it is, and until when."""

    token = serializers.CharField()
    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PhoneToken(Base):
    """POST /phone/token."""

    @extend_schema(request=None, responses={200: TokenOut, 403: PROBLEM})
    def post(self, request: Request) -> Response:
        """A token for the browser's telephone; it names the asker and lasts a minute."""
        staff = reader(request)
        session = request.session.session_key
        if staff.role not in tokens.MAY_CONNECT or session is None:
            raise PermissionDenied
        expires = timezone.now() + tokens.LIFE
        token = tokens.issue(staff, session)
        body = {"token": token, "url": address.socket_url(request._request), "expires_at": expires}
        return Response(TokenOut(body).data)

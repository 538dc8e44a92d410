"""Calls to return over the interface: the list, and the steps of who takes one."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, IsHotline, reader
from hotline.api.pagination import Pages
from hotline.api.personal import WhyBody
from hotline.api.problems import VerbProblem
from hotline.api.rows import Person
from hotline.api.schema import PROBLEM
from hotline.calls import call_backs
from hotline.calls.models import CallBackTask


class CallBackOut(serializers.Serializer[CallBackTask]):
    """One caller to be called back, masked."""

    id = serializers.IntegerField()
    caller = serializers.CharField(source="masked_phone")
    name = serializers.CharField(source="citizen.masked_name", default="")
    reason = serializers.ChoiceField(CallBackTask.Reason.choices)
    reason_label = serializers.CharField(source="get_reason_display")
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    calls = serializers.IntegerField()
    waited_seconds = serializers.FloatField()
    state = serializers.ChoiceField(["open", "taken", "done"])
    taken_by = Person(allow_null=True)
    taken_at = serializers.DateTimeField(allow_null=True)
    ticket = serializers.SerializerMethodField()
    tries = serializers.IntegerField()
    called_back_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(CallBackTask.Result.choices, source="result", allow_blank=True)
    note = serializers.CharField()
    last_attempt = serializers.SerializerMethodField()

    def get_last_attempt(self, task: CallBackTask) -> str:
        """What came of the last call from the desk, in words; empty when there was none."""
        last = max(task.attempts.all(), key=lambda call: call.pk, default=None)
        return str(last.get_outcome_display()) if last else ""

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_ticket(self, task: CallBackTask) -> str | None:
        """The ticket of a message that was left, or of a call that broke off."""
        return next((call.ticket.number for call in task.missed.all() if call.ticket), None)


class CallBackFilter(filters.FilterSet):
    """By state: open (nobody has it), taken, done."""

    state = filters.ChoiceFilter(
        choices=[("open", "open"), ("taken", "taken"), ("done", "done")], method="filter_state"
    )

    def filter_state(self, rows: QuerySet[CallBackTask], name: str, value: str) -> QuerySet[CallBackTask]:
        """As the rules of call-backs say."""
        return rows & call_backs.listed(value)

    class Meta:
        model = CallBackTask
        fields: list[str] = []


class CallBacks(Base, generics.ListAPIView[CallBackTask]):
    """Calls to return, newest first."""

    permission_classes = [IsHotline]
    serializer_class = CallBackOut
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = CallBackFilter

    def get_queryset(self) -> QuerySet[CallBackTask]:
        """All of which the asker may know."""
        return call_backs.listed().filter(call_backs.readable_by(reader(self.request)))

    def filter_queryset(self, queryset: QuerySet[CallBackTask, Any]) -> QuerySet[CallBackTask, Any]:
        """With the tickets that rows show."""
        return super().filter_queryset(queryset).prefetch_related("missed__ticket", "attempts")


class CallBackVerb(Base):
    """A step with one call to return."""

    permission_classes = [IsHotline]

    def task(self, pk: int) -> CallBackTask:
        """The call-back asked for."""
        return get_object_or_404(CallBackTask.objects.filter(call_backs.readable_by(reader(self.request))), pk=pk)

    def shown(self, task: CallBackTask) -> Response:
        """It as it is now."""
        return Response(CallBackOut(call_backs.listed().get(pk=task.pk)).data)

    def handle_exception(self, exc: Exception) -> Response:
        """Who comes second is told who was first."""
        if isinstance(exc, call_backs.Taken):
            task = call_backs.listed().get(pk=self.kwargs["pk"])
            exc = VerbProblem(exc, call_back=CallBackOut(task).data)
        return super().handle_exception(exc)


class TakeCallBack(CallBackVerb):
    """POST /phone/call-backs/{id}/take."""

    @extend_schema(request=None, responses={200: CallBackOut, 404: PROBLEM, 409: PROBLEM})
    def post(self, request: Request, pk: int) -> Response:
        """I will call."""
        return self.shown(call_backs.take(self.task(pk), reader(request)))


class ReleaseCallBack(CallBackVerb):
    """POST /phone/call-backs/{id}/release."""

    @extend_schema(request=None, responses={200: CallBackOut, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM})
    def post(self, request: Request, pk: int) -> Response:
        """I will not call after all."""
        return self.shown(call_backs.release(self.task(pk), reader(request)))


class PhoneOut(serializers.Serializer[Any]):
    """A number in clear."""

    phone = serializers.CharField()


class RevealCallBack(CallBackVerb):
    """POST /phone/call-backs/{id}/reveal."""

    @extend_schema(request=WhyBody, responses={200: PhoneOut, 403: PROBLEM, 404: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, pk: int) -> Response:
        """The number, for who has taken the call-back; who read it, when and why stays on record."""
        task = self.task(pk)
        body = WhyBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({"phone": call_backs.reveal(task, reader(request), body.validated_data["reason"])})


class DoneBody(serializers.Serializer[Any]):
    """What came of the call."""

    outcome = serializers.ChoiceField(call_backs.BY_STAFF)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class CallBackDone(CallBackVerb):
    """POST /phone/call-backs/{id}/done."""

    @extend_schema(request=DoneBody, responses={200: CallBackOut, 403: PROBLEM, 404: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, pk: int) -> Response:
        """I have called; nobody answering sends it back to the list a few times."""
        task = self.task(pk)
        body = DoneBody(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        return self.shown(call_backs.done(task, reader(request), result=said["outcome"], note=said["note"]))

"""/tickets/{number}/answer-check: hints about an answer, typed or given; they stop nobody."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import answers
from hotline.api.base import Base, counted, reader, ticket_or_404
from hotline.api.fields import words
from hotline.api.schema import PROBLEM, page_of
from hotline.people.limits import Limit
from hotline.tickets import access

CHECKS = Limit("answer-checks", most=300, seconds=900)
"""By one member of staff: more than anybody types."""


class AnswerIn(serializers.Serializer[Any]):
    """The answer as typed so far, and whether a contact is recorded with it."""

    public = words()
    contacted = serializers.BooleanField(required=False, default=False)


class FindingOut(serializers.Serializer[Any]):
    """One hint: why, and the words it was read from, in the reply or in the citizen's message."""

    kind = serializers.CharField()
    weight = serializers.FloatField()
    reason = serializers.CharField()
    where = serializers.ChoiceField(("reply", "message"))
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class DemandOut(serializers.Serializer[Any]):
    """Something the citizen asks, and how far the answer speaks of it, 0 to 1."""

    words = serializers.CharField()
    met = serializers.FloatField()


class PromisedOut(serializers.Serializer[Any]):
    """Something the answer promises for a day."""

    words = serializers.CharField()
    due_on = serializers.DateField()


class HintsOut(serializers.Serializer[Any]):
    """All hints about one answer."""

    findings = FindingOut(many=True)
    demands = DemandOut(many=True)
    promises = PromisedOut(many=True)
    contacted = serializers.BooleanField()


class PartHints(HintsOut):
    """The same of a part that was answered."""

    assignment = serializers.IntegerField()
    department_name = serializers.CharField()


class AnswerCheck(Base):
    """Hints about answers of a ticket."""

    @extend_schema(responses={200: page_of(PartHints), 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Of each part that was answered; a unit's own only."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        parts = (
            ticket.assignments.filter(answered_at__isnull=False).exclude(public_answer="").select_related("department")
        )
        if staff.role not in access.SEES_ALL:
            parts = parts.filter(department__in=access.unit_ids(staff))
        found = [
            {
                "assignment": part.pk,
                "department_name": part.department.name,
                **answers.hints(
                    ticket,
                    part.department,
                    part.public_answer,
                    reader=staff,
                    contacted=part.contacted_at is not None,
                    day=timezone.localdate(part.answered_at),
                ),
            }
            for part in parts
        ]
        return Response({"results": found, "next": None})

    @extend_schema(request=AnswerIn, responses={200: HintsOut, 404: PROBLEM, 422: PROBLEM, 429: PROBLEM})
    def post(self, request: Request, number: str) -> Response:
        """Of an answer that is being typed for the asker's own unit; nothing is kept."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        body = AnswerIn(data=request.data)
        body.is_valid(raise_exception=True)
        counted(CHECKS, staff)
        part = access.own_part(staff, ticket)
        if part is None:
            return Response(NOTHING)
        said = body.validated_data
        return Response(
            answers.hints(ticket, part.department, said["public"], reader=staff, contacted=said["contacted"])
        )


NOTHING: dict[str, Any] = {"findings": [], "demands": [], "promises": [], "contacted": False}

"""GET /tickets/{number}/accountability: who was answerable for the ticket in every span of its life (责任链)."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, MayRead, ticket_or_404
from hotline.api.rows import Person
from hotline.api.schema import PROBLEM
from hotline.people.models import Department, Staff
from hotline.people.roles import Role
from hotline.tickets import accountability
from hotline.tickets.accountability import Beside, Chain, HolderKind, Span
from hotline.tickets.models import Clock, Ticket
from hotline.tickets.states import State


class SpanOut(serializers.Serializer[Span]):
    """One holder without interruption; `end` is null while it lasts."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True)
    holder = serializers.ChoiceField(HolderKind.choices, source="holder.kind")
    holder_label = serializers.CharField(source="holder.kind.label")
    role = serializers.ChoiceField(Role.choices, source="holder.role", allow_null=True)
    department = serializers.CharField(source="holder.unit", allow_null=True)
    department_name = serializers.SerializerMethodField()
    staff = serializers.SerializerMethodField()
    taken_at = serializers.DateTimeField(allow_null=True)
    given_by = serializers.SerializerMethodField()
    state = serializers.ChoiceField(State.choices)
    state_label = serializers.CharField(source="state.label")
    clock = serializers.ChoiceField(Clock.choices, allow_null=True)
    clock_label = serializers.CharField(source="clock.label", default="")
    due_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    line = serializers.IntegerField()

    def get_department_name(self, span: Span) -> str | None:
        """The unit's name."""
        names: dict[str, str] = self.context["units"]
        return names.get(span.holder.unit) if span.holder.unit else None

    def get_staff(self, span: Span) -> dict[str, str] | None:
        """The first of the holder's own people who acted on it."""
        return self._person(span.staff)

    def get_given_by(self, span: Span) -> dict[str, str] | None:
        """Who passed the ball; null for the citizen and the clock."""
        return self._person(span.given_by)

    def _person(self, pk: int | None) -> dict[str, str] | None:
        people: dict[int, dict[str, str]] = self.context["people"]
        return people.get(pk) if pk else None


class BesideOut(serializers.Serializer[Beside]):
    """An assisting unit's part."""

    department = serializers.CharField(source="unit")
    department_name = serializers.SerializerMethodField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True)

    def get_department_name(self, part: Beside) -> str | None:
        """The unit's name."""
        names: dict[str, str] = self.context["units"]
        return names.get(part.unit)


class ChainOut(serializers.Serializer[Chain]):
    """The whole chain: spans without gap or overlap, assisting units beside."""

    first_asked = serializers.SerializerMethodField()
    spans = SpanOut(many=True)
    beside = BesideOut(many=True)

    def get_first_asked(self, chain: Chain) -> dict[str, str] | None:
        """The first member of staff who acted (首问负责)."""
        people: dict[int, dict[str, str]] = self.context["people"]
        return people.get(chain.first_asked) if chain.first_asked else None


def chain_out(ticket: Ticket) -> dict[str, Any]:
    """The chain with the names of people and units."""
    chain = accountability.chain_of(ticket)
    staff = {pk for span in chain.spans for pk in (span.staff, span.given_by) if pk} | {chain.first_asked or 0}
    units = {span.holder.unit for span in chain.spans if span.holder.unit} | {part.unit for part in chain.beside}
    return ChainOut(chain, context={"people": _people(staff), "units": _units(units)}).data


def _people(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    return {person.pk: Person(person).data for person in Staff.objects.filter(pk__in=keys)}


def _units(codes: Iterable[str]) -> dict[str, str]:
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name"))


class Accountability(Base):
    """The chain of one ticket."""

    permission_classes = [MayRead]

    @extend_schema(responses={200: ChainOut, 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Who has had the ball since when, under which clock, and whether too long."""
        return Response(chain_out(ticket_or_404(request, number)))

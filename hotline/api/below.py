"""GET /tickets/{number}/below: to which units the asker's unit may pass its part down."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, reader, ticket_or_404
from hotline.api.schema import PROBLEM, page_of
from hotline.people.models import Department, Level
from hotline.tickets import access, rulebook
from hotline.tickets.models import Ticket
from hotline.tickets.states import Verb

MOST_ASKED = 200
"""A city office with more units below it than this needs a place on the ticket to be shown any."""


class BelowOut(serializers.Serializer[Any]):
    """A unit below, and by what basis it may do the matter."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    level_label = serializers.CharField()
    basis = serializers.CharField()


class UnitsBelow(Base):
    """The units below that the duty catalogue lets do the matter."""

    @extend_schema(responses={200: page_of(BelowOut), 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Empty for whoever has no signed part in the ticket."""
        ticket = ticket_or_404(request, number)
        part = access.own_part(reader(request), ticket, *access.PART_NEEDED[Verb.PASS_DOWN])
        found = may_take(ticket, part.department) if part else []
        return Response({"results": BelowOut(found, many=True).data, "next": None})


def may_take(ticket: Ticket, unit: Department) -> list[dict[str, str]]:
    """The active units below `unit`, near the ticket's place where it is known, that may do its matter."""
    below = Department.objects.descendants(unit).filter(active=True).order_by("level", "code")
    if ticket.area:
        around = [area.pk for area in ticket.area.ancestors(include_self=True)]
        below = below.filter(Q(area=None) | Q(area__in=around))
    lowers = list(below[:MOST_ASKED])
    bases = rulebook.book().who_may_take(ticket, lowers)
    return [
        {
            "code": lower.code,
            "name": lower.name,
            "level": lower.level,
            "level_label": lower.get_level_display(),
            "basis": bases[lower.pk],
        }
        for lower in lowers
        if lower.pk in bases
    ]

"""What is one person's own or only a few may see: the draft of a ticket, the citizen unmasked."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, reader, ticket_or_404
from hotline.api.details import DraftIn
from hotline.api.schema import PROBLEM
from hotline.people import reads
from hotline.tickets import access
from hotline.tickets.errors import NotYours
from hotline.tickets.models import Draft

SHORTEST_REASON = 2
"""「回拨」 is a reason; a full stop is none."""


class TicketDraft(Base):
    """PUT /tickets/{number}/draft: what the asker has typed and not sent; nobody else sees it."""

    @extend_schema(request=DraftIn, responses={200: DraftIn, 404: PROBLEM, 422: PROBLEM})
    def put(self, request: Request, number: str) -> Response:
        """Keep it in place of what was kept before."""
        ticket = ticket_or_404(request, number)
        body = DraftIn(data=request.data)
        body.is_valid(raise_exception=True)
        draft, _created = Draft.objects.update_or_create(
            ticket=ticket, staff=reader(request), defaults={"data": body.validated_data}
        )
        return Response(draft.data)


class WhyBody(serializers.Serializer[Any]):
    """Why the personal data is needed; kept for the audit."""

    reason = serializers.CharField(min_length=SHORTEST_REASON, max_length=200)


class Unmasked(serializers.Serializer[Any]):
    """The citizen."""

    name = serializers.CharField()
    phone = serializers.CharField()


class Unmask(Base):
    """POST /tickets/{number}/unmask."""

    @extend_schema(request=WhyBody, responses={200: Unmasked, 403: PROBLEM, 404: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, number: str) -> Response:
        """Name and phone in clear; who read them, when and why stays on record."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        if not access.sees_personal_data(staff, ticket):
            raise NotYours(_("The citizen's name and phone are not open to you."))
        body = WhyBody(data=request.data)
        body.is_valid(raise_exception=True)
        reads.unmasked(staff, citizen=ticket.citizen, number=ticket.number, reason=body.validated_data["reason"])
        return Response(Unmasked(ticket.citizen).data)

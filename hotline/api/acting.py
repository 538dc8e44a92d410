"""POST /tickets/{number}/{verb}: everything that staff can do to a ticket; each verb has its own address."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, reader, ticket_or_404
from hotline.api.details import TicketDetail
from hotline.api.problems import VerbProblem
from hotline.api.schema import PROBLEM
from hotline.api.tickets import whole_ticket
from hotline.api.verbs import VERBS, act
from hotline.people.models import Staff
from hotline.tickets import access
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours, StaleVersion
from hotline.tickets.models import Ticket
from hotline.tickets.states import Verb


class Gone(serializers.Serializer[Any]):
    """The ticket is nobody's business of the asker any more."""

    number = serializers.CharField()
    gone = serializers.BooleanField()


AFTERWARDS = PolymorphicProxySerializer("TicketOrGone", [TicketDetail, Gone], resource_type_field_name=None)


class TicketVerb(Base):
    """One verb; the address says which."""

    verb: Verb = Verb.NOTE

    def get_serializer(self, *args: Any, **kwargs: Any) -> serializers.Serializer[Any]:
        """The verb's body; the OpenAPI document asks for it too."""
        return VERBS[self.verb].body(*args, **kwargs)

    @extend_schema(responses={200: AFTERWARDS, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, number: str) -> Response:
        """Do it; answers the whole ticket, 409 with the ticket as it is now, 422 with the verbs open now."""
        ticket = ticket_or_404(request, number)
        try:
            self._act(request, ticket, reader(request))
        except StaleVersion as error:
            raise VerbProblem(error, ticket=whole_ticket(request, ticket)) from error
        except (NotAllowed, InvalidFields, ValidationError) as error:
            now = Ticket.objects.get(pk=ticket.pk)
            raise VerbProblem(error, allowed=access.allowed(reader(request), now)) from error
        if not access.visible_to(reader(request)).filter(pk=ticket.pk).exists():
            return Response({"number": ticket.number, "gone": True})  # the verb has ended the asker's part in it
        return Response(whole_ticket(request, ticket))

    def _act(self, request: Request, ticket: Ticket, staff: Staff) -> None:
        """Duty comes before the body, so that nobody learns a form that is not theirs."""
        if not access.has_duty(staff, self.verb, ticket):
            raise NotYours(_("This is not yours to do."))
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        act(self.verb, ticket, staff, body.validated_data)


class NoSuchVerb(Base):
    """Any other address, so that it too is answered with a problem."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **_address: str) -> Response:
        """There is nothing here."""
        raise Http404

    @extend_schema(exclude=True)
    def post(self, request: Request, **_address: str) -> Response:
        """There is no such verb."""
        raise Http404

"""POST /api/v1/phone/tickets: a ticket that an agent types by hand, of a call that no machine handed over."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_ingest import own_pages, phone_numbers
from hotline.people.models import Staff
from hotline.people.roles import HOTLINE_ROLES
from hotline.tickets.models import RequestType


class SpeaksWithCitizens(BasePermission):
    """People of the hotline; a key stands for nobody who could have listened."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By role."""
        person = request.user
        return request.auth is None and isinstance(person, Staff) and person.role in HOTLINE_ROLES


class _Where(serializers.Serializer[None]):
    address = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class TypedSerializer(serializers.Serializer[None]):
    """What the agent heard."""

    key = serializers.UUIDField(help_text="Made by the browser for this ticket; the same one again makes nothing new.")
    caller = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    text = serializers.CharField(max_length=5000)
    type = serializers.ChoiceField(choices=RequestType.choices, required=False, allow_blank=True, default="")
    place = _Where(required=False)

    def validate_caller(self, written: str) -> str:
        """Digits only, so that the caller's other tickets are found."""
        digits = phone_numbers.digits_of(written)
        if digits is None:
            raise serializers.ValidationError(_("This is not a phone number. Please check it, or leave it empty."))
        return digits


class TypedOut(serializers.Serializer[None]):
    """The ticket; null while it is still being made."""

    number = serializers.CharField(allow_null=True)
    fresh = serializers.BooleanField(help_text="False when the key came before: what is said now was not looked at.")


class TypedTickets(APIView):
    """A ticket typed by hand."""

    permission_classes = [SpeaksWithCitizens]

    @extend_schema(
        operation_id="phone_tickets_create",
        request=TypedSerializer,
        responses={
            201: OpenApiResponse(TypedOut, "Made."),
            200: OpenApiResponse(TypedOut, "Seen before: the same ticket, nothing new."),
            202: OpenApiResponse(TypedOut, "Kept; it will be made into a ticket shortly."),
        },
        tags=["phone"],
    )
    def post(self, request: Request) -> Response:
        """Keep what was typed as a call's words, and answer with the number."""
        body = TypedSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        kept = own_pages.from_exchange(_as_call(body.validated_data) | {"agent": request.user.get_username()})
        ticket = kept.ticket
        status = 202 if ticket is None else 201 if kept.fresh else 200
        answer = {"number": None if ticket is None else ticket.number, "fresh": kept.fresh}
        return Response(answer, status=status, headers={"Cache-Control": "private, no-store"})


def _as_call(typed: dict[str, Any]) -> dict[str, Any]:
    """As adapters/phone.py reads it. Marked as typed: a browser's key must never pass for a call of the exchange."""
    words = {name: typed[name] for name in ("caller", "name", "text", "type")}
    address = typed.get("place", {}).get("address", "")
    return {"call": f"desk:{typed['key']}", **words, "place": {"address": address} if address else None}

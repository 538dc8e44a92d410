"""Repeats: tickets of the same person, place or matter, beside a ticket and while the next one is typed."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import prints, repeats
from dispatch.repeats import Repeat, Wanted
from hotline.api.base import Base, IsHotline, counted, reader, ticket_or_404
from hotline.api.schema import PROBLEM, page_of
from hotline.people.limits import Limit
from hotline.people.models import Citizen, Staff
from hotline.people.roles import HOTLINE_ROLES
from hotline.people.sealing import fingerprint
from hotline.tickets import access, confiding
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED

TYPED = Limit("repeats", most=120, seconds=900)
"""By one member of staff: by typing a telephone one learns who asked before, and that is not recorded."""
PEOPLE = 5
"""Citizens with one telephone: a household."""


class TypedSoFar(serializers.Serializer[Any]):
    """What has been typed of a request; in a body, since a telephone must not stand in an address that is logged."""

    text = serializers.CharField(max_length=5000, allow_blank=True)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class RepeatOut(serializers.Serializer[Any]):
    """A ticket that may be about the same, and what agrees."""

    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    open = serializers.BooleanField()
    matter = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    address = serializers.CharField()
    created_at = serializers.DateTimeField()
    same_person = serializers.BooleanField()
    same_place = serializers.ChoiceField(["spot", "site", ""])
    same_matter = serializers.BooleanField()
    likeness = serializers.FloatField()
    score = serializers.FloatField()


class Repeats(Base):
    """POST /repeats: who types a request may learn who has asked before, nobody else."""

    permission_classes = [IsHotline]

    @extend_schema(request=TypedSoFar, responses={200: page_of(RepeatOut), 403: PROBLEM, 422: PROBLEM, 429: PROBLEM})
    def post(self, request: Request) -> Response:
        """What may be the same as the request being typed; changes nothing."""
        body = TypedSoFar(data=request.data)
        body.is_valid(raise_exception=True)
        typed, staff = body.validated_data, reader(request)
        counted(TYPED, staff)
        like = Wanted(
            text=f"{typed['title']}\n{typed['text']}",
            key=prints.key_of(f"{typed['title']}\n{typed['text']}", typed["address"]),
            citizens=_with_phone(typed["phone"]),
            by_phone=True,
        )
        return _shown(repeats.candidates(like, access.visible_to(staff), timezone.now()), staff)


class TicketRepeats(Base):
    """GET /tickets/{number}/repeats."""

    @extend_schema(responses={200: page_of(RepeatOut), 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Tickets that the asker may see and that may be about the same as this one."""
        staff, ticket = reader(request), ticket_or_404(request, number)
        among = access.visible_to(staff).exclude(pk=ticket.pk)
        like = repeats.wanted(ticket)
        if staff.role not in HOTLINE_ROLES:  # a protected ticket must not be found by way of an open one
            among = among.filter(confidential=False)
        if access.hides_citizen(staff, ticket):
            like = Wanted(like.text, like.key, (), like.matter)
        return _shown(repeats.candidates(like, among, timezone.now()), staff)


def _with_phone(written: str) -> tuple[int, ...]:
    digits = "".join(filter(str.isdigit, written)).removeprefix("86")
    if len(digits) < 7:
        return ()
    return tuple(Citizen.objects.filter(phone_fingerprint=fingerprint(digits)).values_list("pk", flat=True)[:PEOPLE])


def _shown(found: list[Repeat], staff: Staff) -> Response:
    return Response({"results": [_row(repeat, staff) for repeat in found], "next": None})


def _row(repeat: Repeat, staff: Staff) -> dict[str, Any]:
    ticket: Ticket = repeat.ticket
    row = {
        "number": ticket.number,
        "title": ticket.title or ticket.text[:40],
        "state": ticket.state,
        "state_label": ticket.get_state_display(),
        "open": ticket.state not in ENDED,
        "matter": ticket.matter.name if ticket.matter else None,
        "department": ticket.department.name if ticket.department else None,
        "address": ticket.address,
        "created_at": ticket.created_at,
        "same_person": repeat.person,
        "same_place": repeat.place,
        "same_matter": repeat.matter,
        "likeness": repeat.likeness,
        "score": repeat.score,
    }
    return RepeatOut(confiding.veiled(row, staff, ticket)).data

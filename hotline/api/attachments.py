"""Files of a ticket over the interface: evidence handed in, and any file opened by those who may."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.asker import Asker
from hotline.api.base import Base, reader, ticket_or_404
from hotline.api.schema import PROBLEM
from hotline.api.thread import AttachmentOut
from hotline.people import reads
from hotline.people.models import Staff
from hotline.tickets import access, actors, confiding, files, lifecycle
from hotline.tickets.errors import NotYours
from hotline.tickets.models import Attachment, Ticket
from hotline.tickets.states import Verb

SHOWN_IN_PLACE = ("image/", "audio/", "video/")
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
NOT_HANDED_IN = (Attachment.Purpose.CITIZEN, Attachment.Purpose.AS_SPOKEN, Attachment.Purpose.FOLLOW_UP)
EVIDENCE = [purpose for purpose in Attachment.Purpose.choices if purpose[0] not in NOT_HANDED_IN]


class EvidenceBody(serializers.Serializer[Any]):
    """A file, and what it shows."""

    file = serializers.FileField()
    purpose = serializers.ChoiceField(EVIDENCE, default=Attachment.Purpose.HANDLING)


class Attachments(Base):
    """POST /tickets/{number}/attachments: evidence of identity, contact or handling."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=EvidenceBody, responses={201: AttachmentOut, 403: PROBLEM, 404: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, number: str) -> Response:
        """Keep a file; whoever may note something on the ticket may add what proves it."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        if not access.has_duty(staff, Verb.ATTACH, ticket):
            raise NotYours(_("This is not yours to do."))
        body = EvidenceBody(data=request.data)
        body.is_valid(raise_exception=True)
        upload = body.validated_data["file"]
        attachment = lifecycle.attach(
            ticket=ticket,
            by=actors.staff(staff),
            content=upload.read(),
            filename=upload.name,
            purpose=body.validated_data["purpose"],
        )
        context = {"asker": Asker.of(request), "ticket": ticket, "number": number}
        return Response(AttachmentOut(attachment, context=context).data, status=201)


class AttachmentFile(Base):
    """GET /tickets/{number}/attachments/{id}: the file itself, which a browser may show but not run."""

    @extend_schema(
        parameters=[OpenApiParameter("playable", bool, description="A copy that browsers play, where there is one")],
        responses={
            (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY),
            (206, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The range that was asked for"),
            404: PROBLEM,
        },
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        """Pictures, sound and video are shown in place, anything else is saved."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        attachment = get_object_or_404(ticket.attachments, pk=pk)
        if not files.may_open(staff, ticket, attachment):
            raise NotYours(_refusal(attachment))
        attachment.filename = confiding.veiled(attachment.filename, staff, ticket)
        copy = files.playable_path(attachment) if request.query_params.get("playable") else None
        response = send(Sent.of(attachment, copy), request)
        _put_on_record(staff, ticket, attachment)
        return response


def _refusal(attachment: Attachment) -> str:
    if attachment.purpose == Attachment.Purpose.AS_SPOKEN:
        return _("The numbers said in this call could not be hidden; only the hotline may hear it.")
    if attachment.purpose == Attachment.Purpose.FOLLOW_UP:
        return _("What citizens say when they are asked how it went is not for the units.")
    return _("This file tells who asks, and the citizen wants that kept secret.")


def _put_on_record(staff: Staff, ticket: Ticket, attachment: Attachment) -> None:
    """A voice and evidence of identity tell who asks: opening them is reading personal data."""
    if attachment.content_type.startswith("audio/"):
        what = reads.What.RECORDING
    elif attachment.purpose == Attachment.Purpose.IDENTITY:
        what = reads.What.IDENTITY
    else:
        return
    reason = f"attachment {attachment.pk}"
    reads.opened(staff, what=what, file=attachment.pk, citizen=ticket.citizen, number=ticket.number, reason=reason)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way out."""

    path: Path
    content_type: str
    filename: str

    @classmethod
    def of(cls, attachment: Attachment, copy: Path | None) -> "Sent":
        """The attachment itself, or its playable copy."""
        if copy:
            return cls(copy, "audio/mpeg", Path(attachment.filename or copy.name).with_suffix(copy.suffix).name)
        path = files.path_of(attachment)
        return cls(path, attachment.content_type, attachment.filename or path.name)


def send(file: Sent, request: Request) -> HttpResponseBase:
    """The file, which a browser may show but not run; sound may have been deleted when its time was over."""
    if not file.path.exists():
        raise NotFound(_("This file is not kept any more."))
    response = _sent(file, request.headers.get("Range", ""))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _sent(file: Sent, asked: str) -> HttpResponseBase:
    """The whole file, or the one range that a player seeks to; other forms of Range are ignored."""
    size = file.path.stat().st_size
    found = RANGE.fullmatch(asked)
    if found is None or not any(found.groups()):
        return FileResponse(
            file.path.open("rb"),
            as_attachment=not file.content_type.startswith(SHOWN_IN_PLACE),
            filename=file.filename,
            content_type=file.content_type,
        )
    first, last = _bounds(found, size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with file.path.open("rb") as opened:
        opened.seek(first)
        piece = opened.read(last - first + 1)
    return HttpResponse(
        piece,
        status=206,
        content_type=file.content_type,
        headers={"Content-Range": f"bytes {first}-{last}/{size}"},
    )


def _bounds(found: re.Match[str], size: int) -> tuple[int, int]:
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1

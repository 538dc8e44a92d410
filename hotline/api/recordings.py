"""GET /phone/calls/{uuid}/recording: the sound of a call as it was, for the few who may hear every number in it."""

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from hotline.api.attachments import Sent, send
from hotline.api.base import Base, reader
from hotline.api.phone import visible_calls
from hotline.api.schema import PROBLEM
from hotline.calls import hearing, sound
from hotline.people import reads
from hotline.tickets.errors import NotYours


class Recording(Base):
    """The original of both sides; others play the copy in the ticket's thread."""

    @extend_schema(
        responses={
            (200, "audio/wav"): OpenApiResponse(OpenApiTypes.BINARY),
            (206, "audio/wav"): OpenApiResponse(OpenApiTypes.BINARY, description="The range that was asked for"),
            403: PROBLEM,
            404: PROBLEM,
        },
    )
    def get(self, request: Request, call: UUID) -> HttpResponseBase:
        """Each hearing is put on record."""
        staff = reader(request)
        if not hearing.may_ever_hear(staff):
            raise _not_yours()
        row = get_object_or_404(visible_calls(staff).select_related("citizen"), uuid=call)
        if not hearing.may_hear(staff, row):
            raise _not_yours()
        path = sound.path_of(row)
        if path is None:
            raise NotFound(_("There is no recording of this call, or its time to be kept is over."))
        response = send(Sent(path, "audio/wav", path.name), request)
        reads.opened(
            staff,
            what=reads.What.RECORDING,
            file=f"call-{row.pk}",
            citizen=row.citizen,
            number=row.ticket.number if row.ticket else "",
            reason=f"call {row.uuid}",
        )
        return response


def _not_yours() -> NotYours:
    return NotYours(_("The whole recording is for the agent of the call, leads, supervisors, quality and auditors."))

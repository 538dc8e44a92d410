"""GET /tickets/{number}/story.json and story.pdf: one ticket's whole story with the proof that nobody altered it."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api import story_pdf
from hotline.api.accountability import chain_out
from hotline.api.asker import Asker
from hotline.api.base import Base, reader, ticket_or_404
from hotline.api.clocks import ClockOut, concerning
from hotline.api.schema import PROBLEM
from hotline.api.tickets import whole_ticket
from hotline.people import reads
from hotline.people.models import Staff
from hotline.tickets import confiding
from hotline.tickets.models import Deadline, LedgerEntry, Ticket
from hotline.tickets.proof import said
from hotline.tickets.proof.export import proof_of

FORMAT = "hotline-story/2"
NOT_TOLD = frozenset(
    {
        "allowed",
        "clock",
        "clocks",
        "draft",
        "last_entry",
        "public_code",
        "related",
        "reply_channel",
        "unread",
        "version",
    }
)
"""What a ticket's page needs to be worked with; the code would let its holder act as the citizen."""


class DeadlineOut(ClockOut):
    """One clock that runs or ran."""

    ended_at = serializers.DateTimeField(allow_null=True)


def line_out(
    line: LedgerEntry, staff: Staff, ticket: Ticket, words: dict[str, Any], *, confided: frozenset[str]
) -> dict[str, Any]:
    """A line as it is hashed, with the `words` that it is about; `complete` is false where something is withheld.

    The salt is withheld with it: the hash would else tell whether a guess at the rest is right. The
    nonce goes with the words in the same way.
    """
    data = confiding.line_data(line, staff, ticket)
    hears = confiding.hears(line, words, staff, ticket) and confided.isdisjoint(line.said or {})
    return {
        "sequence": line.sequence,
        "kind": line.kind,
        "kind_label": line.get_kind_display(),
        "at": line.at.astimezone(UTC).isoformat(),
        "by": line.by_id,
        "by_name": str(line.by) if line.by else None,
        "actor": line.actor,
        "state": line.state,
        "state_label": line.get_state_display(),
        "data": data,
        "complete": data == line.data,
        "salt": line.salt if data == line.data else "",
        "said": line.said,
        "nonce": line.nonce if hears else "",
        "words": words if hears else {},
        "previous_hash": line.previous_hash,
        "hash": line.hash,
    }


def story_of(request: Request, ticket: Ticket) -> dict[str, Any]:
    """Everything that the asker may know of `ticket`, masked as on their screen."""
    staff, asker = reader(request), Asker.of(request)
    told = {name: value for name, value in whole_ticket(request, ticket).items() if name not in NOT_TOLD}
    clocks = DeadlineOut(_deadlines(ticket, staff), many=True, context={"asker": asker})  # type: ignore[arg-type]
    lines = list(ticket.ledger.filter(sequence__lte=ticket.ledger_length).order_by("sequence").select_related("by"))
    words, confided = said.by_line(lines), confiding.confided(staff, ticket)
    return {
        "format": FORMAT,
        "city": settings.CITY_NAME,
        "exported_at": timezone.localtime().isoformat(),
        "exported_by": str(staff),
        "ticket": told,
        "deadlines": clocks.data,
        "accountability": chain_out(ticket),
        "ledger": [line_out(line, staff, ticket, words[line.sequence], confided=confided) for line in lines],
        "proof": proof_of(ticket),
    }


def _deadlines(ticket: Ticket, staff: Staff) -> list[Deadline]:
    """Every clock that ever concerned the asker, in the order they started."""
    return concerning(staff, ticket.deadlines.select_related("assignment__department").order_by("started_at", "pk"))


class Story(Base):
    """What both forms share: the asker's view of the ticket, written down as taken away."""

    def told(self, request: Request, number: str, form: str) -> dict[str, Any]:
        """The story; the export itself is on record before it leaves."""
        ticket = ticket_or_404(request, number)
        story = story_of(request, ticket)
        reads.exported(reader(request), reason=f"story.{form}", citizen=ticket.citizen, number=ticket.number)
        return story


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


class StoryJson(Story):
    """GET /tickets/{number}/story.json."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Ticket, clocks, holders, every line with its hash, and the proof (see docs/verifying.md)."""
        return Response(self.told(request, number, "json"), headers=_saved_as(f"{number}.json"))


class StoryPdf(Story):
    """GET /tickets/{number}/story.pdf."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY), 404: PROBLEM})
    def get(self, request: Request, number: str) -> HttpResponse:
        """The same story as a document to print and file."""
        drawn = story_pdf.draw(self.told(request, number, "pdf"))
        return HttpResponse(drawn, content_type="application/pdf", headers=_saved_as(f"{number}.pdf"))

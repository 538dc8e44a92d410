"""查进度: number and proof lead to the ticket's own page, which tells where it stands and what was said."""

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from channels_ingest.citizen_web import guard, timeline
from channels_ingest.citizen_web.finding import by_proof, with_ticket
from channels_ingest.citizen_web.forms import FollowForm, MoreForm, new_submission
from channels_ingest.citizen_web.privacy import private
from channels_ingest.citizen_web.standing import standing
from hotline.people.addresses import client_address
from hotline.tickets import access, files, numbers
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Attachment, LedgerEntry, Ticket
from hotline.tickets.states import State, Verb

SHOWN_IN_PAGE = ("image/", "audio/", "video/")
ANSWERS = (Kind.ANSWERED_DIRECTLY, Kind.ANSWERED, Kind.REVIEW_PASSED)
OWN = (Attachment.Purpose.CITIZEN, Attachment.Purpose.FOLLOW_UP)
TOLD = frozenset({State.FOLLOW_UP, State.CLOSED, State.ARCHIVED})
"""States in which the answer was read and has reached the citizen."""


@private
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for number and proof; a wrong number and a wrong proof are told in the same words."""
    if request.method == "GET":
        form = FollowForm(initial={"number": request.GET.get("number", "")})
        return render(request, "citizen_web/follow.html", {"form": form})
    form = FollowForm(request.POST)
    if form.is_valid():
        number, asker = form.cleaned_data["number"], client_address(request)
        proof = form.cleaned_data["proof"]
        # A code is not guessed: a stranger's wrong tails do not keep out who holds it.
        with_code = numbers.is_code(proof)
        if not (guard.LOOKUPS.take(asker) and (with_code or guard.TAILS.take(number))):
            return guard.too_many(request, guard.TAILS)
        ticket = by_proof(number, proof)
        if ticket is not None:
            guard.LOOKUPS.give_back(asker)
            if not with_code:
                guard.TAILS.give_back(number)
            return redirect("citizen:ticket", ticket.public_code)
        form.add_error(None, _("Nothing was found. Please check the number, and the phone digits or the code."))
    return render(request, "citizen_web/follow.html", {"form": form}, status=422)


@private
@require_GET
@with_ticket
def ticket_page(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """One ticket as its citizen sees it."""
    return show(request, ticket, MoreForm(initial={"submission": new_submission()}))


def show(request: HttpRequest, ticket: Ticket, more: MoreForm, **context: Any) -> HttpResponse:
    """The ticket's page, with the form for more words as it stands."""
    entries = list(ticket.ledger.order_by("sequence"))
    goes_on = ticket.merged_into or ticket
    context |= {
        "ticket": ticket,
        "standing": standing(ticket),
        "steps": timeline.steps(entries),
        "answers": answers(goes_on, entries if goes_on is ticket else list(goes_on.ledger.order_by("sequence"))),
        "thread": ticket.messages.select_related("attachment"),
        "joined": standing(ticket.merged_into) if ticket.merged_into else None,
        "question": _open_question(ticket, entries),
        "refusal": _refusal(ticket, entries),
        "may": {verb.name.lower() for verb in CITIZENS_OWN if access.is_open(verb, _concerned(verb, ticket))},
        "rated": ticket.satisfied,
        "more": more,
    }
    return render(request, "citizen_web/ticket.html", context, status=422 if more.is_bound else 200)


def _concerned(verb: Verb, ticket: Ticket) -> Ticket:
    """A crowd has one answer, so who reported what was merged rates the ticket that goes on."""
    return ticket.merged_into or ticket if verb == Verb.RATE else ticket


CITIZENS_OWN = (Verb.ADD_WORDS, Verb.WITHDRAW, Verb.URGE, Verb.RATE)


def answers(ticket: Ticket, entries: list[LedgerEntry]) -> list[tuple[str, str]]:
    """(unit, words) of each public answer, the lead's first; nothing before it was read and approved."""
    if ticket.state not in TOLD:
        return []
    last = next((e for e in reversed(entries) if e.kind in ANSWERS), None)
    if last is not None and last.kind == Kind.ANSWERED_DIRECTLY:
        return [("", last.data["public"])]
    answered = ticket.assignments.filter(state=Assignment.State.ANSWERED).exclude(public_answer="")
    parts = answered.select_related("department").order_by("-role", "pk")
    return [(part.department.name, part.public_answer) for part in parts]


def _open_question(ticket: Ticket, entries: list[LedgerEntry]) -> str:
    """What the citizen was asked and has not answered yet."""
    if ticket.state != State.AWAITING_INFO:
        return ""
    asked = next((e for e in reversed(entries) if e.kind == Kind.INFO_REQUESTED), None)
    return str(asked.data["question"]) if asked else ""


def _refusal(ticket: Ticket, entries: list[LedgerEntry]) -> Mapping[str, str] | None:
    """Why it is not for the hotline, and who is in charge."""
    if ticket.state != State.REFUSED:
        return None
    return next((entry.data for entry in reversed(entries) if entry.kind == Kind.REFUSED), None)


@private
@require_GET
@with_ticket
def file(request: HttpRequest, ticket: Ticket, attachment_id: int) -> FileResponse:
    """A file that this citizen sent; evidence of the units is not theirs to open."""
    rows = ticket.attachments.filter(purpose__in=OWN, pk=attachment_id)
    kept = rows.first()
    if kept is None or not files.path_of(kept).exists():  # sound is deleted when its time is over
        raise Http404
    in_page = kept.content_type.startswith(SHOWN_IN_PAGE)
    response = FileResponse(
        files.path_of(kept).open("rb"),
        content_type=kept.content_type,
        as_attachment=not in_page,
        filename=kept.filename or kept.key.rpartition("/")[2],
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

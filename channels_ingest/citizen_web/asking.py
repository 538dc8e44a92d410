"""反映诉求: one box first, then what was understood and what is missing, then the number and the code."""

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from channels_ingest import own_pages
from channels_ingest.citizen_web import guard, uploads
from channels_ingest.citizen_web.finding import with_ticket
from channels_ingest.citizen_web.forms import AskForm, SayForm, new_submission
from channels_ingest.citizen_web.privacy import private, takes_files
from channels_ingest.models import InboundMessage
from dispatch import routing
from hotline.knowledge import searching
from hotline.people.addresses import client_address
from hotline.tickets.models import RequestType, Ticket

log = logging.getLogger(__name__)
SURE_ENOUGH = 0.5
"""Below this a guessed type only misleads."""


@private
@takes_files
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """GET shows the box, a POST of its words shows the form, a POST of the form hands it in."""
    if request.method == "GET":
        return render(request, "citizen_web/say.html", {"form": SayForm()})
    if "submission" in request.POST:
        return _hand_in(request)
    said = SayForm(request.POST)
    if not said.is_valid():
        return render(request, "citizen_web/say.html", {"form": said}, status=422)
    text = said.cleaned_data["text"]
    # Reading costs time: who sends text after text fills the form in alone, but is not refused.
    reads = guard.SEARCHES.take(client_address(request))
    guessed = guess(text) if reads else {}
    offered = searching.suggest(text, citizens=True) if reads else []
    form = AskForm(initial={**said.cleaned_data, **guessed, "submission": new_submission()})
    return _details(request, form, guessed=set(guessed), offered=offered)


def guess(text: str) -> dict[str, Any]:
    """What the assistant reads out of the words, as first values of the form's fields."""
    read = routing.understand_text(text)
    if read is None:
        return {}
    guessed: dict[str, Any] = {}
    if read.type and read.type[0].confidence >= SURE_ENOUGH and read.type[0].label != RequestType.OTHER:
        guessed["type"] = read.type[0].label
    if read.place:
        guessed["address"] = read.place.address or read.place.text
    if guessed.get("type") == RequestType.REPORT:
        guessed["confidential"] = True
    return guessed


def _details(
    request: HttpRequest,
    form: AskForm,
    *,
    guessed: set[str] | None = None,
    gathered: uploads.Gathered | None = None,
    offered: Sequence[searching.Found] = (),
) -> HttpResponse:
    """The second step, with everything that was typed and chosen before, and what may answer it already."""
    context: dict[str, Any] = {"form": form, "guessed": guessed or set(), "offered": offered}
    if gathered is not None:
        context |= {"held": uploads.hold(gathered, request.POST["submission"])}
    return render(request, "citizen_web/details.html", context, status=422 if form.is_bound else 200)


def _hand_in(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST, request.FILES)
    gathered = uploads.gather(
        request.FILES.getlist("attached"), request.POST.getlist("held"), request.POST["submission"]
    )
    for problem in gathered.problems:
        form.add_error("attached", problem)
    if not form.is_valid():
        return _details(request, form, gathered=gathered)
    if not guard.REQUESTS.take(client_address(request)):
        return guard.too_many(request, guard.REQUESTS)
    given = [(upload.filename, upload.content) for upload in gathered.uploads]
    try:
        received = own_pages.submit(payload(form.cleaned_data), given, remote_ip=client_address(request))
    except OSError:
        log.exception("a form's files could not be kept")
        form.add_error(
            "attached", _("Files cannot be kept just now. Send your words without them, or try again later.")
        )
        return _details(request, form)
    uploads.drop(gathered)
    there = reverse("citizen:kept", args=[form.cleaned_data["submission"]])
    changed = received.ticket is not None and form.cleaned_data["text"] not in received.ticket.text
    return redirect(f"{there}?changed=1" if changed else there)


def payload(data: dict[str, Any]) -> dict[str, Any]:
    """The form as adapters/web.py reads it.

    Each form is a sender of its own, so that two people at one self-service terminal are never
    taken for one; a phone number is what joins a citizen's requests.
    """
    place: dict[str, Any] = {"address": data["address"]} if data["address"] else {}
    if data["lat"] is not None and data["lng"] is not None:
        place |= {"lat": data["lat"], "lng": data["lng"]}
    return {
        "submission": data["submission"].hex,
        "visitor": sender_of(data["submission"]),
        "text": data["text"],
        "name": data["name"],
        "phone": data["phone"],
        "type": data["type"],
        "place": place or None,
        "confidential": data["confidential"],
        "enterprise": data["enterprise"],
    }


def sender_of(submission: uuid.UUID) -> str:
    """The web sender that a form is."""
    return f"form-{submission.hex}"


@private
def kept(request: HttpRequest, submission: uuid.UUID) -> HttpResponse:
    """Where handing in leads: to the end page, or to a page that waits until the words are a ticket."""
    row = get_object_or_404(
        InboundMessage.objects.select_related("ticket"),
        account__adapter="web",
        external_id=f"{sender_of(submission)}:{submission.hex}",
    )
    if row.ticket is None:
        return render(request, "citizen_web/kept.html", {"row": row}, status=202)
    there = reverse("citizen:done", args=[row.ticket.public_code])
    return redirect(f"{there}?changed=1" if "changed" in request.GET else there)


@private
@with_ticket
def done(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The end page: number and code, to copy, to print, to follow."""
    address = settings.PUBLIC_URL + reverse("citizen:ticket", args=[ticket.public_code])
    # Somebody went back, changed the words and sent the same form again: they must know it is not in it.
    context = {"ticket": ticket, "address": address, "changed": "changed" in request.GET}
    return render(request, "citizen_web/done.html", context)

"""在线咨询: a visitor's first words make a ticket, the rest is talk about it, live or by reloading."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from channels_ingest import intake, own_pages
from channels_ingest.citizen_web import guard, visitor
from channels_ingest.citizen_web.finding import with_ticket
from channels_ingest.citizen_web.forms import MessageForm, new_submission
from channels_ingest.citizen_web.privacy import private
from channels_ingest.citizen_web.standing import standing
from hotline.people.addresses import client_address
from hotline.people.models import ContactPoint
from hotline.tickets import lifecycle
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.parts import Words

CHANNEL = "web"


@private
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Resume what this browser talked about, or take the first words."""
    who = visitor.current(request) or visitor.fresh()
    form = MessageForm(request.POST or None, initial={"submission": new_submission()})
    reply = ""
    if form.is_valid():
        if not guard.REQUESTS.take(client_address(request)):
            return guard.too_many(request, guard.REQUESTS)
        ticket, reply = _first_words(request, who, form)
        form = MessageForm(initial={"submission": new_submission()})
    else:
        ticket = None if form.is_bound else in_hand(who)
    response = (
        redirect("citizen:chat", ticket.public_code)
        if ticket
        else render(request, "citizen_web/chat_start.html", {"form": form, "reply": reply})
    )
    visitor.remember(response, who)
    return response


def _first_words(request: HttpRequest, who: str, form: MessageForm) -> tuple[Ticket | None, str]:
    """The ticket that the words made or joined, and what they were answered with."""
    said = {
        "submission": form.cleaned_data["submission"].hex,
        "visitor": who,
        "text": form.cleaned_data["text"],
        "chat": True,
    }
    received = own_pages.submit(said, remote_ip=client_address(request))
    return received.ticket, received.reply.text if received.reply else ""


def in_hand(who: str) -> Ticket | None:
    """The open ticket of this visitor's chat."""
    contact = ContactPoint.objects.filter(channel=CHANNEL, external_id=who).first()
    return intake.in_hand(contact) if contact else None


@private
@require_http_methods(["GET", "POST"])
@with_ticket
def talk(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The conversation about one ticket; POST is how it goes without JavaScript."""
    form = MessageForm(request.POST or None, initial={"submission": new_submission()})
    if form.is_valid():
        data = form.cleaned_data
        try:
            say(ticket_id=ticket.pk, text=data["text"], sent_id=data["submission"].hex)
        except ValidationError as refusal:
            form.add_error("text", refusal)
        else:
            return redirect("citizen:chat", ticket.public_code)
    feed = LedgerEntry.objects.filter(ticket=ticket, feed__isnull=False).order_by("-feed")
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "form": form,
        "thread": ticket.messages.select_related("attachment"),
        "after": feed.values_list("feed", flat=True).first() or 0,
    }
    return render(request, "citizen_web/chat.html", context, status=422 if form.is_bound else 200)


def say(*, ticket_id: int, text: str, sent_id: str) -> None:
    """Words of the chat about a ticket, once for each `sent_id`; raises ValidationError with a sentence.

    The socket of the chat calls this too (settings.CHAT_INTAKE).
    """
    ticket = Ticket.objects.get(pk=ticket_id)
    form = MessageForm({"text": text, "submission": uuid.uuid5(uuid.NAMESPACE_URL, sent_id)})
    if not form.is_valid():
        raise ValidationError(next(iter(form.errors.values()))[0])
    if not guard.WORDS.take(ticket.public_code):
        raise ValidationError(_("That was a lot at once. Please wait a little."))
    try:
        with guard.first_time(f"chat:{ticket_id}:{sent_id}") as first:
            if first:
                lifecycle.add_words(ticket=ticket, words=Words(text=form.cleaned_data["text"]), channel=CHANNEL)
    except NotAllowed as ended:
        raise ValidationError(_("This matter is filed away. Please begin a new chat.")) from ended


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the chat at this browser: the next person here begins anew."""
    response = redirect("citizen:home")
    visitor.forget(response)
    return response

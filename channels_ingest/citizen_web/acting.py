"""What citizens do to their own ticket: add words or files, take it back, urge it, rate it."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from channels_ingest import attachments
from channels_ingest.adapter import clean_text
from channels_ingest.citizen_web import guard, uploads
from channels_ingest.citizen_web.finding import with_ticket
from channels_ingest.citizen_web.following import show
from channels_ingest.citizen_web.forms import MoreForm, RateForm, new_submission
from channels_ingest.citizen_web.privacy import private, takes_files
from channels_ingest.citizen_web.uploads import Upload
from channels_ingest.messages import Media
from hotline.tickets import access, clock, closing, lifecycle, rulebook, supervision, verdicts
from hotline.tickets.actors import CITIZEN
from hotline.tickets.errors import NotAllowed
from hotline.tickets.facts import Kind
from hotline.tickets.models import Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import Verb

CHANNEL = "web"


@private
@takes_files
@require_http_methods(["GET", "POST"])
@with_ticket
def add(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """More words or files; they join the thread, and an answer that was asked for wakes the ticket."""
    if request.method == "GET":  # a reload, after the form came back with an error
        return redirect("citizen:ticket", ticket.public_code)
    form = MoreForm(request.POST, request.FILES)
    name = request.POST.get("submission", "")
    gathered = uploads.gather(request.FILES.getlist("attached"), request.POST.getlist("held"), name)
    for problem in gathered.problems:
        form.add_error("attached", problem)
    if not form.is_valid():
        return show(request, ticket, form, held=uploads.hold(gathered, name))
    if not guard.WORDS.take(ticket.public_code):
        return guard.too_many(request, guard.WORDS)
    try:
        with guard.first_time(form.cleaned_data["submission"].hex) as first:
            if first:
                add_to(ticket, form.cleaned_data["text"], gathered.uploads)
                uploads.drop(gathered)
                messages.success(request, _("We have added it."))
    except NotAllowed:
        messages.error(request, _("Nothing can be added any more. Please tell us anew."))
    return redirect("citizen:ticket", ticket.public_code)


@transaction.atomic
def add_to(ticket: Ticket, text: str, files: list[Upload]) -> None:
    """The words with their first file; each further file is an utterance of its own."""
    _utter(ticket, text, files[0] if files else None)
    for file in files[1:]:
        _utter(ticket, "", file)


def _utter(ticket: Ticket, text: str, upload: Upload | None) -> None:
    file_kind = attachments.kind_of(upload.examined.content_type) if upload else ""
    kind = file_kind if upload and not text else "text"
    voice = file_kind == "voice"
    message = lifecycle.add_words(ticket=ticket, words=Words(text=text, kind=kind, voice=voice), channel=CHANNEL)
    if upload:
        attachments.attach(message, Media("file", "", upload.content, filename=upload.filename))


@private
@require_http_methods(["GET", "POST"])
@with_ticket
def withdraw(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """GET asks once, POST does it."""
    if not access.is_open(Verb.WITHDRAW, ticket):
        messages.error(request, _("This matter has ended already."))
        return redirect("citizen:ticket", ticket.public_code)
    if request.method == "GET":
        return render(request, "citizen_web/withdraw.html", {"ticket": ticket})
    closing.withdraw(ticket=ticket, by=CITIZEN, note=clean_text(request.POST.get("note", ""))[:200])
    messages.success(request, _("We have taken it back for you."))
    return redirect("citizen:ticket", ticket.public_code)


@private
@require_POST
@with_ticket
def urge(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """催办, as often as the centre lets citizens urge."""
    if not access.is_open(Verb.URGE, ticket):
        messages.error(request, _("There is nobody to urge at the moment."))
    elif _urge_once(ticket):
        messages.success(request, _("We have told the unit to hurry."))
    else:
        messages.info(request, _("You have urged it a short while ago. We have told the unit."))
    return redirect("citizen:ticket", ticket.public_code)


@transaction.atomic
def _urge_once(ticket: Ticket) -> bool:
    """The row is locked first, so that two clicks cannot both find that nobody urged of late."""
    row = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    since = clock.now() - timedelta(hours=rulebook.book().figure("urge_hours"))
    if row.ledger.filter(kind=Kind.URGED, actor=CITIZEN.kind, at__gt=since).exists():
        return False
    supervision.urge(ticket=row, by=CITIZEN, note="")
    return True


@private
@require_http_methods(["GET", "POST"])
@with_ticket
def rate(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """好差评: five faces and two questions; also where the link in a short message leads."""
    if not access.is_open(Verb.RATE, ticket.merged_into or ticket):
        return render(request, "citizen_web/not_yet.html", {"ticket": ticket})
    form = RateForm(request.POST or None, initial={"submission": new_submission()})
    if not form.is_valid():
        context = {"ticket": ticket, "form": form}
        return render(request, "citizen_web/rate.html", context, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    with guard.first_time(data["submission"].hex) as first:
        if first:
            told = {name: data[name] for name in ("satisfied", "solved", "words")}
            closing.rate(ticket=ticket, channel=CHANNEL, **told)
    messages.success(request, _thanks(bad=verdicts.is_bad(data["satisfied"], data["solved"])))
    return redirect("citizen:ticket", ticket.public_code)


def _thanks(*, bad: bool) -> str:
    if bad:
        return _("Thank you. We are sorry, and will have it looked at again.")
    return _("Thank you for your rating.")

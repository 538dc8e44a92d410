"""What the verbs are made of: keeping words, setting fields, giving units their parts and taking them back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets import clock, deadlines, rulebook
from hotline.tickets.access import LIVE_PARTS
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Assignment, CallBack, Clock, Message, Precedent, Ticket
from hotline.tickets.rulebook import CallBackChoice

AT_WORK = (Assignment.State.TO_SIGN, Assignment.State.HANDLING)
"""Parts whose answer is still awaited: their clocks run."""
LEAD_CLOCKS = (Clock.SIGN, Clock.CONTACT, Clock.RETURN, Clock.ANSWER)
ASSISTING_CLOCKS = (Clock.SIGN, Clock.ANSWER)
EDITABLE = frozenset(
    {"type", "matter", "title", "summary", "urgency", "confidential", "enterprise", "area", "address", "lat", "lng"}
)
"""Fields of the row; `accused`, the units complained of, can be set beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One utterance of a citizen; `place` is {lat, lng, address}, `voice` says that a transcript is due.

    `at_follow_up`: said when we asked how it went.
    """

    text: str
    kind: str = "text"
    place: dict[str, Any] | None = None
    voice: bool = False
    at_follow_up: bool = False


def keep_words(ticket: Ticket, channel: str, words: Words) -> Message:
    """Put a citizen's utterance into the thread."""
    return Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.IN,
        kind=words.kind,
        text=words.text,
        place=words.place,
        channel=channel,
        at_follow_up=words.at_follow_up,
        transcript_state=Message.TranscriptState.PENDING if words.voice else Message.TranscriptState.NONE,
        at=clock.now(),
    )


def set_place(ticket: Ticket, place: dict[str, Any]) -> None:
    """A place that the citizen sends along, where none was known before."""
    if ticket.lat is None:
        ticket.lat, ticket.lng = place.get("lat"), place.get("lng")
    ticket.address = ticket.address or (place.get("address") or "")[:200]


def say(ticket: Ticket, text: str, by: Actor) -> Message:
    """Put words to the citizen into the thread, to be delivered on the ticket's channel."""
    if not text.strip():
        raise InvalidFields({"text": [_("Write something.")]})
    return Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.OUT,
        text=text,
        channel=ticket.channel,
        author=by.staff,
        delivery=Message.Delivery.QUEUED,
        at=clock.now(),
    )


def set_fields(ticket: Ticket, fields: dict[str, Any]) -> dict[str, list[Any]]:
    """Set editable fields; return {name: [before, after]} with rows by their code, unchanged ones left out."""
    unknown = fields.keys() - EDITABLE - {"accused"}
    if unknown:
        raise InvalidFields({name: [_("This field cannot be set.")] for name in sorted(unknown)})
    changes: dict[str, list[Any]] = {}
    if "accused" in fields:
        changes |= accuse(ticket, fields["accused"])
    for name, after in fields.items():
        if name == "accused":
            continue
        before = getattr(ticket, name)
        if before != after:
            setattr(ticket, name, after)
            changes[name] = [_code(before), _code(after)]
    return changes


def _code(value: Any) -> Any:
    return getattr(value, "code", value)


def accuse(ticket: Ticket, units: list[Department]) -> dict[str, list[Any]]:
    """Name the units complained of, in place of those before; none may have the ticket now, or be heard about it."""
    before = sorted(ticket.accused.values_list("code", flat=True))
    after = sorted({unit.code for unit in units})
    if before == after:
        return {}
    ticket.accused.set(units)
    holding = ticket.assignments.filter(state__in=LIVE_PARTS, department__in=accused_units(ticket))
    names = list(holding.values_list("department__name", flat=True))
    if names:
        sentence = _("%(units)s has this ticket: it must be out of their hands (recall, return) first.")
        raise InvalidFields({"accused": [sentence % {"units": _(", ").join(names)}]})
    for consultation in ticket.consultations.filter(ruled_at=None):
        consultation.units.remove(*accused_units(ticket))
    return {"accused": [before, after]}


def check_units(ticket: Ticket, lead: Department, assisting: tuple[Department, ...] = ()) -> None:
    """A unit that is accused, or below one that is, has no part in the ticket (济南 §32)."""
    accused = accused_units(ticket)
    if lead.pk in accused:
        raise InvalidFields({"department": [_("The unit that is complained of cannot handle the complaint.")]})
    if not accused.isdisjoint(unit.pk for unit in assisting):
        raise InvalidFields({"assisting": [_("The unit that is complained of cannot handle the complaint.")]})


def check_number(assisting: int) -> None:
    """Beyond the centre's figure it is a meeting, not a dispatch."""
    if assisting > rulebook.book().figure("most_assisting"):
        raise InvalidFields({"assisting": [_("These are too many assisting units.")]})


def accused_units(ticket: Ticket) -> frozenset[int]:
    """The units complained of, here and in what was merged into it, and all below them."""
    complaints = Ticket.accused.through.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))
    return frozenset(
        below
        for unit in complaints.values_list("department", flat=True).distinct()
        for below in Department.objects.descendants(unit, include_self=True).values_list("pk", flat=True)
    )


def accused_codes(ticket: Ticket) -> frozenset[str]:
    """The same by code."""
    accused = Department.objects.filter(pk__in=accused_units(ticket))
    return frozenset(accused.values_list("code", flat=True))


def check_not_returned(ticket: Ticket, department: Department) -> None:
    """A unit that rightly returned a ticket leads it again only when a consultation ruled so: no ping-pong."""
    if not ticket.returns.filter(upheld=True, assignment__department=department).exists():
        return
    if not Precedent.objects.filter(ticket=ticket, department=department).exists():
        said = _("This unit has rightly returned the ticket; only a consultation can rule otherwise.")
        raise InvalidFields({"department": [said]})


def assign(ticket: Ticket, department: Department, role: Assignment.Role) -> Assignment:
    """Give a unit its part and start its clocks; a lead's part also sets the ticket's own."""
    moment = clock.now()
    if role == Assignment.Role.LEAD:
        check_not_returned(ticket, department)
        ticket.department = department
        ticket.first_department = ticket.first_department or department
        ticket.dispatched_at = moment
    part = Assignment.objects.create(ticket=ticket, department=department, role=role, dispatched_at=moment)
    deadlines.start_first(ticket, part, LEAD_CLOCKS if role == Assignment.Role.LEAD else ASSISTING_CLOCKS)
    return part


def sign(ticket: Ticket, part: Assignment, by: Actor, *, automatic: bool) -> None:
    """A unit takes its part."""
    part.state, part.signed_at = Assignment.State.HANDLING, clock.now()
    part.signed_by, part.auto_signed = by.staff, automatic
    part.save(update_fields=["state", "signed_at", "signed_by", "auto_signed"])
    deadlines.stop(ticket, Clock.SIGN, part=part)
    if part.role == Assignment.Role.LEAD:
        ticket.sign_due_at = None


def end_extension_request(part: Assignment) -> None:
    """A unit that has answered needs no more time: its open request is refused as settled."""
    if part.extensions.filter(granted=None).update(granted=False, ruled_at=clock.now()):
        deadlines.stop(part.ticket, Clock.RULING)


def end_extension_requests(ticket: Ticket) -> None:
    """Whose the ticket is has become the question: nobody rules on more time for it now."""
    if ticket.extensions.filter(granted=None).update(granted=False, ruled_at=clock.now()):
        deadlines.stop(ticket, Clock.RULING)


def units_still_at_work(ticket: Ticket) -> list[str]:
    """Codes of the units whose answer is still awaited, the lead first."""
    waiting = ticket.assignments.filter(state__in=AT_WORK)
    return [part.department.code for part in waiting.select_related("department").order_by("-role", "id")]


def take_up_again(ticket: Ticket, part: Assignment) -> None:
    """The lead unit takes its answered part up again; the earlier answer stays to be read."""
    part.state, part.answered_at = Assignment.State.HANDLING, None
    part.save(update_fields=["state", "answered_at"])
    ticket.answered_at = None


def release_all(ticket: Ticket) -> None:
    """End every live part and its clocks: the matter is no longer theirs."""
    end_extension_requests(ticket)
    deadlines.running(ticket).exclude(assignment=None).update(ended_at=clock.now(), next_at=None)
    ticket.assignments.filter(state__in=LIVE_PARTS).update(state=Assignment.State.RELEASED)
    ticket.sign_due_at = None


def end(ticket: Ticket) -> None:
    """The ticket has ended: no part of a unit stays open, no order stands, no clock runs."""
    release_all(ticket)
    _end_orders(ticket)
    deadlines.stop_all(ticket)
    ticket.closed_at = clock.now()


def _end_orders(ticket: Ticket) -> None:
    """What was asked for and has lost its object is ended without a ruling."""
    moment = clock.now()
    ticket.returns.filter(upheld=None).update(ruled_at=moment)
    ticket.consultations.filter(ruled_at=None).update(ruled_at=moment)
    ticket.suspensions.filter(resumed_at=None).update(resumed_at=moment)
    ticket.supervisions.filter(ended_at=None).update(ended_at=moment, ending_note=_("The ticket has ended."))
    ticket.supervision_level = 0


def ask_citizen(ticket: Ticket) -> CallBackChoice:
    """The answer has gone out: whether the citizen is called back, and the clocks of that and of silence.

    Silence closes nothing that must be called back: that clock starts once the call is done with.
    """
    chosen = rulebook.book().call_back(ticket)
    ticket.call_back, ticket.call_back_share = chosen.choice, chosen.share
    if chosen.choice != CallBack.DUE:
        deadlines.start(ticket, Clock.SILENCE)
    if chosen.choice != CallBack.NONE:
        deadlines.start(ticket, Clock.CALL_BACK)
    return chosen

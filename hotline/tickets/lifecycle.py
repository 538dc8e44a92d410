"""THE STORY of a ticket, in order: receive → accept → dispatch → sign → answer (→ hotline.tickets.closing).

Each verb is one transaction and writes one ledger line (see hotline.tickets.turn); which verb is
open in which state, and by which rule, stands in hotline.tickets.states; who may use it in
hotline.tickets.access; what follows from it in hotline.reactions. The side paths have files of
their own: levels (several units, four levels), returns, pauses, supervision, merging, setting_aside, cards.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.people.models import ContactPoint, Department
from hotline.tickets import (
    access,
    clock,
    confiding,
    deadlines,
    facts,
    files,
    ledger,
    listed,
    numbers,
    parts,
    rulebook,
)
from hotline.tickets.actors import CITIZEN, SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, Attachment, Clock, List, Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.proof.said import Said, What
from hotline.tickets.states import State, Verb
from hotline.tickets.turn import Turn, turn

# --- from the citizen's first word to a ticket ----------------------------------------------------


@transaction.atomic
def receive(
    *,
    contact: ContactPoint,
    words: Words,
    by: Actor = CITIZEN,
    source: str = "",
    type: str = "",
    confidential: bool = False,
    enterprise: bool = False,
    address: str = "",
    lat: float | None = None,
    lng: float | None = None,
    occurred_at: datetime | None = None,
) -> tuple[Ticket, Message]:
    """受理 begins: a new ticket with its first message; one ledger line `received`, by whom the citizen told it."""
    moment = clock.now()
    ticket = Ticket(
        number=numbers.next_number(),
        public_code=numbers.new_code(),
        channel=contact.channel,
        source=source,
        type=type,
        text=words.text,
        confidential=confidential,
        enterprise=enterprise,
        address=address or (words.place or {}).get("address", ""),
        lat=lat if lat is not None else (words.place or {}).get("lat"),
        lng=lng if lng is not None else (words.place or {}).get("lng"),
        occurred_at=occurred_at,
        citizen=contact.citizen,
        contact=contact,
        created_at=moment,
        updated_at=moment,
        last_word_at=moment,
    )
    ticket.save(force_insert=True)
    deadlines.start(ticket, Clock.ACCEPT)
    message = parts.keep_words(ticket, contact.channel, words)
    fact = facts.Received(channel=contact.channel, source=source, message=message.pk)
    ledger.record(ticket, fact, by, Said(What.MESSAGE, message), Said(What.REQUEST, ticket))
    ticket.save(update_fields=["ledger_length", "ledger_head"])
    return ticket, message


def add_words(*, ticket: Ticket, words: Words, channel: str) -> Message:
    """The citizen writes again: the words join the thread; words that were asked for bring it back to the desk."""
    with turn(ticket, Verb.ADD_WORDS, CITIZEN) as story:
        message = parts.keep_words(story.ticket, channel, words)
        reopened = story.ticket.state == State.AWAITING_INFO
        if reopened:
            story.move(State.RECEIVED)
            deadlines.start(story.ticket, Clock.ACCEPT)
        if story.ticket.state == State.RECEIVED and words.text:
            story.ticket.text = f"{story.ticket.text}\n{words.text}".strip()
        if story.ticket.state == State.RECEIVED and words.place:
            parts.set_place(story.ticket, words.place)
        story.ticket.last_word_at, story.ticket.unread = clock.now(), True
        fact = facts.WordsAdded(channel=channel, message=message.pk, reopened=reopened)
        story.tell(fact, Said(What.MESSAGE, message), Said(What.REQUEST, story.ticket))
    return message


def transcribe(*, ticket: Ticket, message: Message, text: str, result: str, engine: str = "") -> None:
    """A voice message became text (`result` "done"), or could not ("no_model", "failed")."""
    with turn(ticket, Verb.TRANSCRIBE, SYSTEM) as story:
        message.refresh_from_db(fields=["transcript"])  # another worker may have heard it meanwhile
        earlier, message.transcript, message.transcript_state = message.transcript, text, result
        message.save(update_fields=["transcript", "transcript_state"])
        if text and story.ticket.state in (State.RECEIVED, State.AWAITING_INFO):
            said = story.ticket.text
            heard_before = earlier and earlier in said  # a better recogniser takes the place of the first
            story.ticket.text = said.replace(earlier, text, 1) if heard_before else f"{said}\n{text}".strip()
        fact = facts.Transcribed(message=message.pk, result=result, engine=engine)
        story.tell(fact, Said(What.TRANSCRIPT, message), Said(What.REQUEST, story.ticket))


def keep_media(*, ticket: Ticket, message: Message, attachment: Attachment) -> None:
    """A file that a message named is kept; `attachment` is a saved Attachment of this ticket."""
    with turn(ticket, Verb.KEEP_MEDIA, SYSTEM) as story:
        message.attachment = attachment
        message.save(update_fields=["attachment"])
        fact = facts.MediaKept(message=message.pk, content_type=attachment.content_type)
        story.tell(fact, Said(What.MEDIA, message))


def suggest(*, ticket: Ticket, fact: facts.Suggested, title: str, summary: str) -> None:
    """The assistant has read the ticket: it names what nobody has named yet; the rest people decide."""
    with turn(ticket, Verb.SUGGEST, SYSTEM) as story:
        story.ticket.title = story.ticket.title or title
        story.ticket.summary = story.ticket.summary or summary
        story.tell(fact)


# --- the desk decides -------------------------------------------------------------------------------


def accept(*, ticket: Ticket, by: Actor, version: int | None, **fields: Any) -> Ticket:
    """受理: the desk takes it on, with the fields it has put right; the agent becomes its holder."""
    with turn(ticket, Verb.ACCEPT, by, version) as story:
        confiding.check_protection(story, fields)
        changes = parts.set_fields(story.ticket, fields)
        story.ticket.holder, story.ticket.unread = by.staff, False
        story.ticket.accepted_at = clock.now()
        deadlines.stop(story.ticket, Clock.ACCEPT)
        story.move(State.ACCEPTED)
        story.tell(facts.Accepted(fields={name: after for name, (_before, after) in changes.items()}))
    return ticket


def edit(*, ticket: Ticket, by: Actor, version: int, **fields: Any) -> Ticket:
    """Put fields of the record right; before and after are kept."""
    with turn(ticket, Verb.EDIT, by, version) as story:
        confiding.check_protection(story, fields)
        changes = parts.set_fields(story.ticket, fields)
        if not changes:
            raise InvalidFields({"fields": [_("Nothing was changed.")]})
        story.tell(facts.Edited(changes=changes))
    return ticket


def reply(*, ticket: Ticket, by: Actor, version: int, text: str) -> Message:
    """An agent writes to the citizen, on the channel that the citizen used."""
    with turn(ticket, Verb.REPLY, by, version) as story:
        message = parts.say(story.ticket, text, by)
        deadlines.stop(story.ticket, Clock.RECONTACT)
        story.ticket.unread = False
        story.tell(facts.Replied(message=message.pk), Said(What.MESSAGE, message))
    return message


def request_info(*, ticket: Ticket, by: Actor, version: int, question: str) -> Ticket:
    """待补充: ask the citizen for what is missing."""
    with turn(ticket, Verb.REQUEST_INFO, by, version) as story:
        story.ticket.holder, story.ticket.unread = by.staff, False
        deadlines.stop(story.ticket, Clock.ACCEPT)
        story.move(State.AWAITING_INFO)
        story.tell(facts.InfoRequested(question=question))
    return ticket


def refuse(*, ticket: Ticket, by: Actor, version: int, reason: str, door: str, code: str = "") -> Ticket:
    """不予受理: not for this hotline; the citizen is told which door is the right one. `code`: of the closed list."""
    with turn(ticket, Verb.REFUSE, by, version) as story:
        code = listed.in_force(List.REFUSAL, code)
        parts.end(story.ticket)
        story.move(State.REFUSED)
        story.tell(facts.Refused(reason=reason, door=door, code=code))
    return ticket


def emergency(*, ticket: Ticket, by: Actor, version: int, service: str, reference: str = "", note: str = "") -> Ticket:
    """转紧急: handed to 110, 119, 120 or 122, with their number beside ours, which may be told later."""
    with turn(ticket, Verb.EMERGENCY, by, version) as story:
        service = listed.in_force(List.EMERGENCY, service, "service")
        if story.ticket.state != State.EMERGENCY:
            parts.end(story.ticket)
        elif service == story.ticket.partner and reference in ("", story.ticket.partner_reference):
            raise InvalidFields({"reference": [_("Give the number under which the service keeps it.")]})
        story.ticket.partner, story.ticket.partner_reference = service, reference
        story.move(State.EMERGENCY)
        story.tell(facts.Emergency(service=service, reference=reference, note=note))
    return ticket


def answer_directly(*, ticket: Ticket, by: Actor, version: int, public: str) -> Ticket:
    """The desk knows the answer: no unit is needed."""
    with turn(ticket, Verb.ANSWER_DIRECTLY, by, version) as story:
        story.ticket.holder, story.ticket.unread = by.staff, False
        story.ticket.accepted_at = story.ticket.accepted_at or clock.now()
        story.ticket.answered_at = clock.now()
        deadlines.stop(story.ticket, Clock.ACCEPT, Clock.RECONTACT)
        chosen = parts.ask_citizen(story.ticket)
        story.move(State.FOLLOW_UP)
        story.tell(facts.AnsweredDirectly(public=public, call_back=chosen.choice, call_back_share=chosen.share))
    return ticket


def dispatch_to(
    *,
    ticket: Ticket,
    by: Actor,
    version: int | None,
    department: Department,
    assisting: tuple[Department, ...] = (),
    note: str = "",
    confidence: float | None = None,
) -> Ticket:
    """派单: to one lead unit and any assisting units; the answer's clock starts here, not at signing.

    `confidence` (0–1) marks an automatic dispatch, which the desk can take back for a while.
    """
    if department in assisting or len(set(assisting)) != len(assisting):
        raise InvalidFields({"assisting": [_("Name each unit once; the lead unit does not assist.")]})
    with turn(ticket, Verb.DISPATCH, by, version) as story:
        parts.check_number(len(assisting))
        parts.check_units(story.ticket, department, assisting)
        lead = parts.assign(story.ticket, department, Assignment.Role.LEAD)
        for unit in assisting:
            parts.assign(story.ticket, unit, Assignment.Role.ASSISTING)
        story.ticket.unread = False
        story.ticket.recall_until = _recall_until(confidence)
        story.move(State.DISPATCHED)
        story.tell(_dispatched(story.ticket, lead, assisting, note, confidence))
    return ticket


def _recall_until(confidence: float | None) -> datetime | None:
    if confidence is None:
        return None
    return clock.now() + timedelta(seconds=rulebook.book().figure("recall_seconds"))


def _dispatched(
    ticket: Ticket, lead: Assignment, assisting: tuple[Department, ...], note: str, confidence: float | None
) -> facts.Dispatched:
    sign, answer = (deadlines.required(ticket, which, lead) for which in (Clock.SIGN, Clock.ANSWER))
    return facts.Dispatched(
        department=lead.department.code,
        assisting=[unit.code for unit in assisting],
        sign_due_at=sign.due_at,
        due_at=answer.due_at,
        note=note,
        automatic=confidence is not None,
        confidence=confidence,
        explanation=list(answer.explanation),
    )


# --- the unit works -----------------------------------------------------------------------------------


def sign_for(*, ticket: Ticket, by: Actor, version: int) -> Ticket:
    """签收: a unit takes its part; the ticket is in handling once the lead has signed."""
    with turn(ticket, Verb.SIGN, by, version) as story:
        part = story.own_part()
        parts.sign(story.ticket, part, by, automatic=False)
        if part.role == Assignment.Role.LEAD:
            story.move(State.HANDLING)
        story.tell(facts.Signed(department=part.department.code))
    return ticket


def sign_automatically(*, ticket: Ticket, department: Department) -> Ticket:
    """A unit did not sign inside its clock: the system signs for it and says so."""
    with turn(ticket, Verb.SIGN, SYSTEM) as story:
        part = story.ticket.assignments.filter(department=department, state=Assignment.State.TO_SIGN).first()
        if part is None or access.waits_for_ruling(story.ticket, part):
            raise NotAllowed(_("Your unit has no open part in this ticket."))
        parts.sign(story.ticket, part, SYSTEM, automatic=True)
        if part.role == Assignment.Role.LEAD:
            story.move(State.HANDLING)
        story.tell(facts.Signed(department=part.department.code, automatic=True))
    return ticket


def contact(
    *, ticket: Ticket, by: Actor, version: int, whom: str, at: datetime | None = None, number: str = ""
) -> Ticket:
    """The handler spoke with the citizen: whom, when, by which number (sealed, and out of the ledger)."""
    with turn(ticket, Verb.CONTACT, by, version) as story:
        part = story.own_part()
        part.contacted_at, part.contacted_whom, part.contacted_number = at or clock.now(), whom, number
        part.save(update_fields=["contacted_at", "contacted_whom", "contacted_number"])
        deadlines.stop(story.ticket, Clock.CONTACT, Clock.RECONTACT, part=part)
        deadlines.stop(story.ticket, Clock.RECONTACT)
        story.tell(facts.Contacted(department=part.department.code, whom=whom, contacted_at=part.contacted_at))
    return ticket


def answer(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    public: str,
    internal: str = "",
    solved: bool | None = None,
    contacted: dict[str, Any] | None = None,
) -> Ticket:
    """答复: a unit answers its part; the ticket is answered when the lead and all assisting units have."""
    with turn(ticket, Verb.ANSWER, by, version) as story:
        part = story.own_part()
        part.state, part.answered_at, part.answered_by = Assignment.State.ANSWERED, clock.now(), by.staff
        part.public_answer, part.internal_answer, part.solved = public, internal, solved
        if contacted:
            part.contacted_at, part.contacted_whom = contacted["at"], contacted["whom"]
            part.contacted_number = contacted.get("number", "")
        part.save()
        deadlines.stop_answered(part, contacted=bool(contacted))
        parts.end_extension_request(part)
        waiting = parts.units_still_at_work(story.ticket)
        if waiting:
            fact: facts.Fact = facts.UnitAnswered(department=part.department.code, waiting_for=waiting)
        else:
            fact = complete(story, part.department)
        story.tell(fact, Said(What.ANSWER, part))
    return ticket


def complete(story: Turn, last: Department) -> facts.Answered:
    """Every unit has answered or been released: on to the review, or to the citizen where no rule asks for one."""
    story.ticket.answered_at = clock.now()
    solved = story.lead().solved
    if rulebook.book().needs_review(story.ticket):
        deadlines.start(story.ticket, Clock.REVIEW)
        story.move(State.ANSWER_REVIEW)
        return facts.Answered(department=last.code, solved=solved)
    chosen = parts.ask_citizen(story.ticket)
    story.move(State.FOLLOW_UP)
    return facts.Answered(
        department=last.code, solved=solved, review=False, call_back=chosen.choice, call_back_share=chosen.share
    )


# --- at any time -----------------------------------------------------------------------------------------


def attach(*, ticket: Ticket, by: Actor, content: bytes, filename: str, purpose: str) -> Attachment:
    """A file of staff that proves something; raises InvalidFields when it cannot be kept."""
    with turn(ticket, Verb.ATTACH, by) as story:
        kept = files.keep(story.ticket, content=content, filename=filename, purpose=purpose, by=story.person)
        fact = facts.EvidenceAdded(attachment=kept.pk, purpose=purpose, content_type=kept.content_type)
        story.tell(fact, Said(What.FILE, kept))
    return kept


def note(*, ticket: Ticket, by: Actor, version: int, text: str) -> Ticket:
    """An internal note; the citizen never sees it."""
    with turn(ticket, Verb.NOTE, by, version) as story:
        story.tell(facts.Noted(text=text))
    return ticket


def report_failure(*, ticket: Ticket, channel: str, error: str) -> None:
    """A message to the citizen was given up; the desk must know."""
    with turn(ticket, Verb.REPORT_FAILURE, SYSTEM) as story:
        story.tell(facts.DeliveryFailed(channel=channel, error=error))

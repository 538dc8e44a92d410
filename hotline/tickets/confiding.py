"""Who may not know whom: a protected citizen behind a veil and a relay, and staff who stand back (回避)."""

from typing import Any

from django.utils.translation import gettext as _

from hotline.people.masking import strike_out
from hotline.people.models import Citizen, Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets import access, clock, deadlines, facts, parts
from hotline.tickets.actors import Actor
from hotline.tickets.errors import InvalidFields
from hotline.tickets.facts import Kind
from hotline.tickets.models import Clock, LedgerEntry, Message, Recusal, Ticket
from hotline.tickets.proof.said import Said, What
from hotline.tickets.states import Verb
from hotline.tickets.turn import Turn, turn

OWN_WORDS = frozenset({"draft", "public_answer", "internal_answer"})
"""Fields that the reader or the units wrote: their own telephone may stand there; a draft is saved as it is shown."""
NO_WORDS = frozenset({"number", "url", "play_url", "public_code"})

TELLS_WHO = {Kind.RECUSED: frozenset({"reason"}), Kind.RATED: frozenset({"channel", "real_name"})}
"""Outside the hotline: why a colleague stood back can tell who complains, how a rating came in who rated."""
TELLS_WHO_IS_PROTECTED = {Kind.FOLLOWED_UP: frozenset({"note"})}
"""What a protected citizen said on the phone is for the hotline alone."""


def veiled(shown: Any, staff: Staff, ticket: Ticket) -> Any:
    """What is shown of `ticket` to `staff`: as it is, or without all that tells who the citizen is.

    The whole of an answer is gone through, not named fields: a field that is added later is covered too.
    """
    return struck_out(shown, ticket.citizen) if access.hides_citizen(staff, ticket) else shown


def struck_out(shown: Any, citizen: Citizen) -> Any:
    """JSON values with every string struck out, except in fields that hold no words of or about the citizen."""
    if isinstance(shown, str):
        return strike_out(shown, citizen.name, citizen.phone)
    if isinstance(shown, dict):
        return {
            name: value if name in OWN_WORDS | NO_WORDS else struck_out(value, citizen) for name, value in shown.items()
        }
    if isinstance(shown, list | tuple):
        return [struck_out(value, citizen) for value in shown]
    return shown


def line_data(line: LedgerEntry, staff: Staff, ticket: Ticket) -> dict[str, Any]:
    """The data of a ledger line as `staff` may read it."""
    data: dict[str, Any] = veiled(line.data, staff, ticket)
    if staff.role in HOTLINE_ROLES:
        return data
    withheld = TELLS_WHO.get(Kind(line.kind), frozenset())
    if access.hides_citizen(staff, ticket):
        withheld |= TELLS_WHO_IS_PROTECTED.get(Kind(line.kind), frozenset())
    return {name: value for name, value in data.items() if name not in withheld}


def hears(line: LedgerEntry, words: dict[str, Any], staff: Staff, ticket: Ticket) -> bool:
    """Whether `staff` may read the very `words` that a line is about, with the nonce that opens their digest.

    Outside the hotline a protected citizen's words are only shown with names and numbers struck out, and
    a rating only when it is the one that the page shows; so they are not shown here.
    """
    if staff.role in HOTLINE_ROLES:
        return True
    whats = {What(key.partition(" ")[0]) for key in line.said or {}}
    if access.hides_citizen(staff, ticket) and whats - {What.ANSWER}:
        return False
    return What.RATING not in whats or any(rating["counts"] and not rating["protected"] for rating in words.values())


def confided(staff: Staff, ticket: Ticket) -> frozenset[str]:
    """The words of `ticket`, as ledger lines name them, that `staff` may not read though they may read the ticket."""
    kept = [message for message in ticket.messages.all() if not access.reads(staff, message)]
    return frozenset(
        Said(what, message).key for message in kept for what in (What.MESSAGE, What.TRANSCRIPT, What.MEDIA)
    )


def relay(*, ticket: Ticket, by: Actor, version: int, text: str) -> Message:
    """A unit writes to a protected citizen through the hotline; it counts as its contact, since it cannot call."""
    with turn(ticket, Verb.RELAY, by, version) as story:
        part = story.own_part()
        message = parts.say(story.ticket, text, by)
        part.contacted_at = part.contacted_at or clock.now()
        part.save(update_fields=["contacted_at"])
        deadlines.stop(story.ticket, Clock.CONTACT, Clock.RECONTACT, part=part)
        story.tell(facts.Relayed(department=part.department.code, message=message.pk), Said(What.MESSAGE, message))
    return message


def recuse(*, ticket: Ticket, by: Actor, version: int, reason: str) -> Ticket:
    """回避: from now on the ticket does not exist for this member of staff; if they held it, nobody does."""
    with turn(ticket, Verb.RECUSE, by, version) as story:
        Recusal.objects.create(ticket=story.ticket, staff=story.person, reason=reason, at=clock.now())
        if story.ticket.holder_id == story.person.pk:
            story.ticket.holder = None
        story.tell(facts.Recused(reason=reason))
    return ticket


def check_protection(story: Turn, fields: dict[str, Any]) -> None:
    """A citizen's protection is given by anybody at the desk and lifted by the shift lead only."""
    lifted = story.ticket.confidential and fields.get("confidential") is False
    if lifted and story.person.role != Role.LEAD:
        raise InvalidFields({"confidential": [_("Only the shift lead may lift a citizen's protection.")]})

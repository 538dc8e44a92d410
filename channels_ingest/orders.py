"""Obeys the few orders that a message can be: rate, query, withdraw, begin anew, help."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from channels_ingest import registry, words
from channels_ingest.commands import Command
from hotline.people.models import ContactPoint
from hotline.tickets import clock, closing, rulebook, verdicts
from hotline.tickets.actors import CITIZEN
from hotline.tickets.models import Rating, Ticket
from hotline.tickets.states import ENDED, State

RATABLE = (State.FOLLOW_UP, State.CLOSED)
SHOWN = 3


def obey(contact: ContactPoint, order: Command) -> str:
    """Carry out `order` and return the words to answer with; empty when it does not apply to this citizen."""
    return {"rate": _rate, "query": _query, "withdraw": _withdraw, "new": _new, "help": _help}[order.name](
        contact, order
    )


def unanswered(order: Command) -> str:
    """What to say to a lone order that found nothing to act on."""
    return words.NOTHING_TO_RATE if order.name == "rate" else words.HELP


def _help(contact: ContactPoint, order: Command) -> str:
    return words.HELP


def _new(contact: ContactPoint, order: Command) -> str:
    return words.NEW_WANTED


def _rate(contact: ContactPoint, order: Command) -> str:
    answered = awaiting_rating(contact) or _lately_rated(contact)
    if answered is None:
        return ""
    own = contact.tickets.filter(Q(pk=answered.pk) | Q(merged_into=answered)).order_by("pk")[0]
    rating = closing.rate(ticket=own, channel=contact.channel, satisfied=order.level, words=order.rest)
    bad = rating.counts and verdicts.is_bad(rating.satisfied, rating.solved)
    return words.RATED_BADLY if bad else words.RATED


def _reported_by(contact: ContactPoint) -> QuerySet[Ticket]:
    """The contact's own tickets, and those that go on for what they reported."""
    merged = contact.tickets.exclude(merged_into=None)
    return Ticket.objects.filter(pk__in=contact.tickets.values("pk").union(merged.values("merged_into")))


def _rated_now() -> Exists:
    return Exists(Rating.objects.filter(ticket=OuterRef("pk"), round=OuterRef("rounds"), counts=True))


def awaiting_rating(contact: ContactPoint) -> Ticket | None:
    """The ticket whose answer was told last and that nobody has rated since."""
    since = clock.now() - timedelta(days=rulebook.book().figure("ratable_days"))
    answered = _reported_by(contact).filter(state__in=RATABLE, answered_at__gte=since)
    return answered.filter(~_rated_now()).order_by(F("answered_at").desc()).first()


def _lately_rated(contact: ContactPoint) -> Ticket | None:
    """A second thought about a rating is an amendment, unless something else is in hand."""
    if contact.tickets.exclude(state__in=[*ENDED, State.FOLLOW_UP]).exists():
        return None
    since = clock.now() - timedelta(days=rulebook.book().figure("amendable_days"))
    return _reported_by(contact).filter(state__in=RATABLE, ratings__at__gte=since).order_by("-ratings__at").first()


def _query(contact: ContactPoint, order: Command) -> str:
    if order.number:
        ticket = find(contact, order.number, order.code)
        return words.progress([_line(ticket)]) if ticket else words.NOT_FOUND
    newest = contact.tickets.order_by("-pk")[:SHOWN]
    return words.progress([_line(ticket) for ticket in newest]) or words.NO_TICKETS


def find(contact: ContactPoint, number: str, code: str = "") -> Ticket | None:
    """A ticket by number or code, when it is this citizen's own or the code proves the right to ask."""
    ticket = Ticket.objects.filter(number=number).first()
    if ticket is None:
        return Ticket.objects.filter(public_code=number).first()
    return ticket if code == ticket.public_code or _own(contact, ticket) else None


def _own(contact: ContactPoint, ticket: Ticket) -> bool:
    """Their own contact's, or on an SMS number, which proves who holds it, their own phone's."""
    if ticket.contact_id == contact.pk:
        return True
    proven = registry.get(contact.channel).capabilities.short_messages
    return proven and ticket.citizen_id == contact.citizen_id and contact.external_id == contact.citizen.phone


def _line(ticket: Ticket) -> tuple[str, str, str]:
    state = words.STATES[ticket.state]
    if ticket.merged_into:
        state = f"{state}，{words.STATES[ticket.merged_into.state]}"
    return ticket.number, state, ticket.title


def _withdraw(contact: ContactPoint, order: Command) -> str:
    open_ones: QuerySet[Ticket] = contact.tickets.exclude(state__in=ENDED).order_by("-pk")
    if order.number:
        ticket = find(contact, order.number, order.code)
        if ticket is None:
            return words.NOT_FOUND
        if ticket.state == State.MERGED:
            return words.MERGED_NOT_WITHDRAWN.format(number=ticket.number)
        if ticket.state in ENDED:
            return words.CANNOT_WITHDRAW.format(number=ticket.number)
    else:
        numbers = list(open_ones.values_list("number", flat=True)[:SHOWN])
        if len(numbers) != 1:
            return words.WHICH_TO_WITHDRAW.format(numbers="、".join(numbers)) if numbers else words.NO_TICKETS
        ticket = open_ones[0]
    closing.withdraw(ticket=ticket, by=CITIZEN)
    return words.withdrawn(ticket.number).full

"""AND THEN: what follows each kind of ledger line; the only file that knows everyone.

Telling comes first and acting last: an act writes the next line, which must not be seen before
this one. Every reaction may run twice (a killed worker is repeated), so each is idempotent.
What nobody waits for (prints, copies) stands last, so that its failure holds up nothing.
Network work is queued with the line's id, never done here.
"""

from collections.abc import Callable

from agent_console import live
from channels_ingest import outbound
from dispatch import automatic, copied, danger, prints, promises, routing, similar, supervision_triggers
from hotline.tickets import closing, merging, verdicts
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.states import BEFORE_DISPATCH, State

Reaction = Callable[[LedgerEntry], None]
ACTS_ON_RATING = (Kind.FOLLOWED_UP, Kind.REWORK, Kind.CLOSED)


def announce(entries: list[LedgerEntry]) -> None:
    """Show freshly numbered lines to every console."""
    live.publish_lines(entries)


def react(entry: LedgerEntry) -> None:
    """Do what follows from `entry`, in the order of the table."""
    for reaction in AND_THEN.get(Kind(entry.kind), ()):
        reaction(entry)


def tell_citizen(entry: LedgerEntry) -> None:
    """Queue what the citizen hears about it, on their own channel."""
    outbound.tell(entry)


def tell_reporters(entry: LedgerEntry) -> None:
    """Queue the same for everybody else who reported the matter (并单): each citizen once."""
    outbound.tell_reporters(entry)


def set_others_free(entry: LedgerEntry) -> None:
    """One citizen took it back: what others had reported of the same matter goes on."""
    merging.set_free(entry.ticket)


def tell_only(entry: LedgerEntry) -> None:
    """Of all that follows, only queue what citizens hear; what follows later finds it queued already."""
    for reaction in AND_THEN.get(Kind(entry.kind), ()):
        if reaction in (tell_citizen, tell_reporters):
            reaction(entry)


def suggest(entry: LedgerEntry) -> None:
    """Let the assistant read the ticket again, while it is still to be dispatched."""
    ticket = Ticket.objects.get(pk=entry.ticket_id)
    read_since = ticket.ledger.filter(kind=Kind.SUGGESTED, sequence__gt=entry.sequence).exists()
    if ticket.state in BEFORE_DISPATCH and not read_since:
        routing.suggest(ticket)


def let_be_found(entry: LedgerEntry) -> None:
    """What is closed stands from now on among the similar tickets of later ones."""
    similar.keep(entry.ticket)


def dispatch_by_itself(entry: LedgerEntry) -> None:
    """Send it where a direct route leads or the assistant was measured to be right; only what nobody has touched yet.

    It follows the words themselves too: without a model there is no suggestion to follow.
    """
    automatic.send_out(Ticket.objects.get(pk=entry.ticket_id))


def settle_rating(entry: LedgerEntry) -> None:
    """A rating is the citizen's own call-back: a bad one is reworked, any other closes the ticket."""
    ticket = Ticket.objects.get(pk=entry.ticket_id)
    since = ticket.ledger.filter(sequence__gt=entry.sequence, kind__in=ACTS_ON_RATING)
    acted_on = since.exclude(kind=Kind.FOLLOWED_UP, data__reached=False).exists()  # a call into the void is no act
    if acted_on:
        return  # somebody was faster; more words of the citizen's are no answer to a bad rating
    said = verdicts.verdict(ticket)
    bad = said is not None and said.bad
    if (ticket.state == State.FOLLOW_UP and (bad or entry.data["counts"])) or (ticket.state == State.CLOSED and bad):
        closing.settle(ticket=ticket)


AND_THEN: dict[Kind, tuple[Reaction, ...]] = {
    Kind.RECEIVED: (tell_citizen, danger.escalate, suggest, dispatch_by_itself, prints.remember),
    Kind.WORDS_ADDED: (danger.escalate, suggest, dispatch_by_itself, prints.remember),
    Kind.TRANSCRIBED: (danger.escalate, suggest, dispatch_by_itself, prints.remember),
    Kind.SUGGESTED: (dispatch_by_itself,),
    Kind.ACCEPTED: (tell_citizen, prints.remember),
    Kind.EDITED: (prints.remember,),
    Kind.INFO_REQUESTED: (tell_citizen,),
    Kind.REPLIED: (tell_citizen,),
    Kind.RELAYED: (tell_citizen,),
    Kind.REFUSED: (tell_citizen, tell_reporters),
    Kind.EMERGENCY: (tell_citizen, tell_reporters),
    Kind.ANSWERED_DIRECTLY: (tell_citizen, tell_reporters),
    Kind.DISPATCHED: (tell_citizen,),
    Kind.RETURN_UPHELD: (tell_citizen,),
    Kind.CONSULTATION_RULED: (tell_citizen,),
    Kind.EXTENSION_GRANTED: (tell_citizen,),
    Kind.SUSPENDED: (tell_citizen,),
    Kind.RESUMED: (tell_citizen,),
    Kind.URGED: (supervision_triggers.after_urging,),
    Kind.UNIT_ANSWERED: (copied.remember,),
    Kind.ANSWERED: (tell_citizen, tell_reporters, promises.note, copied.remember),
    Kind.REVIEW_PASSED: (tell_citizen, tell_reporters, promises.note),
    Kind.RATED: (settle_rating,),
    Kind.REWORK: (tell_citizen, supervision_triggers.after_rework),
    Kind.CLOSED: (tell_citizen, let_be_found),
    Kind.MERGED: (tell_citizen,),
    Kind.UNMERGED: (tell_citizen,),
    Kind.WITHDRAWN: (tell_citizen, set_others_free),
}

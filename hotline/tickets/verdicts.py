"""What the citizen said of an answer: solved? satisfied? asked apart, one record whichever channel they used."""

from dataclasses import dataclass

from hotline.people.models import Citizen, Staff
from hotline.tickets import clock, deadlines, rulebook
from hotline.tickets.models import CallBack, Clock, FollowUp, Rating, Ticket


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from this round's words; `real_name`: the hotline knows whom to contact about a bad one."""

    bad: bool
    real_name: bool


def verdict(ticket: Ticket) -> Verdict | None:
    """What the ratings say, else what the last call-back heard of this answer; None while nobody has spoken.

    The first rating is the one that is scored, but any bad one has its consequence: a friendly first word, of
    another reporter or on the phone, must not silence the citizen.
    """
    ratings = list(ticket.ratings.filter(round=ticket.rounds).order_by("pk"))
    if ratings:
        bad = [rating for rating in ratings if is_bad(rating.satisfied, rating.solved)]
        return Verdict(bool(bad), (bad or ratings)[0].real_name)
    if ticket.answered_at is None:
        return None
    calls = ticket.follow_ups.filter(reached=True, solved__isnull=False, at__gte=ticket.answered_at)
    last = calls.order_by("pk").last()
    return Verdict(is_bad(None, last.solved), is_known(ticket.citizen)) if last else None


def is_bad(satisfied: int | None, solved: bool | None) -> bool:
    """Not solved, or of a level that the centre's policy calls bad."""
    return solved is False or (satisfied is not None and satisfied <= rulebook.book().figure("bad_rating"))


def is_known(citizen: Citizen) -> bool:
    """Whether a word of theirs is one under a known name (实名)."""
    return bool(citizen.name or citizen.phone)


def keep_rating(
    ticket: Ticket, channel: str, satisfied: int, solved: bool | None, words: str, report: Ticket | None = None
) -> Rating:
    """Keep a rating; only the first of a round counts and shows on the ticket.

    `report` is the rater's own ticket, when it is another who reported the same matter.
    """
    report = report or ticket
    counts = not ticket.ratings.filter(round=ticket.rounds, counts=True).exists()
    if counts:
        ticket.satisfied, ticket.solved = satisfied, solved
    return Rating.objects.create(
        ticket=ticket,
        satisfied=satisfied,
        solved=solved,
        words=words,
        channel=channel,
        real_name=is_known(report.citizen),
        protected=report.confidential,
        round=ticket.rounds,
        counts=counts,
        at=clock.now(),
    )


def keep_call(
    ticket: Ticket, by: Staff, *, reached: bool, solved: bool | None, satisfied: int | None, note: str
) -> Rating | None:
    """Keep a call-back and the rating that it brought; the citizen leaves the queue when nothing is left to do."""
    FollowUp.objects.create(
        ticket=ticket, reached=reached, solved=solved, satisfied=satisfied, note=note, by=by, at=clock.now()
    )
    rating = keep_rating(ticket, "phone", satisfied, solved, note) if satisfied is not None else None
    if rating is None and solved is not None and not ticket.ratings.filter(round=ticket.rounds, counts=True).exists():
        ticket.solved = solved
    if reached and is_bad(satisfied, solved):
        _await_decision(ticket)
    elif reached or calls_made(ticket) >= rulebook.book().figure("call_attempts"):
        deadlines.stop(ticket, Clock.CALL_BACK)
        ticket.call_back = CallBack.NONE
        if deadlines.current(ticket, Clock.SILENCE) is None:
            deadlines.start(ticket, Clock.SILENCE)
    return rating


def _await_decision(ticket: Ticket) -> None:
    """A bad word on the phone: who heard it decides next (rework, close), so the ticket stays in their queue.

    If nobody decides, the clock does: it may not run longer than the contact after a bad rating may take.
    """
    ticket.call_back = ticket.call_back or CallBack.DUE
    deadlines.stop(ticket, Clock.CALL_BACK)
    deadlines.start(ticket, Clock.SILENCE, rule=Clock.RECONTACT)


def calls_made(ticket: Ticket) -> int:
    """How often the citizen was called about this answer."""
    return ticket.follow_ups.filter(at__gte=ticket.answered_at).count() if ticket.answered_at else 0

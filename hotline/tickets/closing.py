"""THE END OF THE STORY: an answer is reviewed, the citizen asked, rated by, reworked or closed, and put away.

The part before it, from the citizen's first word to the unit's answer, is hotline.tickets.lifecycle;
how a verb works is told there.
"""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hotline.tickets import clock, deadlines, facts, parts, supervision, verdicts
from hotline.tickets.actors import CITIZEN, SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import CallBack, Clock, Rating, Satisfaction, Ticket
from hotline.tickets.proof.said import Said, What
from hotline.tickets.states import ENDED, State, Verb
from hotline.tickets.turn import turn


def review(*, ticket: Ticket, by: Actor, version: int, approved: bool, note: str = "") -> Ticket:
    """审核: a good answer goes to the citizen; a poor one goes back to the lead with a note."""
    if not approved and not note:
        raise InvalidFields({"note": [_("Say what the unit must do better.")]})
    with turn(ticket, Verb.REVIEW, by, version) as story:
        deadlines.stop(story.ticket, Clock.REVIEW)
        if approved:
            chosen = parts.ask_citizen(story.ticket)
            story.move(State.FOLLOW_UP)
            story.tell(facts.ReviewPassed(note=note, call_back=chosen.choice, call_back_share=chosen.share))
        else:
            lead = story.lead()
            parts.take_up_again(story.ticket, lead)
            deadlines.reopen(story.ticket, Clock.ANSWER, lead)
            story.move(State.REWORK)
            story.tell(facts.ReviewFailed(note=note))
    return ticket


def follow_up(
    *,
    ticket: Ticket,
    by: Actor,
    version: int,
    reached: bool,
    solved: bool | None = None,
    satisfied: int | None = None,
    note: str = "",
) -> Ticket:
    """回访: solved? satisfied? asked apart; what follows (close, rework) is the caller's next verb."""
    if not reached and (satisfied is not None or solved is not None):
        field = "satisfied" if satisfied is not None else "solved"
        raise InvalidFields({field: [_("Somebody who was not reached cannot have rated.")]})
    with turn(ticket, Verb.FOLLOW_UP, by, version) as story:
        row, person = story.ticket, story.person
        rating = verdicts.keep_call(row, person, reached=reached, solved=solved, satisfied=satisfied, note=note)
        fact = facts.FollowedUp(reached=reached, solved=solved, satisfied=satisfied, note=note)
        story.tell(fact, *([Said(What.RATING, rating)] if rating else []))
    return ticket


def rate(*, ticket: Ticket, channel: str, satisfied: int, solved: bool | None = None, words: str = "") -> Rating:
    """好差评 by the citizen: the first of a round counts, later ones are kept as amendments.

    Who reported what was merged rates the ticket that goes on: a crowd has one answer and one rating.
    """
    if satisfied not in Satisfaction:
        raise InvalidFields({"satisfied": [_("Choose one of the five levels.")]})
    with turn(ticket.merged_into or ticket, Verb.RATE, CITIZEN) as story:
        rating = verdicts.keep_rating(story.ticket, channel, satisfied, solved, words, ticket)
        fact = facts.Rated(
            channel=channel, satisfied=satisfied, solved=solved, counts=rating.counts, real_name=rating.real_name
        )
        story.tell(fact, Said(What.RATING, rating))
    return rating


def rework(*, ticket: Ticket, by: Actor, version: int | None, note: str) -> Ticket:
    """重办: back to the lead unit, or to the desk when the desk itself had answered.

    A citizen who rated it badly under a known name must be contacted inside a clock of its own (安阳).
    """
    with turn(ticket, Verb.REWORK, by, version) as story:
        row = story.ticket
        said = verdicts.verdict(row)
        row.rounds += 1
        row.answered_at = row.closed_at = None
        row.call_back = CallBack.NONE
        deadlines.stop(row, Clock.SILENCE, Clock.CALL_BACK)
        supervision.await_reply(row)
        lead = story.lead() if row.department_id else None
        if said and said.bad and said.real_name:
            deadlines.start(row, Clock.RECONTACT, part=lead)
        if lead is None:
            story.move(State.ACCEPTED)
            story.tell(facts.Rework(note=note))
        else:
            parts.take_up_again(row, lead)
            if deadlines.start(row, Clock.ANSWER, part=lead, rule=Clock.REWORK) is None:
                deadlines.start(row, Clock.ANSWER, part=lead)
            story.move(State.REWORK)
            story.tell(facts.Rework(note=note, due_at=row.due_at))
    return ticket


@transaction.atomic
def settle(*, ticket: Ticket) -> Ticket:
    """The citizen's word, or their silence, ends the matter: a bad word is reworked, anything else closes it."""
    row = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    said = verdicts.verdict(row)
    with translation.override(settings.LANGUAGE_CODE):  # the record has one language, whoever's page it was
        again, rated = _("Rated badly: done again by itself"), _("Closed by itself once the citizen had rated it")
    if said and said.bad:
        return rework(ticket=ticket, by=SYSTEM, version=None, note=again)
    note = rated if said else ""
    return close(ticket=ticket, by=SYSTEM, note=note, automatic=True)


def close(*, ticket: Ticket, by: Actor, version: int | None = None, note: str = "", automatic: bool = False) -> Ticket:
    """办结."""
    with turn(ticket, Verb.CLOSE, by, version) as story:
        deadlines.stop_all(story.ticket)
        story.ticket.closed_at = clock.now()
        story.move(State.CLOSED)
        story.tell(facts.Closed(note=note, automatic=automatic))
    return ticket


def archive(*, ticket: Ticket, by: Actor, version: int, note: str = "") -> Ticket:
    """归档: nothing can be added any more."""
    with turn(ticket, Verb.ARCHIVE, by, version) as story:
        goes_on = story.ticket.merged_into
        if goes_on and goes_on.state not in ENDED:
            raise NotAllowed(_("What it was merged into is still open; it could not come back from the archive."))
        story.move(State.ARCHIVED)
        story.tell(facts.Archived(note=note))
    return ticket


def withdraw(*, ticket: Ticket, by: Actor, version: int | None = None, note: str = "") -> Ticket:
    """撤回: the citizen takes it back; the units' parts end.

    Staff who do it in the citizen's name say why, where an order stands or the citizen was not content.
    """
    with turn(ticket, Verb.WITHDRAW, by, version) as story:
        said = verdicts.verdict(story.ticket)
        if by.staff and not note and (story.ticket.supervision_level or (said and said.bad)):
            raise InvalidFields({"note": [_("Say how the citizen took it back.")]})
        parts.end(story.ticket)
        story.move(State.WITHDRAWN)
        story.tell(facts.Withdrawn(note=note))
    return ticket

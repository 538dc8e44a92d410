"""Where a ticket stands, in one sentence: who holds it and what comes next, by when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hotline.tickets import clock
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone`: work, ask, done or late; `stage`: 1 received to 4 answered, 0 when it left the way."""

    title: str
    sentence: str
    tone: str
    stage: int
    due_at: datetime | None = None


STAGES = {
    State.RECEIVED: 1,
    State.AWAITING_INFO: 1,
    State.ACCEPTED: 2,
    State.DISPATCHED: 2,
    State.RETURN_REVIEW: 2,
    State.HANDLING: 3,
    State.SUSPENDED: 3,
    State.ANSWER_REVIEW: 3,
    State.REWORK: 3,
    State.FOLLOW_UP: 4,
    State.CLOSED: 4,
    State.ARCHIVED: 4,
}
DATED = frozenset({State.DISPATCHED, State.RETURN_REVIEW, State.HANDLING, State.REWORK})
ENDED_WELL = frozenset({State.CLOSED, State.ARCHIVED})


def standing(ticket: Ticket) -> Standing:
    """Where `ticket` stands. With `department` selected it needs no query."""
    state = State(ticket.state)
    title, sentence = _words(state, ticket.department.name if ticket.department else _("the unit in charge"))
    due_at = ticket.due_at if state in DATED else None
    late = due_at is not None and due_at < clock.now()
    return Standing(title, sentence, _tone(state, late=late), STAGES.get(state, 0), due_at)


def _tone(state: State, *, late: bool) -> str:
    if late:
        return "late"
    if state in (State.AWAITING_INFO, State.FOLLOW_UP):
        return "ask"
    return "done" if state in ENDED_WELL else "work"


def _words(state: State, unit: str) -> tuple[str, str]:
    named = {"unit": unit}
    return {
        State.RECEIVED: (
            _("We have received it"),
            _("We will read it soon and tell you here what happens next."),
        ),
        State.AWAITING_INFO: (_("We need something from you"), _("Please answer our question below.")),
        State.ACCEPTED: (_("We have taken it on"), _("We are handing it to the unit in charge.")),
        State.DISPATCHED: (
            _("With %(unit)s") % named,
            _("The unit has it and will take it on next. It may call you, please listen for the phone."),
        ),
        State.HANDLING: (
            _("%(unit)s is working on it") % named,
            _("The unit may call you, please listen for the phone."),
        ),
        State.RETURN_REVIEW: (_("We are checking which unit is in charge"), ""),
        State.SUSPENDED: (_("Handling is paused"), _("%(unit)s will go on with it.") % named),
        State.ANSWER_REVIEW: (
            _("%(unit)s has answered") % named,
            _("We read the answer before it reaches you."),
        ),
        State.REWORK: (_("%(unit)s is doing it again") % named, _("The first answer was not good enough.")),
        State.FOLLOW_UP: (
            _("There is an answer"),
            _("Please read the answer and tell us whether it is solved."),
        ),
        State.CLOSED: (_("This matter is closed"), _("Thank you for telling us.")),
        State.ARCHIVED: (_("This matter is closed"), _("Thank you for telling us.")),
        State.REFUSED: (_("This is not for the hotline"), _("Below you see why, and who is in charge.")),
        State.EMERGENCY: (
            _("Handed over as an emergency"),
            _("If you are in danger, please call 110, 119 or 120 yourself."),
        ),
        State.MERGED: (_("Joined with another request"), _("Several people told us about the same matter.")),
        State.WITHDRAWN: (_("Taken back"), _("You can tell us again at any time.")),
    }[state]

"""The walk along a ledger: what is known after each line, and so who has the ball."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.people.roles import Role
from hotline.tickets.accountability.acts import acts_for
from hotline.tickets.accountability.spans import Beside, Holder, HolderKind, Line, Span
from hotline.tickets.models import Clock
from hotline.tickets.states import ENDED, State

DESK = Holder(kind=HolderKind.DESK, role=Role.AGENT)
CITIZEN = Holder(kind=HolderKind.CITIZEN)
NOBODY = Holder(kind=HolderKind.NOBODY)
CALLER = Holder(kind=HolderKind.REVIEWER, role=Role.QUALITY)
HOLDERS = {
    State.RECEIVED: DESK,
    State.ACCEPTED: DESK,
    State.AWAITING_INFO: CITIZEN,
    State.RETURN_REVIEW: Holder(kind=HolderKind.REVIEWER, role=Role.LEAD),
    State.ANSWER_REVIEW: Holder(kind=HolderKind.REVIEWER, role=Role.QUALITY),
}
CLOCKS = {
    State.RECEIVED: Clock.ACCEPT,
    State.DISPATCHED: Clock.SIGN,
    State.HANDLING: Clock.ANSWER,
    State.REWORK: Clock.ANSWER,
    State.RETURN_REVIEW: Clock.RULING,
    State.ANSWER_REVIEW: Clock.REVIEW,
}
"""The clock that the holder is held to; a suspended ticket's stand still."""


@dataclass(slots=True)
class Walk:
    """What is known after each line."""

    span: Span | None = None
    spans: list[Span] = field(default_factory=list)
    first_asked: int | None = None
    lead: str | None = None
    takers: dict[Holder, int] = field(default_factory=dict)
    dues: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    calls_back: bool = False
    consults: bool = False
    beside: dict[str, Beside] = field(default_factory=dict)
    past_beside: list[Beside] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def begin(self, line: Line) -> datetime:
        """Read who acted; answers when, which is never before the line above."""
        at = max(line.at, self.span.start) if self.span else line.at
        self.first_asked = self.first_asked or line.by_id
        self._take(line, at)
        self._forget_limits(line)
        return at

    def finish(self, line: Line, at: datetime) -> None:
        """Once what the line changes is known: who has the ball now."""
        if line.state in ENDED:
            self.leave(list(self.beside), at)
        self._pass_on(line, at)

    def _take(self, line: Line, at: datetime) -> None:
        span = self.span
        if span is None or line.by_id is None or not acts_for(line, span.holder):
            return
        if span.holder.kind != HolderKind.REVIEWER:  # each review is another's
            self.takers.setdefault(span.holder, line.by_id)
        if span.staff is None:
            self.span = replace(span, staff=line.by_id, taken_at=at)

    def _forget_limits(self, line: Line) -> None:
        """Clocks of the ticket itself end with the state they belong to; a unit's own go on."""
        if self.span and self.span.state != line.state:
            self.dues = {key: due for key, due in self.dues.items() if key[1] is not None}

    def _pass_on(self, line: Line, at: datetime) -> None:
        state, holder = State(line.state), self._holder(State(line.state))
        running = self._clock(state, holder)
        due_at = self.dues.get((running, holder.unit)) if running else None
        span = self.span
        if span and (span.holder, span.state, span.clock) == (holder, state, running):
            self.span = replace(span, due_at=due_at)
            return
        if span:
            self.spans.append(replace(span, end=at))
        staff = self.takers.get(holder)
        self.span = Span(
            holder=holder,
            state=state,
            start=at,
            end=None,
            line=line.sequence,
            given_by=line.by_id,
            staff=staff,
            taken_at=at if staff else None,
            clock=running,
            due_at=due_at,
            late=False,
        )

    def _holder(self, state: State) -> Holder:
        if state in ENDED:
            return NOBODY
        if state == State.FOLLOW_UP:
            return CALLER if self.calls_back else CITIZEN
        if state in HOLDERS:
            return HOLDERS[state]
        return Holder(kind=HolderKind.UNIT, unit=self.lead)

    def _clock(self, state: State, holder: Holder) -> Clock | None:
        if state == State.FOLLOW_UP:
            return Clock.CALL_BACK if holder == CALLER else Clock.SILENCE
        if state == State.RETURN_REVIEW and self.consults:
            return Clock.CONSULTATION
        return CLOCKS.get(state)

    def limit(self, running: str, unit: str | None, moment: str | None) -> None:
        """A limit that a line tells."""
        if moment:
            self.dues[running, unit] = datetime.fromisoformat(moment)

    def join(self, units: Iterable[str], at: datetime) -> None:
        """Units begin to assist."""
        for unit in units:
            self.beside[unit] = Beside(unit=unit, start=at, end=None)

    def leave(self, units: Iterable[str], at: datetime) -> None:
        """Units that assist do so no more; others are passed over."""
        for unit in units:
            part = self.beside.pop(unit, None)
            if part:
                self.past_beside.append(replace(part, end=at))

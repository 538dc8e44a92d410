"""How long a caller will wait: Erlang's C formula, and the place in the queue, from the centre's live figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_REMEMBERED = 50
_WINDOW_SECONDS = 900.0
_SAID = ((60.0, "under_1"), (90.0, "1"), (150.0, "2"), (240.0, "3"), (450.0, "5"), (900.0, "10"))


def load(arrivals_per_second: float, handling: float) -> float:
    """The traffic offered, in Erlang: how many agents it would keep busy without a pause."""
    return arrivals_per_second * handling


def blocking(agents: int, erlangs: float) -> float:
    """Erlang B: the share of calls that find everybody busy where nobody waits."""
    share = 1.0
    for agent in range(1, agents + 1):
        share = erlangs * share / (agent + erlangs * share)
    return share


def waiting(agents: int, erlangs: float) -> float:
    """Erlang C: the share of calls that must wait; 1 where the traffic is more than the agents can take."""
    if agents <= erlangs:
        return 1.0
    busy = blocking(agents, erlangs)
    return agents * busy / (agents - erlangs * (1 - busy))


def mean_wait(agents: int, erlangs: float, handling: float) -> float | None:
    """Erlang C: the mean wait of all calls in seconds; None where the queue only grows."""
    if agents <= erlangs:
        return None
    return waiting(agents, erlangs) * handling / (agents - erlangs)


def wait_at(place: int, agents: int, handling: float) -> float | None:
    """The mean wait of who stands at this place while everybody is busy: one agent is done each handling/agents."""
    return place * handling / agents if agents > 0 else None


def said(seconds: float) -> str:
    """The wait as callers are told it, in whole minutes that need not be believed to the second."""
    return next((name for below, name in _SAID if seconds < below), "over_15")


@dataclass(slots=True)
class LiveFigures:
    """What the last calls were like; times as they come from the event loop's clock.

    `supposed`: seconds that a call takes while none has been measured yet.
    """

    supposed: Callable[[], float]
    _handled: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _arrived: deque[float] = field(default_factory=deque)

    def arrived(self, now: float) -> None:
        """A call has come."""
        self._arrived.append(now)
        self._forget(now)

    def handled(self, seconds: float) -> None:
        """An agent has been busy so long with one call, its wrap-up with it."""
        self._handled.append(seconds)

    @property
    def handling(self) -> float:
        """The mean handling time."""
        return sum(self._handled) / len(self._handled) if self._handled else self.supposed()

    def erlangs(self, now: float) -> float:
        """The traffic of the last quarter of an hour."""
        self._forget(now)
        return load(len(self._arrived) / _WINDOW_SECONDS, self.handling)

    def expected(self, now: float, *, waiting_calls: int, free: int, working: int) -> float | None:
        """The wait of who would call now, in seconds; None when nobody works at the telephone."""
        if working <= 0:
            return None
        if free > 0 and waiting_calls == 0:
            return 0.0
        if waiting_calls > 0:
            return wait_at(waiting_calls + 1, working, self.handling)
        steady = mean_wait(working, self.erlangs(now), self.handling)
        return wait_at(1, working, self.handling) if steady is None else max(steady, self.handling / working)

    def expected_at(self, place: int, *, working: int) -> float | None:
        """The wait that is still before who stands at this place, in seconds; None when nobody works."""
        return wait_at(place, working, self.handling)

    def _forget(self, now: float) -> None:
        while self._arrived and self._arrived[0] < now - _WINDOW_SECONDS:
            self._arrived.popleft()

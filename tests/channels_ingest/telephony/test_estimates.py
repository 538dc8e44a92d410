"""Erlang's formulas against published values, and what callers are told."""

from __future__ import annotations

from math import factorial

import pytest

from channels_ingest.telephony import estimates, sounds
from channels_ingest.telephony.estimates import LiveFigures

SUPPOSED = 240.0


def textbook(agents: int, erlangs: float) -> float:
    """Erlang C as it stands in the books."""
    last = erlangs**agents / factorial(agents) * agents / (agents - erlangs)
    return last / (sum(erlangs**n / factorial(n) for n in range(agents)) + last)


@pytest.mark.parametrize(
    ("agents", "erlangs", "share"),
    [
        pytest.param(1, 0.5, 0.5, id="one server: its load"),
        pytest.param(2, 1.0, 1 / 3, id="two servers"),
        pytest.param(10, 8.0, 0.40918, id="ten agents, 8 Erlang"),
        pytest.param(11, 10.0, 0.68212, id="eleven agents, 10 Erlang"),
        pytest.param(5, 5.0, 1.0, id="as much traffic as agents"),
    ],
)
def test_the_share_that_waits(agents: int, erlangs: float, share: float) -> None:
    assert estimates.waiting(agents, erlangs) == pytest.approx(share, abs=5e-6)


def test_it_is_the_textbook_s_formula() -> None:
    for agents in range(1, 40):
        for tenth in range(1, 10):
            erlangs = agents * tenth / 10
            assert estimates.waiting(agents, erlangs) == pytest.approx(textbook(agents, erlangs), rel=1e-9)


def test_many_agents_do_not_overflow() -> None:
    assert 0 < estimates.waiting(750, 730) < 1


def test_the_mean_wait_of_all_calls() -> None:
    assert estimates.mean_wait(10, 8, 120) == pytest.approx(24.55, abs=0.01)
    assert estimates.mean_wait(8, 8, 120) is None


def test_a_place_in_the_queue_is_a_wait() -> None:
    assert estimates.wait_at(3, 10, 120) == 36
    assert estimates.wait_at(1, 0, 120) is None


def test_what_a_caller_is_told() -> None:
    figures = LiveFigures(lambda: SUPPOSED)
    assert figures.expected(0, waiting_calls=0, free=1, working=3) == 0
    assert figures.expected(0, waiting_calls=0, free=0, working=0) is None
    assert figures.expected(0, waiting_calls=2, free=0, working=3) == SUPPOSED
    for seconds in (100, 140):
        figures.handled(seconds)
    assert figures.expected(0, waiting_calls=1, free=0, working=4) == 60
    assert figures.expected(0, waiting_calls=0, free=0, working=4) == 30


def test_what_is_still_before_a_caller_who_waits() -> None:
    figures = LiveFigures(lambda: SUPPOSED)
    assert figures.expected_at(2, working=4) == 120
    figures.handled(100)
    assert figures.expected_at(3, working=4) == 75
    assert figures.expected_at(1, working=0) is None


def test_waits_are_said_in_steps() -> None:
    last_of_step = (0, 59.9, 89.9, 149.9, 239.9, 449.9, 899.9)
    first_of_step = (0, 60, 90, 150, 240, 450, 900)
    steps = ["under_1", "1", "2", "3", "5", "10", "over_15"]
    assert [estimates.said(seconds) for seconds in first_of_step] == steps
    assert [estimates.said(seconds) for seconds in last_of_step] == ["under_1", *steps[:-1]]
    assert {f"wait_{step}" for step in steps} == {path.stem for path in sounds.WORDS.glob("wait_*.wav")}


def test_traffic_is_that_of_the_last_quarter_of_an_hour() -> None:
    figures = LiveFigures(lambda: SUPPOSED)
    figures.handled(90)
    for second in range(0, 900, 10):
        figures.arrived(second)
    assert figures.erlangs(890) == pytest.approx(9)
    assert figures.erlangs(1350) == pytest.approx(4.5)
    assert figures.erlangs(5000) == 0

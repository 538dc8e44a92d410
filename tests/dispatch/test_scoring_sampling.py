"""Estimates from drawn call-backs: the interval covers the truth as often as it says, and nothing is invented."""

from datetime import date, timedelta
from math import inf
from random import Random

import pytest

from dispatch.scoring import sampling
from dispatch.scoring.intervals import wilson
from dispatch.scoring.sampling import Answer, Stratum, estimate
from hotline.tickets import actors, clock, closing
from hotline.tickets.models import CallBack, Ticket
from hotline.tickets.rulebook import CallBackChoice
from hotline.tickets.states import State
from tests.factories import Cast

ROUNDS = 600
City = tuple[tuple[float, int, float, float], ...]
CITY: City = ((1.0, 150, 0.60, 0.7), (0.3, 500, 0.85, 0.6), (0.1, 1500, 0.93, 0.8))
"""Classes of a made-up city: the chance of a call, how many answers, how many of them solved, how many reached."""


def answer(share: float | None, *, drawn: bool = True, set_aside: bool = False) -> Answer:
    return Answer(None, share, drawn, set_aside, None, None)


def drawn_city(
    random: Random, city: tuple[tuple[float, int, float, float], ...]
) -> tuple[list[Answer], list[bool | None]]:
    """One drawing of lots over a city whose truth is fixed."""
    found: list[Answer] = []
    said: list[bool | None] = []
    for share, size, solved, reached in city:
        for number in range(size):
            drawn = random.random() < share
            found.append(answer(share, drawn=drawn))
            heard = drawn and random.random() < reached
            said.append(number < round(size * solved) if heard else None)
    return found, said


@pytest.mark.parametrize(
    "city",
    [
        CITY,
        ((0.05, 3000, 0.96, 0.9),),
        ((1.0, 2000, 0.99, 1.0), (0.1, 200, 0.5, 1.0)),
        ((0.2, 200, 0.9, 0.7), (1.0, 20, 0.4, 0.8)),
    ],
    ids=["a city", "one rare lot", "a crowd heard, a few guessed", "a small district"],
)
def test_the_interval_covers_the_truth_as_often_as_it_says(city: City) -> None:
    random = Random(12345)
    truth = sum(round(size * solved) for _share, size, solved, _reached in city) / sum(row[1] for row in city)
    hits, total = 0, 0.0
    for _ in range(ROUNDS):
        found = estimate(*drawn_city(random, city), 0.95)
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
        total += found.value
    assert total / ROUNDS == pytest.approx(truth, abs=0.01), "on average it is right"
    assert 0.935 <= hits / ROUNDS <= 0.995


def test_plain_shares_of_those_called_would_be_wrong() -> None:
    """What the weights are for: the worst class is called most."""
    random = Random(7)
    truth = sum(round(size * solved) for _share, size, solved, _reached in CITY) / sum(row[1] for row in CITY)
    plain = 0.0
    for _ in range(100):
        words = [word for word in drawn_city(random, CITY)[1] if word is not None]
        plain += sum(words) / len(words) / 100
    assert truth - plain > 0.05


def test_everybody_heard_is_no_estimate() -> None:
    found = estimate([answer(1.0)] * 4, [True, True, False, True], 0.95)
    assert (found.value, found.low, found.high) == (0.75, 0.75, 0.75)
    assert found.strata == [Stratum(share=1.0, population=4, drawn=4, heard=4, positive=3)]


def test_what_cannot_be_estimated_is_said() -> None:
    rows = [
        *[answer(0.5)] * 2,
        *[answer(0.5, drawn=False)] * 2,
        *[answer(0.1, drawn=False)] * 5,
        *[answer(None, drawn=False)] * 3,
        answer(1.0, set_aside=True),
    ]
    found = estimate(rows, [True, None, *[None] * 10, False], 0.95)
    assert (found.population, found.drawn, found.heard) == (4, 2, 1)
    assert (found.uncovered, found.outside, found.set_aside) == (5, 3, 1)
    assert (found.value, found.confidence) == (1.0, 0.95)
    assert found.low is not None
    assert found.low < 0.4, "one voice is little"
    assert estimate([], [], 0.95).value is None


@pytest.mark.django_db
def test_the_ledger_tells_who_was_drawn_and_what_they_said(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    drawn, spared = CallBackChoice(choice=CallBack.SAMPLED, share=0.5), CallBackChoice(choice=CallBack.NONE, share=0.5)
    lots = [drawn, spared, CallBackChoice(choice=CallBack.DUE), CallBackChoice(choice=CallBack.NONE), drawn]
    monkeypatch.setattr("dispatch.rulebook.Book.call_back", lambda _book, _ticket: lots.pop(0))
    called, unasked, by_rule, _never, silent = (cast.ticket_in(State.FOLLOW_UP) for _ in range(5))
    by = actors.staff(cast.quality)
    closing.follow_up(ticket=called, by=by, version=called.version, reached=True, solved=True, satisfied=2)
    closing.rate(ticket=unasked, channel="web", satisfied=1, solved=False)
    closing.rate(ticket=by_rule, channel="web", satisfied=3, solved=False)
    closing.follow_up(ticket=silent, by=by, version=silent.version, reached=False)
    Ticket.objects.filter(pk=by_rule.pk).update(department=cast.other_unit)
    today = clock.now().date()
    found = sampling.answers(today - timedelta(days=1), today + timedelta(days=1))
    unit, other = cast.unit.pk, cast.other_unit.pk
    assert sorted(found, key=lambda row: (row.share or 0, row.drawn, row.solved is None)) == [
        Answer(unit, None, False, False, None, None),
        Answer(unit, 0.5, False, False, None, None),
        Answer(unit, 0.5, True, False, True, 2),
        Answer(unit, 0.5, True, False, None, None),
        Answer(other, 1.0, True, False, False, 3),
    ]
    solved, satisfied = sampling.solved(found, date.today()), sampling.satisfied(found, date.today())
    assert (solved.value, solved.population, solved.heard, solved.outside) == (0.75, 4, 2, 1)
    assert satisfied.value == 0.25
    own = sampling.answers(today - timedelta(days=1), today + timedelta(days=1), frozenset({other}))
    assert [row.department_id for row in own] == [other]


def test_who_wants_to_be_surer_gets_a_wider_interval() -> None:
    rows, words = [answer(0.2, drawn=n < 20) for n in range(100)], [n < 15 if n < 20 else None for n in range(100)]
    usual, surer = estimate(rows, words, 0.95), estimate(rows, words, 0.99)
    assert (usual.confidence, surer.confidence) == (0.95, 0.99)
    assert usual.low is not None
    assert usual.high is not None
    assert surer.low is not None
    assert surer.high is not None
    assert surer.low < usual.low < usual.high < surer.high


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(0.8, 50, 0.95)
    assert (round(low, 6), round(high, 6)) == (0.669629, 0.887562)  # reckoned by hand with z = 1.959964
    assert wilson(0.8, inf, 0.95) == (0.8, 0.8)

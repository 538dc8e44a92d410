"""What past dispatches teach: the unit that rightly had each closed ticket, and nothing that must not be learnt."""

import argparse
from datetime import timedelta
from pathlib import Path
from typing import cast as cast_to

import pytest
from pytest_django import DjangoAssertNumQueries

from dispatch import history, units
from hotline.commands import train_departments
from hotline.people.models import Area, Department
from hotline.tickets import actors, clock, closing, lifecycle, returns
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from nlp.places import Gazetteer
from nlp.results import Choice
from nlp.understand import TOP, Understander
from nlp.unitnames import UnitName
from tests.dispatch.catalogues import City
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def taught() -> list[tuple[str, str]]:
    return [(case.number, case.unit) for case in history.cases()]


def returned(cast: Cast) -> Ticket:
    """Dispatched to the wrong unit, moved on by the ruling on its return, answered by the right one, closed."""
    row = cast.ticket_in(State.RETURN_REVIEW)
    lead = actors.staff(cast.lead)
    returns.rule_on_return(ticket=row, by=lead, version=row.version, upheld=True, department=cast.other_unit)
    row.refresh_from_db()
    clerk = actors.staff(cast.other_clerk)
    lifecycle.sign_for(ticket=row, by=clerk, version=row.version)
    row.refresh_from_db()
    lifecycle.answer(ticket=row, by=clerk, version=row.version, public="已修好")
    row.refresh_from_db()
    quality = actors.staff(cast.quality)
    if row.state == State.ANSWER_REVIEW:
        closing.review(ticket=row, by=quality, version=row.version, approved=True)
        row.refresh_from_db()
    closing.close(ticket=row, by=quality, version=row.version)
    return row


def test_the_unit_after_the_return_counts_and_only_closed_tickets_teach(cast: Cast) -> None:
    plain, moved = cast.ticket_in(State.CLOSED), returned(cast)
    cast.ticket_in(State.HANDLING)
    assert taught() == [(plain.number, cast.unit.code), (moved.number, cast.other_unit.code)]


def test_protected_citizens_and_the_systems_own_dispatches_teach_nothing(cast: Cast) -> None:
    protected, automatic = cast.ticket_in(State.CLOSED), cast.ticket_in(State.CLOSED)
    Ticket.objects.filter(pk=protected.pk).update(confidential=True)
    automatic.ledger.filter(kind="dispatched").update(actor="system")
    assert taught() == []


def test_the_period_bounds_what_is_read(cast: Cast) -> None:
    row = cast.ticket_in(State.CLOSED)
    now = clock.now()
    assert [case.number for case in history.cases(since=now - timedelta(hours=1))] == [row.number]
    assert list(history.cases(until=now - timedelta(hours=1))) == []


def test_of_very_many_tickets_the_newest_teach(cast: Cast) -> None:
    first, second, third = (cast.ticket_in(State.CLOSED) for _ in range(3))
    assert [case.number for case in history.cases(most=2)] == [second.number, third.number]
    assert [case.number for case in history.cases()] == [first.number, second.number, third.number]


def test_past_words_are_read_for_as_many_matters_as_those_that_come_in() -> None:
    asked: list[int] = []

    class Reader:
        """Notes how many matters are asked for."""

        gazetteer = Gazetteer.from_entries([])
        matter_model = property(lambda self: self)

        def classify(self, _text: str, top: int) -> tuple[Choice, ...]:
            asked.append(top)
            return ()

    history.Grounds(cast_to(Understander, Reader())).of("路灯坏了")
    assert asked == [TOP]


def test_queries_do_not_grow_with_the_tickets(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        cast.ticket_in(State.CLOSED)
    with django_assert_max_num_queries(4):
        assert len(taught()) == 3


def test_the_roster_names_function_and_place_of_every_unit_in_use() -> None:
    City()
    Department.objects.filter(code="urban-west").update(active=False)
    found = {name.code: name for name in history.roster()}
    assert "urban-west" not in found
    assert found["urban-east"] == UnitName("urban-east", "城管局", "东区")
    assert found["urban"] == UnitName("urban", "城管局", "")
    assert found["wenlan"].area == "文澜街道"


def test_successors_are_read_from_the_tree(cast: Cast) -> None:
    Department.objects.filter(pk=cast.unit.pk).update(succeeded_by=cast.other_unit)
    assert units.successors() == {cast.unit.code: cast.other_unit.code}
    assert Area.objects.count() == 0


def test_the_command_says_when_there_is_too_little_to_learn(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = cast.ticket_in(State.CLOSED)
    assert train_departments.run(argparse.Namespace(out=tmp_path)) == 1
    told = capsys.readouterr()
    assert "too few" in told.err
    assert told.out.startswith("1 closed tickets")
    assert row.closed_words.words, "and it can be found by its words from now on"

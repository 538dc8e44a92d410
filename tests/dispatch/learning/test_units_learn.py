"""The units' learner: cases from closed dispatches, a version trained from them, and the catalogue without one."""

from pathlib import Path

import pytest

from dispatch.learning import decisions
from dispatch.learning.frozen import FrozenCaseInTraining
from dispatch.learning.labels import Case
from dispatch.learning.learners import UnitLearner
from dispatch.models import Taught
from hotline.people.models import Department
from hotline.tickets import actors, clock, closing
from hotline.tickets.states import State
from nlp.departments import Known
from nlp.training import departments
from tests.dispatch.learning.pupils import FROZEN, NOW, OPEN
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def taught(number: str, text: str, unit: str, place: int) -> Case:
    """A closed ticket that the catalogue would have sent to `unit-a`."""
    known = Known(duties={"unit-a": 0.8, "unit-b": 0.1})
    row = departments.Case(text=text, at=NOW.replace(minute=place % 60), unit=unit, known=known, number=number)
    return Case(number=number, at=row.at, text=text, label=unit, extra=row)


def test_a_closed_ticket_says_which_unit_had_it() -> None:
    cast = Cast()
    with clock.at(NOW):
        row = cast.ticket_in(State.FOLLOW_UP)
        closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version)
    (case,) = decisions.of(Taught.DEPARTMENT, NOW, NOW.replace(hour=23))
    assert (case.number, case.label) == (row.number, cast.unit.code)
    (full,) = UnitLearner().cases(NOW, NOW.replace(hour=23))
    assert (full.number, full.label, full.extra.unit) == (row.number, cast.unit.code, cast.unit.code)


def test_a_unit_that_became_another_is_asked_for_as_the_other() -> None:
    cast = Cast()
    with clock.at(NOW):
        row = cast.ticket_in(State.FOLLOW_UP)
        closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version)
    Department.objects.filter(pk=cast.unit.pk).update(succeeded_by=cast.other_unit, active=False)
    (case,) = UnitLearner().cases(NOW, NOW.replace(hour=23))
    assert (case.label, case.extra.unit) == (cast.other_unit.code, cast.unit.code)


def test_without_a_model_the_catalogue_speaks() -> None:
    said = UnitLearner().unaided([taught("x", "路灯坏了", "unit-b", 1)])
    assert [(guess.label, guess.confidence) for guess in said] == [("unit-a", 0.8)]


def test_no_frozen_ticket_teaches_units(tmp_path: Path) -> None:
    with pytest.raises(FrozenCaseInTraining):
        UnitLearner().train([taught(OPEN[0], "路灯", "unit-a", 1), taught(FROZEN[0], "噪音", "unit-b", 2)], tmp_path)


def test_a_version_learns_what_the_catalogue_has_wrong(tmp_path: Path) -> None:
    for code in ("unit-a", "unit-b"):
        Department.objects.create(code=code, name=f"{code}局", level="city")
    rows = [("路灯坏了晚上很黑", "unit-a"), ("半夜施工噪音太吵", "unit-b")]
    cases = [taught(OPEN[place], f"{rows[place % 2][0]}{place}", rows[place % 2][1], place) for place in range(60)]
    learner = UnitLearner()
    assert learner.train(cases, tmp_path)
    said = learner.guesses(tmp_path, [taught("x", "施工噪音很吵", "unit-b", 1), taught("y", "路灯很黑", "unit-a", 2)])
    assert [guess.label for guess in said] == ["unit-b", "unit-a"]

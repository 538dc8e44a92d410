"""Which units are suggested: by the catalogue each once by its best line; by history once there is one."""

from datetime import timedelta

import pytest

from dispatch import history, understanding, units
from dispatch.duties import Charge
from dispatch.units import _distinct
from hotline.people.models import Department
from hotline.tickets import clock
from nlp.departments import UnitModel
from nlp.results import Choice, Reason, Understanding, Urgency
from nlp.training.departments import Case, train
from tests.dispatch.catalogues import City, duty

STALLS, WATER = "门口流动摊贩占道经营", "自来水停水了"


def test_a_unit_of_two_lines_keeps_the_place_of_its_better_one() -> None:
    district, street = Department(pk=1, code="district"), Department(pk=2, code="street")
    lines = [
        Charge(district, 1, "条例第三条", "东区", 2),
        Charge(street, 1, "条例第四条", "", 0),
        Charge(district, 2, "条例第五条", "", 0),
    ]
    assert _distinct(lines) == lines[:2]


@pytest.fixture
def city(db: None) -> City:
    made = City()
    duty(made.stalls, made.urban, basis="市容条例第十四条")
    return made


@pytest.fixture
def learnt(city: City) -> UnitModel:
    """The districts' own units always had the stalls, though the catalogue names the city's."""
    told = [("东区" + STALLS, "urban-east"), ("西区" + STALLS, "urban-west"), (WATER, "water")] * 20
    begin = clock.now() - timedelta(days=60)
    cases = [Case(text, begin + timedelta(days=number), unit) for number, (text, unit) in enumerate(told)]
    return train(cases, history.roster(), quiet=True).model


def read(matter: str = "0101") -> Understanding:
    choice = Choice(matter, 0.9, (Reason("word", "摊贩", 1.0),))
    return Understanding((), (choice,), None, Urgency("normal"), "", "", abstain=False, model_version="m")


def suggested(city: City, text: str) -> list[tuple[str, set[str]]]:
    found = units.suggested(read(), text, city.east)
    return [(unit.code, {reason.text for reason in reasons}) for unit, _score, reasons in found]


def test_without_a_history_the_catalogue_decides(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "unit_model", lambda: None)
    assert suggested(city, STALLS) == [("urban", {"摊贩", "市容条例第十四条"})]


def test_history_outweighs_the_catalogue_and_gives_its_own_reasons(
    city: City, learnt: UnitModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "unit_model", lambda: learnt)
    first, *rest = suggested(city, "东区" + STALLS)
    assert first[0] == "urban-east"
    assert "东区" in first[1]
    assert len(rest) == 2
    assert ("urban", True) in [(code, "市容条例第十四条" in reasons) for code, reasons in rest]


def test_what_a_unit_had_that_became_another_is_the_others(
    city: City, learnt: UnitModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "unit_model", lambda: learnt)
    east, score, _why = units.suggested(read(), "东区" + STALLS, city.east)[0]
    west = Department.objects.get(code="urban-west")
    Department.objects.filter(pk=east.pk).update(active=False, succeeded_by=west)
    unit, now, _why = units.suggested(read(), "东区" + STALLS, city.east)[0]
    assert (east.code, unit.code) == ("urban-east", "urban-west")
    assert now > score > 0.5


def test_a_unit_out_of_use_is_not_suggested_any_more(
    city: City, learnt: UnitModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding, "unit_model", lambda: learnt)
    Department.objects.filter(code="urban-east").update(active=False)
    found = [code for code, _reasons in suggested(city, "东区" + STALLS)]
    assert "urban-east" not in found
    assert len(found) == 3

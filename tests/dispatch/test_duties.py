"""Reading the duty catalogue: who is charged, who may lead below, who assists, and what a ruling changes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dispatch import routing, units
from dispatch.duties import Charge, bases_to_lead, may_lead, units_for, usual_assisting
from dispatch.models import Suggestion
from hotline.people.models import Area, Department
from hotline.tickets.models import Matter, Precedent
from nlp.results import Choice
from tests.dispatch.catalogues import SPRING, City, duty
from tests.factories import staff, ticket

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def city() -> City:
    return City()


def ruling(matter: Matter, unit: Department, area: Area | None, at: date) -> Precedent:
    """What a consultation ruled at noon of a day."""
    return Precedent.objects.create(
        ticket=ticket(),
        matter=matter,
        area=area,
        department=unit,
        reasoning="会商纪要",
        by=staff("lead"),
        at=datetime(at.year, at.month, at.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")),
    )


def names(charges: list[Charge]) -> list[tuple[str, int]]:
    return [(charge.department.code, charge.rank) for charge in charges]


def test_the_nearest_line_of_the_best_rank_stands_first(city: City) -> None:
    duty(city.stalls, city.urban)
    duty(city.stalls, city.urban_east, city.east)
    duty(city.stalls, city.street_office, city.east_street, rank=2)
    duty(city.stalls, city.urban_west, city.west)
    found = units_for(["0101"], city.east_street, TODAY)
    assert names(found["0101"]) == [("urban-east", 1), ("urban", 1), ("wenlan", 2)]
    assert names(units_for(["0101"], None, TODAY)["0101"]) == [("urban", 1)]


def test_only_lines_in_force_count_and_only_units_that_exist(city: City) -> None:
    duty(city.stalls, city.urban, to_date=TODAY - timedelta(days=1))
    duty(city.stalls, city.water, from_date=TODAY + timedelta(days=1))
    gone = duty(city.stalls, city.urban_east)
    gone.department.active = False
    gone.department.save()
    assert units_for(["0101"], None, TODAY) == {"0101": []}
    assert names(units_for(["0101"], None, TODAY - timedelta(days=1))["0101"]) == [("urban", 1)]


def test_a_matter_without_lines_goes_by_those_of_its_field(city: City) -> None:
    duty(city.field, city.urban)
    duty(city.stalls, city.water)
    found = units_for(["0101", "0102", "01"], None, TODAY)
    assert {code: names(charges) for code, charges in found.items()} == {
        "0101": [("water", 1)],
        "0102": [("urban", 1)],
        "01": [("urban", 1)],
    }


def test_four_queries_however_many_matters(city: City, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for matter in (city.field, city.stalls, city.rubbish):
        duty(matter, city.urban)
        ruling(matter, city.water, city.east, TODAY)
    with django_assert_num_queries(4):
        units_for(["01", "0101", "0102"], city.east_street, TODAY)


def test_a_ruling_newer_than_the_lines_outranks_them(city: City) -> None:
    duty(city.stalls, city.urban)
    kept = ruling(city.stalls, city.water, city.east, SPRING + timedelta(days=10))
    charges = units_for(["0101"], city.east_street, TODAY)["0101"]
    assert names(charges) == [("water", 0), ("urban", 1)]
    assert charges[0].precedent == kept.ticket.number
    assert kept.ticket.number in charges[0].basis
    assert names(units_for(["0101"], city.west, TODAY)["0101"]) == [("urban", 1)], "ruled for the east only"
    duty(city.stalls, city.urban_east, city.east, from_date=SPRING + timedelta(days=11))
    assert names(units_for(["0101"], city.east, TODAY)["0101"]) == [("urban-east", 1), ("urban", 1)]


def test_of_several_rulings_the_latest_of_the_nearest_area_counts(city: City) -> None:
    duty(city.stalls, city.urban)
    ruling(city.stalls, city.water, None, SPRING + timedelta(days=30))
    ruling(city.stalls, city.urban_west, city.east, SPRING + timedelta(days=10))
    ruling(city.stalls, city.urban_east, city.east, SPRING + timedelta(days=20))
    assert names(units_for(["0101"], city.east, TODAY)["0101"]) == [("urban-east", 0), ("urban", 1)]
    assert names(units_for(["0101"], None, TODAY)["0101"]) == [("water", 0), ("urban", 1)]


def test_a_ruling_is_shown_as_a_rule_among_the_reasons(city: City) -> None:
    kept = ruling(city.stalls, city.water, None, TODAY)
    charge = units_for(["0101"], None, TODAY)["0101"][0]
    reasons = units._why(Choice("0101", 0.9, ()), charge)
    assert [(reason.kind, kept.ticket.number in reason.text) for reason in reasons] == [("rule", True)]


def test_a_unit_may_lead_by_a_line_of_its_own_or_of_the_field(city: City) -> None:
    duty(city.stalls, city.street_office, city.east_street, rank=2, basis="街道职责清单")
    duty(city.field, city.urban_east, city.east, basis="区政府决定")
    assert may_lead(city.stalls, city.east_street, city.street_office, TODAY) == "街道职责清单"
    assert may_lead(city.stalls, city.east_street, city.urban_east, TODAY) is None, "the street has a line of its own"
    assert may_lead(city.stalls, city.east, city.urban_east, TODAY) == "区政府决定"
    assert may_lead(city.stalls, city.other_street, city.street_office, TODAY) is None, "another street"
    assert may_lead(city.stalls, None, city.street_office, TODAY) is None, "the place is not known"
    assert may_lead(city.stalls, city.east_street, city.street_office, SPRING - timedelta(days=1)) is None
    assert may_lead(city.stalls, city.east_street, city.other_office, TODAY) is None


def test_a_line_for_a_level_lets_the_unit_of_the_place_lead(city: City) -> None:
    duty(city.stalls, city.street_office, city.east, level="street", basis="下放街道")
    assert may_lead(city.stalls, city.other_street, city.other_office, TODAY) == "下放街道"
    assert may_lead(city.stalls, city.east, city.other_office, TODAY) == "下放街道", "the east, more is not known"
    assert may_lead(city.stalls, city.east_street, city.other_office, TODAY) is None, "not its place"
    assert may_lead(city.stalls, city.east_street, city.urban_east, TODAY) is None, "not its level"
    assert may_lead(city.stalls, city.west_street, city.other_office, TODAY) is None, "outside the line's area"


def test_many_units_are_asked_about_in_as_few_queries_as_one(city: City) -> None:
    duty(city.stalls, city.street_office, city.east, level="street", basis="下放街道")
    units = [city.street_office, city.other_office, city.urban_east, city.urban, city.water]
    with CaptureQueriesContext(connection) as one:
        assert bases_to_lead(city.stalls, city.other_street, units[1:2], TODAY) == {city.other_office.pk: "下放街道"}
    with CaptureQueriesContext(connection) as many:
        found = bases_to_lead(city.stalls, city.other_street, units, TODAY)
    assert found == {city.street_office.pk: "下放街道", city.other_office.pk: "下放街道"}
    assert len(many) == len(one) <= 4


def test_the_usual_assisting_units_are_those_of_the_leads_own_line(city: City) -> None:
    duty(city.stalls, city.urban, assisting=(city.water,))
    duty(city.stalls, city.urban_east, city.east, rank=2, assisting=(city.street_office, city.urban))
    leads = (city.urban_east, city.street_office, city.water)
    usual = usual_assisting(city.stalls, city.east_street, leads, TODAY)
    assert [unit.code for unit in usual[city.urban_east.pk]] == ["urban", "wenlan"]
    assert usual[city.street_office.pk] == [city.water]
    assert usual[city.water.pk] == [], "it leads"
    assert usual_assisting(city.rubbish, None, [city.urban], TODAY) == {city.urban.pk: []}


def test_a_suggested_unit_is_offered_with_its_usual_helpers_but_nobody_accused(city: City) -> None:
    duty(city.stalls, city.urban, assisting=(city.water, city.street_office))
    row = ticket("占道经营")
    row.accused.add(city.street_office)
    Suggestion.objects.create(
        ticket=row,
        data={**routing.NOTHING, "matter": [{"code": city.stalls.code, "reasons": []}]}
        | {"departments": [{"code": "urban", "name": "城管局", "confidence": 0.9, "reasons": []}]},
        model="m",
        at=timezone.now(),
    )
    (unit,) = routing.suggestion_for(row)["departments"]
    assert unit["assisting"] == [{"code": city.water.code, "name": city.water.name}]

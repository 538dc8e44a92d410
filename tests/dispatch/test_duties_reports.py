"""The coverage and conflict reports of the catalogue, exactly."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from dispatch.catalogue_reports import conflicts, only_city_wide, without_unit
from dispatch.models import Duty
from hotline.tickets.models import Matter
from tests.dispatch.catalogues import City, duty

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def city() -> City:
    Matter.objects.all().delete()
    return City()


def test_matters_that_nobody_is_charged_with(city: City) -> None:
    lone = Matter.objects.create(code="02", name="其他")
    Matter.objects.create(code="0103", name="停用事项", parent=city.field, active=False)
    assert [gap.matter for gap in without_unit(TODAY)] == [city.stalls, city.rubbish, lone]
    duty(city.stalls, city.urban)
    duty(city.rubbish, city.urban, to_date=TODAY - timedelta(days=1))
    duty(lone, city.water, from_date=TODAY + timedelta(days=1))
    assert [gap.matter for gap in without_unit(TODAY)] == [city.rubbish, lone]
    assert [gap.matter for gap in without_unit(TODAY + timedelta(days=1))] == [city.rubbish]
    duty(city.field, city.urban)
    assert without_unit(TODAY + timedelta(days=1)) == [], "the field's line stands for its leaves"
    city.urban.active = False
    city.urban.save()
    assert [gap.matter for gap in without_unit(TODAY)] == [city.stalls, city.rubbish, lone]


def test_areas_left_to_the_whole_citys_line(city: City) -> None:
    duty(city.stalls, city.urban)
    assert only_city_wide(TODAY) == [], "nowhere a line of its own"
    duty(city.stalls, city.urban_east, city.east)
    assert [(gap.matter, gap.area) for gap in only_city_wide(TODAY)] == [(city.stalls, city.west)]
    duty(city.stalls, city.street_office, city.east_street)
    found = [(gap.matter, gap.area) for gap in only_city_wide(TODAY)]
    assert found == [(city.stalls, city.west), (city.stalls, city.west_street)], "the other street lies in the east"
    duty(city.stalls, city.urban_west, city.west)
    assert only_city_wide(TODAY) == []


def said(on: date = TODAY) -> list[tuple[str, list[Duty]]]:
    return [(found.kind, list(found.lines)) for found in conflicts(on)]


def test_two_units_in_charge_on_one_day(city: City) -> None:
    one = duty(city.stalls, city.urban, to_date=TODAY)
    other = duty(city.stalls, city.water, from_date=TODAY)
    assert said() == [("two_in_charge", [one, other])]
    assert said(TODAY + timedelta(days=1)) == [], "the first has ended"


def test_no_conflict_across_levels_areas_ranks_or_dates(city: City) -> None:
    duty(city.stalls, city.urban, to_date=TODAY)
    duty(city.stalls, city.water, from_date=TODAY + timedelta(days=1))
    duty(city.stalls, city.water, rank=2, to_date=TODAY)
    duty(city.stalls, city.urban_east, city.east)
    duty(city.stalls, city.street_office, city.east)
    duty(city.rubbish, city.water)
    assert conflicts(TODAY) == []


def test_one_unit_twice_on_one_day(city: City) -> None:
    one = duty(city.stalls, city.urban, to_date=TODAY)
    other = duty(city.stalls, city.urban, from_date=TODAY, rank=2)
    assert said() == [("overlap", [one, other])]


def test_lines_that_contradict_themselves(city: City) -> None:
    city.water.active = False
    city.water.save()
    inactive = duty(city.rubbish, city.water, rank=3)
    level = duty(city.rubbish, city.urban_east, city.east, level="street")
    elsewhere = duty(city.stalls, city.urban_west, city.east)
    itself = duty(city.stalls, city.urban, assisting=(city.urban, city.water))
    assert sorted(said(), key=lambda found: found[0]) == [
        ("assisting_inactive", [itself]),
        ("assists_itself", [itself]),
        ("elsewhere", [elsewhere]),
        ("inactive", [inactive]),
        ("level", [level]),
    ]


def test_a_contradiction_is_said_in_words(city: City) -> None:
    duty(city.stalls, city.urban_west, city.east)
    with translation.override("en"):
        (found,) = conflicts(TODAY)
    assert found.text == "西区城管局 belongs to 西区 and is charged in 东区"

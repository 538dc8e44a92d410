"""Changing the catalogue ends a line and begins another; what counted on any day stays to be read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch import catalogue_lines
from dispatch.catalogue_lines import Line, line_of
from dispatch.models import Duty
from tests.dispatch.catalogues import SPRING, City, duty
from tests.factories import staff

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


@pytest.fixture
def city() -> City:
    return City()


def spans() -> list[tuple[str, date, date | None]]:
    rows = Duty.objects.order_by("from_date", "pk").select_related("department")
    return [(row.department.code, row.from_date, row.to_date) for row in rows]


def test_another_unit_begins_a_line_of_its_own(city: City) -> None:
    by = staff("admin")
    row = duty(city.stalls, city.urban, assisting=(city.water,))
    catalogue_lines.change(row, replace(line_of(row), department=city.urban_east), JUNE, by)
    assert spans() == [("urban", SPRING, JUNE - timedelta(days=1)), ("urban-east", JUNE, None)]
    new = Duty.objects.get(department=city.urban_east)
    assert line_of(new) == replace(line_of(row), department=city.urban_east, to_date=None)
    assert [(one.history_type, one.history_user) for one in new.history.all()] == [("+", by)]
    assert [one.history_type for one in Duty.objects.get(pk=row.pk).history.all()] == ["~", "+"]
    assert Duty.objects.get(pk=row.pk).history.first().history_user == by


@pytest.mark.parametrize("field", ["basis", "rank", "level", "assisting"])
def test_whatever_else_changes_begins_a_new_line_too(city: City, field: str) -> None:
    row = duty(city.stalls, city.urban)
    said: dict[str, object] = {"basis": "新条例", "rank": 2, "level": "city", "assisting": frozenset({city.water})}
    catalogue_lines.change(row, replace(line_of(row), **{field: said[field]}), JUNE, None)  # type: ignore[arg-type]
    assert spans() == [("urban", SPRING, JUNE - timedelta(days=1)), ("urban", JUNE, None)]


def test_a_last_day_is_set_on_the_line_itself(city: City) -> None:
    row = duty(city.stalls, city.urban)
    catalogue_lines.change(row, replace(line_of(row), to_date=JUNE), SPRING + timedelta(days=1), None)
    assert spans() == [("urban", SPRING, JUNE)]


def test_a_line_that_never_counted_is_taken_out_but_remembered(city: City) -> None:
    by = staff("admin")
    row = catalogue_lines.begin(Line(matter=city.stalls, department=city.urban, basis="条例"), JUNE, by)
    catalogue_lines.end(row, JUNE, by)
    assert spans() == []
    kept = Duty.history.filter(matter=city.stalls).values_list("history_type", "history_user")
    assert list(kept) == [("-", by.pk), ("+", by.pk)]


def test_an_ended_line_counts_to_the_day_before(city: City) -> None:
    row = duty(city.stalls, city.urban)
    catalogue_lines.end(row, JUNE, None)
    assert spans() == [("urban", SPRING, JUNE - timedelta(days=1))]

"""The written city holds together: codes, parents, duties, texts and answers."""

import random
from collections import Counter

import pytest

from hotline.demo.city import files, requests
from hotline.demo.city.charge import in_charge
from hotline.demo.city.requests import Template

LEAVES = [matter for matter in files.matters().values() if matter.parent]
LEVELS = ["city", "district", "street", "community", "poi"]


def test_the_city_has_its_size() -> None:
    levels = Counter(place.level for place in files.places().values())
    assert (levels["city"], levels["district"], levels["street"]) == (1, 5, 32)
    assert levels["community"] >= 90
    assert levels["poi"] >= 150
    assert len(files.units()) >= 60
    assert sum(unit.level == "street" for unit in files.units().values()) == 32


def test_codes_are_unique_and_parents_exist() -> None:
    for name in ("places.csv", "departments.csv"):
        rows = files.rows(files.DATA / name)
        codes = [row["code"] for row in rows]
        assert len(set(codes)) == len(codes)
        assert {row["parent"] for row in rows} - {""} <= set(codes)


def test_places_lie_in_larger_places_nearby() -> None:
    places = files.places()
    for place in places.values():
        if place.parent:
            parent = places[place.parent]
            assert LEVELS.index(parent.level) < LEVELS.index(place.level), place
            assert abs(parent.lat - place.lat) < 0.2, place
            assert abs(parent.lng - place.lng) < 0.3, place


def test_names_of_places_are_unique() -> None:
    names = Counter(place.name for place in files.places().values())
    assert [name for name, times in names.items() if times > 1] == []


def test_units_stand_in_areas_that_exist() -> None:
    for unit in files.units().values():
        assert unit.area in files.places(), unit
        assert unit.kind in {"bureau", "district", "street", "utility", "enterprise"}


@pytest.mark.parametrize("matter", LEAVES, ids=lambda matter: matter.code)
def test_every_matter_has_a_unit_and_alternatives(matter: files.Matter) -> None:
    lines = [line for line in files.duties() if line.matter == matter.code]
    city = {line.rank: line.unit for line in lines if not line.area}
    assert 1 in city
    assert len({line.unit for line in lines}) >= 2
    assert all(line.basis for line in lines)


def test_duties_name_known_units_once_for_each_area() -> None:
    lines = files.duties()
    named = Counter((line.matter, line.area, line.unit) for line in lines)
    assert [key for key, times in named.items() if times > 1] == []
    for line in lines:
        assert {line.unit, *line.assisting} <= set(files.units())
        assert line.unit not in line.assisting
        assert not line.area or line.area in files.places()


def test_the_place_narrows_the_unit() -> None:
    template = Template("0101", "complaint", "normal", "", "{road}占道")
    east = next(place for place in files.places().values() if place.name == "文澜路")
    west = next(place for place in files.places().values() if place.name == "西麓大道")
    rng = random.Random(1)
    assert in_charge(requests.fill(rng, template, east)) == ("urban-east", ("traffic-police-east",))
    assert in_charge(requests.fill(rng, template, west))[0] == "urban-west"
    assert in_charge(requests.fill(rng, Template("0101", "complaint", "normal", "", "占道")))[0] == "urban"


@pytest.mark.parametrize("matter", LEAVES, ids=lambda matter: matter.code)
def test_every_matter_is_asked_and_answered(matter: files.Matter) -> None:
    asked = [t for rows in requests.templates().values() for t in rows if t.matter == matter.code]
    assert asked
    for seed, template in enumerate(asked * 5):
        request = requests.fill(random.Random(seed), template)
        answer = requests.answer_to(request, in_charge(request)[0])
        assert not set("{}") & set(request.title + request.text + answer)
        assert len(request.title) <= 80


def test_the_demonstration_accounts_are_there() -> None:
    people = {person.username: person for person in files.people()}
    roles = {
        "agent1": "agent",
        "agent2": "agent",
        "lead1": "lead",
        "urban": "department",
        "urban-east": "department",
        "traffic": "department",
        "water": "department",
        "supervisor1": "supervisor",
        "quality1": "quality",
        "admin": "admin",
        "auditor1": "auditor",
    }
    assert {name: people[name].role for name in roles} == roles
    assert len(people) == len(files.people())
    assert files.units()["urban-east"].parent == "urban"
    assert {person.department for person in people.values()} <= set(files.units())


def test_every_type_is_written_for() -> None:
    assert all(len(rows) >= 2 for rows in requests.templates().values())

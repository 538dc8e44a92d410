"""The city as it is written in data/: places, units, duties, staff and channel accounts as plain rows."""

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nlp

DATA = Path(__file__).parent / "data"
MATTERS = Path(nlp.__file__).parent / "data" / "matters.csv"
DISTRICT_SLUGS = {"449801": "east", "449802": "north", "449803": "west", "449804": "south", "449805": "lake"}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the gazetteer; `level` is city, district, street, community or poi, `kind` is finer."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    lat: float
    lng: float
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that tickets are dispatched to; `parent` and `area` are codes, empty for none."""

    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent: str
    area: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A line of the matter catalogue; a field has no parent, a leaf has one."""

    code: str
    name: str
    parent: str
    type_hint: str
    description: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Who does a matter in an area; an empty area means the whole city, rank 1 is the unit in charge."""

    matter: str
    area: str
    unit: str
    rank: int
    assisting: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An article of the knowledge base; `asked_as` holds one way of asking a line."""

    unit: str
    matter: str
    audience: str
    title: str
    asked_as: str
    body: str
    basis: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demonstration."""

    username: str
    name: str
    role: str
    department: str
    job: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """An account at a vendor with its demonstration secrets."""

    adapter: str
    name: str
    address: str
    settings: dict[str, Any]


def rows(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(text: str) -> tuple[str, ...]:
    """The parts of a field that holds several values between bars."""
    return tuple(text.split("|")) if text else ()


@cache
def words() -> dict[str, Any]:
    """What people say around a request (words.toml)."""
    return tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))


@cache
def places() -> dict[str, Place]:
    """Every place by code, parents before children."""
    found = {}
    for row in rows(DATA / "places.csv"):
        place = Place(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            kind=row["kind"],
            parent=row["parent"],
            lat=float(row["lat"]),
            lng=float(row["lng"]),
            aliases=split(row["aliases"]),
        )
        found[place.code] = place
    return found


@cache
def units() -> dict[str, Unit]:
    """Every unit by code, parents before children."""
    return {row["code"]: Unit(**row) for row in rows(DATA / "departments.csv")}


@cache
def matters() -> dict[str, Matter]:
    """The matter catalogue by code, fields before their leaves."""
    return {row["code"]: Matter(**row) for row in rows(MATTERS)}


@cache
def duties() -> tuple[DutyLine, ...]:
    """The duty catalogue, every line of duties.csv spread over the areas that it speaks of."""
    return tuple(line for row in rows(DATA / "duties.csv") for line in _spread(row))


def _spread(row: dict[str, str]) -> Iterator[DutyLine]:
    """One written line: for the city, for each district (the unit's branch there), each street or community (`*`)."""
    level, unit, assisting = row["area_level"], row["unit"], split(row["assisting"])
    if level == "city":
        yield _line(row, "", unit, assisting)
    elif level == "district":
        for area, slug in DISTRICT_SLUGS.items():
            own = slug if unit == "*" else f"{unit}-{slug}"
            yield _line(row, area, own, tuple(_branch(code, slug) for code in assisting))
    else:
        for own_unit in units().values():
            if own_unit.level == level:
                yield _line(row, own_unit.area, own_unit.code, assisting)


def _branch(unit: str, slug: str) -> str:
    """The unit's branch in a district, or the unit itself when it has none there."""
    code = f"{unit}-{slug}"
    return code if code in units() else unit


def _chain_above(unit: str) -> list[str]:
    """The unit and those it stands under, which see its work anyway and so never assist it."""
    found = [unit]
    while parent := units()[found[-1]].parent:
        found.append(parent)
    return found


def _line(row: dict[str, str], area: str, unit: str, assisting: tuple[str, ...]) -> DutyLine:
    basis = row["basis"] or f"《{units()[unit].name}职能配置规定》"
    above = _chain_above(unit)
    helpers = tuple(code for code in assisting if code not in above)
    return DutyLine(row["matter"], area, unit, int(row["rank"]), helpers, basis)


def people() -> list[Person]:
    """The staff of the hotline and the clerk of every unit, whose user name is the unit's code."""
    named = [Person(**row) for row in rows(DATA / "staff.csv")]
    known = {person.username for person in named}
    clerks = [
        Person(unit.code, f"{unit.short_name}专员", "department", unit.code, "热线工作专员")
        for unit in units().values()
        if unit.code not in known
    ]
    return named + clerks


def articles() -> list[Answered]:
    """The knowledge base."""
    return [Answered(**row) for row in rows(DATA / "articles.csv")]


def channel_accounts() -> list[ChannelRow]:
    """The accounts that the demonstration's channels listen on."""
    found = rows(DATA / "channel_accounts.csv")
    return [ChannelRow(row["adapter"], row["name"], row["address"], json.loads(row["settings"])) for row in found]

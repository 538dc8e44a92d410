"""Who is in charge of a request by the written duty catalogue, and who might be taken for it."""

import random
from functools import cache

from hotline.demo.city import files, requests
from hotline.demo.city.requests import Request

LEVELS = ("city", "district", "street", "community")


@cache
def _duties_of(matter: str) -> dict[str, list[files.DutyLine]]:
    found: dict[str, list[files.DutyLine]] = {}
    for line in files.duties():
        if line.matter == matter:
            found.setdefault(line.area, []).append(line)
    return found


def in_charge(request: Request) -> tuple[str, tuple[str, ...]]:
    """The unit that the catalogue puts in charge, the narrowest area first, and those that assist it."""
    lines = _duties_of(request.matter)
    areas = [place.code for place in requests.chain(request.place)] if request.place else []
    for area in [*areas, ""]:
        for line in lines.get(area, ()):
            if line.rank == 1:
                return line.unit, line.assisting
    raise AssertionError(f"nobody is in charge of {request.matter}")


def second_best(request: Request, right: str, rng: random.Random) -> str:
    """A unit that one might take for the right one: a branch in another district, or an alternative."""
    family, level = right.partition("-")[0], files.units()[right].level
    branches = [
        unit.code
        for unit in files.units().values()
        if unit.code.startswith(f"{family}-") and unit.code != right and unit.level == level
    ]
    others = [line.unit for line in _duties_of(request.matter).get("", ()) if line.unit not in (right, family)]
    return rng.choice(others if others and (not branches or rng.random() < 0.6) else branches or ["petition"])


def passing_down(request: Request) -> tuple[str, str] | None:
    """A unit and the lowest one below it that the catalogue lets do the request; None when there is none."""
    areas = {"", *(place.code for place in requests.chain(request.place))} if request.place else {""}
    units = files.units()
    below = [
        line.unit
        for area, lines in _duties_of(request.matter).items()
        for line in lines
        if area in areas and units[line.unit].parent
    ]
    lowest = max(below, key=lambda code: LEVELS.index(units[code].level), default=None)
    return (units[lowest].parent, lowest) if lowest else None


def others_concerned(request: Request, right: str) -> tuple[str, ...]:
    """Units of the catalogue that do the matter elsewhere or next to the one in charge, the nearest rank first."""
    lines = sorted((line for line in _duties_of(request.matter).get("", ())), key=lambda line: line.rank)
    return tuple(dict.fromkeys(line.unit for line in lines if line.unit != right))

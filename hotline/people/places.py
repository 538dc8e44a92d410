"""The city's places taken from a table: districts down to roads, estates and schools, with their other names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from hotline.people.models import Area

COLUMNS = ("code", "name", "level")
SEPARATOR = "|"


@dataclass(slots=True)
class Taken:
    """What became of the rows; with anything refused nothing was taken."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[str] = field(default_factory=list)


def take(rows: Sequence[Mapping[str, str]]) -> Taken:
    """Add and change the places of `rows` (parents before what lies in them); places that are not named stay."""
    taken = Taken()
    with transaction.atomic():
        known = {area.code: area for area in Area.objects.all()}
        for line, row in enumerate(rows, start=2):
            try:
                _take(row, known, taken)
            except (ValidationError, ValueError) as error:
                said = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                taken.refused.append(f"line {line}: {said}")
        if taken.refused:
            transaction.set_rollback(True)
    return taken


def _take(row: Mapping[str, str], known: dict[str, Area], taken: Taken) -> None:
    above = row.get("parent", "").strip()
    if above and above not in known:
        raise ValueError(f"the place {above!r} around it is not known; it must come before")
    code = row["code"].strip()
    fresh = code not in known
    area = known[code] if not fresh else Area(code=code)
    before = _fields(area)
    area.name, area.level = row["name"].strip(), row["level"].strip()
    area.parent = known[above] if above else None
    area.aliases = [name.strip() for name in row.get("aliases", "").split(SEPARATOR) if name.strip()]
    area.lat, area.lng = (float(row[name]) if row.get(name) else None for name in ("lat", "lng"))
    if not fresh and _fields(area) == before:
        taken.same += 1
        return
    area.full_clean(validate_unique=False)
    area.save()
    known[code] = area
    taken.new += fresh
    taken.changed += not fresh


def _fields(area: Area) -> tuple[object, ...]:
    return area.name, area.level, area.parent_id, list(area.aliases), area.lat, area.lng

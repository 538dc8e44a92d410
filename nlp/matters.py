"""The two-level catalogue of matters that models, duty catalogue and demonstration city share."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Matter:
    """A field ("01", no parent) or a leaf ("0103"); ``type_hint`` is the commonest request type about it."""

    code: str
    name: str
    parent: str
    type_hint: str
    description: str


@cache
def catalogue() -> dict[str, Matter]:
    """Every matter by code, fields before their leaves."""
    table = resources.files("nlp").joinpath("data/matters.csv").read_text(encoding="utf-8")
    return {row["code"]: Matter(**row) for row in csv.DictReader(table.splitlines())}


def leaves() -> tuple[Matter, ...]:
    """The matters a ticket can be about."""
    return tuple(matter for matter in catalogue().values() if matter.parent)

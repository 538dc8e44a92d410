"""Cases of units from any table: texts, the unit that had it, the time, and where it was; names of units struck out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.departments import Known
from nlp.errors import DataError
from nlp.mentions import fold
from nlp.text import join_fields, normalise
from nlp.training.dataset import moment, read_rows
from nlp.training.departments import Case
from nlp.unitnames import UnitName, split_all

_ASKED = r"(?:请|望|盼|求|让|由|找|转|交|建议|要求|麻烦|恳请|希望)"
_KIND = r"(?:局|委|办|处|部门|中心|支队|大队|集团|公司|街道|政府|城管|交警|物业)"
_NAMED = re.compile(rf"{_ASKED}(?:相关|有关|贵|市|区|县|当地)?[\u4e00-\u9fff]{{0,12}}?{_KIND}")
_SHORTEST_FUNCTION = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; the first of several texts is the title."""

    texts: Sequence[str]
    unit: str
    time: str
    area: str = ""


def read(path: Path, columns: Columns) -> list[Case]:
    """The rows that have a text, a unit and a time, the earliest first."""
    wanted = [*columns.texts, columns.unit, columns.time, *([columns.area] if columns.area else [])]
    cases = [case for row in read_rows(path, wanted) if (case := _case(row, columns))]
    if not cases:
        raise DataError(f"{path}: no row has a text, a unit and a time")
    return sorted(cases, key=lambda case: case.at)


def read_renamed(path: Path) -> dict[str, str]:
    """Units that became others: a table with the columns old and new."""
    return {row["old"].strip(): row["new"].strip() for row in read_rows(path, ["old", "new"])}


def names_of(cases: Sequence[Case]) -> tuple[UnitName, ...]:
    """The units of a table, told apart by their names alone."""
    return split_all((unit, unit) for unit in sorted({case.unit for case in cases}))


def without_names(cases: Sequence[Case]) -> list[Case]:
    """The cases with every mention of a unit struck out of the words: 请城管局处理 must not be all that is learnt.

    The words are folded first, for a name may be written in other letters than the unit's (Ａ市, 環保局).
    """
    names = names_of(cases)
    forms = {fold(case.unit) for case in cases} | {n.function for n in names if len(n.function) >= _SHORTEST_FUNCTION}
    mention = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
    return [replace(case, text=_NAMED.sub("", mention.sub("", fold(case.text)))) for case in cases]


def _case(row: dict[str, str], columns: Columns) -> Case | None:
    text = join_fields(*(row[column].strip() for column in columns.texts))
    unit, at = row[columns.unit].strip(), moment(row[columns.time])
    if not (normalise(text) and unit and at):
        return None
    area = normalise(row[columns.area]) if columns.area else ""
    return Case(text, at, unit, Known(places=frozenset(re.split(r"[|/、\s>-]+", area)) - {""}))

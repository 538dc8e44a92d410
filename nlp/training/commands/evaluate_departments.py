"""``hotline evaluate-departments``: how well units are learnt from a table of past dispatches, earlier to later."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import NlpError

if TYPE_CHECKING:
    from nlp.training.departments_measure import Measured


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COLS --label COL --time COL [--area COL] [--renamed CSV] [--strip-names] [--units FILE]."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument(
        "--text", required=True, help="text columns, comma-separated; the first of several is the title"
    )
    parser.add_argument("--label", required=True, help="column of the unit that had it in the end")
    parser.add_argument("--time", required=True, help="column of the time it came in")
    parser.add_argument("--area", default="", help="column of the place, where there is one")
    parser.add_argument("--renamed", type=Path, help="table of units that became others: columns old and new")
    parser.add_argument(
        "--strip-names", action="store_true", help="measure also with every mention of a unit struck out"
    )
    parser.add_argument("--units", type=Path, help="file to write precision and recall of every unit to")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object; 1 when the table cannot be used."""
    from nlp.training import departments_table as table
    from nlp.training.dataset import columns
    from nlp.training.departments_measure import measure

    try:
        cases = table.read(args.csv, table.Columns(columns(args.text), args.label, args.time, args.area))
        renamed = table.read_renamed(args.renamed) if args.renamed else {}
        measured = measure(cases, renamed)
        found = {"cases": len(cases), **_shown(measured), "windows": measured.windows}
        if args.strip_names:
            found["names_struck_out"] = _shown(measure(table.without_names(cases), renamed))
    except NlpError as error:
        print(f"hotline evaluate-departments: {error}", file=sys.stderr)
        return 1
    if args.units:
        _write(args.units, measured.units)
    print(json.dumps(found, ensure_ascii=False))
    return 0


def _shown(measured: Measured) -> dict[str, object]:
    return {"mean": measured.mean, "spread": measured.spread, "together": measured.together}


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    from nlp.training.cells import inert

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(rows[0])
        table.writerows(inert(row.values()) for row in rows)

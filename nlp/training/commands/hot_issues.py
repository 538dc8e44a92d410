"""``hotline hot-issues``: the hottest issues of a table of messages, with all that made them hot."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import DataError, NlpError

if TYPE_CHECKING:
    from nlp.topics import Issue, Report

COLUMNS = (
    *("rank", "heat", "name", "place", "group", "from", "to", "messages"),
    *("people", "days", "districts", "likes", "why", "rows"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COLS --time COL [--likes COL] [--dislikes COL] [--person COL] [--id COL] [--top N] --out FILE."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument(
        "--text", required=True, help="text columns, comma-separated; the first of several is the title"
    )
    parser.add_argument(
        "--time",
        required=True,
        help="column of the moment, the year first: 2026-11-22 09:30:00, 2026/11/22, 2026年11月22日 …",
    )
    for name in ("likes", "dislikes", "person", "id"):
        parser.add_argument(f"--{name}", default="", help=f"column of the {name}")
    parser.add_argument("--top", type=int, default=20, help="how many issues (default 20)")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")


def run(args: argparse.Namespace) -> int:
    """Write the issues and show them in short; 1 when the table cannot be used."""
    from nlp.topics import hot_issues
    from nlp.training.cells import inert
    from nlp.training.dataset import columns, read_rows

    named = [column for column in (args.time, args.likes, args.dislikes, args.person, args.id) if column]
    texts = columns(args.text)
    try:
        rows = read_rows(args.csv, [*texts, *named])
        reports = [_report(line, row, texts, args) for line, row in enumerate(rows, start=2)]
    except NlpError as error:
        print(f"hotline hot-issues: {error}", file=sys.stderr)
        return 1
    issues = hot_issues(reports, args.top)
    ids = [row[args.id] if args.id else str(number) for number, row in enumerate(rows, start=1)]
    with args.out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(inert(_line(rank, issue, ids)) for rank, issue in enumerate(issues, start=1))
    for rank, issue in enumerate(issues, start=1):
        print(f"{rank}. {issue.heat.value} {issue.name} ({issue.place} {issue.group}): {issue.heat.why}")
    return 0


def _report(line: int, row: dict[str, str], texts: Sequence[str], args: argparse.Namespace) -> Report:
    from nlp.topics import Report
    from nlp.training.dataset import moment

    first, *rest = texts
    at = moment(row[args.time])
    if at is None:
        raise DataError(f"line {line}: not a moment: {row[args.time]!r}")
    try:
        return Report(
            title=row[first].strip() if rest else "",
            text="\n".join(row[column].strip() for column in rest or [first]),
            at=at,
            person=row[args.person] if args.person else "",
            likes=int(row[args.likes] or 0) if args.likes else 0,
            dislikes=int(row[args.dislikes] or 0) if args.dislikes else 0,
        )
    except ValueError as error:
        raise DataError(f"line {line}: {error}") from error


def _line(rank: int, issue: Issue, ids: Sequence[str]) -> tuple[object, ...]:
    heat = issue.heat
    members = " ".join(ids[number] for number in issue.members)
    span = (issue.first.isoformat(" "), issue.last.isoformat(" "), len(issue.members))
    figures = (heat.people, heat.days, heat.districts, heat.likes, heat.why)
    return (rank, heat.value, issue.name, issue.place, issue.group, *span, *figures, members)

"""``hotline check-replies``: departments' answers from a CSV, the worst first, each with its reasons."""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

_DAY = re.compile(r"(20\d\d)\D(\d{1,2})\D(\d{1,2})")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --message COLS --reply COL [--time COL] --out FILE."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument("--message", required=True, help="columns of the message, the title first, comma-separated")
    parser.add_argument("--reply", required=True, help="column of the answer")
    parser.add_argument("--time", help="column of the day of the answer, from which promised days are reckoned")
    parser.add_argument(
        "--out", type=Path, required=True, help="CSV: rank, score, findings, promises, row of the input"
    )


def run(args: argparse.Namespace) -> int:
    """Write the ranking and print how often each finding came."""
    from nlp.errors import NlpError
    from nlp.training.dataset import read_rows

    columns = [column.strip() for column in args.message.split(",")]
    try:
        rows = read_rows(args.csv, [*columns, args.reply, *([args.time] if args.time else [])])
    except NlpError as error:
        print(f"hotline check-replies: {error}", file=sys.stderr)
        return 1
    ranked = sorted(reviews(rows, columns, args.reply, args.time), key=lambda each: -each[1].score)
    _write(args.out, ranked)
    counts = Counter(kind for _at, review in ranked for kind in {finding.kind for finding in review.findings})
    promised = sum(bool(review.promises) for _at, review in ranked)
    print(
        f"{len(ranked)} answers; with promises: {promised}; " + ", ".join(f"{k}: {n}" for k, n in counts.most_common())
    )
    return 0


def reviews(rows: list[dict[str, str]], columns: list[str], reply: str, time: str | None) -> list[tuple[int, Any]]:
    """(row, review) of each answer; copies are looked for among the answers of earlier rows."""
    from dataclasses import replace

    from nlp import replies
    from nlp.copies import COPIED_QUESTION, Copies, likeness, shingles

    rarity, copies, found = replies.Rarity(), Copies(), []
    asked = ["\n".join(row[column] for column in columns) for row in rows]
    for row, message in zip(rows, asked, strict=True):
        rarity.add(message)
        rarity.add(row[reply])
    for at, row in enumerate(rows):
        title, message = row[columns[0]] if len(columns) > 1 else "", "\n".join(row[c] for c in columns[1:] or columns)
        day = _day(row[time]) if time else None
        review = replies.check(message, row[reply], title=title, day=day, rarity=rarity)
        body = replies.substance(row[reply])
        near = copies.nearest(body, replies.COPIED) if len(body) >= replies.SHORT else None
        copies.add(at, body)
        if near and likeness(shingles(asked[at]), shingles(asked[int(str(near[0]))])) < COPIED_QUESTION:
            told = {"other": str(near[0]), "share": f"{near[1]:.0%}"}
            copied = replies.Finding("copied", replies.WEIGHTS["copied"] * near[1], "copied", told)
            review = replace(review, findings=(copied, *review.findings), score=review.score + copied.weight)
        found.append((at, review))
    return found


def _day(words: str) -> date | None:
    match = _DAY.search(words)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _write(out: Path, ranked: list[tuple[int, Any]]) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["rank", "row", "score", "relevance", "contacted", "findings", "promises"])
        for rank, (at, review) in enumerate(ranked, 1):
            findings = "; ".join(_said(finding) for finding in review.findings)
            promised = "; ".join(f"{promise.due.isoformat()} {promise.words}" for promise in review.promises)
            writer.writerow([rank, at, review.score, review.relevance, int(review.contacted), findings, promised])


def _said(finding: Any) -> str:
    """A finding in one cell: kind, weight, code, and what it was read from."""
    told = " ".join(str(value) for value in finding.told.values())
    return f"{finding.kind} {finding.weight:.2f} {finding.code} {told}".rstrip()

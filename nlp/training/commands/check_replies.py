"""``hotline check-replies``: departments' answers from a CSV, the worst first, each with its reasons."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import NlpError

if TYPE_CHECKING:
    from nlp.replies import Review

COLUMNS = ("rank", "row", "score", "relevance", "contacted", "findings", "codes", "promises")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --message COLS --reply COL [--time COL] --out FILE."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument(
        "--message", required=True, help="columns of the message, comma-separated; the first of several is the title"
    )
    parser.add_argument("--reply", required=True, help="column of the answer")
    parser.add_argument(
        "--time", help="column of the day of the answer, from which promised days are reckoned; without it none are"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="CSV to write: rank, row of the input (the first under its header is 1), score (0 is best), relevance, "
        "contacted, findings (sentences in Chinese), codes (code:weight of each finding), promises (day and words)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the ranking and print how often each finding came; 1 when the table cannot be used."""
    from nlp.training.dataset import columns, read_rows

    message = columns(args.message)
    try:
        rows = read_rows(args.csv, [*message, args.reply, *([args.time] if args.time else [])])
    except NlpError as error:
        print(f"hotline check-replies: {error}", file=sys.stderr)
        return 1
    ranked = sorted(reviews(rows, message, args.reply, args.time), key=lambda each: -each[1].score)
    _write(args.out, ranked)
    counts = Counter(kind for _row, review in ranked for kind in {finding.kind for finding in review.findings})
    promised = sum(bool(review.promises) for _row, review in ranked)
    print(
        f"{len(ranked)} answers; with promises: {promised}; " + ", ".join(f"{k}: {n}" for k, n in counts.most_common())
    )
    return 0


def reviews(
    rows: Sequence[dict[str, str]], message: Sequence[str], reply: str, time: str | None
) -> list[tuple[int, Review]]:
    """(number of the row, review) of each answer; copies are looked for among the answers of earlier rows."""
    from nlp import replies
    from nlp.copies import COPIED_QUESTION, Copies, likeness, shingles
    from nlp.training.dataset import moment

    rarity, copies, found = replies.Rarity(), Copies(), []
    asked = ["\n".join(row[column] for column in message) for row in rows]
    for row, words in zip(rows, asked, strict=True):
        rarity.add(words)
        rarity.add(row[reply])
    title, *rest = message if len(message) > 1 else ("", *message)
    for number, row in enumerate(rows, start=1):
        at = moment(row[time]) if time else None
        text, head = "\n".join(row[column] for column in rest), row[title] if title else ""
        review = replies.check(text, row[reply], title=head, day=at.date() if at else None, rarity=rarity)
        if at is None:  # no day to reckon from
            review = replace(review, promises=())
        body = replies.substance(row[reply])
        near = copies.nearest(body, replies.COPIED) if len(body) >= replies.SHORT else None
        copies.add(number, body)
        if near and likeness(shingles(asked[number - 1]), shingles(asked[near[0] - 1])) < COPIED_QUESTION:
            review = _copied(review, *near)
        found.append((number, review))
    return found


def _copied(review: Review, row: int, like: float) -> Review:
    from nlp.replies import WEIGHTS, Finding

    told = {"other": f"第 {row} 行", "share": f"{like:.0%}"}
    finding = Finding("copied", WEIGHTS["copied"] * like, "copied", told)
    return replace(review, findings=(finding, *review.findings), score=round(review.score + finding.weight, 3))


def _write(out: Path, ranked: Sequence[tuple[int, Review]]) -> None:
    from nlp.training.cells import inert

    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for rank, (row, review) in enumerate(ranked, start=1):
            figures = (rank, row, review.score, review.relevance, int(review.contacted))
            findings = "；".join(_one_line(finding.sentence) for finding in review.findings)
            codes = " ".join(f"{finding.code}:{finding.weight:.2f}" for finding in review.findings)
            promised = "；".join(f"{each.due.isoformat()} {_one_line(each.words)}" for each in review.promises)
            table.writerow(inert((*figures, findings, codes, promised)))


def _one_line(said: str) -> str:
    return " ".join(said.split()).rstrip("；;")

"""``hotline evaluate-urgency``: recall and precision of the alarms on marked sentences, and how often a table rings."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any

from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[TSV] [--sentences], of part, kind, text, the part "fresh" held out; or --load CSV --text COLS."""
    parser.add_argument(
        "table", type=Path, nargs="?", help="marked sentences (part, kind, text); else the shipped ones"
    )
    parser.add_argument("--load", type=Path, help="a CSV of everyday messages: how many of them ring")
    parser.add_argument("--text", help="text columns of that CSV, comma-separated")
    parser.add_argument("--sentences", action="store_true", help="also list what was missed and what rang for nothing")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object; 1 when a table cannot be used, 2 when the call makes no sense."""
    if bool(args.load) != bool(args.text):
        print("hotline evaluate-urgency: --load and --text go together", file=sys.stderr)
        return 2
    try:
        figures = _burden(args.load, args.text) if args.load else _figures(args.table, sentences=args.sentences)
    except NlpError as error:
        print(f"hotline evaluate-urgency: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def _figures(table: Path | None, *, sentences: bool) -> dict[str, Any]:
    """What is shipped on the fresh part, and five folds of the rest."""
    from nlp.signs import default
    from nlp.training import danger
    from nlp.urgency import assess, by_words

    marked = danger.read_marked(table)
    fresh = [each for each in marked if each.part == "fresh"]
    rest = [each for each in marked if each.part != "fresh"]
    figures: dict[str, Any] = {
        "fresh": danger.figures(fresh, lambda text: [risk.kind for risk in assess(text).alarming]),
        "fresh_lexicon_alone": danger.figures(
            fresh, lambda text: [risk.kind for risk in by_words(text, default())[0] if risk.alarming]
        ),
        "folds": _folds(rest),
    }
    if not sentences:
        for part in ("fresh", "fresh_lexicon_alone"):
            del figures[part]["missed"], figures[part]["false"]
    return figures


def _burden(table: Path, listed: str) -> dict[str, Any]:
    """How many messages of a table ring, of which kinds, and at which level of urgency messages are."""
    from nlp.training.dataset import columns, read_rows
    from nlp.urgency import assess

    names = columns(listed)
    rows = read_rows(table, names)
    began = process_time()
    heard = [assess("\n".join(row[name] for name in names)) for row in rows]
    seconds = process_time() - began
    kinds = Counter(kind for each in heard for kind in {risk.kind for risk in each.alarming})
    return {
        "messages": len(rows),
        "ringing": sum(bool(each.alarming) for each in heard),
        "kinds": dict(kinds.most_common()),
        "levels": dict(Counter(each.level for each in heard).most_common()),
        "milliseconds_each": round(1000 * seconds / len(rows), 3),
    }


def _folds(marked: list[Any]) -> dict[str, Any]:
    """Mean and spread; the lexicon is the same in all, the model has not seen the fold it is tried on."""
    from nlp.training import danger
    from nlp.urgency import assess

    parts, ordinary = danger.folds(marked), danger.ordinary_sentences()
    tried = []
    for at, held in enumerate(parts):
        model = danger.train([each for part in parts[:at] + parts[at + 1 :] for each in part], ordinary)
        heard = {each.text: [risk.kind for risk in assess(each.text, model=model).alarming] for each in held}
        tried.append(danger.figures(held, heard.__getitem__))
    return {
        name: {
            "mean": round(statistics.mean(each[name] for each in tried), 4),
            "spread": round(statistics.stdev(each[name] for each in tried), 4),
        }
        for name in ("recall", "precision", "kind_right")
    }

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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[TSV]: part, kind, text; the part "fresh" is held out. Or --load CSV --text COLS."""
    parser.add_argument(
        "table", type=Path, nargs="?", help="marked sentences (part, kind, text); else the shipped ones"
    )
    parser.add_argument("--load", type=Path, help="a CSV of everyday messages: how many of them ring")
    parser.add_argument("--text", help="text columns of that CSV, comma-separated")
    parser.add_argument("--sentences", action="store_true", help="also list what was missed and what rang for nothing")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object: what is shipped on the fresh part, and five folds of the rest."""
    from nlp.signs import default
    from nlp.training import danger
    from nlp.urgency import assess, by_words

    if args.load:
        return _load(args.load, args.text)
    marked = danger.read_marked(args.table)
    fresh = [each for each in marked if each.part == "fresh"]
    rest = [each for each in marked if each.part != "fresh"]
    figures: dict[str, Any] = {
        "fresh": danger.figures(fresh, lambda text: [risk.kind for risk in assess(text).alarming]),
        "fresh_lexicon_alone": danger.figures(
            fresh, lambda text: [risk.kind for risk in by_words(text, default())[0] if risk.alarming]
        ),
        "folds": _folds(rest),
    }
    if not args.sentences:
        for part in ("fresh", "fresh_lexicon_alone"):
            del figures[part]["missed"], figures[part]["false"]
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def _load(table: Path, columns: str | None) -> int:
    """Print how many messages of a table ring, of which kinds, and at which level of urgency messages are."""
    from nlp.errors import NlpError
    from nlp.training.dataset import read_rows
    from nlp.urgency import assess

    names = [name.strip() for name in (columns or "").split(",") if name.strip()]
    try:
        rows = read_rows(table, names)
    except NlpError as error:
        print(f"hotline evaluate-urgency: {error}", file=sys.stderr)
        return 1
    began = process_time()
    heard = [assess("\n".join(row[name] for name in names)) for row in rows]
    seconds = process_time() - began
    kinds = Counter(kind for each in heard for kind in {risk.kind for risk in each.alarming})
    figures = {
        "messages": len(rows),
        "ringing": sum(bool(each.alarming) for each in heard),
        "kinds": dict(kinds.most_common()),
        "levels": dict(Counter(each.level for each in heard).most_common()),
        "milliseconds_each": round(1000 * seconds / max(len(rows), 1), 3),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


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

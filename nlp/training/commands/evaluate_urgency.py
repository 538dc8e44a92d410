"""``hotline evaluate-urgency``: recall and precision of the alarms on marked sentences, beside the lexicon alone."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[TSV]: part, kind, text; the part "fresh" is held out."""
    parser.add_argument(
        "table", type=Path, nargs="?", help="marked sentences (part, kind, text); else the shipped ones"
    )
    parser.add_argument("--sentences", action="store_true", help="also list what was missed and what rang for nothing")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object: what is shipped on the fresh part, and five folds of the rest."""
    from nlp.signs import default
    from nlp.training import danger
    from nlp.urgency import assess, by_words

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

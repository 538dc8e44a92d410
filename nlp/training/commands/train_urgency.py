"""``hotline train-urgency``: train the small model of danger from marked sentences."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[TSV] --out FILE."""
    parser.add_argument(
        "table", type=Path, nargs="?", help="marked sentences (part, kind, text); else the shipped ones"
    )
    parser.add_argument("--out", type=Path, required=True, help="the model's file (.npz)")


def run(args: argparse.Namespace) -> int:
    """Train on everything but the part "fresh", and write the model; 1 when the sentences cannot be used."""
    from nlp.training import danger

    try:
        marked = [each for each in danger.read_marked(args.table) if each.part != "fresh"]
        model = danger.train(marked, danger.ordinary_sentences())
    except NlpError as error:
        print(f"hotline train-urgency: {error}", file=sys.stderr)
        return 1
    model.save(args.out)
    print(f"{args.out}: {len(marked)} marked sentences, {len(model.rows)} grams, {len(model.kinds)} kinds")
    return 0

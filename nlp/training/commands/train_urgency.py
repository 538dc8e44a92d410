"""``hotline train-urgency``: train the small model of danger from marked sentences."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[TSV] --out FILE."""
    parser.add_argument(
        "table", type=Path, nargs="?", help="marked sentences (part, kind, text); else the shipped ones"
    )
    parser.add_argument("--out", type=Path, required=True, help="the model's file (.npz)")


def run(args: argparse.Namespace) -> int:
    """Train on everything but the part "fresh", and write the model."""
    from nlp.training import danger

    marked = [each for each in danger.read_marked(args.table) if each.part != "fresh"]
    model = danger.train(marked, danger.ordinary_sentences())
    model.save(args.out)
    print(f"{args.out}: {len(marked)} marked sentences, {len(model.rows)} grams, {len(model.kinds)} kinds")
    return 0

"""``hotline train``: a classifier from any CSV, or the starting models from the corpus that ships."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COLS --label COL --out DIR, or --starting --out DIR."""
    parser.add_argument("csv", nargs="?", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument("--text", help="text columns, comma-separated; the first of several is the title")
    parser.add_argument("--label", help="column of the label")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--starting", action="store_true", help="train the starting models (type and matter)")


def run(args: argparse.Namespace) -> int:
    """Train and say where the model is; 1 when the data cannot be used, 2 when the call makes no sense."""
    # scikit-learn takes a second to import: not for a wrong call
    if args.starting == bool(args.csv) or (args.csv and not (args.text and args.label)):
        print("hotline train: give either CSV --text COLS --label COL, or --starting", file=sys.stderr)
        return 2
    try:
        lines = _starting(args.out) if args.starting else _from_csv(args)
    except NlpError as error:
        print(f"hotline train: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def _from_csv(args: argparse.Namespace) -> list[str]:
    from nlp.training import card
    from nlp.training.dataset import columns, read_csv
    from nlp.training.fit import train

    examples = read_csv(args.csv, columns(args.text), args.label)
    trained = train(examples)
    version = card.save(trained, examples, args.out, args.csv.name)
    expected = trained.expected
    return [
        f"{args.out}: model {version}, {len(examples)} examples ({examples.skipped} left out), "
        f"{len(trained.classifier.labels)} labels",
        f"expected on unseen messages: accuracy {expected.accuracy}, macro F1 {expected.macro_f1}, ECE {expected.ece}",
    ]


def _starting(out: Path) -> list[str]:
    from nlp.training.starting import train_starting_models

    return train_starting_models(out)

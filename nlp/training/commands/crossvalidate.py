"""``hotline crossvalidate``: how good a model made from a CSV is, with the spread over folds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import NlpError

if TYPE_CHECKING:
    from nlp.training.fit import Recipe

WITHOUT = ("words", "opening", "copies", "evidence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COLS --label COL [--groups COL] [--folds N] [--noise] [--without PARTS] [--penalty C]."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument(
        "--text", required=True, help="text columns, comma-separated; the first of several is the title"
    )
    parser.add_argument("--label", required=True, help="column of the label")
    parser.add_argument("--groups", help="column that says which rows must stay together, instead of near-duplicates")
    parser.add_argument("--folds", type=int, default=5, help="parts held out in turn (default 5)")
    parser.add_argument("--noise", action="store_true", help="also cut off, mistyped, misheard, in dialect …")
    parser.add_argument("--without", default="", help=f"what to leave out, to see what it buys: {', '.join(WITHOUT)}")
    parser.add_argument("--penalty", type=float, help="how hard to fit (default: as hotline train does)")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object; 1 when the data cannot be used, 2 when the call makes no sense."""
    from nlp.training.crossvalidate import crossvalidate
    from nlp.training.dataset import columns, read_csv

    without = set(columns(args.without))
    if args.folds < 2 or not without <= set(WITHOUT):
        print(f"hotline crossvalidate: --folds from 2 on, --without of {', '.join(WITHOUT)}", file=sys.stderr)
        return 2
    try:
        examples = read_csv(args.csv, columns(args.text), args.label, args.groups)
        figures = crossvalidate(examples, _recipe(without, args.penalty), folds=args.folds, noise=args.noise)
    except NlpError as error:
        print(f"hotline crossvalidate: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"n": len(examples), "folds": args.folds, "figures": figures}, ensure_ascii=False, indent=1))
    return 0


def _recipe(without: set[str], penalty: float | None) -> Recipe:
    from nlp.grams import Layout
    from nlp.training.fit import Recipe
    from nlp.training.linear import Method

    usual = Recipe()
    grams, words, opening_grams, opening_words = usual.layout.weights
    if "words" in without:
        words = opening_words = 0.0
    layout = Layout(
        opening=0 if "opening" in without else usual.layout.opening,
        weights=(grams, words, opening_grams, opening_words),
    )
    method = Method(penalty or usual.method.penalty, evidence="evidence" not in without)
    return Recipe(layout, usual.min_texts, method, copies="copies" not in without)

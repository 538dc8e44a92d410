"""``hotline evaluate``: one JSON object saying how good a model is on a labelled CSV."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COLS --label COL --model DIR [--robustness]."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument("--text", required=True, help="text columns, comma-separated")
    parser.add_argument("--label", required=True, help="column of the label")
    parser.add_argument("--model", type=Path, required=True, help="folder written by hotline train")
    parser.add_argument("--robustness", action="store_true", help="also cut off, mistyped, misheard, in dialect …")


def run(args: argparse.Namespace) -> int:
    """Print the figures; 1 when data or model cannot be used."""
    from nlp.classify import Classifier
    from nlp.training.dataset import columns, read_csv
    from nlp.training.evaluate import evaluate, robustness

    try:
        classifier = Classifier.load(args.model)
        examples = read_csv(args.csv, columns(args.text), args.label)
    except NlpError as error:
        print(f"hotline evaluate: {error}", file=sys.stderr)
        return 1
    unknown = sorted(set(examples.labels) - set(classifier.labels))
    if unknown:
        print(f"hotline evaluate: labels the model does not know: {', '.join(unknown)}", file=sys.stderr)
    answer: dict[str, Any] = evaluate(classifier, examples)
    if args.robustness:
        answer["robustness"] = robustness(classifier, examples)
    print(json.dumps(answer, ensure_ascii=False))
    return 0

"""``hotline classify``: lines of text on standard input, one JSON line each on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from nlp.classify import Classifier
from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--model DIR."""
    parser.add_argument("--model", type=Path, required=True, help="folder written by hotline train")


def run(args: argparse.Namespace) -> int:
    """Answer each line as soon as it is read, so that a program can converse; 1 without a model."""
    try:
        classifier = Classifier.load(args.model)
    except NlpError as error:
        print(f"hotline classify: {error}", file=sys.stderr)
        return 1
    for line in sys.stdin:
        choices = classifier.classify(line)
        answer = {"top": [asdict(choice) for choice in choices], "abstain": classifier.abstains(choices)}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0

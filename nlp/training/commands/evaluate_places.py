"""``hotline evaluate-places``: one JSON object saying how well places are read from sentences marked by hand."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from nlp.errors import NlpError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV [--gazetteer CSV | --under CODE] [--wrong]."""
    parser.add_argument("csv", type=Path, help="table of text, area, address and key (name@district#number), UTF-8")
    parser.add_argument("--gazetteer", type=Path, help="the city's places: code, name, level, parent, aliases")
    parser.add_argument("--under", default="", help="without a gazetteer: statistical code of the province or city")
    parser.add_argument("--wrong", action="store_true", help="name the sentences that were read otherwise")


def run(args: argparse.Namespace) -> int:
    """Print the figures; 1 when a table cannot be used."""
    from nlp.places import Gazetteer
    from nlp.training.placing import measure, read_gazetteer, read_marked, wrong

    try:
        gazetteer = read_gazetteer(args.gazetteer) if args.gazetteer else Gazetteer.china(args.under)
        marked = read_marked(args.csv)
    except NlpError as error:
        print(f"hotline evaluate-places: {error}", file=sys.stderr)
        return 1
    if args.wrong:
        for line in wrong(gazetteer, marked):
            print(line, file=sys.stderr)
    print(json.dumps(measure(gazetteer, marked), ensure_ascii=False))
    return 0

"""`hotline import-places CSV`: take the city's places from a table, and know again the tickets that name them."""

import argparse
import sys
from pathlib import Path

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV: code, name, level, and if wanted parent, aliases (separated by |), lat, lng."""
    parser.add_argument("csv", type=Path, help="code, name, level; parent, aliases (separated by |), lat, lng if known")


def run(args: argparse.Namespace) -> int:
    """Take all rows or none; 1 when the table cannot be used."""
    start_django()
    from dispatch import prints
    from hotline.people import places
    from nlp.errors import NlpError
    from nlp.training.dataset import read_rows

    try:
        taken = places.take(read_rows(args.csv, places.COLUMNS))
    except NlpError as error:
        print(f"hotline import-places: {error}", file=sys.stderr)
        return 1
    if taken.refused:
        print("\n".join([*taken.refused, "nothing was taken"]), file=sys.stderr)
        return 1
    print(f"{taken.new} new, {taken.changed} changed, {taken.same} as they were")
    print(f"{prints.take_missing()} tickets can be found as repeats now that could not before")
    return 0

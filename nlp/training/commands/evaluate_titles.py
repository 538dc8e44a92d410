"""``hotline evaluate-titles``: our titles beside those that people wrote, on any CSV."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CSV --text COL --title COL."""
    parser.add_argument("csv", type=Path, help="table with a header line, UTF-8 or GB18030")
    parser.add_argument("--text", required=True, help="column of the message, without its title")
    parser.add_argument("--title", required=True, help="column of the title that a person gave it")


def run(args: argparse.Namespace) -> int:
    """Print the figures; 1 when the table cannot be used."""
    from nlp.errors import NlpError
    from nlp.training.dataset import read_rows
    from nlp.training.titles import figures

    try:
        rows = read_rows(args.csv, [args.text, args.title])
    except NlpError as error:
        print(f"hotline evaluate-titles: {error}", file=sys.stderr)
        return 1
    said = [(row[args.text], row[args.title]) for row in rows if row[args.text].strip() and row[args.title].strip()]
    if not said:
        print("hotline evaluate-titles: no row has both a text and a title", file=sys.stderr)
        return 1
    texts, titles = zip(*said, strict=True)
    print(json.dumps({"messages": len(said), **figures(texts, titles)}, ensure_ascii=False, indent=1))
    return 0

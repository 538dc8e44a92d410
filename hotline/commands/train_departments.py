"""`hotline train-departments`: learn from the ledger which unit had what, and let closed tickets be found."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from hotline.commands import start_django

ENOUGH = 300
"""Closed tickets below which the duty catalogue alone names units better."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[--out DIR]."""
    parser.add_argument("--out", type=Path, help="folder to write (default: the model that this installation uses)")


def run(args: argparse.Namespace) -> int:
    """Train from all closed tickets outside the frozen test set; 1 when they are too few."""
    start_django()
    from django.conf import settings

    from dispatch import copied, history, similar, units
    from dispatch.learning import frozen, versions
    from dispatch.models import Taught
    from nlp.errors import NlpError
    from nlp.training import departments, departments_measure

    print(f"{similar.keep_missing()} closed tickets can be found now that could not before")
    print(f"{copied.keep_missing()} answers can be found copied now that could not before")
    cases = frozen.for_training(list(tqdm(history.cases(), desc="reading", unit="ticket", disable=None)))
    if args.out is None and len(cases) < ENOUGH:
        print(
            f"hotline train-departments: {len(cases)} closed tickets are too few, {ENOUGH} are needed", file=sys.stderr
        )
        return 1
    out: Path = args.out or settings.MODEL_DIR / "understanding" / "department"
    try:
        trained = departments.train(cases, history.roster(), units.successors())
        version = departments_measure.save(trained, cases, out, f"{len(cases)} closed tickets of this installation")
    except NlpError as error:
        print(f"hotline train-departments: {error}", file=sys.stderr)
        return 1
    print(f"{out}: model {version}, {len(trained.model.roster.codes)} units, its card beside it")
    if args.out is None and (used := versions.in_use(Taught.DEPARTMENT)):
        print(f"version {used} of the nightly training stays in use, until somebody goes back to the installed one")
    return 0

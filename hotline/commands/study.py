"""`hotline study NUMBER`: work out what a supervisor asked for; the worker runs this in a process of its own."""

import argparse
import os

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The study's number."""
    parser.add_argument("study", type=int, help="number of the study")


def run(args: argparse.Namespace) -> int:
    """Work it out; 1 when it failed."""
    start_django()
    os.nice(10)  # the worker's other jobs go first
    from dispatch.models import Study
    from dispatch.studies import running

    study = Study.objects.get(pk=args.study)
    running.run(study)
    return int(study.state == Study.State.FAILED)

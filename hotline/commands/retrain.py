"""`hotline retrain`: train a challenger for each model now, and use it where it is better beyond noise."""

import argparse
import os
import sys

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--training is for the worker, which runs this in a process of its own."""
    parser.add_argument("--training", type=int, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Train, and print what came of each model; 1 when one failed."""
    start_django()
    from dispatch.learning import drift, retraining, weeks
    from dispatch.models import Training
    from hotline.tickets import clock
    from hotline.tickets.errors import NotAllowed

    if args.training:
        os.nice(10)  # the worker's other jobs go first
    training = Training.objects.filter(pk=args.training).first() if args.training else None
    training = training or Training.objects.create(state=Training.State.RUNNING, asked_at=clock.now())
    try:
        retraining.run(training)
    except NotAllowed as error:
        training.state, training.error, training.ended_at = Training.State.FAILED, str(error), clock.now()
        training.save()
        print(f"hotline retrain: {error}", file=sys.stderr)
        return 1
    weeks.fold()
    for result in training.results:
        print(" ".join(f"{key}={value}" for key, value in result.items()))
    for alarm in drift.check():
        print(f"alarm: {alarm.name} {alarm.sign} {alarm.found}")
    return 1 if training.error else 0

"""`hotline worker`: the background work; start as many as are needed, on as many machines."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --queues and --concurrency."""
    parser.add_argument("--queues", default="default", help="comma-separated: default, speech")
    parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time in this process")


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    from hotline import worker

    return worker.run(queues=args.queues.split(","), concurrency=args.concurrency)

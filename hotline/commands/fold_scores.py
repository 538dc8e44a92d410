"""`hotline fold-scores`: bring the scores by day up to now, or count everything anew."""

import argparse
import time

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only what was touched, unless everything is asked for."""
    parser.add_argument(
        "--all", action="store_true", help="count every ticket anew, as after a version that counts differently"
    )


def run(args: argparse.Namespace) -> int:
    """Fold, and say what it took."""
    start_django()
    from dispatch.scoring import fold

    started = time.perf_counter()
    done = fold.fold(whole=args.all)
    print(f"{done.tickets} tickets counted in {time.perf_counter() - started:.1f} s, up to line {done.feed}")
    return 0

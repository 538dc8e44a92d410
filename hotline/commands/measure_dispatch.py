"""`hotline measure-dispatch`: from the closed tickets, which matters may be dispatched by themselves."""

import argparse

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: what is demanded stands in the centre's policy figures."""


def run(args: argparse.Namespace) -> int:
    """Measure, keep the thresholds, print a line for each matter."""
    start_django()
    from dispatch import automatic

    for rule in automatic.measure():
        if rule.threshold is None:
            found = "not good enough"
        else:
            found = f"precision {rule.precision:.3f} at or above {rule.threshold:.3f}"
        print(f"{rule.matter.code} {rule.matter.name}: {found} ({rule.cases} cases){', on' if rule.enabled else ''}")
    return 0

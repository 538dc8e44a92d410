"""`hotline replay-month`: last month's tickets through a change that is not made yet; who would have got what."""

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.commands import start_django

if TYPE_CHECKING:
    from dispatch.learning.replay import Replay, Versions
    from dispatch.preview import Preview

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One change or several: --model NAME=VERSION, --catalogue FILE.xlsx, --rule-change NUMBER; and --days."""
    parser.add_argument("--days", type=int, default=30, help="how far back (default 30)")
    parser.add_argument(
        "--model", action="append", default=[], metavar="NAME=VERSION", help="type, matter or department in a version"
    )
    parser.add_argument("--catalogue", type=Path, help="a duty catalogue as Excel, as the administration takes it")
    parser.add_argument("--rule-change", type=int, help="number of a proposed change of rules or calendar")


def run(args: argparse.Namespace) -> int:
    """Replay and print; 1 when the change cannot be read, 2 when none is named."""
    if not (args.model or args.catalogue or args.rule_change):
        print("hotline replay-month: name a --model, a --catalogue or a --rule-change", file=sys.stderr)
        return 2
    start_django()
    from django.utils import timezone

    from dispatch import rule_changes
    from dispatch.catalogue_sheet import Unreadable
    from dispatch.learning.replay import catalogue_change, replay
    from dispatch.models import RuleChange
    from nlp.errors import NlpError

    now = timezone.now()
    since = now - timedelta(days=args.days)
    try:
        if args.model or args.catalogue:
            change = catalogue_change(args.catalogue.read_bytes()) if args.catalogue else lambda: None
            _print_replay(replay(since, now, change, _versions(args.model)))
        if args.rule_change:
            _print_limits(rule_changes.replay(RuleChange.objects.get(pk=args.rule_change), since, now))
    except (NlpError, OSError, Unreadable, ValueError, RuleChange.DoesNotExist, rule_changes.Stale) as error:
        print(f"hotline replay-month: {error}", file=sys.stderr)
        return 1
    return 0


def _versions(said: list[str]) -> "Versions":
    from dispatch.models import Taught

    pairs = [word.partition("=") for word in said]
    return {Taught(name): version for name, _, version in pairs}


def _print_replay(found: "Replay") -> None:
    from dispatch.learning.replay import names_of

    names = names_of([code for row in found.rows for code in (row.before, row.after)])
    moved = sum(count for _, _, count, _ in found.moves)
    print(f"{len(found.rows)} tickets, {moved} would have been suggested for another unit")
    settled = len(found.settled)
    print(f"of {settled} whose unit is known by now, suggested at once: {_right(found)}")
    hours = [found.hours(lambda row: row.before), found.hours(lambda row: row.after)]
    print("mean hours until that unit had it: " + " -> ".join("-" if mean is None else f"{mean:.1f}" for mean in hours))
    for before, after, count, rows in found.moves[:SHOWN]:
        print(f"{count:6}  {names.get(before, before) or '-'} -> {names.get(after, after) or '-'}")
        for row in rows:
            print(f"        {row.number} {row.title}{' (its unit in the end)' if row.final == row.after != '' else ''}")


def _right(found: "Replay") -> str:
    return f"{found.right(lambda row: row.before)} -> {found.right(lambda row: row.after)}"


def _print_limits(found: "Preview") -> None:
    print(f"{found.looked_at} clocks started in the period, {len(found.moves)} would have had another limit")
    print(f"tickets that would have been late: {found.late}; that would not have been: {found.relieved}")
    for move in found.moves[:SHOWN]:
        limits = f"{move.before:%m-%d %H:%M} -> {move.after:%m-%d %H:%M}"
        print(f"        {move.ticket} {move.clock} {move.department}: {limits}")

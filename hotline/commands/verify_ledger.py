"""`hotline verify-ledger`: prove that the ledger is as it was written, or name the first broken line."""

import argparse
import sys
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from hotline.commands import start_django

if TYPE_CHECKING:
    from hotline.tickets.proof.checking import AnyBreak, Scope


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is checked unless narrowed."""
    parser.add_argument("--ticket", metavar="NUMBER", help="this ticket alone, with the anchors that name it")
    parser.add_argument("--key", action="store_true", help="print the public key that signs the anchors, and stop")
    parser.add_argument(
        "--since", metavar="DATE", type=date.fromisoformat, help="tickets and anchors with a line since (YYYY-MM-DD)"
    )


def run(args: argparse.Namespace) -> int:
    """0 when everything is as it was written; 1 with the first broken line on stdout; 2 for an unknown ticket."""
    start_django()
    from django.db import transaction
    from django.utils import timezone

    from hotline.tickets.models import Ticket
    from hotline.tickets.proof import signing
    from hotline.tickets.proof.checking import Scope

    if args.key:
        print(signing.public_key())
        return 0
    if args.ticket and not Ticket.objects.filter(number=args.ticket).exists():
        print(f"there is no ticket {args.ticket}", file=sys.stderr)
        return 2
    since = timezone.make_aware(datetime.combine(args.since, time.min)) if args.since else None
    with transaction.atomic():  # server-side cursors live in a transaction
        return _check(Scope(number=args.ticket, since=since))


def _check(scope: "Scope") -> int:
    from tqdm import tqdm

    from hotline.tickets.models import LedgerEntry
    from hotline.tickets.proof import checking

    total = LedgerEntry.objects.filter(ticket__in=scope.tickets()).count()
    with tqdm(total=total, unit=" lines", file=sys.stderr) as bar:
        found = next(checking.breaks(scope, bar.update), None)
        read = bar.n
    if found is not None:
        print(_named(found))
        return 1
    waiting = checking.unanchored()
    print(f"whole: {read} lines, {scope.anchors().count()} anchors; {waiting.lines} lines wait for the next anchor")
    older = checking.uncovered(scope)
    if older:
        print(f"words not covered: {older} lines are older than the digests of what was said")
    return 0


def _named(found: "AnyBreak") -> str:
    from hotline.tickets.proof.chain import Break
    from hotline.tickets.proof.checking import FeedBreak

    if isinstance(found, FeedBreak):
        return f"broken: feed number {found.feed}: missing (no line has this number of the feed)"
    where = f"ticket {found.number}, line {found.sequence}" if isinstance(found, Break) else f"anchor {found.anchor}"
    return f"broken: {where}: {found.why} ({found.why.label})"

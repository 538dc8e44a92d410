"""The sweep of the clocks with 1,000 and 100,000 open tickets, none or a few due; and the preview of a new rule."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from benchmarks import stage

if TYPE_CHECKING:
    from hotline.tickets.models import Assignment, Deadline, Ticket

SMALL, PREVIEWED, LARGE = 1_000, 10_000, 100_000
FEW = 20
MOST_SECONDS = 1.0
BATCH = 5_000
INDEX = "deadline_next"


class Work:
    """A centre with open tickets only: each with a unit that has signed and whose answer, and contact, are awaited."""

    def __init__(self) -> None:
        from benchmarks.many_tickets import City

        self.city, self.made, self.now = City(0), 0, timezone.now()

    def grow(self, size: int) -> None:
        """Add open tickets until there are `size`."""
        from hotline.tickets.models import Assignment, Deadline, Ticket

        while self.made < size:
            tickets = Ticket.objects.bulk_create(islice(self._tickets(), min(BATCH, size - self.made)))
            self.made += len(tickets)
            parts = Assignment.objects.bulk_create(self._part(ticket) for ticket in tickets)
            Deadline.objects.bulk_create(clock for part in parts for clock in self._clocks(part))
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")

    def _tickets(self) -> Iterator["Ticket"]:
        from hotline.tickets.models import Ticket

        number = self.made
        while True:
            number += 1
            contact = self.city.contacts[number % len(self.city.contacts)]
            yield Ticket(
                number=f"B{number:010d}",
                public_code=f"B{number:09d}",
                state="handling",
                channel="web",
                type="complaint",
                text="路灯坏了",
                citizen_id=contact.citizen_id,
                contact=contact,
                department=self.city.units[number % len(self.city.units)],
                created_at=self.now,
                updated_at=self.now,
                last_word_at=self.now,
                dispatched_at=self.now,
            )

    def _part(self, ticket: "Ticket") -> "Assignment":
        from hotline.tickets.models import Assignment

        unit = ticket.department
        return Assignment(ticket=ticket, department=unit, role="lead", state="handling", dispatched_at=self.now)

    def _clocks(self, part: "Assignment") -> Iterator["Deadline"]:
        """Those of a ticket that was dispatched a while ago; nothing is due for a day."""
        from hotline.tickets.models import Clock, Deadline

        started = self.now - timedelta(minutes=part.ticket_id % 4_000)
        due = self.now + timedelta(days=1, minutes=part.ticket_id % 20_000)
        rules = {
            Clock.SIGN: "guangdong/sign@2022-01-01",
            Clock.CONTACT: "guangdong/contact@2022-01-01",
            Clock.RETURN: "guangdong/return@2022-01-01",
            Clock.ANSWER: "guangdong/answer/complaint@2022-01-01",
        }
        for which, rule in rules.items():
            ended = self.now if which == Clock.SIGN else None
            yield Deadline(
                ticket=part.ticket,
                assignment=part,
                clock=which,
                started_at=started,
                due_at=due,
                rule=rule,
                explanation=["…"],
                ended_at=ended,
                next_at=None if ended else due,
            )

    def make_due(self, count: int) -> None:
        """Let so many first contacts be due now."""
        from hotline.tickets.models import Clock, Deadline

        chosen = Deadline.objects.filter(clock=Clock.CONTACT, card="").order_by("pk").values("pk")[:count]
        Deadline.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(next_at=timezone.now())


def bare() -> None:
    """One question to the database and back: what a sweep cannot do without."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        cursor.fetchone()


def seconds(act: Callable[[], object], times: int) -> float:
    """The median time of doing it."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def uses_index() -> bool:
    """Whether the database looks for what is due in the index made for it."""
    from dispatch import clocks

    return INDEX in clocks.due_now().explain()


def shown_directly(count: int) -> float:
    """How long the same cards take without the sweep: the price of so many verbs, each with its commit."""
    from hotline.tickets import cards
    from hotline.tickets.models import Card, Clock, Deadline

    chosen = list(
        Deadline.objects.filter(clock=Clock.CONTACT, card="").select_related("ticket").order_by("-pk")[:count]
    )
    started = time.perf_counter()
    for deadline in chosen:
        cards.show_card(deadline=deadline, card=Card.RED)
    return time.perf_counter() - started


def swept(work: Work) -> float:
    """How long a sweep takes that finds a few clocks due; it must do them all."""
    from dispatch import clocks

    work.make_due(FEW)
    started = time.perf_counter()
    done = clocks.sweep()
    if done != FEW:
        raise RuntimeError(f"{done} of {FEW} clocks were swept")
    return time.perf_counter() - started


def row(what: str, taken: float, beside: float) -> dict[str, Any]:
    """A line of the table."""
    return {"what": what, "ms": 1000 * taken, "beside ms": 1000 * beside, "ratio": taken / beside}


def read_all() -> None:
    """Every running clock fetched once, and nothing made of it: what a preview cannot do without."""
    from dispatch import preview
    from hotline.tickets.models import Deadline

    list(Deadline.objects.filter(ended_at=None).values_list(*preview.COLUMNS))


def measure(times: int, largest: int) -> list[dict[str, Any]]:
    """Every size in turn, each beside its baseline."""
    from dispatch import clocks, preview
    from dispatch.models import TermRule

    work, rows = Work(), []
    rule = TermRule.objects.filter(pack__code="guangdong", clock="answer", type="complaint")
    for size in (SMALL, PREVIEWED, largest):
        work.grow(size)
        rows.append(row(f"none due, {size:,} open", seconds(clocks.sweep, times), seconds(bare, times)))
        rows.append(row(f"{FEW} due, {size:,} open", swept(work), shown_directly(FEW)))
        if size == PREVIEWED:
            shown = seconds(lambda: preview.preview(lambda: rule.update(amount=10)), 3)
            rows.append(row(f"preview, {size:,} open", shown, seconds(read_all, 3)))
    return rows


def main() -> int:
    """Measure and show; 1 when a sweep that finds nothing takes longer than a second, or does not use its index."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_sweep", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often an idle sweep is repeated")
    parser.add_argument("--open", type=int, default=LARGE, help="the largest number of open tickets")
    args = parser.parse_args()
    with stage.stage():
        rows = measure(args.times, args.open)
        indexed = uses_index()
    stage.show("sweep", rows, most_seconds=MOST_SECONDS, index=indexed)
    slow = [line["what"] for line in rows if line["what"].startswith("none") and line["ms"] > 1000 * MOST_SECONDS]
    if slow or not indexed:
        print("too slow:", ", ".join(slow) or "the index is not used", file=sys.stderr)
    return 1 if slow or not indexed else 0


if __name__ == "__main__":
    sys.exit(main())

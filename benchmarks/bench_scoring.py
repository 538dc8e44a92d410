"""The scores of 1,000,000 ledger lines: counting all anew, one more day, and reading rates; beside a plain count."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import stage

DAYS, UNITS, CITIZENS = 90, 150, 500
BATCH = 5_000
LINES = 1_000_000
LONGEST = 60.0
"""Seconds that counting everything may take."""
PLAIN = "select kind, count(*) from tickets_ledgerentry group by kind"
STORY = """
    values (1, 'received', 'received', 0.0, 'citizen', '{}'),
           (2, 'suggested', 'received', 0.1, 'system', '{}'),
           (3, 'accepted', 'accepted', 0.5, 'staff', '{}'),
           (4, 'dispatched', 'dispatched', 1, 'staff', '{"department": "UNIT", "assisting": []}'),
           (5, 'signed', 'handling', 4, 'staff', '{"department": "UNIT", "automatic": LATE}'),
           (6, 'contacted', 'handling', 8, 'staff', '{"department": "UNIT"}'),
           (7, 'evidence_added', 'handling', 40, 'staff', '{}'),
           (8, 'noted', 'handling', 50, 'staff', '{}'),
           (9, 'answered', 'answer_review', 90, 'staff', '{"department": "UNIT"}'),
           (10, 'review_passed', 'follow_up', 95, 'staff', '{"call_back": "due"}'),
           (11, 'followed_up', 'follow_up', 110, 'staff', '{"reached": true, "solved": SOLVED, "satisfied": FACE}'),
           (12, 'closed', 'closed', 111, 'staff', '{}'),
           (13, 'archived', 'archived', 200, 'staff', '{}')
"""
"""Place, kind, state, hours after the request, who, data."""
STEPS = 13
PARTS = """
    insert into tickets_assignment (ticket_id, department_id, role, state, dispatched_at, contacted_at, auto_signed,
                                    contacted_whom, public_answer, internal_answer)
    select id, department_id, 'lead', 'answered', created_at + interval '1 hour', created_at + interval '8 hours',
           false, '', '', ''
      from tickets_ticket
"""
LIMITS = """
    insert into tickets_deadline (ticket_id, assignment_id, clock, started_at, ended_at, due_at, rule, explanation,
                                  provisional, paused_seconds, extended_days, card)
    select ticket.id, part.id, clock, ticket.created_at + interval '1 hour',
           ticket.created_at + ends * interval '1 hour',
           ticket.created_at + (case when ticket.id % 11 = 0 then ends - 1 else due end) * interval '1 hour',
           'bench', '[]', false, 0, 0, ''
      from tickets_ticket ticket join tickets_assignment part on part.ticket_id = ticket.id
     cross join (values ('sign', 4, 24), ('contact', 8, 24), ('answer', 90, 120)) as limits (clock, ends, due)
"""
LINES_OF = f"""
    insert into tickets_ledgerentry (ticket_id, sequence, kind, data, state, actor, at, feed, announced_at,
                                     previous_hash, hash)
    select ticket.id, place, story.kind,
           replace(replace(replace(replace(
               said, 'UNIT', unit.code), 'LATE', (ticket.id % 13 = 0)::text), 'SOLVED', (ticket.id % 7 > 0)::text),
               'FACE', (ticket.id % 5 + 1)::text)::jsonb,
           story.state, actor, ticket.created_at + hours * interval '1 hour', ticket.id * {STEPS} + place,
           ticket.created_at, '', repeat('0', 64)
      from tickets_ticket ticket join people_department unit on unit.id = ticket.department_id
     cross join ({STORY}) as story (place, kind, state, hours, actor, said)
"""
ANOTHER_DAY = f"""
    insert into tickets_ledgerentry (ticket_id, sequence, kind, data, state, actor, at, feed, announced_at,
                                     previous_hash, hash)
    select ticket_id, max(sequence) + 1, 'noted', '{{}}', 'archived', 'staff', now(),
           (select max(feed) from tickets_ledgerentry) + row_number() over (), now(), '', repeat('0', 64)
      from tickets_ledgerentry where ticket_id % {DAYS} = 0
     group by ticket_id
"""


class History:
    """Tickets of the last 90 days, whole lives, written without going through the verbs."""

    def __init__(self) -> None:
        """A city's units and some citizens."""
        from hotline.people.models import Citizen, ContactPoint, Department

        self.random, self.now = Random(12345), timezone.now()
        levels = ("city", "district", "street")
        self.units = [
            Department.objects.create(code=f"unit{n}", name=f"{n}号单位", level=levels[n % 3]) for n in range(UNITS)
        ]
        citizens = [Citizen.objects.create(name="张三丰", phone=f"138{n:08d}") for n in range(CITIZENS)]
        self.contacts = [
            ContactPoint.objects.create(channel="web", account="demo", external_id=str(n), citizen=citizen)
            for n, citizen in enumerate(citizens)
        ]

    def write(self, lines: int) -> None:
        """So many lines (rounded up to whole tickets), with their parts and clocks."""
        from hotline.tickets.models import Ticket

        tickets = -(-lines // STEPS)
        for first in range(0, tickets, BATCH):
            Ticket.objects.bulk_create(
                self._ticket(number, tickets) for number in range(first, min(first + BATCH, tickets))
            )
        for statement in (PARTS, LIMITS, LINES_OF):
            _run(statement)
        _run("vacuum analyze")

    def _ticket(self, number: int, of: int) -> Any:
        from hotline.tickets import numbers
        from hotline.tickets.models import Ticket

        at = self.now - timedelta(days=DAYS * (1 - number / of) + 10)
        contact = self.contacts[number % CITIZENS]
        unit = self.units[self.random.randrange(UNITS)]
        return Ticket(
            number=f"12345{number:012d}",
            public_code=numbers.new_code(),
            state="archived",
            channel="phone" if number % 3 else "web",
            text="解放路的路灯坏了一个星期",
            citizen=contact.citizen,
            contact=contact,
            department=unit,
            first_department=unit if number % 20 else self.units[number % UNITS],
            set_aside=number % 100 == 0,
            created_at=at,
            updated_at=at,
            last_word_at=at,
        )


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _another_day() -> None:
    """One more line on each of a day's tickets, not folded yet."""
    _run(ANOTHER_DAY)


def _nothing() -> None:
    """Nothing has happened since."""


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(lines: int, times: int) -> list[dict[str, Any]]:
    """Each work in turn with the plain count, so that a busy machine slows both."""
    from dispatch.scoring import fold
    from dispatch.scoring.league import league
    from dispatch.scoring.rates import Period

    History().write(lines)
    today = timezone.localdate()

    def read(days: int) -> Period:
        return Period.read(today - timedelta(days=days), today)

    works: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "count all anew": (lambda: fold.fold(whole=True), _nothing),
        "count one more day": (fold.fold, _another_day),
        "rates of a month": (lambda: read(30).overall(), _nothing),
        "league of a quarter": (lambda: league(read(DAYS)), _nothing),
        "the same, with a day not counted yet": (lambda: league(read(DAYS)), _another_day),
    }
    return [_row(name, work, before, times) for name, (work, before) in works.items()]


def _row(name: str, work: Callable[[], object], before: Callable[[], object], times: int) -> dict[str, Any]:
    taken, plain = [], []
    for _ in range(times):
        before()
        plain.append(_seconds(lambda: _run(PLAIN)))
        taken.append(_seconds(work))
    median, beside = statistics.median(taken), statistics.median(plain)
    return {"work": name, "s": median, "plain count s": beside, "ratio": median / beside}


def main() -> int:
    """Measure, compare and show; 1 when counting everything takes a minute."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_scoring", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    with stage.stage():
        rows = compare(args.lines, args.times)
        from dispatch.models import ScoreCase, ScoreDay
        from hotline.tickets.models import LedgerEntry

        kept = {"cases": ScoreCase.objects.count(), "days": ScoreDay.objects.count()}
        lines = LedgerEntry.objects.count()
    stage.show("scoring", rows, lines=lines, **kept, longest=LONGEST)
    return 1 if rows[0]["s"] > LONGEST else 0


if __name__ == "__main__":
    sys.exit(main())

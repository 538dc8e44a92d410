"""Repeats while typing, with 10,000 tickets and with 1,000,000: how long one search takes, beside a plain list."""

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import stage

MOST_MS = 50.0
SMALL, LARGE = 10_000, 1_000_000
MULTIPLY_TICKETS = """
    insert into tickets_ticket ({columns})
    select {values} from tickets_ticket cross join generate_series(%(first)s, %(last)s) as copy
     where id <= %(base)s
"""
"""Each copy is a ticket of its own, of the same person, words and day."""
MULTIPLY_PRINTS = """
    insert into dispatch_ticketprint (ticket_id, place, district, number, bands, created_at)
    select ticket_id + copy * %(base)s, case when copy %% 4 = 0 then place else place || copy end, '', '',
           array(select (band::bigint + copy * 1000003) & 2147483647 from unnest(bands) as band)::int[], created_at
      from dispatch_ticketprint cross join generate_series(%(first)s, %(last)s) as copy
     where ticket_id <= %(base)s
"""
"""Three quarters lie at other places; the words of each copy are other words, as its bands are."""
CODE = "lpad(copy::text, 4, '0') || right(public_code, 8)"
OTHER = {"id": "id + copy * %(base)s", "number": "number || '-' || copy", "public_code": CODE}
DAYS = 365
PLACES, CITIZENS = 20_000, 10_000
NOT_ASKED = ("ticket_words", "ticket_pairs", "ticket_number_parts")
"""Indexes of the search by words, which this search does not ask; without them the rows are made in minutes."""


class City:
    """Tickets of a year at thousands of places, some of which have hundreds, written without the verbs."""

    def __init__(self) -> None:
        from hotline.people.models import Citizen, ContactPoint, Staff
        from nlp.training.starting import starting_sentences

        self.random = Random(12345)
        self.now = timezone.now()
        self.sentences = [sentence.text for sentence in starting_sentences()]
        self.agent = Staff.objects.create(username="agent", role="agent")
        people = Citizen.objects.bulk_create([Citizen(name="", phone="") for _ in range(CITIZENS)], batch_size=5_000)
        self.contacts = ContactPoint.objects.bulk_create(
            [
                ContactPoint(channel="web", account="demo", external_id=str(n), citizen=who)
                for n, who in enumerate(people)
            ],
            batch_size=5_000,
        )
        self.made = 0

    def place(self) -> str:
        """One of the places; a few come again and again, as hospitals and long roads do."""
        return f"{int(PLACES * self.random.random() ** 3)}号地块新村"

    def words(self) -> str:
        """A sentence about a place."""
        return f"{self.place()}{self.random.choice(self.sentences)}"

    def grow(self, size: int) -> None:
        """Add tickets with all that the search reads, until there are `size`."""
        from dispatch.models import TicketPrint
        from hotline.tickets.models import Ticket

        while self.made < size:
            rows = Ticket.objects.bulk_create(list(self._tickets(min(10_000, size - self.made))), batch_size=1_000)
            TicketPrint.objects.bulk_create(list(self._prints(rows)), batch_size=2_000)
            self.made += len(rows)
            print(f"{self.made:,} tickets", file=sys.stderr)

    def multiply(self, size: int) -> None:
        """Copy what there is in the database itself, until there are `size`."""
        from hotline.tickets.models import Ticket

        names = [str(field.column) for field in Ticket._meta.concrete_fields]
        values = ", ".join(OTHER.get(name, name) for name in names)
        tickets = MULTIPLY_TICKETS.format(columns=", ".join(names), values=values)
        base, last = self.made, size // self.made - 1
        for first in range(1, last + 1, 10):
            copies = {"base": base, "first": first, "last": min(first + 9, last)}
            for statement in (tickets, MULTIPLY_PRINTS):
                connection.cursor().execute(statement, copies)
            self.made = base * (copies["last"] + 1)
            print(f"{self.made:,} tickets", file=sys.stderr)

    def _tickets(self, count: int) -> Iterator[Any]:
        from hotline.tickets.models import Ticket

        for number in range(self.made, self.made + count):
            contact = self.random.choice(self.contacts)
            created = self.now - timedelta(days=DAYS * self.random.random())
            text = self.words()
            yield Ticket(
                number=f"12345{number:012d}",
                public_code=f"{number:012d}",
                state="archived",
                channel="web",
                text=text,
                title=text[:20],
                contact=contact,
                citizen_id=contact.citizen_id,
                created_at=created,
                updated_at=created,
                last_word_at=created,
            )

    @staticmethod
    def _prints(rows: list[Any]) -> Iterator[Any]:
        from dispatch import prints
        from dispatch.models import TicketPrint
        from nlp.sketches import bands

        for row in rows:
            salted = bands(row.text, prints.month_of(row.created_at))
            name = row.text.partition("村")[0] + "村"
            yield TicketPrint(ticket=row, place=name, bands=salted, created_at=row.created_at)


def measure(city: City, times: int) -> dict[str, Any]:
    """Searches as typing makes them, each beside the newest page of the desk's list."""
    from dispatch import prints, repeats
    from hotline.tickets import access, queries

    connection.cursor().execute("vacuum analyze")
    searches, lists, found = [], [], 0
    for turn in range(times + 5):
        text, who = city.words(), city.random.choice(city.contacts)
        started = time.perf_counter()
        like = repeats.Wanted(text, prints.key_of(text), (who.citizen_id,))
        hits = repeats.candidates(like, access.visible_to(city.agent), city.now)
        searched = time.perf_counter()
        list(queries.rows(access.visible_to(city.agent)).order_by("-pk")[:20])
        listed = time.perf_counter()
        if turn >= 5:  # the first ones warm up
            searches.append(1000 * (searched - started))
            lists.append(1000 * (listed - searched))
            found += bool(hits)
    median, usual = stage.percentile(searches, 0.5), stage.percentile(lists, 0.5)
    return {
        "tickets": f"{city.made:,}",
        "with repeats": f"{found}/{times}",
        "median ms": median,
        "p95 ms": stage.percentile(searches, 0.95),
        "slowest ms": max(searches),
        "list median ms": usual,
        "ratio to list": median / usual,
    }


def main() -> int:
    """Measure both sizes in one run; 1 when the slower twentieth takes longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_repeats", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="searches at each size")
    parser.add_argument("--large", type=int, default=LARGE, help="tickets of the larger size")
    args = parser.parse_args()
    with stage.stage():
        for name in NOT_ASKED:
            connection.cursor().execute(f"drop index if exists {name}")
        city = City()
        rows = []
        city.grow(SMALL)
        rows.append(measure(city, args.times))
        city.multiply(args.large)
        rows.append(measure(city, args.times))
    stage.show("repeats", rows, most=MOST_MS)
    return int(rows[-1]["p95 ms"] > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())

"""The lists of the desk and the portal with 1,000 tickets and with 100,000: queries, and how the time grows."""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import stage

MOST = 1.5
SMALL, LARGE = 1_000, 100_000
# The portal's pages are short, so that each of its groups fills one at both sizes.
LISTS = {
    "desk: pending": ("agent", "queue=pending"),
    "desk: mine": ("agent", "queue=mine"),
    "desk: to review": ("agent", "queue=to_review"),
    "desk: supervised": ("agent", "queue=supervised"),
    "desk: late": ("agent", "due=late"),
    "desk: all": ("agent", "queue=all"),
    "portal: all": ("clerk", "limit=10"),
    "portal: to sign": ("clerk", "group=to_sign&limit=10"),
    "portal: handling": ("clerk", "group=handling&limit=10"),
    "portal: done": ("clerk", "group=done&limit=10"),
    "search: common word": ("agent", "q=小区"),
    "search: rare word of 2": ("agent", "q=蝙蝠"),
    "search: rare word of 4": ("agent", "q=蝙蝠进屋"),
    "search: no such word": ("agent", "q=鸵鸟"),
    "search: whole number": ("agent", "q={number}"),
    "search: end of a number": ("agent", "q={tail}"),
    "search: rare word, portal": ("clerk", "q=蝙蝠&limit=10"),
}


@dataclass
class Size:
    """A database with so many tickets, and who reads in it."""

    database: BaseDatabaseWrapper
    browsers: dict[str, Client] = field(default_factory=dict)

    def use(self) -> None:
        """Let the product in this process speak to this database."""
        connections["default"] = self.database

    def settle(self, *names: str) -> None:
        """Sign everybody in, and do what the server does by itself after a while."""
        from hotline.people.models import Staff

        self.use()
        connection.cursor().execute("vacuum analyze")
        for name in names:
            self.browsers[name] = Client(SERVER_NAME="127.0.0.1")
            person = Staff.objects.get(username=name)
            self.browsers[name].force_login(person, "django.contrib.auth.backends.ModelBackend")


@dataclass
class Reading:
    """One list at one size."""

    size: Size
    role: str
    path: str
    times: list[float] = field(default_factory=list)
    queries: int = 0
    rows: int = 0

    def count(self) -> None:
        """Read it once for its queries and rows; this also warms up."""
        self.size.use()
        with CaptureQueriesContext(connection) as captured:
            answer = self._get()
        self.queries, self.rows = len(captured), len(answer.get("results", ()))

    def time(self) -> None:
        """Read it once for the time."""
        self.size.use()
        started = time.perf_counter()
        self._get()
        self.times.append(time.perf_counter() - started)

    def _get(self) -> Any:
        answer = self.size.browsers[self.role].get(self.path)
        if answer.status_code != 200:
            raise RuntimeError(f"{self.path} answered {answer.status_code}: {answer.content[:200]!r}")
        return answer.json()


@contextmanager
def both_sizes(at_work: int) -> Iterator[tuple[Size, Size, str]]:
    """Two databases of one server, alike but for the number of tickets, and the number of a ticket in both."""
    from benchmarks.many_tickets import City
    from hotline.tickets.models import Ticket

    product = connections["default"]
    city = City(at_work)
    city.grow(SMALL)
    known = Ticket.objects.order_by("pk")[SMALL // 2].number
    copy_database("small")
    city.grow(LARGE)
    small, large = Size(opened("small")), Size(opened(product.settings_dict["NAME"]))
    try:
        small.settle("agent", "clerk")
        large.settle("agent", "clerk")
        yield small, large, known
    finally:
        for size in (small, large):
            size.database.close()
        connections["default"] = product


def copy_database(name: str) -> None:
    """The database as it is now, under another name; nobody may be connected to it meanwhile."""
    stage.disconnect()
    server, _slash, original = os.environ["DATABASE_URL"].rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {original}")


def opened(name: str) -> BaseDatabaseWrapper:
    """A connection of its own to that database, as the product's but for the pool."""
    opened = connection.copy()
    opened.settings_dict["NAME"] = name
    del opened.settings_dict["OPTIONS"]["pool"]
    return opened


def row(name: str, small: Reading, large: Reading) -> dict[str, Any]:
    """A list's line in the table."""
    fast, slow = statistics.median(small.times), statistics.median(large.times)
    return {
        "list": name,
        "rows": f"{small.rows}/{large.rows}",
        "queries": f"{small.queries}/{large.queries}",
        f"ms at {SMALL:,}": 1000 * fast,
        f"ms at {LARGE:,}": 1000 * slow,
        "ratio": slow / fast,
    }


def compare(times: int, only: str, at_work: int) -> list[dict[str, Any]]:
    """Each list at both sizes in turn, so that a busy machine slows both."""
    rows = []
    with both_sizes(at_work) as (small, large, known):
        for name, (role, query) in LISTS.items():
            path = "/api/v1/tickets?" + query.format(number=known, tail=known[-9:])
            pair = Reading(small, role, path), Reading(large, role, path)
            if only not in name:
                continue
            for reading in pair:
                reading.count()
            for _ in range(times):
                for reading in pair:
                    reading.time()
            rows.append(row(name, *pair))
    return rows


def main() -> int:
    """Measure, compare and show; 1 when a list grows with the tickets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_queue", description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="how often each list is read at each size")
    parser.add_argument("--only", default="", help="lists whose name has this word")
    parser.add_argument(
        "--all-at-work",
        action="store_true",
        help="let the work in hand grow as much as the history, which in a city it does not",
    )
    args = parser.parse_args()
    with stage.stage():
        rows = compare(args.times, args.only, LARGE if args.all_at_work else SMALL)
    stage.show("queue", rows, most=MOST)
    grown = [row["list"] for row in rows if row["ratio"] >= MOST or len(set(row["queries"].split("/"))) > 1]
    if grown:
        print("grows with the tickets:", ", ".join(grown), file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())

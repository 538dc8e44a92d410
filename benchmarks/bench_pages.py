"""Each page of desk, portal, supervision and wallboard with 10 thousand, 100 thousand and 1 million tickets."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from benchmarks import stage
from benchmarks.bench_queue import Reading, Size, copy_database, opened

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
BASE, AT_WORK = 10_000, 1_000
AGENT, CLERK, LEAD, SUPERVISOR = "agent", "clerk", "lead", "supervisor"
PAGES = {
    "desk: pending": (AGENT, "tickets?queue=pending"),
    "desk: mine": (AGENT, "tickets?queue=mine"),
    "desk: to review": (AGENT, "tickets?queue=to_review"),
    "desk: late": (AGENT, "tickets?due=late"),
    "desk: all": (AGENT, "tickets?queue=all"),
    "desk: counts of the tabs": (AGENT, "queue-counts"),
    "desk: me": (AGENT, "me"),
    "desk: one whole ticket": (AGENT, "tickets/{number}"),
    "desk: alarms": (AGENT, "alarms"),
    "desk: call-backs": (AGENT, "phone/call-backs"),
    "portal: all": (CLERK, "tickets?limit=10"),
    "portal: to sign": (CLERK, "tickets?group=to_sign&limit=10"),
    "portal: handling": (CLERK, "tickets?group=handling&limit=10"),
    "portal: done": (CLERK, "tickets?group=done&limit=10"),
    "portal: counts of the groups": (CLERK, "portal-groups"),
    "portal: promises": (CLERK, "promises"),
    "portal: scores": (CLERK, "scores"),
    "search: common word": (AGENT, "tickets?q=小区"),
    "search: rare word of two": (AGENT, "tickets?q=蝙蝠"),
    "search: no such word": (AGENT, "tickets?q=鸵鸟"),
    "search: one common character": (AGENT, "tickets?q=区"),
    "search: one rare character": (AGENT, "tickets?q=蝠"),
    "search: one character, nowhere": (AGENT, "tickets?q=鸵"),
    "search: whole number": (AGENT, "tickets?q={number}"),
    "search: end of a number": (AGENT, "tickets?q={tail}"),
    "search: rare word, portal": (CLERK, "tickets?q=蝙蝠&limit=10"),
    "supervision: first page": (SUPERVISOR, "supervision"),
    "supervision: late": (SUPERVISOR, "tickets?due=late"),
    "supervision: orders": (SUPERVISOR, "tickets?queue=supervised"),
    "supervision: set aside": (SUPERVISOR, "tickets?queue=set_asides"),
    "supervision: alarms": (LEAD, "alarms"),
    "supervision: promises": (SUPERVISOR, "promises"),
    "supervision: sums of promises": (SUPERVISOR, "promises/totals"),
    "supervision: rates": (SUPERVISOR, "rates"),
    "supervision: scores": (SUPERVISOR, "scores"),
    "supervision: call-back estimates": (SUPERVISOR, "call-back-estimates"),
    "supervision: crowds": (SUPERVISOR, "crowds"),
    "supervision: studies": (SUPERVISOR, "studies?kind=hot_issues"),
    "supervision: learning": (SUPERVISOR, "learning"),
    "supervision: calls": (SUPERVISOR, "phone/calls"),
    "wallboard": (SUPERVISOR, "wallboard"),
}
MOVED = """
    with moved as (select id, now() - random() * interval '365 days' as at from tickets_ticket where id > %(work)s)
    update tickets_ticket as ticket
       set holder_id = null, created_at = at, updated_at = at, last_word_at = at,
           dispatched_at = case when dispatched_at is not null then at end,
           answered_at = case when answered_at is not null then at end
      from moved where ticket.id = moved.id
"""
MULTIPLY = """
    insert into {table} ({columns})
    select {values} from {table} as base cross join generate_series(1, %(copies)s) as copy where base.id <= %(base)s
"""
NEW_ID = "%(base)s + (%(base)s - {old}) * %(copies)s + copy"
"""The work in hand, which is first in the base, comes last: it is the newest, as in a city."""
TICKET = NEW_ID.format(old="base.id")
OF_TICKET = NEW_ID.format(old="base.ticket_id")
CREATED = f"now() - (1 - ({TICKET}) / %(size)s::float) * interval '365 days'"
UNIT = "base.department_id + 5 * (copy %% 2)"
OTHERWISE = {
    "tickets_ticket": {
        "id": TICKET,
        "number": f"'12345' || to_char({CREATED}, 'YYMMDD') || '8' || lpad(({TICKET})::text, 7, '0')",
        "public_code": f"lpad(({TICKET})::text, 10, '0')",
        "text": "replace(base.text, '阳台上有蝙蝠进屋。', '')",
        "title": "replace(base.title, '蝙蝠', '')",
        "department_id": UNIT,
        "holder_id": "null",
        "created_at": CREATED,
        "updated_at": CREATED,
        "last_word_at": CREATED,
        "dispatched_at": f"case when base.dispatched_at is not null then {CREATED} end",
        "answered_at": f"case when base.answered_at is not null then {CREATED} end",
    },
    "tickets_assignment": {"ticket_id": OF_TICKET, "department_id": UNIT},
    "tickets_ledgerentry": {
        "ticket_id": OF_TICKET,
        "feed": OF_TICKET,
        "at": CREATED.replace("base.id", "base.ticket_id"),
    },
}
CLOCKS = """
    insert into tickets_deadline (ticket_id, clock, started_at, due_at, rule, explanation, provisional,
                                  paused_seconds, extended_days, card)
    select id, 'answer', created_at, due_at, 'measured', '[]', false, 0, 0, '' from tickets_ticket
     where due_at is not null and answered_at is null
"""
SLOW_TO_FILL = ("ticket_words", "ticket_pairs", "ticket_number_parts")
"""Indexes of the search: made anew behind the rows they take a minute, kept up with them an hour."""


def build(name: str) -> None:
    """The database of one size, unless it is there already; it gets its name when it is whole."""
    made, making = f"pages_{name}", f"making_{name}"
    with psycopg.connect(_address("postgres"), autocommit=True) as maintenance:
        if maintenance.execute("select 1 from pg_database where datname = %s", [made]).fetchone():
            return
        maintenance.execute(f"drop database if exists {making}")
        copy_database(making)
        with psycopg.connect(_address(making), autocommit=True) as database:
            fill(database, SIZES[name])
        maintenance.execute(f"alter database {making} rename to {made}")


def fill(database: psycopg.Connection[Any], size: int) -> None:
    """Multiply what the base has, in the database itself."""
    copies = {"base": BASE, "copies": size // BASE - 1, "size": size, "work": AT_WORK}
    indexes = database.execute(
        "select indexdef from pg_indexes where indexname = any(%s)", [list(SLOW_TO_FILL)]
    ).fetchall()
    database.execute("set maintenance_work_mem = '512MB'")
    database.execute(MOVED, copies)
    if copies["copies"]:
        for index in SLOW_TO_FILL:
            database.execute(f"drop index {index}")
        for table, otherwise in OTHERWISE.items():
            _multiply(database, table, otherwise, copies)
        for (definition,) in indexes:
            database.execute(definition)
    database.execute(CLOCKS)
    database.execute("vacuum analyze")


def _multiply(database: psycopg.Connection[Any], table: str, otherwise: dict[str, str], copies: dict[str, int]) -> None:
    found = database.execute("select column_name from information_schema.columns where table_name = %s", [table])
    names = [name for (name,) in found if name != "id" or "id" in otherwise]
    values = ", ".join(otherwise.get(name, f"base.{name}") for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    key = "ticket_id" if "ticket_id" in otherwise else "id"
    statement = MULTIPLY.format(table=table, columns=columns, values=values).replace("base.id <=", f"base.{key} <=")
    database.execute(statement, copies)
    print(f"{table}: {copies['size']:,}", file=sys.stderr, flush=True)


def _address(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def make_base() -> None:
    """Ten thousand tickets, a tenth of them at work, with ten units and a person of each role; once."""
    from benchmarks.many_tickets import City
    from hotline.people.models import Department, Staff

    if Staff.objects.filter(username=AGENT).exists():
        return
    City(AT_WORK).grow(BASE)
    for number in range(5, 10):
        Department.objects.create(code=f"unit{number}", name=f"{number}号单位", level="city")
    for role in (LEAD, SUPERVISOR):
        Staff.objects.create(username=role, role=role)


def read_all(names: Sequence[str], times: int, only: str) -> list[dict[str, Any]]:
    """Every page at every size in turn, so that a busy machine slows all."""
    from dispatch.scoring import fold
    from hotline.tickets.models import Ticket

    known = str(Ticket.objects.filter(state="accepted").order_by("pk")[10].number)
    ours = connections["default"]
    sizes = {name: Size(opened(f"pages_{name}")) for name in names}
    for size in sizes.values():
        size.use()
        call_command("migrate", verbosity=0, interactive=False)  # it may have been kept since an earlier version
        fold.fold()
        size.settle(AGENT, CLERK, LEAD, SUPERVISOR)
    rows = []
    for page, (role, path) in PAGES.items():
        if only not in page:
            continue
        there = "/api/v1/" + path.format(number=known, tail=known[-9:])
        readings = {name: Reading(size, role, there) for name, size in sizes.items()}
        for reading in readings.values():
            reading.count()
        for _ in range(times):
            for reading in readings.values():
                reading.time()
        rows.append(row(page, readings))
        print(rows[-1], file=sys.stderr, flush=True)
    for size in sizes.values():
        size.database.close()
    connections["default"] = ours
    return rows


def row(page: str, readings: dict[str, Reading]) -> dict[str, Any]:
    """A page's line in the table."""
    queries = "/".join(str(reading.queries) for reading in readings.values())
    slowest = {f"p95 ms, {name}": 1000 * stage.percentile(one.times, 0.95) for name, one in readings.items()}
    return {"page": page, "queries": queries, **slowest}


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_pages", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each page is read at each size")
    parser.add_argument("--only", default="", help="pages whose name has this word")
    parser.add_argument("--sizes", default=",".join(SIZES), help="of %(default)s")
    parser.add_argument("--keep", type=Path, help="keep the databases in this folder, and use them when they are there")
    args = parser.parse_args()
    names = args.sizes.split(",")
    with stage.stage(args.keep):
        make_base()
        for name in names:
            build(name)
        rows = read_all(names, args.times, args.only) if args.times else []
    if rows:
        stage.show("pages", rows)


if __name__ == "__main__":
    main()

"""Folding the ledger into scores: what was touched since the last fold is counted anew, and counting twice is harmless.

A ticket's cases are replaced as a whole, and the sums by day change by exactly the difference, in
one transaction: a set-aside approved today takes last week's cases of its ticket out of last week.
Feed numbers are given in commit order, so a line that became visible late is never behind the mark.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection, transaction

from dispatch.models import ScoreFold
from dispatch.scoring import cases
from hotline.tickets import clock, ledger

FOLD_LOCK = 12347
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TALLY = """
    select day, department_id, each_of.measure,
           count(*) filter (where not aside) * {sign} as counted, count(*) filter (where aside) * {sign} as aside
      from {cases} scored cross join lateral (values (scored.measure), (scored.outcome)) as each_of (measure)
     where each_of.measure <> ''
     group by day, department_id, each_of.measure
"""
"""Counts by day, unit and measure: each case counts as its whole and as its outcome."""
KEEP_CASES = """
    insert into dispatch_scorecase (ticket_id, day, department_id, measure, outcome, aside) select * from fresh
"""
KEEP_SUMS = """
    insert into dispatch_scoreday (day, department_id, measure, counted, aside)
    select day, department_id, measure, sum(counted), sum(aside) from ({tallies}) changed
     group by day, department_id, measure having sum(counted) <> 0 or sum(aside) <> 0
        on conflict (day, department_id, measure) do update
       set counted = dispatch_scoreday.counted + excluded.counted, aside = dispatch_scoreday.aside + excluded.aside
"""
NEW, OLD = TALLY.format(sign="1", cases="fresh"), TALLY.format(sign="-1", cases="gone")
OF_TOUCHED = "dispatch_scorecase where ticket_id in (select id from touched)"
CLEAN = "drop table if exists pg_temp.touched, pg_temp.fresh, pg_temp.gone"
"""They go with the commit, but a fold inside a longer transaction may find those of the one before."""
WHOLE = (
    f"create temporary table fresh on commit drop as {cases.query()}",
    "delete from dispatch_scoreday",
    "delete from dispatch_scorecase",
    KEEP_CASES,
    KEEP_SUMS.format(tallies=NEW),
)
SINCE = (
    f"create temporary table touched on commit drop as {cases.TOUCHED}",
    f"create temporary table fresh on commit drop as {cases.query('select id from touched')}",
    f"create temporary table gone on commit drop as select * from {OF_TOUCHED}",
    f"delete from {OF_TOUCHED}",
    KEEP_CASES,
    KEEP_SUMS.format(tallies=f"{NEW} union all {OLD}"),
)
LIVE = f"""
    with touched as materialized ({cases.TOUCHED}),
    gone as (select * from {OF_TOUCHED}),
    fresh as ({cases.query("select id from touched")})
    select department_id, measure, sum(counted)::int, sum(aside)::int
      from (
          select day, department_id, measure, counted, aside from dispatch_scoreday
          union all {OLD}
          union all {NEW}
      ) each_day
     where day between %(first)s and %(last)s
     group by department_id, measure
    having sum(counted) <> 0 or sum(aside) <> 0
"""
"""The sums kept so far, less what was touched since, plus what the touched tickets count for now."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the scores are kept: the last ledger line, and the moment."""

    feed: int = 0
    until: datetime = BEGINNING


@dataclass(frozen=True, slots=True)
class Count:
    """How often something counted for a unit (None: the centre itself) in a period, and how often it was set aside."""

    department_id: int | None
    measure: str
    counted: int
    aside: int


def mark() -> Mark:
    """The mark that the last fold left."""
    last = ScoreFold.objects.order_by("-id").values_list("feed", "until").first()
    return Mark(*last) if last else Mark()


@transaction.atomic
def fold(*, whole: bool = False) -> ScoreFold:
    """Bring the kept scores up to now; `whole` counts everything from the first line on."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        cursor.execute("set local work_mem = '128MB'")  # one such query at a time, by the lock above
        before, now, head = mark(), clock.now(), ledger.head()
        asked = cases.parameters(before.feed, before.until, now)
        for statement in (CLEAN, *(WHOLE if whole else SINCE)):
            cursor.execute(statement, asked)
        cursor.execute("select count(distinct ticket_id) from fresh")
        tickets = cursor.fetchone()[0]
    return ScoreFold.objects.create(feed=head, until=now, tickets=tickets, whole=whole)


def counts(first: date, last: date) -> list[Count]:
    """What counted on the days from `first` to `last`, up to this moment, by unit and measure."""
    kept = mark()
    asked = cases.parameters(kept.feed, kept.until, clock.now()) | {"first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(LIVE, asked)
        return [Count(*row) for row in cursor.fetchall()]

"""The fold: late corrections reach their day, repeating changes nothing, the sums are those of the cases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dispatch.models import ScoreCase, ScoreDay, ScoreFold
from dispatch.scoring import fold
from hotline.tickets import actors, clock, ledger, setting_aside
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.states import ALLOWED, State, Verb
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
EVER = date(2000, 1, 1), date(2100, 1, 1)


def kept() -> Counter[tuple[object, ...]]:
    """What is kept by day, read from the table of days."""
    rows = ScoreDay.objects.values_list("day", "department", "measure", "counted", "aside")
    return Counter({(*key, "counted"): n for *key, n, _aside in rows if n}) + Counter(
        {(*key, "aside"): n for *key, _counted, n in rows if n}
    )


def summed() -> Counter[tuple[object, ...]]:
    """The same, added up case by case."""
    found: Counter[tuple[object, ...]] = Counter()
    for case in ScoreCase.objects.all():
        for measure in filter(None, (case.measure, case.outcome)):
            found[case.day, case.department_id, measure, "aside" if case.aside else "counted"] += 1
    return found


def folded(*, whole: bool = False) -> ScoreFold:
    """A fold after every line has its number, as the announcer gives it right after the commit."""
    ledger.number_pending()
    return fold.fold(whole=whole)


def live() -> set[tuple[object, ...]]:
    return {(row.department_id, row.measure, row.counted, row.aside) for row in fold.counts(*EVER)}


def set_aside(cast: Cast, row: Ticket) -> None:
    """Asked for by one, approved by another."""
    row.refresh_from_db()
    by, other = actors.staff(cast.quality), actors.staff(cast.supervisor)
    setting_aside.ask(ticket=row, by=by, version=row.version, code="malicious", note="无理重复")
    setting_aside.rule(ticket=row, by=other, version=row.version, approved=True)


def test_a_late_correction_reaches_the_day_it_belongs_to(cast: Cast) -> None:
    last_week = clock.now() - timedelta(days=7)
    with clock.at(last_week):
        row = cast.ticket_in(State.CLOSED)
        folded()
    before = kept()
    assert before == summed() != Counter()
    assert {key[3] for key in before} == {"counted"}
    set_aside(cast, row)
    assert live() == {(row.department_id, measure, 0, 1) for _day, _unit, measure, _how in before}
    assert kept() == before, "reading writes nothing"
    done = folded()
    assert (done.tickets, done.whole) == (1, False)
    assert kept() == summed() == Counter({(*key[:3], "aside"): n for key, n in before.items()})


def test_folding_again_changes_nothing_and_reads_nothing(cast: Cast) -> None:
    cast.ticket_in(State.FOLLOW_UP)
    folded()
    before, cases = kept(), set(ScoreCase.objects.values_list("pk", flat=True))
    assert folded().tickets == 0
    assert kept() == before
    assert set(ScoreCase.objects.values_list("pk", flat=True)) == cases, "what nobody touched is left alone"
    assert folded(whole=True).tickets == 1
    assert kept() == before == summed()


def test_a_line_without_its_number_yet_is_counted_now_and_once(cast: Cast) -> None:
    row = ticket()
    assert LedgerEntry.objects.get(ticket=row).feed is None
    assert {measure for _unit, measure, *_n in live()} == {"all", "online"}
    fold.fold()
    fold.fold()
    assert live() == {(None, "all", 1, 0), (None, "online", 1, 0)}


def test_a_limit_that_ran_out_since_the_fold_is_seen_without_a_line(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    folded()
    later = clock.now() + timedelta(days=60)
    with clock.at(later):
        assert (row.department_id, "due", 1, 0) in live()
        assert folded().tickets == 1
        assert (row.department_id, "due", 1, 0) in live()
        assert folded().tickets == 0


def test_the_mark_is_the_last_line_and_the_moment(cast: Cast) -> None:
    ticket()
    before = clock.now()
    folded()
    last = ScoreFold.objects.latest()
    assert last.until >= before
    assert last.feed == LedgerEntry.objects.order_by("-feed").values_list("feed", flat=True)[0]
    assert fold.mark() == fold.Mark(last.feed, last.until)


def test_folds_wait_for_one_another(cast: Cast) -> None:
    with connection.cursor() as cursor:
        folded()
        cursor.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and objid = %s and granted"
            " and pid = pg_backend_pid()",
            [fold.FOLD_LOCK],
        )
        assert cursor.fetchone()[0] == 1


STEPS = st.lists(st.sampled_from([*State, "fold", "aside", "whole"]), min_size=2, max_size=8)


def may_be_set_aside(row: Ticket) -> bool:
    return row.state in ALLOWED[Verb.SET_ASIDE].sources and not row.set_aside


class Folding(TestCase):
    """Whatever happens between folds, the kept sums are those of counting everything anew."""

    @given(steps=STEPS)
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_in_any_order(self, steps: list[str]) -> None:
        cast = Cast()
        made: list[Ticket] = []
        for step in steps:
            if step == "aside" and made and may_be_set_aside(made[0]):
                set_aside(cast, made[0])
            elif step in ("fold", "whole"):
                folded(whole=step == "whole")
            elif step in set(State):
                made.append(cast.ticket_in(State(step)))
        seen = live()
        folded()
        assert live() == seen
        sums = kept()
        assert sums == summed()
        folded(whole=True)
        assert kept() == sums


@pytest.fixture
def cast() -> Cast:
    return Cast()

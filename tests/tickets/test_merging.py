"""Merging (并单), its exact undoing, and splitting (拆单)."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.people.models import ContactPoint
from hotline.tickets import (
    actors,
    bars,
    clock,
    closing,
    deadlines,
    ledger,
    lifecycle,
    merging,
    pauses,
    queries,
    returns,
    supervision,
)
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Clock, Merge, Ticket
from hotline.tickets.states import ENDED, OPEN, State
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
NOT_RESTORED = {"version", "updated_at", "ledger_length", "ledger_head"}


def merged(row: Ticket, into: Ticket, cast: Cast) -> Ticket:
    return merging.merge(ticket=row, by=actors.staff(cast.agent), version=row.version, into=into)


def unmerged(row: Ticket, cast: Cast) -> Ticket:
    return merging.unmerge(ticket=row, by=actors.staff(cast.agent), version=row.version, note="不是一件事")


def everything(row: Ticket) -> dict[str, Any]:
    """Every field of the ticket, its parts, clocks and requests, but those that count its changes."""
    kept = Ticket.objects.filter(pk=row.pk).values().get()
    return {
        "ticket": {name: value for name, value in kept.items() if name not in NOT_RESTORED},
        "assignments": list(row.assignments.order_by("pk").values()),
        "deadlines": list(row.deadlines.order_by("pk").values()),
        "extensions": list(row.extensions.order_by("pk").values()),
        "suspensions": list(row.suspensions.order_by("pk").values()),
    }


MERGEABLE = sorted(OPEN - {State.RETURN_REVIEW})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=st.sampled_from(MERGEABLE), asked=st.booleans(), hours=st.integers(0, 2000), assisted=st.booleans())
def test_unmerging_restores_exactly(db: None, state: State, asked: bool, hours: int, assisted: bool) -> None:
    cast = Cast()
    with clock.at(MORNING):
        row = cast.ticket_in(state)
        if state in (State.HANDLING, State.REWORK):
            if asked:
                by = actors.staff(cast.clerk)
                pauses.request_extension(ticket=row, by=by, version=row.version, working_days=3, reason="天气")
            if assisted:
                lifecycle.contact(ticket=row, by=actors.staff(cast.clerk), version=row.version, whom="本人")
        other = ticket()
    before, others_before = everything(row), everything(other)
    with clock.at(MORNING + timedelta(minutes=1)):
        merged(row, other, cast)
        assert row.state == State.MERGED
        assert not deadlines.running(row).exists()
        assert not row.assignments.filter(state__in=("to_sign", "handling", "answered")).exists()
    with clock.at(MORNING + timedelta(hours=hours)):
        unmerged(row, cast)
    assert everything(row) == before
    assert everything(other) == others_before
    assert ledger.verify(row)
    assert ledger.verify(Ticket.objects.get(pk=other.pk))
    assert [line.kind for line in row.ledger.order_by("sequence")][-2:] == ["merged", "unmerged"]
    assert [line.kind for line in other.ledger.order_by("sequence")][-2:] == ["child_merged", "child_unmerged"]


def test_a_chain_of_merges_is_one_merge_long_and_comes_apart_as_it_was_put_together() -> None:
    cast = Cast()
    first, second, third = ticket(), ticket(), ticket()
    merged(first, second, cast)
    second.refresh_from_db()
    merged(second, third, cast)
    first.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (third, third)
    assert [line.data for line in first.ledger.filter(kind="merged").order_by("sequence")] == [
        {"into": second.number, "along": False},
        {"into": third.number, "along": True},
    ]
    unmerged(second, cast)
    first.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (second, None)
    assert (first.state, second.state) == (State.MERGED, State.RECEIVED)
    unmerged(first, cast)
    assert (first.merged_into, first.state) == (None, State.RECEIVED)
    assert all(ledger.verify(Ticket.objects.get(pk=row.pk)) for row in (first, second, third))


def test_what_was_taken_out_of_a_chain_by_itself_stays_out() -> None:
    cast = Cast()
    first, second, third = ticket(), ticket(), ticket()
    merged(first, second, cast)
    second.refresh_from_db()
    merged(second, third, cast)
    first.refresh_from_db()
    unmerged(first, cast)
    unmerged(second, cast)
    first.refresh_from_db()
    assert (first.state, first.merged_into) == (State.RECEIVED, None)
    assert not Merge.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("state", sorted(ENDED - {State.ARCHIVED}))
def test_nothing_goes_into_a_ticket_that_has_ended(state: State) -> None:
    cast = Cast()
    ended, row = cast.ticket_in(state), ticket()
    with pytest.raises(NotAllowed):
        merged(row, ended, cast)
    assert Ticket.objects.get(pk=row.pk).state == State.RECEIVED
    assert not Merge.objects.filter(ticket=row).exists()


def test_a_ticket_does_not_go_into_itself() -> None:
    cast, row = Cast(), ticket()
    with pytest.raises(InvalidFields):
        merged(row, row, cast)


def test_what_stands_under_an_order_goes_on_and_is_not_merged_away() -> None:
    cast = Cast()
    row = ticket()
    supervision.supervise(ticket=row, by=actors.staff(cast.supervisor), version=row.version, level=1, note="限三日")
    with pytest.raises(NotAllowed):
        merged(row, ticket(), cast)
    repeat = ticket()
    merged(repeat, row, cast)
    assert repeat.merged_into == row


def test_a_complaint_does_not_reach_the_unit_complained_of_by_way_of_a_merge() -> None:
    cast = Cast()
    handled, complaint = cast.ticket_in(State.HANDLING), ticket()
    complaint.accused.add(cast.unit)
    with pytest.raises(InvalidFields) as refusal:
        merged(complaint, handled, cast)
    assert list(refusal.value.errors) == ["into"]
    free = cast.ticket_in(State.ACCEPTED)
    merged(complaint, free, cast)
    free.refresh_from_db()
    with pytest.raises(InvalidFields):
        lifecycle.dispatch_to(ticket=free, by=actors.staff(cast.agent), version=free.version, department=cast.unit)


def test_a_complaint_does_not_reach_a_unit_that_is_heard_on_the_other_ticket() -> None:
    cast, by = Cast(), actors.staff
    target = cast.ticket_in(State.RETURN_REVIEW)
    returns.rule_on_return(
        ticket=target, by=by(cast.lead), version=target.version, upheld=True, department=cast.other_unit, note="依职责"
    )
    returns.request_return(
        ticket=target, by=by(cast.other_clerk), version=target.version, reason="not_our_duty", basis="三定方案"
    )
    complaint = cast.ticket_in(State.ACCEPTED)
    lifecycle.edit(ticket=complaint, by=by(cast.agent), version=complaint.version, accused=[cast.unit])
    with pytest.raises(InvalidFields) as caught:
        merged(complaint, target, cast)
    assert set(caught.value.errors) == {"into"}


def test_each_further_reporter_stands_once_with_the_newest_report_first() -> None:
    cast = Cast()
    row, someone, other = ticket(), contact(), contact()
    own = ticket(contact=row.contact)
    reports = [ticket(contact=someone), ticket(contact=other), ticket(contact=someone)]
    for report in (own, *reports):
        merged(report, row, cast)
        row.refresh_from_db()
    found = merging.further_reporters(row)
    assert found == [[reports[2], reports[0]], [reports[1]]]


def test_who_takes_it_back_takes_back_only_their_own() -> None:
    cast = Cast()
    row, neighbour = ticket(), ticket()
    own = ticket(contact=row.contact)
    for report in (own, neighbour):
        merged(report, row, cast)
        row.refresh_from_db()
    closing.withdraw(ticket=row, by=actors.CITIZEN)
    merging.set_free(row)
    merging.set_free(row)
    own.refresh_from_db()
    neighbour.refresh_from_db()
    assert (own.state, neighbour.state, neighbour.merged_into) == (State.MERGED, State.RECEIVED, None)
    assert [line.kind for line in neighbour.ledger.order_by("sequence")] == ["received", "merged", "unmerged"]


def test_rows_count_the_crowd() -> None:
    cast, row = Cast(), ticket()
    for _ in range(3):
        merged(ticket(), row, cast)
        row.refresh_from_db()
    assert queries.rows(Ticket.objects.filter(pk=row.pk)).get().children_count == 3  # type: ignore[attr-defined]


# --- splitting ----------------------------------------------------------------------------------------


def test_a_split_gives_each_further_matter_a_ticket_of_the_same_citizen() -> None:
    cast = Cast()
    point: ContactPoint = contact("wechat")
    row = ticket("路灯坏了。另外楼下烧烤油烟大，还有公交车不准点", contact=point, confidential=True, address="解放路")
    pieces = [merging.Piece(text="楼下烧烤油烟大", title="油烟"), merging.Piece(text="公交车不准点", type="suggestion")]
    children = merging.split(ticket=row, by=actors.staff(cast.agent), version=row.version, pieces=pieces)
    told = [(c.text, c.title, c.type, c.state, c.source, c.confidential, c.address) for c in children]
    assert told == [
        ("楼下烧烤油烟大", "油烟", "", "received", "split", True, "解放路"),
        ("公交车不准点", "", "suggestion", "received", "split", True, "解放路"),
    ]
    for child in children:
        assert (child.contact, child.citizen, child.split_from) == (point, row.citizen, row)
        assert [line.data["source"] for line in child.ledger.all()] == ["split"]
        assert deadlines.current(child, Clock.ACCEPT) is not None
    assert row.ledger.get(kind="split").data == {"children": [child.number for child in children]}
    assert (row.state, row.version) == (State.RECEIVED, 2)


def test_nothing_is_split_off_by_nobody() -> None:
    cast, row = Cast(), ticket()
    with pytest.raises(InvalidFields):
        merging.split(ticket=row, by=actors.staff(cast.agent), version=row.version, pieces=[])
    assert Ticket.objects.count() == 1


def test_dispatchers_are_all_who_ever_sent_it_somewhere() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    assert bars.dispatchers(row) == {cast.agent.pk}

"""Exactly one accountable holder at every moment of a ticket's life, whoever it passed through."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.people.roles import Role
from hotline.tickets import accountability, actors, clock, lifecycle, returns
from hotline.tickets.accountability import Beside, HolderKind, told
from hotline.tickets.facts import Kind
from hotline.tickets.models import Clock, Ticket
from hotline.tickets.states import ENDED, State
from tests.factories import Cast, ticket

START = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK, UNIT, REVIEWER, CITIZEN, NOBODY = HolderKind


@dataclass
class Told:
    """A ledger line as it is read."""

    sequence: int
    kind: str
    state: str
    data: dict[str, Any]
    by_id: int | None
    at: datetime


def life(*steps: tuple[str, str, dict[str, Any], int | None]) -> list[Told]:
    """Lines an hour apart from (kind, state after it, data, who)."""
    return [Told(n, *step, START + (n - 1) * HOUR) for n, step in enumerate(steps, start=1)]


def hours(count: float) -> str:
    return (START + count * HOUR).isoformat()


DISPATCH = {"department": "a", "assisting": [], "sign_due_at": hours(5), "due_at": hours(20)}
TAKEN_IN = [("received", "received", {}, None), ("accepted", "accepted", {}, 1)]
HANDED_OUT = [*TAKEN_IN, ("dispatched", "dispatched", DISPATCH, 1), ("signed", "handling", {"department": "a"}, 2)]


def told_of(*steps: tuple[str, str, dict[str, Any], int | None], hour: float = 100) -> list[tuple[Any, ...]]:
    chain = told(life(*steps), START + hour * HOUR)
    return [(s.holder.kind, s.holder.unit, s.staff, s.clock, s.late) for s in chain.spans]


def test_a_plain_life() -> None:
    answered = {"department": "a", "review": True}
    passed = {"call_back": "due"}
    called = {"reached": True, "solved": True, "satisfied": 5}
    assert told_of(
        *HANDED_OUT,
        ("answered", "answer_review", answered, 2),
        ("review_passed", "follow_up", passed, 3),
        ("followed_up", "follow_up", called, 4),
        ("closed", "closed", {"automatic": True}, None),
    ) == [
        (DESK, None, 1, Clock.ACCEPT, False),
        (DESK, None, 1, None, False),
        (UNIT, "a", 2, Clock.SIGN, False),
        (UNIT, "a", 2, Clock.ANSWER, False),
        (REVIEWER, None, 3, Clock.REVIEW, False),
        (REVIEWER, None, 4, Clock.CALL_BACK, False),
        (CITIZEN, None, None, Clock.SILENCE, False),
        (NOBODY, None, None, None, False),
    ]


def test_who_was_asked_first_and_who_passed_the_ball() -> None:
    chain = told(life(*HANDED_OUT), START + 9 * HOUR)
    assert chain.first_asked == 1
    assert [(s.line, s.given_by, s.taken_at, s.start, s.end) for s in chain.spans] == [
        (1, None, START + HOUR, START, START + HOUR),
        (2, 1, START + HOUR, START + HOUR, START + 2 * HOUR),
        (3, 1, START + 3 * HOUR, START + 2 * HOUR, START + 3 * HOUR),
        (4, 2, START + 3 * HOUR, START + 3 * HOUR, None),
    ]


def test_a_span_is_late_when_it_ended_or_lasts_after_its_limit() -> None:
    late = DISPATCH | {"sign_due_at": hours(2.5), "due_at": hours(10)}
    steps = [*TAKEN_IN, ("dispatched", "dispatched", late, 1), ("signed", "handling", {"department": "a"}, None)]
    assert [span[-1] for span in told_of(*steps, hour=9)] == [False, False, True, False]
    assert [span[-1] for span in told_of(*steps, hour=11)] == [False, False, True, True]
    more = [*steps, ("extension_granted", "handling", {"working_days": 2, "due_at": hours(30)}, 3)]
    assert [span[-1] for span in told_of(*more, hour=11)] == [False, False, True, False]
    moved = {"clock": "answer", "department": "a", "due_at": hours(8)}
    assert told_of(*more, ("limit_moved", "handling", moved, None), hour=11)[-1][-1] is True


def test_a_red_card_makes_the_desk_late_too() -> None:
    card = {"card": "red", "clock": "accept", "due_at": hours(0.5)}
    steps = [("received", "received", {}, None), ("card_shown", "received", card, None)]
    chain = told(life(*steps, ("accepted", "accepted", {}, 1)), START + 5 * HOUR)
    assert [(s.clock, s.due_at, s.late) for s in chain.spans] == [
        (Clock.ACCEPT, START + 0.5 * HOUR, True),
        (None, None, False),
    ]


def test_a_pause_leaves_the_unit_accountable_but_holds_it_to_no_clock() -> None:
    assert told_of(
        *HANDED_OUT,
        ("suspended", "suspended", {"reason": "x"}, 9),
        ("resumed", "handling", {"seconds": 3600, "due_at": hours(21)}, 9),
    )[3:] == [
        (UNIT, "a", 2, Clock.ANSWER, False),
        (UNIT, "a", 2, None, False),
        (UNIT, "a", 2, Clock.ANSWER, True),
    ]


def test_a_part_passed_down_and_up_takes_its_limit_along() -> None:
    down = {"department": "a", "to": "a1", "sign_due_at": hours(6)}
    up = {"department": "a1", "to": "a"}
    chain = told(
        life(
            *HANDED_OUT,
            ("passed_down", "dispatched", down, 2),
            ("signed", "handling", {"department": "a1"}, 5),
            ("passed_up", "handling", up, 5),
        ),
        START + 7 * HOUR,
    )
    assert [(s.holder.unit, s.staff, s.clock, s.due_at) for s in chain.spans[3:]] == [
        ("a", 2, Clock.ANSWER, START + 20 * HOUR),
        ("a1", 5, Clock.SIGN, START + 6 * HOUR),
        ("a1", 5, Clock.ANSWER, START + 20 * HOUR),
        ("a", 2, Clock.ANSWER, START + 20 * HOUR),
    ]


def test_returns_and_the_consultation_are_the_reviewers() -> None:
    asked = {"department": "a", "consultation": ["a", "b"], "due_at": hours(5.5)}
    ruled = {"department": "b", "over": ["a"], "precedent": 1}
    assert told_of(
        *HANDED_OUT,
        ("return_requested", "return_review", asked, 2),
        ("opinion_given", "return_review", {"department": "b"}, 6),
        ("consultation_ruled", "dispatched", ruled, 7),
    )[4:] == [(REVIEWER, None, 7, Clock.CONSULTATION, True), (UNIT, "b", None, Clock.SIGN, False)]
    upheld = {"department": "a"}
    assert told_of(
        *HANDED_OUT,
        ("return_requested", "return_review", {"department": "a", "due_at": hours(9)}, 2),
        ("return_upheld", "accepted", upheld, 7),
    )[4:] == [(REVIEWER, None, 7, Clock.RULING, False), (DESK, None, 1, None, False)]


def test_a_recall_gives_the_ball_back_to_the_desk() -> None:
    assert told_of(*HANDED_OUT[:3], ("recalled", "accepted", {"department": "a"}, 8))[2:] == [
        (UNIT, "a", None, Clock.SIGN, False),
        (DESK, None, 1, None, False),
    ]


def test_assisting_units_stand_beside() -> None:
    dispatch = DISPATCH | {"assisting": ["b", "c"]}
    steps = life(
        *TAKEN_IN,
        ("dispatched", "dispatched", dispatch, 1),
        ("units_added", "dispatched", {"departments": ["d"]}, 1),
        ("signed", "handling", {"department": "a"}, 2),
        ("unit_answered", "handling", {"department": "b"}, 3),
        ("passed_down", "handling", {"department": "c", "to": "c1", "sign_due_at": hours(9)}, 4),
        ("unit_released", "handling", {"department": "d"}, 1),
        ("answered", "answer_review", {"department": "a"}, 2),
    )
    chain = told(steps, START + 20 * HOUR)
    assert sorted(chain.beside, key=lambda part: part.unit) == [
        Beside(unit="b", start=START + 2 * HOUR, end=START + 5 * HOUR),
        Beside(unit="c", start=START + 2 * HOUR, end=START + 6 * HOUR),
        Beside(unit="c1", start=START + 6 * HOUR, end=START + 8 * HOUR),
        Beside(unit="d", start=START + 3 * HOUR, end=START + 7 * HOUR),
    ]
    assert {span.holder.unit for span in chain.spans} == {None, "a"}


def test_a_merge_undone_gives_the_ball_back() -> None:
    dispatch = DISPATCH | {"assisting": ["b"]}
    steps = life(
        *TAKEN_IN,
        ("dispatched", "dispatched", dispatch, 1),
        ("merged", "merged", {"into": "1"}, 1),
        ("merged", "merged", {"into": "2", "along": True}, 1),
        ("unmerged", "dispatched", {"out_of": "2"}, 1),
    )
    chain = told(steps, START + 7 * HOUR)
    assert [(s.holder.kind, s.holder.unit, s.due_at) for s in chain.spans[2:]] == [
        (UNIT, "a", START + 5 * HOUR),
        (NOBODY, None, None),
        (UNIT, "a", START + 5 * HOUR),
    ]
    assert [(part.unit, part.start, part.end) for part in chain.beside] == [
        ("b", START + 2 * HOUR, START + 3 * HOUR),
        ("b", START + 5 * HOUR, None),
    ]


def test_a_bad_word_on_the_phone_stays_with_who_heard_it() -> None:
    answered = {"department": "a", "review": False}
    steps = [*HANDED_OUT, ("answered", "follow_up", answered, 2)]
    heard = ("followed_up", "follow_up", {"reached": True, "solved": False}, 4)
    assert told_of(*steps, heard)[4:] == [
        (CITIZEN, None, None, Clock.SILENCE, False),
        (REVIEWER, None, None, Clock.CALL_BACK, False),
    ]
    assert told_of(*steps, heard, ("rework", "rework", {"note": "x", "due_at": hours(50)}, 4))[5:] == [
        (REVIEWER, None, 4, Clock.CALL_BACK, False),
        (UNIT, "a", 2, Clock.ANSWER, True),
    ]


# --- any life at all ------------------------------------------------------------------------------------

CODES = st.sampled_from(["a", "b", "c", "d"])
ENDINGS = ["closed", "refused", "emergency", "merged", "withdrawn", "archived"]
MOMENTS = st.integers(1, 60).map(hours)
FIELDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    Kind.DISPATCHED: st.fixed_dictionaries(
        {"department": CODES, "assisting": st.lists(CODES, unique=True), "sign_due_at": MOMENTS, "due_at": MOMENTS}
    ),
    Kind.CONSULTATION_RULED: st.fixed_dictionaries({"department": CODES}),
    Kind.RETURN_UPHELD: st.fixed_dictionaries({"department": CODES, "moved_to": st.none() | CODES}),
    Kind.PASSED_DOWN: st.fixed_dictionaries({"department": CODES, "to": CODES, "sign_due_at": MOMENTS}),
    Kind.PASSED_UP: st.fixed_dictionaries({"department": CODES, "to": CODES}),
    Kind.UNITS_ADDED: st.fixed_dictionaries({"departments": st.lists(CODES)}),
    Kind.RETURN_REQUESTED: st.fixed_dictionaries({"department": CODES, "due_at": MOMENTS}),
    Kind.CARD_SHOWN: st.fixed_dictionaries({"clock": st.sampled_from(Clock), "due_at": MOMENTS}),
    Kind.LIMIT_MOVED: st.fixed_dictionaries({"clock": st.sampled_from(Clock), "department": CODES, "due_at": MOMENTS}),
    Kind.FOLLOWED_UP: st.fixed_dictionaries({"reached": st.booleans(), "solved": st.none() | st.booleans()}),
}


@st.composite
def any_life(draw: st.DrawFn) -> list[Told]:
    """Lines of any kinds in any order; only a unit's states need a unit, which a dispatch names first."""
    lines = life(*TAKEN_IN, ("dispatched", "dispatched", DISPATCH, 1))
    at = lines[-1].at
    for number in range(4, draw(st.integers(4, 25))):
        kind = draw(st.sampled_from(sorted(set(Kind) - {Kind.RECALLED})))
        data = draw(FIELDS.get(kind, st.fixed_dictionaries({"department": CODES})))
        at += draw(st.sampled_from([-HOUR, timedelta(0), HOUR, 5 * HOUR]))
        state = draw(st.sampled_from(State))
        if kind == Kind.RETURN_UPHELD:
            state = State.DISPATCHED if data["moved_to"] else State.ACCEPTED
            lines.append(Told(number, kind, state, data, draw(st.none() | st.integers(1, 5)), at))
            if not data["moved_to"]:
                break
            continue
        lines.append(Told(number, kind, state, data, draw(st.none() | st.integers(1, 5)), at))
    return lines


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_life(), st.floats(0, 1))
def test_exactly_one_holder_at_any_moment(lines: list[Told], share: float) -> None:
    now = max(line.at for line in lines) + HOUR
    spans = told(lines, now).spans
    assert spans[0].start == lines[0].at
    assert spans[-1].end is None
    for before, after in pairwise(spans):
        assert before.end == after.start
        assert before.start < before.end
    moment = spans[0].start + share * (now - spans[0].start)
    assert len([span for span in spans if span.start <= moment and (span.end is None or moment < span.end)]) == 1
    for span in spans:
        assert (span.holder.kind == NOBODY) == (span.state in ENDED)
        assert (span.holder.kind == UNIT) == (span.holder.unit is not None)
    assert spans[-1].state == lines[-1].state


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_line_can_be_told(kind: Kind) -> None:
    data = {"department": "a", "to": "b", "clock": "answer", "due_at": hours(9), "reached": True, "departments": ["c"]}
    spans = told(life(*HANDED_OUT, (kind, "handling", data, 2)), START + 5 * HOUR).spans
    assert len(spans) >= 4
    assert spans[-1].holder.kind == UNIT


# --- by the real verbs ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_return_as_the_verbs_write_it() -> None:
    cast = Cast()
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    by = actors.staff
    with clock.at(now):
        row = ticket()
    with clock.at(now + HOUR):
        lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version)
    with clock.at(now + 2 * HOUR):
        lifecycle.dispatch_to(ticket=row, by=by(cast.agent), version=row.version, department=cast.unit)
    with clock.at(now + 3 * HOUR):
        returns.request_return(
            ticket=row, by=by(cast.clerk), version=row.version, reason="not_our_duty", basis="三定方案"
        )
    with clock.at(now + 4 * HOUR):
        returns.rule_on_return(
            ticket=row, by=by(cast.lead), version=row.version, upheld=True, department=cast.other_unit
        )
    with clock.at(now + 5 * HOUR):
        chain = accountability.chain_of(Ticket.objects.get(pk=row.pk))
    assert [(s.holder.kind, s.holder.unit, s.holder.role, s.staff, s.start, s.late) for s in chain.spans] == [
        (DESK, None, Role.AGENT, cast.agent.pk, now, False),
        (DESK, None, Role.AGENT, cast.agent.pk, now + HOUR, False),
        (UNIT, cast.unit.code, None, cast.clerk.pk, now + 2 * HOUR, False),
        (REVIEWER, None, Role.LEAD, cast.lead.pk, now + 3 * HOUR, False),
        (UNIT, cast.other_unit.code, None, None, now + 4 * HOUR, False),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_the_last_span_is_where_the_ticket_stands(state: State) -> None:
    row = Cast().ticket_in(state)
    last = accountability.chain_of(row).spans[-1]
    assert (last.state, last.end) == (state, None)
    assert (last.holder.kind == NOBODY) == (state in ENDED)
    assert last.holder.unit == (row.department.code if last.holder.kind == UNIT and row.department else None)

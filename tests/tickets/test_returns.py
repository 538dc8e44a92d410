"""The returns court: one ruling each, no unit twice, the n-th return to a consultation; ping-pong cannot be built."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.models import Policy
from hotline.people.models import Department, Staff
from hotline.tickets import access, clock, deadlines, lifecycle, pauses, returns
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours, TicketError
from hotline.tickets.models import Assignment, Clock, Consultation, Matter, Precedent, ReturnRequest, Ticket
from hotline.tickets.states import State
from tests.factories import Cast, department, staff, ticket

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


def give_back(row: Ticket, clerk: Staff, proposed: Department | None = None, basis: str = "三定方案") -> Ticket:
    return returns.request_return(
        ticket=row, by=by(clerk), version=row.version, reason="not_our_duty", basis=basis, proposed=proposed
    )


def rule(row: Ticket, person: Staff, upheld: bool, to: Department | None = None, note: str = "依职责") -> Ticket:
    return returns.rule_on_return(
        ticket=row, by=by(person), version=row.version, upheld=upheld, department=to, note=note
    )


def opine(row: Ticket, clerk: Staff, text: str) -> Ticket:
    return returns.opine(ticket=row, by=by(clerk), version=row.version, text=text)


def running(row: Ticket) -> set[str]:
    return set(deadlines.running(row).values_list("clock", flat=True))


def fields_of(caught: pytest.ExceptionInfo[InvalidFields]) -> set[str]:
    return set(caught.value.errors)


# --- one return, one ruling --------------------------------------------------------------------------


def test_a_return_needs_its_basis_and_another_unit() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    with pytest.raises(InvalidFields) as caught:
        give_back(row, cast.clerk, basis="  ")
    assert fields_of(caught) == {"basis"}
    with pytest.raises(InvalidFields) as caught:
        give_back(row, cast.clerk, proposed=cast.unit)
    assert fields_of(caught) == {"proposed_department"}
    assert not ReturnRequest.objects.exists()


def test_the_window_closes_and_allowed_says_so() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    window = deadlines.required(row, Clock.RETURN, row.assignments.get())
    with clock.at(window.due_at):
        assert "return" in access.allowed(cast.clerk, row)
    with clock.at(window.due_at + timedelta(seconds=1)):
        assert "return" not in access.allowed(cast.clerk, row)
        with pytest.raises(NotAllowed):
            give_back(row, cast.clerk)


def test_only_the_lead_unit_returns() -> None:
    cast = Cast()
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.dispatch_to(
        ticket=row, by=by(cast.agent), version=row.version, department=cast.unit, assisting=(cast.helper_unit,)
    )
    assert "return" not in access.allowed(cast.helper_clerk, row)
    with pytest.raises(NotAllowed):
        give_back(row, cast.helper_clerk)


def test_refused_stays_signed_for_and_is_final() -> None:
    cast = Cast()
    row = cast.ticket_in(State.DISPATCHED)
    give_back(row, cast.clerk, cast.other_unit)
    assert {Clock.RULING} == running(row) & {Clock.RULING, Clock.CONSULTATION}
    rule(row, cast.lead, upheld=False)
    part = row.assignments.get()
    assert (row.state, row.returns_final, row.department) == (State.HANDLING, True, cast.unit)
    assert (part.state, part.auto_signed, part.signed_by) == (Assignment.State.HANDLING, True, None)
    assert Clock.RULING not in running(row)
    assert "return" not in access.allowed(cast.clerk, row)
    with pytest.raises(NotAllowed):
        give_back(row, cast.clerk)


def test_a_refused_return_cannot_name_another_unit() -> None:
    cast = Cast()
    row = cast.ticket_in(State.RETURN_REVIEW)
    with pytest.raises(InvalidFields) as caught:
        rule(row, cast.lead, upheld=False, to=cast.other_unit)
    assert fields_of(caught) == {"department"}


def test_upheld_gives_the_other_unit_fresh_clocks() -> None:
    cast = Cast()
    row = cast.ticket_in(State.RETURN_REVIEW)
    later = MORNING + timedelta(hours=3)
    with clock.at(later):
        rule(row, cast.lead, upheld=True, to=cast.other_unit)
    mine, theirs = row.assignments.order_by("pk")
    assert (mine.state, theirs.state) == (Assignment.State.RETURNED, Assignment.State.TO_SIGN)
    assert (row.state, row.department, row.first_department) == (State.DISPATCHED, cast.other_unit, cast.unit)
    started = deadlines.running(row).values_list("assignment", "clock", "started_at")
    assert set(started) == {(theirs.pk, which, later) for which in ("sign", "contact", "return", "answer")}


def test_a_unit_that_rightly_returned_it_gets_it_neither_by_ruling_nor_by_dispatch() -> None:
    cast = Cast()
    row = cast.ticket_in(State.RETURN_REVIEW)
    rule(row, cast.lead, upheld=True)
    assert (row.state, row.department, row.due_at) == (State.ACCEPTED, None, None)
    assert not deadlines.running(row).exists()
    with pytest.raises(InvalidFields) as caught:
        lifecycle.dispatch_to(ticket=row, by=by(cast.agent), version=row.version, department=cast.unit)
    assert fields_of(caught) == {"department"}
    lifecycle.dispatch_to(ticket=row, by=by(cast.agent), version=row.version, department=cast.other_unit)
    assert row.state == State.DISPATCHED


def test_a_return_settles_an_open_request_for_more_time() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    pauses.request_extension(ticket=row, by=by(cast.clerk), version=row.version, working_days=2, reason="天气")
    give_back(row, cast.clerk)
    assert row.extensions.get().granted is False
    assert deadlines.running(row).filter(clock=Clock.RULING).count() == 1
    rule(row, cast.lead, upheld=False)
    assert Clock.RULING not in running(row)


# --- the consultation ---------------------------------------------------------------------------------


@dataclass
class Dispute:
    """A ticket that two units have returned: `cast.unit` and then `cast.other_unit`."""

    cast: Cast = field(default_factory=Cast)
    row: Ticket = field(init=False)

    def __post_init__(self) -> None:
        matter = Matter.objects.create(code="9901", name="界河垃圾")
        self.row = self.cast.ticket_in(State.RETURN_REVIEW)
        Ticket.objects.filter(pk=self.row.pk).update(matter=matter)
        rule(self.row, self.cast.lead, upheld=True, to=self.cast.other_unit)
        give_back(self.row, self.cast.other_clerk, self.cast.helper_unit)


def test_the_second_return_opens_a_consultation_on_its_own_clock() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    concerned = [cast.unit, cast.other_unit, cast.helper_unit]
    consultation = Consultation.objects.get()
    assert set(consultation.units.all()) == set(concerned)
    assert {Clock.CONSULTATION} == running(row) & {Clock.RULING, Clock.CONSULTATION}
    line = row.ledger.get(kind="return_requested", data__department=cast.other_unit.code)
    assert line.data["consultation"] == sorted(unit.code for unit in concerned)
    assert datetime.fromisoformat(line.data["due_at"]) == deadlines.due_at(row, Clock.CONSULTATION)


def test_units_concerned_are_heard_though_their_part_is_over_and_may_do_nothing_else() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    assert access.allowed(cast.clerk, row) == ["opinion"]
    assert access.allowed(cast.helper_clerk, row) == ["opinion"]
    assert "opinion" in access.allowed(cast.other_clerk, row)
    assert not access.sees_personal_data(cast.clerk, row)
    for clerk in (cast.clerk, cast.helper_clerk, cast.other_clerk):
        assert list(access.visible_to(clerk)) == [row]
    stranger = staff("department")
    assert not access.visible_to(stranger).exists()
    with pytest.raises(NotYours):
        opine(row, stranger, "我来说两句")
    with pytest.raises(NotYours):
        opine(row, cast.lead, "我来说两句")


def test_a_later_opinion_takes_the_place_of_the_earlier_one_and_the_ledger_keeps_both() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    opine(row, cast.clerk, "河道归水务")
    opine(row, cast.helper_clerk, "垃圾归城管")
    opine(row, cast.clerk, "河面归水务,河岸归城管")
    said = Consultation.objects.get().opinions.values_list("department", "text")
    assert set(said) == {(cast.unit.pk, "河面归水务,河岸归城管"), (cast.helper_unit.pk, "垃圾归城管")}
    lines = row.ledger.filter(kind="opinion_given").order_by("sequence")
    assert [line.data["text"] for line in lines] == ["河道归水务", "垃圾归城管", "河面归水务,河岸归城管"]


def test_only_a_supervisor_rules_with_a_unit_and_reasons() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    assert "rule-on-return" not in access.allowed(cast.lead, row)
    assert "rule-on-return" in access.allowed(cast.supervisor, row)
    with pytest.raises(NotYours):
        rule(row, cast.lead, upheld=True, to=cast.unit)
    with pytest.raises(InvalidFields) as caught:
        rule(row, cast.supervisor, upheld=True)
    assert fields_of(caught) == {"department"}
    with pytest.raises(InvalidFields) as caught:
        rule(row, cast.supervisor, upheld=True, to=cast.unit, note=" ")
    assert fields_of(caught) == {"note"}
    assert not Precedent.objects.exists()


def test_the_ruling_is_final_for_all_may_name_who_returned_it_and_is_a_precedent() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    rule(row, cast.supervisor, upheld=True, to=cast.unit, note="河长制办法第八条")
    precedent = Precedent.objects.get()
    assert (precedent.ticket, precedent.department, precedent.reasoning) == (row, cast.unit, "河长制办法第八条")
    assert (precedent.matter.code, precedent.by) == ("9901", cast.supervisor)
    assert set(precedent.against.all()) == {cast.other_unit, cast.helper_unit}
    assert (row.state, row.department, row.returns_final) == (State.DISPATCHED, cast.unit, True)
    assert running(row) == {"sign", "contact", "return", "answer"}
    assert "return" not in access.allowed(cast.clerk, row)
    with pytest.raises(NotAllowed):
        give_back(row, cast.clerk)
    for clerk in (cast.other_clerk, cast.helper_clerk):
        assert not access.visible_to(clerk).exists(), "heard no longer"
    line = row.ledger.get(kind="consultation_ruled")
    assert line.data == {
        "department": cast.unit.code,
        "over": sorted([cast.other_unit.code, cast.helper_unit.code]),
        "note": "河长制办法第八条",
        "precedent": precedent.pk,
        "moved": True,
        "due_at": row.due_at.isoformat() if row.due_at else None,
    }


def test_the_ruling_may_leave_it_where_it_is() -> None:
    dispute = Dispute()
    cast, row = dispute.cast, dispute.row
    answer_due = row.due_at
    rule(row, cast.supervisor, upheld=False, to=cast.other_unit, note="派单目录")
    assert (row.state, row.department, row.returns_final) == (State.HANDLING, cast.other_unit, True)
    assert row.due_at == answer_due
    assert row.ledger.get(kind="consultation_ruled").data["moved"] is False
    assert [r.upheld for r in row.returns.order_by("pk")] == [True, False]


# --- ping-pong ----------------------------------------------------------------------------------------

HOLDER = -1
UNITS = 4
unit_index = st.integers(HOLDER, UNITS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("return"), unit_index, unit_index),
        st.tuples(st.just("rule"), st.sampled_from(["lead", "supervisor"]), st.booleans(), unit_index | st.none()),
        st.tuples(st.just("dispatch"), unit_index),
        st.tuples(st.just("sign"), unit_index),
        st.tuples(st.just("opinion"), unit_index),
    ),
    max_size=40,
)


class Court:
    """Four units with a clerk each, and two reviewers who try whatever comes to their minds."""

    def __init__(self) -> None:
        self.units = [department() for _ in range(UNITS)]
        self.clerks = [staff("department", unit) for unit in self.units]
        self.people = {"lead": staff("lead"), "supervisor": staff("supervisor"), "agent": staff("agent")}
        self.row = ticket()
        lifecycle.accept(ticket=self.row, by=by(self.people["agent"]), version=self.row.version)

    def holder(self) -> int:
        codes = [unit.pk for unit in self.units]
        return codes.index(self.row.department_id) if self.row.department_id else 0

    def index(self, wanted: int) -> int:
        return self.holder() if wanted == HOLDER else wanted

    def try_(self, verb: str, *arguments: object) -> None:
        self.row.refresh_from_db()
        try:
            with transaction.atomic():
                getattr(self, verb + "_")(*arguments)
        except TicketError:
            pass
        self.row.refresh_from_db()

    def return_(self, unit: int, proposed: int) -> None:
        give_back(self.row, self.clerks[self.index(unit)], self.units[self.index(proposed)])

    def rule_(self, person: str, upheld: bool, to: int | None) -> None:
        unit = None if to is None else self.units[self.index(to)]
        rule(self.row, self.people[person], upheld, unit)

    def dispatch_(self, unit: int) -> None:
        agent = by(self.people["agent"])
        lifecycle.dispatch_to(
            ticket=self.row, by=agent, version=self.row.version, department=self.units[self.index(unit)]
        )

    def sign_(self, unit: int) -> None:
        lifecycle.sign_for(ticket=self.row, by=by(self.clerks[self.index(unit)]), version=self.row.version)

    def opinion_(self, unit: int) -> None:
        opine(self.row, self.clerks[self.index(unit)], "不归我们")

    def check(self, consult_after: int) -> None:
        row = self.row
        assert row.returns.count() <= consult_after
        leads = row.assignments.filter(role=Assignment.Role.LEAD, state__in=access.LIVE_PARTS)
        assert leads.count() == (0 if row.state == State.ACCEPTED else 1)
        for part in row.assignments.filter(state=Assignment.State.RETURNED):
            again = row.assignments.filter(department=part.department, pk__gt=part.pk)
            assert not again or Precedent.objects.filter(ticket=row, department=part.department).exists()
        if row.returns_final:
            assert all("return" not in access.allowed(clerk, row) for clerk in self.clerks)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 3), steps)
def test_no_sequence_of_returns_and_rulings_is_ping_pong(consult_after: int, tried: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        Policy.objects.filter(key="consult_after").update(value=consult_after)
        court = Court()
        for verb, *arguments in tried:
            court.try_(str(verb), *arguments)
            court.check(consult_after)
        transaction.set_rollback(True)


def test_the_court_of_the_property_reaches_its_last_ruling() -> None:
    """The property would hold for a court in which nothing works: this one works."""
    court = Court()
    for step in (
        ("dispatch", 0),
        ("return", HOLDER, 1),
        ("rule", "lead", True, 1),
        ("sign", 1),
        ("return", HOLDER, 0),
        ("opinion", 0),
        ("rule", "lead", True, 0),
        ("rule", "supervisor", True, 0),
        ("return", 0, 1),
    ):
        court.try_(str(step[0]), *step[1:])
        court.check(2)
    kinds = list(court.row.ledger.order_by("sequence").values_list("kind", flat=True))
    assert kinds == [
        "received",
        "accepted",
        "dispatched",
        "return_requested",
        "return_upheld",
        "signed",
        "return_requested",
        "opinion_given",
        "consultation_ruled",
    ]


def test_a_unit_that_is_complained_of_is_not_heard_in_the_consultation() -> None:
    cast = Cast()
    row = cast.ticket_in(State.RETURN_REVIEW)
    rule(row, cast.lead, upheld=True, to=cast.other_unit)
    lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, accused=[cast.unit])
    give_back(row, cast.other_clerk, cast.helper_unit)
    assert set(Consultation.objects.get().units.all()) == {cast.other_unit, cast.helper_unit}
    lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, accused=[cast.unit, cast.helper_unit])
    assert set(Consultation.objects.get().units.all()) == {cast.other_unit}

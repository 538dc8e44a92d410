"""Several units and four levels: recall, assist, release, pass down and back up, each with its own part and clocks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.models import Duty, Policy
from hotline.people.models import Department, Staff
from hotline.tickets import access, actors, clock, closing, deadlines, ledger, levels, lifecycle, pauses, returns
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Assignment, Clock, Matter, Ticket
from hotline.tickets.states import State
from tests.factories import Cast, staff, ticket

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""


def by(person: Staff) -> actors.Actor:
    return actors.staff(person)


def part_of(row: Ticket, unit: Department) -> Assignment:
    """The unit's latest part."""
    return row.assignments.filter(department=unit).order_by("-pk")[0]


def running(row: Ticket, unit: Department) -> dict[str, datetime]:
    """The unit's running clocks and when they end."""
    return {d.clock: d.due_at for d in deadlines.running(row).filter(assignment__department=unit)}


def kinds(row: Ticket) -> list[str]:
    assert ledger.verify(Ticket.objects.get(pk=row.pk))
    return list(row.ledger.order_by("sequence").values_list("kind", flat=True))


def refused(error: pytest.ExceptionInfo[InvalidFields]) -> set[str]:
    """The fields that were wrong."""
    return set(error.value.errors)


class Tree:
    """A city bureau, its district branch, the branch's street team and that one's community, each with a clerk."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.matter = Matter.objects.create(code="t1", name="路灯")
        self.city = cast.unit
        self.district = self._below(self.city, "district")
        self.street = self._below(self.district, "street")
        self.community = self._below(self.street, "community")
        self.city_clerk = cast.clerk
        self.district_clerk = staff("department", self.district)
        self.street_clerk = staff("department", self.street)
        self.grid_worker = staff("department", self.community)

    def _below(self, parent: Department, level: str) -> Department:
        unit = Department.objects.create(code=f"t-{level}", name=f"{level}所", level=level, parent=parent)
        Duty.objects.create(
            matter=self.matter, department=unit, basis=f"下放清单{level}", rank=2, from_date=date(2020, 1, 1)
        )
        return unit

    def handled(self) -> Ticket:
        """A ticket that the city bureau has signed for."""
        row = self.dispatched()
        return lifecycle.sign_for(ticket=row, by=by(self.city_clerk), version=row.version)

    def dispatched(self, *assisting: Department) -> Ticket:
        row = ticket()
        agent = by(self.cast.agent)
        lifecycle.accept(ticket=row, by=agent, version=row.version, matter=self.matter)
        lifecycle.dispatch_to(ticket=row, by=agent, version=row.version, department=self.city, assisting=assisting)
        return row

    def passed(self, row: Ticket, person: Staff, to: Department) -> Ticket:
        return levels.pass_down(ticket=row, by=by(person), version=row.version, department=to)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def tree(cast: Cast) -> Tree:
    return Tree(cast)


# --- each unit its own part --------------------------------------------------------------------------


def test_each_unit_signs_and_answers_for_itself(tree: Tree) -> None:
    cast = tree.cast
    with clock.at(MORNING):
        row = tree.dispatched(cast.helper_unit)
    assert running(row, tree.city).keys() >= {Clock.SIGN, Clock.RETURN, Clock.ANSWER}
    assert running(row, cast.helper_unit).keys() == {Clock.SIGN, Clock.ANSWER}

    with clock.at(MORNING + timedelta(hours=1)):
        lifecycle.sign_for(ticket=row, by=by(cast.helper_clerk), version=row.version)
    assert row.state == State.DISPATCHED, "only the lead's signature moves the ticket"
    assert running(row, cast.helper_unit).keys() == {Clock.ANSWER}
    assert Clock.SIGN in running(row, tree.city)

    with clock.at(MORNING + timedelta(hours=2)):
        lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
        lifecycle.answer(ticket=row, by=by(tree.city_clerk), version=row.version, public="已修好")
    assert (row.state, row.answered_at) == (State.HANDLING, None)
    with clock.at(MORNING + timedelta(hours=3)):
        lifecycle.answer(ticket=row, by=by(cast.helper_clerk), version=row.version, public="已配合")
    assert row.state == State.ANSWER_REVIEW
    assert kinds(row)[-5:] == ["dispatched", "signed", "signed", "unit_answered", "answered"]


def test_assisting_units_are_called_in_later(tree: Tree) -> None:
    cast, row = tree.cast, tree.handled()
    levels.assist(
        ticket=row, by=by(cast.agent), version=row.version, assisting=(cast.helper_unit, cast.other_unit), note="急"
    )
    assert (row.state, row.department) == (State.HANDLING, tree.city)
    line = row.ledger.get(kind="units_added")
    assert line.data == {"departments": [cast.helper_unit.code, cast.other_unit.code], "note": "急"}
    assert running(row, cast.helper_unit).keys() == {Clock.SIGN, Clock.ANSWER}
    with pytest.raises(InvalidFields) as error:
        levels.assist(ticket=row, by=by(cast.agent), version=row.version, assisting=(cast.helper_unit,))
    assert refused(error) == {"assisting"}
    for wrong in ((), (tree.city,), (tree.street, tree.street)):
        with pytest.raises(InvalidFields):
            levels.assist(ticket=row, by=by(cast.agent), version=row.version, assisting=wrong)


def test_no_more_assisting_units_than_a_dispatch_may_name(tree: Tree) -> None:
    row = tree.handled()
    Policy.objects.filter(key="most_assisting").update(value=3)
    many = tuple(Department.objects.create(code=f"many{n}", name=str(n), level="city") for n in range(3))
    levels.assist(ticket=row, by=by(tree.cast.agent), version=row.version, assisting=many)
    with pytest.raises(InvalidFields):
        levels.assist(ticket=row, by=by(tree.cast.agent), version=row.version, assisting=(tree.cast.other_unit,))


def test_an_assisting_unit_is_released(tree: Tree) -> None:
    cast = tree.cast
    row = tree.dispatched(cast.helper_unit, cast.other_unit)
    agent = by(cast.agent)
    assert "release" in access.allowed(cast.agent, row)
    levels.release(ticket=row, by=agent, version=row.version, department=cast.helper_unit, note="不需要")
    assert part_of(row, cast.helper_unit).state == Assignment.State.RELEASED
    assert running(row, cast.helper_unit) == {}
    assert not access.visible_to(cast.helper_clerk).exists()
    assert row.ledger.get(kind="unit_released").data == {"department": cast.helper_unit.code, "note": "不需要"}
    with pytest.raises(InvalidFields) as error:
        levels.release(ticket=row, by=agent, version=row.version, department=cast.helper_unit)
    assert refused(error) == {"department"}
    with pytest.raises(InvalidFields):
        levels.release(ticket=row, by=agent, version=row.version, department=tree.city)


def test_releasing_the_last_one_waited_for_completes_the_answer(tree: Tree) -> None:
    cast = tree.cast
    row = tree.dispatched(cast.helper_unit)
    lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
    lifecycle.answer(ticket=row, by=by(tree.city_clerk), version=row.version, public="已修好", solved=True)
    levels.release(ticket=row, by=by(cast.agent), version=row.version, department=cast.helper_unit, note="不需要")
    assert row.state == State.ANSWER_REVIEW
    line = row.ledger.get(kind="answered")
    assert line.data["department"] == tree.city.code
    assert (line.data["released"], line.data["note"], line.data["solved"]) == (cast.helper_unit.code, "不需要", True)
    assert {d.clock for d in deadlines.running(row)} == {Clock.REVIEW}
    with pytest.raises(NotAllowed):
        levels.release(ticket=row, by=by(cast.agent), version=row.version, department=cast.helper_unit)


# --- recall ------------------------------------------------------------------------------------------


def test_a_dispatch_is_taken_back_while_nobody_has_signed(tree: Tree) -> None:
    cast, row = tree.cast, tree.dispatched(tree.cast.helper_unit)
    levels.recall(ticket=row, by=by(cast.agent), version=row.version, note="派错了")
    assert (row.state, row.department, row.due_at, row.sign_due_at) == (State.ACCEPTED, None, None, None)
    assert {p.state for p in row.assignments.all()} == {Assignment.State.RELEASED}
    assert not deadlines.running(row).exists()
    assert row.ledger.get(kind="recalled").data == {"department": tree.city.code, "automatic": False, "note": "派错了"}
    assert not access.visible_to(tree.city_clerk).exists()
    lifecycle.dispatch_to(ticket=row, by=by(cast.agent), version=row.version, department=tree.city)
    assert kinds(row) == ["received", "accepted", "dispatched", "recalled", "dispatched"]


def test_what_somebody_has_signed_for_is_not_taken_back(tree: Tree) -> None:
    cast, row = tree.cast, tree.dispatched(tree.cast.helper_unit)
    lifecycle.sign_for(ticket=row, by=by(cast.helper_clerk), version=row.version)
    assert row.state == State.DISPATCHED
    assert "recall" not in access.allowed(cast.agent, row)
    with pytest.raises(NotAllowed):
        levels.recall(ticket=row, by=by(cast.agent), version=row.version)


def test_a_ruling_on_a_return_is_not_taken_back(tree: Tree) -> None:
    cast, row = tree.cast, tree.dispatched()
    returns.request_return(ticket=row, by=by(tree.city_clerk), version=row.version, reason="not_our_duty", basis="三定")
    returns.rule_on_return(ticket=row, by=by(cast.lead), version=row.version, upheld=True, department=cast.other_unit)
    assert row.state == State.DISPATCHED
    with pytest.raises(NotAllowed):
        levels.recall(ticket=row, by=by(cast.agent), version=row.version)


def automatic(tree: Tree) -> Ticket:
    row = ticket()
    lifecycle.accept(ticket=row, by=by(tree.cast.agent), version=row.version, matter=tree.matter)
    lifecycle.dispatch_to(ticket=row, by=SYSTEM, version=None, department=tree.city, confidence=0.99)
    return row


def test_an_automatic_dispatch_is_taken_back_for_a_minute_even_when_signed(tree: Tree) -> None:
    agent = by(tree.cast.agent)
    with clock.at(MORNING):
        row = automatic(tree)
        assert row.recall_until == MORNING + timedelta(seconds=60)
        lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
        pauses.request_extension(
            ticket=row,
            by=by(tree.city_clerk),
            version=row.version,
            working_days=1,
            reason="天气",
        )
    with clock.at(MORNING + timedelta(seconds=59)):
        assert "recall" in access.allowed(tree.cast.agent, Ticket.objects.get(pk=row.pk))
        levels.recall(ticket=row, by=agent, version=row.version)
    assert (row.state, row.recall_until) == (State.ACCEPTED, None)
    assert row.ledger.get(kind="recalled").data["automatic"] is True
    assert not row.extensions.filter(granted=None).exists()
    assert not deadlines.running(row).exists()


def test_after_the_minute_a_signed_automatic_dispatch_stays(tree: Tree) -> None:
    with clock.at(MORNING):
        row = automatic(tree)
        lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
    with clock.at(MORNING + timedelta(seconds=60)), pytest.raises(NotAllowed):
        levels.recall(ticket=row, by=by(tree.cast.agent), version=row.version)


def test_an_answer_is_not_taken_back_even_within_the_minute(tree: Tree) -> None:
    with clock.at(MORNING):
        row = automatic(tree)
        levels.assist(ticket=row, by=by(tree.cast.agent), version=row.version, assisting=(tree.cast.helper_unit,))
        lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
        lifecycle.answer(ticket=row, by=by(tree.city_clerk), version=row.version, public="已修好")
        assert row.state == State.HANDLING
        with pytest.raises(NotAllowed):
            levels.recall(ticket=row, by=by(tree.cast.agent), version=row.version)


# --- down and up the levels --------------------------------------------------------------------------


def test_a_part_goes_down_with_its_limit_and_a_sign_clock_of_its_own(tree: Tree) -> None:
    with clock.at(MORNING):
        row = tree.handled()
        due = running(row, tree.city)[Clock.ANSWER]
        contact = running(row, tree.city)[Clock.CONTACT]
    with clock.at(MORNING + timedelta(days=1)):
        tree.passed(row, tree.city_clerk, tree.district)
    assert (row.state, row.department, row.due_at) == (State.DISPATCHED, tree.district, due)
    assert running(row, tree.city) == {}
    assert running(row, tree.district)[Clock.ANSWER] == due
    assert running(row, tree.district)[Clock.CONTACT] == contact
    assert row.sign_due_at == running(row, tree.district)[Clock.SIGN]
    assert Clock.RETURN not in running(row, tree.district), "a unit below hands back, it does not return"
    upper, lower = part_of(row, tree.city), part_of(row, tree.district)
    assert (upper.state, lower.state, lower.passed_from) == ("passed", "to_sign", upper)
    line = row.ledger.get(kind="passed_down")
    assert line.data["basis"] == "下放清单district"
    assert (line.data["department"], line.data["to"]) == (tree.city.code, tree.district.code)
    assert row.first_department == tree.city

    assert access.visible_to(tree.city_clerk).get() == row, "the unit above still sees what it passed down"
    assert not access.visible_to(tree.cast.other_clerk).exists()
    lifecycle.sign_for(ticket=row, by=by(tree.district_clerk), version=row.version)
    assert row.state == State.HANDLING


def test_down_to_the_grid_worker_who_answers(tree: Tree) -> None:
    row = tree.handled()
    due = row.due_at
    for giver, taker, unit in (
        (tree.city_clerk, tree.district_clerk, tree.district),
        (tree.district_clerk, tree.street_clerk, tree.street),
        (tree.street_clerk, tree.grid_worker, tree.community),
    ):
        tree.passed(row, giver, unit)
        lifecycle.sign_for(ticket=row, by=by(taker), version=row.version)
    assert (row.department, row.due_at) == (tree.community, due)
    lifecycle.answer(ticket=row, by=by(tree.grid_worker), version=row.version, public="已修好")
    assert row.state == State.ANSWER_REVIEW
    assert kinds(row)[3:] == ["signed", *["passed_down", "signed"] * 3, "answered"]
    closing.review(ticket=row, by=by(tree.cast.quality), version=row.version, approved=False, note="缺照片")
    assert running(row, tree.community).keys() == {Clock.ANSWER}


def test_levels_may_be_skipped(tree: Tree) -> None:
    row = tree.handled()
    tree.passed(row, tree.city_clerk, tree.community)
    assert row.department == tree.community


def test_only_downwards_and_only_what_the_catalogue_lets_the_unit_do(tree: Tree) -> None:
    row = tree.handled()
    not_charged = Department.objects.create(code="t-idle", name="未授权所", level="district", parent=tree.city)
    for unit in (tree.cast.other_unit, tree.city, not_charged):
        with pytest.raises(InvalidFields) as error:
            tree.passed(row, tree.city_clerk, unit)
        assert refused(error) == {"department"}
    tree.passed(row, tree.city_clerk, tree.street)
    lifecycle.sign_for(ticket=row, by=by(tree.street_clerk), version=row.version)
    with pytest.raises(InvalidFields):
        tree.passed(row, tree.street_clerk, tree.district)
    assert row.department == tree.street


def test_a_unit_signs_before_it_passes_on(tree: Tree) -> None:
    row = tree.dispatched()
    assert "pass-down" not in access.allowed(tree.city_clerk, row)
    with pytest.raises(NotAllowed):
        tree.passed(row, tree.city_clerk, tree.district)


def test_a_sign_clock_never_outlasts_the_answer(tree: Tree) -> None:
    with clock.at(MORNING):
        row = tree.handled()
        due = row.due_at
    assert due is not None
    with clock.at(due - timedelta(minutes=5)):
        tree.passed(row, tree.city_clerk, tree.district)
    assert (row.sign_due_at, row.due_at) == (due, due)
    sign = deadlines.required(row, Clock.SIGN, part_of(row, tree.district))
    assert sign.next_at == due
    assert sign.explanation[-1] == "不晚于答复时限。"


def test_back_up_with_the_same_limit(tree: Tree) -> None:
    with clock.at(MORNING):
        row = tree.handled()
        due, window = row.due_at, running(row, tree.city)[Clock.RETURN]
        tree.passed(row, tree.city_clerk, tree.district)
    with clock.at(MORNING + timedelta(hours=1)):
        levels.pass_up(ticket=row, by=by(tree.district_clerk), version=row.version, note="无执法权")
    assert (row.state, row.department, row.due_at, row.sign_due_at) == (State.HANDLING, tree.city, due, None)
    assert part_of(row, tree.district).state == Assignment.State.PASSED
    assert running(row, tree.district) == {}
    assert running(row, tree.city)[Clock.ANSWER] == due
    assert running(row, tree.city)[Clock.RETURN] == window, "the rest of its own window, no more"
    assert not access.visible_to(tree.district_clerk).exists()
    assert row.ledger.get(kind="passed_up").data == {
        "department": tree.district.code,
        "to": tree.city.code,
        "note": "无执法权",
    }
    with pytest.raises(InvalidFields) as error:
        tree.passed(row, tree.city_clerk, tree.district)
    assert refused(error) == {"department"}
    tree.passed(row, tree.city_clerk, tree.street)  # another one may be tried


def test_back_up_two_levels_one_by_one(tree: Tree) -> None:
    row = tree.handled()
    tree.passed(row, tree.city_clerk, tree.district)
    lifecycle.sign_for(ticket=row, by=by(tree.district_clerk), version=row.version)
    tree.passed(row, tree.district_clerk, tree.street)
    levels.pass_up(ticket=row, by=by(tree.street_clerk), version=row.version, note="一")
    assert row.department == tree.district
    levels.pass_up(ticket=row, by=by(tree.district_clerk), version=row.version, note="二")
    assert (row.department, row.state) == (tree.city, State.HANDLING)
    assert "pass-up" not in access.allowed(tree.city_clerk, row)
    with pytest.raises(NotAllowed):
        levels.pass_up(ticket=row, by=by(tree.city_clerk), version=row.version, note="三")


def test_an_assisting_part_goes_down_without_moving_the_ticket(tree: Tree) -> None:
    cast = tree.cast
    row = ticket()
    lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version, matter=tree.matter)
    lifecycle.dispatch_to(
        ticket=row, by=by(cast.agent), version=row.version, department=cast.other_unit, assisting=(tree.city,)
    )
    lifecycle.sign_for(ticket=row, by=by(cast.other_clerk), version=row.version)
    lifecycle.sign_for(ticket=row, by=by(tree.city_clerk), version=row.version)
    due, lead_due = running(row, tree.city)[Clock.ANSWER], row.due_at
    tree.passed(row, tree.city_clerk, tree.district)
    assert (row.state, row.department, row.due_at) == (State.HANDLING, cast.other_unit, lead_due)
    assert part_of(row, tree.district).role == Assignment.Role.ASSISTING
    assert running(row, tree.district)[Clock.ANSWER] == due
    levels.pass_up(ticket=row, by=by(tree.district_clerk), version=row.version, note="不会")
    assert (row.state, row.department) == (State.HANDLING, cast.other_unit)
    assert running(row, tree.city) == {Clock.ANSWER: due}


def test_a_request_for_time_does_not_outlive_the_part(tree: Tree) -> None:
    row = tree.handled()
    pauses.request_extension(ticket=row, by=by(tree.city_clerk), version=row.version, working_days=1, reason="天气")
    tree.passed(row, tree.city_clerk, tree.district)
    assert list(row.extensions.values_list("granted", flat=True)) == [False]
    assert Clock.RULING not in {d.clock for d in deadlines.running(row)}


def test_a_stranger_passes_nothing(tree: Tree) -> None:
    row = tree.handled()
    for person in (tree.cast.other_clerk, tree.cast.agent, tree.street_clerk):
        with pytest.raises(NotYours):
            tree.passed(row, person, tree.community)

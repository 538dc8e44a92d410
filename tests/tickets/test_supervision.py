"""Urging and supervision: one order at a time, replied to on its clock, ended by name; and orders the rules make."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from dispatch import supervision_triggers
from dispatch.models import SupervisionTrigger
from hotline.people.models import Staff
from hotline.tickets import access, clock, closing, deadlines, lifecycle, supervision
from hotline.tickets.actors import CITIZEN, SYSTEM
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Clock, ListEntry, Supervision, Ticket
from hotline.tickets.states import ALLOWED, ENDED, State, Verb
from tests.factories import Cast, staff

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
WITH_THE_DESK = {State.RECEIVED, State.AWAITING_INFO, State.ACCEPTED}


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


def order(row: Ticket, person: Staff, level: int, note: str = "限两日办结") -> Ticket:
    return supervision.supervise(ticket=row, by=by(person), version=row.version, level=level, note=note)


def reply(row: Ticket, person: Staff, text: str = "已派人") -> Ticket:
    return supervision.answer_order(ticket=row, by=by(person), version=row.version, text=text)


def end(row: Ticket, person: Staff, note: str = "已解决") -> Ticket:
    return supervision.end_supervision(ticket=row, by=by(person), version=row.version, note=note)


def reply_runs(row: Ticket) -> bool:
    return deadlines.current(row, Clock.SUPERVISION) is not None


# --- an order's life ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state not in ENDED])
def test_an_order_is_replied_to_by_who_has_the_ticket_and_then_ended(state: State) -> None:
    cast = Cast()
    row = order(cast.ticket_in(state), cast.supervisor, 2)
    assert (row.supervision_level, reply_runs(row)) == (2, True)
    who, other = (cast.agent, cast.clerk) if state in WITH_THE_DESK else (cast.clerk, cast.agent)
    assert "answer-order" in access.allowed(who, row)
    assert "answer-order" not in access.allowed(other, row)
    with pytest.raises(NotYours):
        reply(row, other)
    reply(row, who)
    assert not reply_runs(row)
    assert "answer-order" not in access.allowed(who, row)
    with pytest.raises(NotAllowed):
        reply(row, who, "再报")
    end(row, cast.lead)
    kept = row.supervisions.get()
    assert (kept.reply, kept.replied_by, kept.ending_note, kept.ended_by) == ("已派人", who, "已解决", cast.lead)
    assert (row.supervision_level, row.state) == (0, state)
    last = row.ledger.order_by("-sequence")[1]
    assert last.data == {"department": "" if state in WITH_THE_DESK else cast.unit.code, "text": "已派人"}


@pytest.mark.parametrize("verb", [Verb.ANSWER_ORDER, Verb.END_SUPERVISION])
@pytest.mark.parametrize("state", list(State))
def test_without_an_order_there_is_nothing_to_answer_or_end(verb: Verb, state: State) -> None:
    assert not access.is_open(verb, Cast().ticket_in(state))


def test_an_order_says_when_its_reply_is_due() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.lead, 1)
    due = datetime(2026, 11, 25, 23, 59, 59, tzinfo=MORNING.tzinfo)
    assert deadlines.due_at(row, Clock.SUPERVISION) == due
    assert datetime.fromisoformat(row.ledger.get(kind="supervised").data["due_at"]) == due


def test_a_stronger_order_takes_the_place_of_the_earlier_one() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.lead, 1)
    reply(row, cast.clerk)
    with clock.at(MORNING + timedelta(days=1)):
        order(row, cast.supervisor, 3, "市领导批示")
    first, second = row.supervisions.order_by("pk")
    assert (first.ended_at, first.ended_by) == (MORNING + timedelta(days=1), cast.supervisor)
    assert "3" in first.ending_note
    assert (second.level, second.ended_at, row.supervision_level) == (3, None, 3)
    assert deadlines.required(row, Clock.SUPERVISION).started_at == MORNING + timedelta(days=1)
    assert row.ledger.filter(kind="supervised").order_by("-sequence")[0].data["replaced"] == 1
    assert "supervise" not in access.allowed(cast.supervisor, row)
    with pytest.raises(NotAllowed):
        order(row, cast.supervisor, 3)


@pytest.mark.parametrize("level", [1, 2])
def test_an_order_no_stronger_than_the_standing_one_is_refused_and_says_why(level: int) -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.lead, 2)
    with pytest.raises(InvalidFields) as caught:
        order(row, cast.supervisor, level)
    assert list(caught.value.errors) == ["level"]
    assert "2" in caught.value.errors["level"][0]
    assert row.supervisions.count() == 1


@pytest.mark.parametrize("level", [0, 4])
def test_there_are_three_levels(level: int) -> None:
    cast = Cast()
    with pytest.raises(InvalidFields):
        order(cast.ticket_in(State.HANDLING), cast.lead, level)


def test_an_order_is_ended_with_a_word_why_and_not_by_the_unit() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.lead, 1)
    with pytest.raises(InvalidFields):
        end(row, cast.lead, "  ")
    with pytest.raises(NotYours):
        end(row, cast.clerk)
    assert row.supervision_level == 1


# --- an order and the end of its ticket -------------------------------------------------------------------


def closed_under_order() -> tuple[Cast, Ticket]:
    cast = Cast()
    row = order(cast.ticket_in(State.FOLLOW_UP), cast.supervisor, 2)
    closing.close(ticket=row, by=SYSTEM, automatic=True)
    return cast, row


def test_a_closed_ticket_keeps_its_order_but_no_clock_and_is_not_archived_under_it() -> None:
    cast, row = closed_under_order()
    assert not deadlines.running(row).exists()
    assert (row.supervision_level, row.supervisions.get().ended_at) == (2, None)
    assert "archive" not in access.allowed(cast.quality, row)
    with pytest.raises(NotAllowed):
        closing.archive(ticket=row, by=by(cast.quality), version=row.version)
    end(row, cast.supervisor)
    closing.archive(ticket=row, by=by(cast.quality), version=row.version)
    assert row.state == State.ARCHIVED


def test_a_rework_lets_the_clock_of_an_unanswered_order_run_again() -> None:
    cast, row = closed_under_order()
    closing.rework(ticket=row, by=by(cast.quality), version=row.version, note="没修好")
    assert reply_runs(row)


def test_a_rework_does_not_ask_again_for_a_reply_that_was_given() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.FOLLOW_UP), cast.supervisor, 2)
    reply(row, cast.clerk)
    closing.rework(ticket=row, by=by(cast.quality), version=row.version, note="没修好")
    assert not reply_runs(row)


# --- urging ------------------------------------------------------------------------------------------------


def test_urgings_are_counted_whoever_urges() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    supervision.urge(ticket=row, by=CITIZEN, note="")
    supervision.urge(ticket=row, by=by(cast.agent), version=row.version, note="市民又来电")
    counted = row.ledger.filter(kind="urged").order_by("sequence").values_list("actor", "data__count")
    assert list(counted) == [("citizen", 1), ("staff", 2)]
    with pytest.raises(NotYours):
        supervision.urge(ticket=row, by=by(cast.clerk), version=row.version, note="自己催自己")


@pytest.mark.parametrize("state", [state for state in State if state not in ALLOWED[Verb.URGE].sources])
def test_nobody_is_urged_where_no_unit_works(state: State) -> None:
    row = Cast().ticket_in(state)
    with pytest.raises(NotAllowed):
        supervision.urge(ticket=row, by=CITIZEN, note="")


# --- orders that the rules make ------------------------------------------------------------------------------


def urge_and_react(row: Ticket, times: int = 1) -> None:
    for _time in range(times):
        supervision.urge(ticket=row, by=CITIZEN, note="")
        line = row.ledger.filter(kind="urged").latest("sequence")
        supervision_triggers.after_urging(line)
        supervision_triggers.after_urging(line)  # a killed worker is repeated
        row.refresh_from_db()


def orders(row: Ticket) -> list[tuple[str, int]]:
    return list(row.supervisions.order_by("pk").values_list("trigger", "level"))


def test_the_third_urging_makes_one_order() -> None:
    row = Cast().ticket_in(State.HANDLING)
    urge_and_react(row, 2)
    assert orders(row) == []
    urge_and_react(row, 3)
    assert orders(row) == [("repeated", 1)]
    made = row.ledger.get(kind="supervised")
    assert (made.actor, made.by, made.data["count"], made.data["trigger"]) == ("system", None, 3, "repeated")
    assert made.data["note"] == SupervisionTrigger.objects.get(trigger="repeated").basis


def test_more_urgings_make_a_stronger_order_where_the_data_say_so() -> None:
    SupervisionTrigger.objects.create(trigger="repeated", count=4, level=2, from_date=datetime(2026, 1, 1).date())
    row = Cast().ticket_in(State.HANDLING)
    urge_and_react(row, 4)
    assert orders(row) == [("repeated", 1), ("repeated", 2)]
    assert row.supervision_level == 2


def test_the_rules_add_nothing_to_an_order_as_strong() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.supervisor, 1)
    urge_and_react(row, 3)
    assert orders(row) == [("leader", 1)]


def test_an_ended_order_is_not_made_again_by_the_same_figure() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    urge_and_react(row, 3)
    end(row, cast.supervisor)
    urge_and_react(row, 2)
    assert orders(row) == [("repeated", 1)]


def rate_badly_and_rework(cast: Cast, row: Ticket, satisfied: int = 1) -> None:
    closing.rate(ticket=row, channel="web", satisfied=satisfied)
    closing.rework(ticket=row, by=SYSTEM, version=None, note="差评自动转重办")
    line = row.ledger.filter(kind="rework").latest("sequence")
    supervision_triggers.after_rework(line)
    supervision_triggers.after_rework(line)
    row.refresh_from_db()


def answer_again(cast: Cast, row: Ticket) -> None:
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="又修了")
    closing.review(ticket=row, by=by(cast.quality), version=row.version, approved=True)


def test_the_second_round_rated_badly_makes_one_order() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    rate_badly_and_rework(cast, row)
    assert orders(row) == []
    answer_again(cast, row)
    rate_badly_and_rework(cast, row, satisfied=2)
    assert orders(row) == [("bad_rating", 2)]
    assert row.ledger.get(kind="supervised").data["count"] == 2


def test_a_rework_that_no_rating_asked_for_counts_no_bad_round() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    rate_badly_and_rework(cast, row)
    answer_again(cast, row)
    rate_badly_and_rework(cast, row, satisfied=5)
    assert orders(row) == []
    assert not Supervision.objects.exists()


def test_a_clerk_of_another_unit_has_no_word_on_the_order() -> None:
    cast = Cast()
    row = order(cast.ticket_in(State.HANDLING), cast.lead, 1)
    with pytest.raises(NotYours):
        reply(row, staff("department"))


def test_a_level_taken_off_the_list_stops_people_and_not_the_rules() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    ListEntry.objects.filter(list="supervision", code="1").update(to_date="2026-01-01")
    with pytest.raises(InvalidFields):
        order(row, cast.supervisor, 1)
    supervision.supervise(ticket=row, by=SYSTEM, level=1, note="逾期", trigger=Supervision.Trigger.LATE, count=1)
    assert row.supervision_level == 1

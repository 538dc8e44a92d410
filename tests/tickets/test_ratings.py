"""Call-back and rating: one record whichever channel, attempts that end, a bad word that is never lost."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from dispatch.models import TermRule
from hotline.people.models import Citizen
from hotline.tickets import actors, clock, closing, deadlines, lifecycle, merging, rulebook, verdicts
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import CallBack, Clock, Rating, Satisfaction, Ticket
from hotline.tickets.states import State
from hotline.tickets.verdicts import Verdict
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))  # a Monday


def called(row: Ticket, cast: Cast, **said: Any) -> Ticket:
    by = actors.staff(cast.quality)
    return closing.follow_up(ticket=row, by=by, version=row.version, **{"reached": True, **said})


def due(row: Ticket) -> Ticket:
    """As if a rule had said that this citizen is called back."""
    Ticket.objects.filter(pk=row.pk).update(call_back=CallBack.DUE)
    row.refresh_from_db()
    return row


def test_five_levels_in_order() -> None:
    assert [level.value for level in Satisfaction] == [1, 2, 3, 4, 5]


def test_a_citizen_who_is_not_reached_is_called_so_often_and_no_more() -> None:
    cast = Cast()
    row = due(cast.ticket_in(State.FOLLOW_UP))
    attempts = rulebook.book().figure("call_attempts")
    for made in range(1, attempts + 1):
        assert row.call_back == CallBack.DUE
        called(row, cast, reached=False)
        assert verdicts.calls_made(row) == made
    assert row.call_back == CallBack.NONE
    assert deadlines.current(row, Clock.CALL_BACK) is None
    assert deadlines.current(row, Clock.SILENCE) is not None
    closing.settle(ticket=row)
    assert row.state == State.CLOSED
    assert row.ledger.get(kind="closed").data == {"note": "", "automatic": True}


def test_attempts_about_the_first_answer_do_not_count_for_the_second() -> None:
    cast = Cast()
    with clock.at(MORNING):
        row = due(cast.ticket_in(State.FOLLOW_UP))
        called(row, cast, reached=False)
        called(row, cast, solved=False)
        closing.rework(ticket=row, by=actors.staff(cast.quality), version=row.version, note="没修好")
    with clock.at(MORNING + timedelta(days=1)):
        lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="修好了")
        closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)
        assert verdicts.calls_made(row) == 0
        assert verdicts.verdict(row) is None


@pytest.mark.parametrize("said", [{"satisfied": 5}, {"solved": True}, {"solved": False}])
def test_somebody_who_was_not_reached_has_said_nothing(said: dict[str, Any]) -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    with pytest.raises(InvalidFields) as refusal:
        called(row, cast, reached=False, **said)
    assert list(refusal.value.errors) == list(said)


def test_a_good_word_on_the_phone_leaves_the_queue_and_counts_as_the_rating() -> None:
    cast = Cast()
    row = called(due(cast.ticket_in(State.FOLLOW_UP)), cast, solved=True, satisfied=3, note="还行")
    assert (row.call_back, row.satisfied, row.solved) == (CallBack.NONE, 3, True)
    rating = Rating.objects.get(ticket=row)
    assert (rating.channel, rating.counts, rating.words, rating.round) == ("phone", True, "还行", 1)


@pytest.mark.parametrize(
    "said", [{"satisfied": 2, "solved": True}, {"satisfied": 4, "solved": False}, {"solved": False}]
)
def test_a_bad_word_on_the_phone_waits_for_a_decision_and_is_reworked_when_nobody_decides(said: dict[str, Any]) -> None:
    cast = Cast()
    with clock.at(MORNING):
        row = called(due(cast.ticket_in(State.FOLLOW_UP)), cast, **said)
    assert (row.state, row.call_back) == (State.FOLLOW_UP, CallBack.DUE), "it stays in the queue"
    assert deadlines.current(row, Clock.CALL_BACK) is None
    forgotten = deadlines.required(row, Clock.SILENCE)
    assert forgotten.started_at == MORNING
    assert forgotten.due_at - MORNING <= timedelta(days=2), "no longer than the contact after a bad rating may take"
    with clock.at(forgotten.due_at):
        closing.settle(ticket=row)
    assert (row.state, row.rounds) == (State.REWORK, 2)
    lead = row.assignments.get(role="lead")
    assert deadlines.current(row, Clock.RECONTACT, lead) is not None


def test_who_heard_a_bad_word_may_close_all_the_same() -> None:
    cast = Cast()
    row = called(due(cast.ticket_in(State.FOLLOW_UP)), cast, satisfied=1)
    closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version, note="已当面解释，市民理解")
    assert row.state == State.CLOSED
    assert not deadlines.running(row).exists()


def test_contact_ends_the_clock_that_a_bad_rating_under_a_known_name_starts() -> None:
    cast = Cast()
    with clock.at(MORNING):
        row = cast.ticket_in(State.FOLLOW_UP)
        closing.rate(ticket=row, channel="sms", satisfied=1, words="没人来")
        closing.settle(ticket=row)
        lead = row.assignments.get(role="lead")
        assert deadlines.required(row, Clock.RECONTACT, lead).due_at.date() == datetime(2026, 11, 24).date()
        lifecycle.contact(ticket=row, by=actors.staff(cast.clerk), version=row.version, whom="本人")
        assert deadlines.current(row, Clock.RECONTACT, lead) is None
        assert deadlines.current(row, Clock.ANSWER, lead) is not None


def test_an_answer_that_contacts_nobody_leaves_the_contact_owed() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    closing.rate(ticket=row, channel="sms", satisfied=1, words="没人来")
    closing.settle(ticket=row)
    lead, by = row.assignments.get(role="lead"), actors.staff(cast.clerk)
    lifecycle.answer(ticket=row, by=by, version=row.version, public="已办")
    assert deadlines.current(row, Clock.RECONTACT, lead) is not None
    assert deadlines.current(row, Clock.ANSWER, lead) is None


def test_a_pack_without_a_limit_for_rework_gives_it_that_of_an_answer() -> None:
    cast = Cast()
    TermRule.objects.filter(clock=Clock.REWORK).delete()
    row = cast.ticket_in(State.FOLLOW_UP)
    closing.rework(ticket=row, by=actors.staff(cast.quality), version=row.version, note="未解决")
    answer = deadlines.required(row, Clock.ANSWER, row.assignments.get())
    assert answer.rule == "guangdong/answer@2022-01-01"
    assert row.due_at == answer.due_at


def test_nobody_is_to_be_contacted_whom_nobody_knows() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    Citizen.objects.filter(pk=row.citizen_id).update(name="", phone="")
    row.refresh_from_db()
    rating = closing.rate(ticket=row, channel="wechat", satisfied=1)
    assert not rating.real_name
    closing.settle(ticket=row)
    assert row.state == State.REWORK
    assert not deadlines.running(row).filter(clock=Clock.RECONTACT).exists()


def test_the_desk_contacts_who_rated_its_own_answer_badly() -> None:
    cast = Cast()
    row = cast.ticket_in(State.ACCEPTED)
    by = actors.staff(cast.agent)
    lifecycle.answer_directly(ticket=row, by=by, version=row.version, public="九点开门")
    closing.rate(ticket=row, channel="web", satisfied=2)
    closing.settle(ticket=row)
    assert row.state == State.ACCEPTED
    assert deadlines.current(row, Clock.RECONTACT) is not None
    lifecycle.reply(ticket=row, by=by, version=row.version, text="对不起，我们再核实")
    assert deadlines.current(row, Clock.RECONTACT) is None


@pytest.mark.parametrize(
    ("satisfied", "solved", "bad"),
    [(1, None, True), (2, True, True), (3, None, False), (3, False, True), (5, False, True), (None, True, False)],
)
def test_what_is_bad(satisfied: int | None, solved: bool | None, bad: bool) -> None:
    assert verdicts.is_bad(satisfied, solved) is bad


def test_the_first_rating_counts_whichever_the_channel_and_later_ones_are_kept() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    closing.rate(ticket=row, channel="wechat", satisfied=4, solved=True)
    called(row, cast, satisfied=1, solved=False)
    closing.rate(ticket=row, channel="web", satisfied=2)
    kept = list(Rating.objects.filter(ticket=row).order_by("pk").values_list("channel", "satisfied", "counts"))
    assert kept == [("wechat", 4, True), ("phone", 1, False), ("web", 2, False)]
    assert (row.satisfied, row.solved) == (4, True)
    assert verdicts.verdict(row) == Verdict(bad=True, real_name=True), "the first is scored, the bad one acted on"


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_is_no_sixth_level(level: int) -> None:
    row = Cast().ticket_in(State.FOLLOW_UP)
    with pytest.raises(InvalidFields):
        closing.rate(ticket=row, channel="web", satisfied=level)


def test_a_crowd_has_one_rating_the_first_of_whoever_gives_it() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    reports = [ticket(), ticket()]
    for report in reports:
        merging.merge(ticket=report, by=actors.staff(cast.agent), version=report.version, into=row)
        row.refresh_from_db()
    lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="修好了")
    if row.state == State.ANSWER_REVIEW:
        closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)
    Citizen.objects.filter(pk=reports[0].citizen_id).update(name="", phone="")
    first = closing.rate(ticket=Ticket.objects.get(pk=reports[0].pk), channel="sms", satisfied=5)
    own = closing.rate(ticket=Ticket.objects.get(pk=row.pk), channel="web", satisfied=1)
    assert [(r.ticket, r.counts, r.real_name) for r in (first, own)] == [(row, True, False), (row, False, True)]
    assert Ticket.objects.get(pk=row.pk).satisfied == 5
    assert Ticket.objects.get(pk=reports[0].pk).satisfied is None

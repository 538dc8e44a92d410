"""A missed call is called back: once for each caller and hour, by one person, until it is settled."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from hotline.calls import call_backs
from hotline.calls.call_backs import Taken
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import PersonalDataRead, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets.errors import InvalidFields, NotYours
from tests.factories import staff

PHONE = "13800000001"
NOON = datetime(2026, 11, 22, 4, 10, tzinfo=UTC)
Result = CallBackTask.Result


def call(at: datetime = NOON, outcome: str = "abandoned_queue", phone: str = PHONE, **fields: object) -> PhoneCall:
    """An ended call."""
    values: dict[str, object] = {
        "uuid": uuid.uuid4(),
        "caller": phone,
        "caller_fingerprint": fingerprint(phone),
        "started_at": at,
        "ended_at": at + timedelta(seconds=40),
        "state": "closed",
        "outcome": outcome,
    }
    return PhoneCall.objects.create(**values | fields)


@pytest.mark.django_db
def test_calls_of_one_hour_are_one_call_back() -> None:
    calls = [call(), call(NOON + timedelta(minutes=20), "no_agent"), call(NOON + timedelta(minutes=49, seconds=59))]
    for missed in (*calls, calls[0]):  # one is told twice
        call_backs.missed(missed)
    task = CallBackTask.objects.get()
    assert (task.calls, task.reason, task.phone, task.waited_seconds) == (3, "abandoned_queue", PHONE, 40)
    assert (task.first_at, task.last_at) == (NOON, NOON + timedelta(minutes=49, seconds=59))
    assert set(task.missed.all()) == set(calls)
    call_backs.missed(call(NOON + timedelta(minutes=50)))
    call_backs.missed(call(phone="13800000002"))
    assert CallBackTask.objects.count() == 3


@pytest.mark.django_db
def test_nobody_calls_back_where_there_is_no_number() -> None:
    assert call_backs.missed(call(phone="")) is None
    assert not CallBackTask.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_calls_missed_at_the_same_moment_are_one_call_back() -> None:
    calls = [call() for _ in range(8)]
    start = threading.Barrier(len(calls))

    def told(missed: PhoneCall) -> None:
        start.wait(10)
        call_backs.missed(missed)
        connections.close_all()

    threads = [threading.Thread(target=told, args=(missed,)) for missed in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert CallBackTask.objects.get().calls == len(calls)
    assert PhoneCall.objects.filter(call_back=None).count() == 0


@pytest.mark.django_db
def test_who_is_answered_later_needs_no_call_back() -> None:
    call_backs.missed(call())
    later = call(NOON + timedelta(minutes=5), "completed", answered_at=NOON + timedelta(minutes=6))
    assert call_backs.answered(later) == 1
    task = CallBackTask.objects.get()
    assert (task.state, task.result, task.done_at) == ("done", Result.CALLED_AGAIN, later.answered_at)
    assert call_backs.answered(later) == 0


@pytest.mark.django_db
def test_an_answer_before_it_or_a_promise_leaves_the_call_back_open() -> None:
    call_backs.missed(call(NOON + timedelta(minutes=9)))
    assert call_backs.answered(call(outcome="completed", answered_at=NOON + timedelta(minutes=1))) == 0
    call_backs.missed(call(NOON + timedelta(hours=1)), asked=True)
    late = NOON + timedelta(hours=2)
    assert call_backs.answered(call(late, "completed", answered_at=late)) == 1
    assert call_backs.listed("open").get().reason == "asked"


@pytest.mark.django_db
def test_a_call_in_vain_after_the_call_back_opens_it_again() -> None:
    task = call_backs.missed(call())
    assert task is not None
    CallBackTask.objects.filter(pk=task.pk).update(done_at=NOON + timedelta(minutes=5), result=Result.REACHED)
    call_backs.missed(call(NOON + timedelta(minutes=3)))
    assert CallBackTask.objects.get().state == "done"
    call_backs.missed(call(NOON + timedelta(minutes=9)))
    task.refresh_from_db()
    assert (task.state, task.result, task.calls) == ("open", "", 3)


@pytest.fixture
def task(rules_in_force: None, db: None) -> CallBackTask:
    """A call to return."""
    made = call_backs.missed(call())
    assert made is not None
    return made


def test_one_takes_it_and_nobody_else(task: CallBackTask) -> None:
    first, second = staff("agent"), staff("agent")
    assert call_backs.take(task, first).state == "taken"
    call_backs.take(task, first)
    with pytest.raises(Taken):
        call_backs.take(task, second)
    with pytest.raises(NotYours):
        call_backs.done(task, second, result=Result.REACHED)
    with pytest.raises(NotYours):
        call_backs.reveal(task, second, "回拨")
    call_backs.release(task, first)
    assert call_backs.take(task, second).taken_by == second


def test_the_number_is_shown_to_who_calls_and_the_reading_is_kept(task: CallBackTask) -> None:
    agent = staff("agent")
    call_backs.take(task, agent)
    assert call_backs.reveal(task, agent, "回拨未接来电") == PHONE
    read = PersonalDataRead.objects.get()
    assert (read.staff, read.reason, read.what) == (agent, "回拨未接来电", "identity")


def test_nobody_answering_sends_it_back_to_the_list_a_few_times(task: CallBackTask) -> None:
    agent = staff("agent")
    states = []
    for _attempt in range(3):
        call_backs.take(task, agent)
        states.append(call_backs.done(task, agent, result=Result.NO_ANSWER).state)
    assert states == ["open", "open", "done"]
    task.refresh_from_db()
    assert (task.tries, task.result, task.called_back_by) == (3, Result.NO_ANSWER, agent)
    with pytest.raises(Taken):
        call_backs.take(task, agent)


def test_what_came_of_it(task: CallBackTask) -> None:
    agent = staff("agent")
    call_backs.take(task, agent)
    with pytest.raises(InvalidFields):
        call_backs.done(task, agent, result=Result.CALLED_AGAIN)
    done = call_backs.done(task, agent, result=Result.REACHED, note="已登记诉求")
    assert (done.state, done.result, done.tries, done.note) == ("done", "reached", 1, "已登记诉求")
    assert done.called_back_at == done.done_at


def our_call(task: CallBackTask, agent: Staff, outcome: str) -> PhoneCall:
    """A call from the desk to the citizen."""
    answered_at = timezone.now() if outcome == "completed" else None
    return call(timezone.now(), outcome, direction="out", returns=task, agent=agent, answered_at=answered_at)


def test_a_call_from_the_desk_settles_it(task: CallBackTask) -> None:
    agent = staff("agent")
    kept = []
    for outcome in ("failed", "cancelled", "busy", "no_answer", "completed"):
        call_backs.take(task, agent)
        call_backs.attempted(our_call(task, agent, outcome))
        task.refresh_from_db()
        kept.append((task.state, task.tries, task.result))
    assert kept == [("taken", 0, ""), ("taken", 0, ""), ("open", 1, ""), ("open", 2, ""), ("done", 3, "reached")]
    assert task.called_back_by == agent


def test_attempts_from_the_desk_come_to_an_end(task: CallBackTask) -> None:
    agent = staff("agent")
    for _attempt in range(3):
        call_backs.take(task, agent)
        call_backs.attempted(our_call(task, agent, "busy"))
    task.refresh_from_db()
    assert (task.state, task.tries, task.result) == ("done", 3, "busy")


def test_who_called_says_that_it_was_a_stranger_or_a_machine(task: CallBackTask) -> None:
    agent, other = staff("agent"), staff("agent")
    call_backs.take(task, agent)
    call_backs.attempted(our_call(task, agent, "completed"))
    with pytest.raises(Taken):
        call_backs.done(task, other, result=Result.WRONG_NUMBER)
    wrong = call_backs.done(task, agent, result=Result.WRONG_NUMBER)
    assert (wrong.state, wrong.result, wrong.tries) == ("done", "wrong_number", 1)
    with pytest.raises(Taken):
        call_backs.done(task, agent, result=Result.REACHED)


def test_an_answering_machine_is_called_again(task: CallBackTask) -> None:
    agent = staff("agent")
    call_backs.take(task, agent)
    call_backs.attempted(our_call(task, agent, "completed"))
    again = call_backs.done(task, agent, result=Result.NO_ANSWER)
    assert (again.state, again.result, again.tries) == ("open", "", 1)


@pytest.mark.django_db
def test_a_call_of_ours_in_vain_asks_for_no_call_back() -> None:
    ours = call(outcome="failed", direction="out")
    assert (call_backs.missed(ours), ours.missed) == (None, False)
    assert not CallBackTask.objects.exists()

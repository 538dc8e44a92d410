"""Hints about answers: for the clerk who types, for the reviewer who reads; alarms and promises over the interface."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dispatch import answers, copied, promises
from hotline.api import answers as checking
from hotline.calls.models import PhoneCall
from hotline.people.limits import Limit
from hotline.tickets import alarms, lifecycle
from hotline.tickets.actors import staff as by
from hotline.tickets.alarms import Danger
from hotline.tickets.models import Consultation, Message, Promise, Recusal, Ticket
from hotline.tickets.states import State
from nlp import replies
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db
HOLLOW = "您好！您反映的问题已收悉，我局高度重视，已转相关单位处理。感谢您的关心与支持！"


def _kinds(hints: dict[str, Any]) -> set[str]:
    return {finding["kind"] for finding in hints["findings"]}


def test_the_clerk_sees_hints_while_typing_and_nothing_is_kept(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = cast.ticket_in(State.HANDLING)
    answer = browser(cast.clerk).post(f"/tickets/{row.number}/answer-check", public=HOLLOW)
    assert _kinds(answer.json()) >= {"passing", "short", "empty"}
    quotes = [finding["quote"] for finding in answer.json()["findings"] if finding["kind"] == "passing"]
    assert "已转相关单位处理" in quotes[0]
    row.refresh_from_db()
    assert row.state == State.HANDLING


def test_the_reviewer_sees_hints_and_a_copy_is_named(cast: Cast, browser: Callable[..., Browser]) -> None:
    words = "经现场核实，该路段为规划道路，目前正在征地拆迁，待明年二季度具备条件后开工，具体时间以公告为准。"
    first = cast.ticket_in(State.HANDLING)
    lifecycle.answer(ticket=first, by=by(cast.clerk), version=first.version, public=words)
    copied.keep(first)
    second = cast.ticket_in(State.HANDLING)
    second.text = "小区门口夜市油烟太大，半夜还在营业"
    second.save(update_fields=["text"])
    second.messages.update(text=second.text)
    lifecycle.answer(ticket=second, by=by(cast.clerk), version=second.version, public=words)
    (found,) = browser(cast.quality).get(f"/tickets/{second.number}/answer-check").json()["results"]
    assert found["department_name"] == cast.unit.name
    (copy,) = [finding for finding in found["findings"] if finding["kind"] == "copied"]
    assert first.number in copy["reason"]


def test_a_hint_is_said_in_the_readers_language(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = cast.ticket_in(State.HANDLING)
    clerk = browser(cast.clerk)
    said = {}
    for language in ("zh-hans", "en"):
        clerk.client.cookies["django_language"] = language
        said[language] = {each["kind"]: each["reason"] for each in _checked(clerk, row, HOLLOW)["findings"]}
    assert said["zh-hans"]["empty"] == "没有查到的事实、依据、数字或日期"
    assert said["en"]["empty"] == "No fact that was found, no basis, no figure, no date"
    assert said["en"]["passing"].startswith("Says only that it was passed on: ")


def test_every_code_of_a_finding_has_its_sentence() -> None:
    codes = {code for _kind, _weight, _pattern, code in replies._tones()} | set(replies.WEIGHTS)
    assert codes == set(answers.SENTENCES)


def _protected(cast: Cast, words: str) -> Ticket:
    """In handling with the clerk's unit, its citizen protected, saying `words`."""
    row = cast.ticket_in(State.HANDLING)
    row.confidential, row.text = True, words
    row.save(update_fields=["confidential", "text"])
    row.messages.update(text=words)
    return row


def _checked(browser: Browser, row: Ticket, public: str) -> dict[str, Any]:
    answer = browser.post(f"/tickets/{row.number}/answer-check", public=public)
    assert answer.status_code == 200
    hints: dict[str, Any] = answer.json()
    return hints


def test_hints_do_not_tell_a_unit_who_is_protected(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = _protected(cast, "请尽快打电话给张三丰，号码是13800000001！")
    clerk = browser(cast.clerk)
    right, wrong = ("张三丰", "13800000001"), ("李四光", "13911112222")
    told = [
        str(_checked(clerk, row, f"请尽快联系{name}，下周五前打{phone}")).replace(name, "某").replace(phone, "0")
        for name, phone in (right, wrong)
    ]
    assert told[0] == told[1], "a guess that is right must look like one that is wrong"
    assert [d["words"] for d in _checked(clerk, row, "已修好")["demands"]] == ["请尽快打电话给***，号码是***！"]
    (known,) = _read(browser(cast.quality), row, cast, "已修好")["demands"]
    assert known["words"] == "请尽快打电话给张三丰，号码是13800000001！"


def _read(reviewer: Browser, row: Ticket, cast: Cast, public: str) -> dict[str, Any]:
    """What a reviewer is told of the answer that the clerk gives."""
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public=public)
    (hints,) = reviewer.get(f"/tickets/{row.number}/answer-check").json()["results"]
    found: dict[str, Any] = hints
    return found


def test_a_protected_citizens_call_is_not_compared(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = _protected(cast, "路灯坏了")
    said = Message.objects.create(
        ticket=row,
        direction=Message.Direction.IN,
        kind="voice",
        transcript="我是章三峰，希望政府尽快修好路灯！",
        channel="phone",
        at=row.updated_at,
    )
    PhoneCall.objects.create(uuid=uuid4(), ticket=row, message=said, caller="13800000001", started_at=row.updated_at)
    assert _checked(browser(cast.clerk), row, "章三峰反映的路灯已修好")["demands"] == []
    assert [d["words"] for d in _read(browser(cast.quality), row, cast, "已修好")["demands"]] == [said.transcript]


def test_hints_are_asked_for_so_often_only(
    cast: Cast, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHECKS", Limit("answer-checks-test", most=1, seconds=10_000_000))
    row = cast.ticket_in(State.HANDLING)
    path = f"/tickets/{row.number}/answer-check"
    answers = [browser(who).post(path, public="已修好") for who in (cast.clerk, cast.clerk, cast.lead)]
    assert [answer.status_code for answer in answers] == [200, 429, 200]


def test_a_copy_is_only_named_to_whom_may_see_it(cast: Cast, browser: Callable[..., Browser]) -> None:
    words = "经现场核实，该路段为规划道路，目前正在征地拆迁，待明年二季度具备条件后开工，具体时间以公告为准。"
    first = cast.ticket_in(State.HANDLING)
    lifecycle.answer(ticket=first, by=by(cast.clerk), version=first.version, public=words)
    copied.keep(first)
    second = cast.ticket_in(State.HANDLING)
    second.text = "小区门口夜市油烟太大，半夜还在营业"
    second.save(update_fields=["text"])
    assert "copied" in _kinds(_checked(browser(cast.clerk), second, words))
    Recusal.objects.create(ticket=first, staff=cast.clerk, reason="亲属", at=first.updated_at)
    hints = _checked(browser(cast.clerk), second, words)
    assert "copied" not in _kinds(hints)
    assert first.number not in str(hints)


def test_a_unit_that_is_only_heard_gets_no_hints_from_anothers_answers(
    cast: Cast, browser: Callable[..., Browser]
) -> None:
    row = cast.ticket_in(State.RETURN_REVIEW)
    heard = Consultation.objects.create(ticket=row, request=row.returns.get(), opened_at=row.updated_at)
    heard.units.add(cast.other_unit)
    hints = _checked(browser(cast.other_clerk), row, HOLLOW)
    assert hints == {"findings": [], "demands": [], "promises": [], "contacted": False}


def test_alarms_ring_for_the_desk_until_one_agent_confirms(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = cast.ticket_in(State.RECEIVED)
    fire = Danger(kind="fire", what="火灾", words="着火了", rings=True)
    alarms.escalate(ticket=row, level="critical", dangers=[fire])
    agent = browser(cast.agent)
    (ringing,) = agent.get("/alarms").json()["results"]
    assert (ringing["number"], ringing["reasons"][0]["words"]) == (row.number, "着火了")
    assert browser(cast.clerk).get("/alarms").status_code == 403
    assert agent.post(f"/tickets/{row.number}/see-alarm").status_code == 422
    assert agent.post(f"/tickets/{row.number}/see-alarm", alarms=[ringing["id"]]).status_code == 200
    assert agent.get("/alarms").json()["results"] == []


def test_a_unit_settles_a_promise_that_was_noted(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = cast.ticket_in(State.HANDLING)
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="预计2099年12月底前完成改造")
    assert not Promise.objects.exists()
    entry = row.ledger.get(kind="answered")
    entry.data = {**entry.data, "review": False}
    promises.note(entry)
    assert not Promise.objects.exists(), "a day so far away is a slip of the pen"
    clerk = browser(cast.clerk)
    Promise.objects.create(
        ticket=row, assignment=row.assignments.get(), words="下周修好", due_on="2026-01-02", made_at=row.updated_at
    )
    (late,) = clerk.get("/promises", late="true").json()["results"]
    assert (late["number"], late["late"]) == (row.number, True)
    settled = clerk.post(f"/tickets/{row.number}/settle-promise", promise=late["id"], kept=True)
    assert [promise["kept"] for promise in settled.json()["promises"]] == [True]
    assert clerk.get("/promises", late="true").json()["results"] == []


def test_promises_do_not_tell_a_unit_who_is_protected(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = _protected(cast, "路灯坏了")
    row.title = "张三丰（13800000001）家门口的路灯"
    row.save(update_fields=["title"])
    Promise.objects.create(
        ticket=row, assignment=row.assignments.get(), words="下周修好", due_on="2026-01-02", made_at=row.updated_at
    )
    titles = [browser(who).get("/promises").json()["results"][0]["title"] for who in (cast.clerk, cast.agent)]
    assert titles == ["***（***）家门口的路灯", row.title]


def test_promises_are_counted_by_how_they_stand(
    cast: Cast, browser: Callable[..., Browser], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = cast.ticket_in(State.HANDLING)
    part = row.assignments.get()
    for words, due, kept in (("迟", "2026-01-02", None), ("将", "2099-01-02", None), ("守", "2026-01-02", True)):
        settled = None if kept is None else timezone.now()
        promise = {"due_on": due, "kept": kept, "settled_at": settled, "made_at": row.updated_at}
        Promise.objects.create(ticket=row, assignment=part, words=words, **promise)
    boss = browser(cast.supervisor)
    with django_assert_num_queries(3):
        totals = boss.get("/promises/totals").json()
    (unit,) = totals.pop("by_department")
    assert totals == {"open": 1, "late": 1, "kept": 1, "broken": 0}
    assert unit == {**totals, "department": cast.unit.code, "department_name": cast.unit.name}
    named = {state: [one["words"] for one in boss.get("/promises", state=state).json()["results"]] for state in totals}
    assert named == {"open": ["将"], "late": ["迟"], "kept": ["守"], "broken": []}
    assert [one["words"] for one in boss.get("/promises").json()["results"]] == ["将", "迟"]

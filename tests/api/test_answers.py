"""Hints about answers: for the clerk who types, for the reviewer who reads; alarms and promises over the interface."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch import promises
from hotline.tickets import alarms, lifecycle
from hotline.tickets.actors import staff as by
from hotline.tickets.alarms import Danger
from hotline.tickets.models import Promise
from hotline.tickets.states import State
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
    second = cast.ticket_in(State.HANDLING)
    second.text = "小区门口夜市油烟太大，半夜还在营业"
    second.save(update_fields=["text"])
    second.messages.update(text=second.text)
    lifecycle.answer(ticket=second, by=by(cast.clerk), version=second.version, public=words)
    (found,) = browser(cast.quality).get(f"/tickets/{second.number}/answer-check").json()["results"]
    assert found["department_name"] == cast.unit.name
    (copied,) = [finding for finding in found["findings"] if finding["kind"] == "copied"]
    assert first.number in copied["reason"]


def test_alarms_ring_for_the_desk_until_one_agent_confirms(cast: Cast, browser: Callable[..., Browser]) -> None:
    row = cast.ticket_in(State.RECEIVED)
    fire = Danger(kind="fire", what="火灾", words="着火了", rings=True)
    alarms.escalate(ticket=row, level="critical", dangers=[fire])
    agent = browser(cast.agent)
    (ringing,) = agent.get("/alarms").json()["results"]
    assert (ringing["number"], ringing["reasons"][0]["words"]) == (row.number, "着火了")
    assert browser(cast.clerk).get("/alarms").status_code == 403
    assert agent.post(f"/tickets/{row.number}/see-alarm").status_code == 200
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

"""A ticket is driven to its end through the interface alone."""

from typing import Any

import pytest

from dispatch import terms
from hotline.tickets import ledger
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def test_verbs_drive_a_ticket_to_its_archive(cast: Cast) -> None:
    agent, clerk, quality = Browser(cast.agent), Browser(cast.clerk), Browser(cast.quality)
    helper = Browser(cast.helper_clerk)
    number = ticket().number
    version = 1
    steps = [
        (agent, "accept", {"type": "help", "title": "路灯不亮"}, "accepted"),
        (
            agent,
            "dispatch",
            {"department": cast.unit.code, "assisting": [cast.helper_unit.code]},
            "dispatched",
        ),
        (clerk, "sign", {}, "handling"),
        (helper, "sign", {}, "handling"),
        (clerk, "contact", {"whom": "张先生", "at": "2026-11-20T09:00:00+08:00"}, "handling"),
        (helper, "answer", {"public": "电缆已换。"}, "handling"),
        (
            clerk,
            "answer",
            {"public": "路灯已修好。", "internal": "换了灯头", "solved": True},
            "answer_review",
        ),
        (quality, "review", {"approved": True}, "follow_up"),
        (quality, "follow-up", {"reached": True, "solved": True, "satisfied": 5}, "follow_up"),
        (quality, "close", {}, "closed"),
        (quality, "archive", {"note": "归档"}, "archived"),
    ]
    for browser, verb, fields, state in steps:
        response = browser.act(number, verb, version, **fields)
        assert response.status_code == 200, (verb, response.json())
        assert (response.json()["state"], response.json()["version"]) == (state, version + 1)
        version += 1
    ledger.announce()
    lines = agent.get(f"/tickets/{number}/ledger").json()["results"]
    assert [line["kind"] for line in lines] == [
        "received",
        "accepted",
        "dispatched",
        "signed",
        "signed",
        "contacted",
        "unit_answered",
        "answered",
        "review_passed",
        "followed_up",
        "closed",
        "archived",
    ]
    assert [line["entry"] for line in lines] == sorted(line["entry"] for line in lines)
    assert lines[1]["by"] == cast.agent.username
    assert lines[1]["data"] == {"fields": {"type": "help", "title": "路灯不亮"}}


def test_accept_sets_the_fields_it_names_and_no_other(cast: Cast) -> None:
    row = ticket()
    answer = Browser(cast.agent).act(
        row.number,
        "accept",
        1,
        type="complaint",
        urgency="urgent",
        confidential=True,
        place={"address": "解放路 8 号", "lat": 23.1, "lng": 113.2, "area_name": "ignored"},
        state="closed",
        number="12345",
        public_code="MINE",
        supervision_level=3,
    )
    body = answer.json()
    assert answer.status_code == 200
    assert body["place"] == {
        "area": None,
        "area_name": "",
        "address": "解放路 8 号",
        "lat": 23.1,
        "lng": 113.2,
    }
    assert (body["type"], body["urgency"], body["confidential"]) == ("complaint", "urgent", True)
    row = Ticket.objects.get(pk=row.pk)
    assert (row.state, row.supervision_level, row.holder) == ("accepted", 0, cast.agent)


def _act(browser: Browser, row: Ticket, verb: str, **fields: Any) -> Any:
    response = browser.act(row.number, verb, Ticket.objects.get(pk=row.pk).version, **fields)
    assert response.status_code == 200, response.json()
    return response.json()


def test_a_return_is_upheld_and_moves_on(cast: Cast) -> None:
    row = cast.ticket_in(State.DISPATCHED)
    clerk, lead = Browser(cast.clerk), Browser(cast.lead)
    body = _act(
        clerk,
        row,
        "return",
        reason="not_our_duty",
        basis="三定方案第四条",
        proposed_department=cast.other_unit.code,
    )
    (asked,) = body["returns"]
    assert (asked["department"], asked["proposed_department"]) == (cast.unit.code, cast.other_unit.code)
    assert (asked["reason"], asked["upheld"], asked["ruled_at"]) == ("not_our_duty", None, None)
    body = _act(lead, row, "rule-on-return", upheld=True, department=cast.other_unit.code, note="确非其职责")
    assert (body["state"], body["department"]) == ("dispatched", cast.other_unit.code)
    assert [(part["department"], part["state"]) for part in body["assignments"]] == [
        (cast.unit.code, "returned"),
        (cast.other_unit.code, "to_sign"),
    ]
    assert clerk.get(f"/tickets/{row.number}").status_code == 404
    assert _act(Browser(cast.other_clerk), row, "sign")["state"] == "handling"


def test_a_return_upheld_without_a_unit_goes_back_to_the_desk(cast: Cast) -> None:
    row = cast.ticket_in(State.RETURN_REVIEW)
    body = _act(Browser(cast.lead), row, "rule-on-return", upheld=True)
    assert (body["state"], body["department"], body["due_at"]) == ("accepted", None, None)


def test_an_extension_is_granted_for_the_days_asked(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    lead = Browser(cast.lead)
    body = _act(Browser(cast.clerk), row, "request-extension", working_days=5, reason="等材料到货")
    assert [(e["working_days"], e["state"]) for e in body["extensions"]] == [(5, "requested")]
    assert "rule-on-extension" in lead.get(f"/tickets/{row.number}").json()["allowed"]
    due_at = Ticket.objects.get(pk=row.pk).due_at
    body = _act(lead, row, "rule-on-extension", granted=True)
    assert [(e["granted_days"], e["state"]) for e in body["extensions"]] == [(5, "granted")]
    assert due_at is not None
    assert Ticket.objects.get(pk=row.pk).due_at == terms.extended(due_at, 5)


def test_an_extension_is_refused(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    due_at = row.due_at
    _act(Browser(cast.clerk), row, "request-extension", working_days=5, reason="等材料到货")
    body = _act(Browser(cast.lead), row, "rule-on-extension", granted=False, note="不够充分")
    assert [(e["granted_days"], e["state"]) for e in body["extensions"]] == [(None, "refused")]
    assert Ticket.objects.get(pk=row.pk).due_at == due_at


@pytest.mark.parametrize(
    ("who", "start", "verb", "fields", "state"),
    [
        ("lead", State.HANDLING, "suspend", {"reason": "等待鉴定"}, "suspended"),
        ("lead", State.SUSPENDED, "resume", {}, "handling"),
        ("agent", State.RECEIVED, "request-info", {"question": "哪一盏?"}, "awaiting_info"),
        ("agent", State.RECEIVED, "refuse", {"reason": "litigation", "door": "人民法院"}, "refused"),
        ("agent", State.RECEIVED, "emergency", {"service": "119", "reference": "119-7"}, "emergency"),
        ("agent", State.RECEIVED, "answer-directly", {"public": "周一至周五上班"}, "follow_up"),
        ("agent", State.RECEIVED, "reply", {"text": "请稍候"}, "received"),
        ("agent", State.ACCEPTED, "edit", {"title": "路灯"}, "accepted"),
        ("agent", State.HANDLING, "urge", {"note": "市民来电催问"}, "handling"),
        ("agent", State.HANDLING, "withdraw", {}, "withdrawn"),
        ("supervisor", State.HANDLING, "supervise", {"level": 2, "note": "逾期"}, "handling"),
        ("clerk", State.HANDLING, "note", {"text": "已到现场"}, "handling"),
        ("quality", State.ANSWER_REVIEW, "review", {"approved": False, "note": "没有回答"}, "rework"),
        ("quality", State.CLOSED, "rework", {"note": "市民说没修好"}, "rework"),
    ],
)
def test_every_other_verb(cast: Cast, who: str, start: State, verb: str, fields: dict[str, Any], state: str) -> None:
    row = cast.ticket_in(start)
    before = row.ledger_length
    body = _act(Browser(getattr(cast, who)), row, verb, **fields)
    assert (body["number"], body["state"]) == (row.number, state)
    assert Ticket.objects.get(pk=row.pk).ledger_length == before + 1


def test_a_merge_names_the_ticket_that_goes_on(cast: Cast) -> None:
    row, into = ticket(), ticket()
    body = _act(Browser(cast.agent), row, "merge", into=into.number)
    assert (body["state"], body["merged_into"]) == ("merged", into.number)

"""A ticket is driven to its end through the interface alone."""

import pytest

from hotline.tickets import ledger
from hotline.tickets.models import Ticket
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
        (agent, "dispatch", {"department": cast.unit.code, "assisting": [cast.helper_unit.code]}, "dispatched"),
        (clerk, "sign", {}, "handling"),
        (helper, "sign", {}, "handling"),
        (clerk, "contact", {"whom": "张先生", "at": "2026-11-20T09:00:00+08:00"}, "handling"),
        (helper, "answer", {"public": "电缆已换。"}, "handling"),
        (clerk, "answer", {"public": "路灯已修好。", "internal": "换了灯头", "solved": True}, "answer_review"),
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

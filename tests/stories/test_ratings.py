"""Ratings and what follows: contact inside a day, rework, supervision; the phone's forgotten bad word; two people."""

from datetime import timedelta

import pytest

from channels_ingest import words
from dispatch import clocks
from hotline.tickets import clock
from hotline.tickets.models import CallBack, Clock, Ticket
from tests.fakes.wechat_api import WeChatServer
from tests.stories.test_crowd import Neighbour
from tests.stories.world import World

OPENID = "oJ5XbtwDq3ZkR9yN1mVh7LcGeU61"


@pytest.fixture
def citizen(world: World, wechat: WeChatServer) -> Neighbour:
    """Somebody whose name WeChat does not tell, who has said it."""
    someone = Neighbour(world, OPENID)
    wechat.spoke(OPENID)
    someone.says("小区门口的垃圾三天没有人收，臭味很大")
    world.settle()
    return someone


def known(ticket: Ticket) -> None:
    """The desk has asked for the name."""
    ticket.citizen.name = "王小明"
    ticket.citizen.save()


def answered(world: World, number: str, public: str) -> None:
    """From the unit's desk to the citizen."""
    world.does("urban", "answer", number, public=public, solved=True)
    if world.sees("lead1", number)["state"] == "answer_review":
        world.does("lead1", "review", number, approved=True)


def in_hand(world: World, number: str) -> None:
    """With the unit."""
    world.does("agent1", "accept", number)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)


def test_a_bad_rating_under_a_known_name(world: World, wechat: WeChatServer, citizen: Neighbour) -> None:
    ticket = citizen.tickets[0]
    number = ticket.number
    known(ticket)
    in_hand(world, number)
    answered(world, number, "已安排。")
    assert citizen.says("5，没有人来") == words.RATED_BADLY
    world.settle()
    seen = world.sees("urban", number)
    assert seen["state"] == "rework"
    recontact = ticket.deadlines.get(clock=Clock.RECONTACT)
    assert (recontact.ended_at, recontact.assignment.department.code) == (None, "urban")
    assert "recontact" in [row["name"] for row in seen["clocks"]]
    world.does("urban", "contact", number, whom="本人")
    recontact.refresh_from_db()
    assert recontact.ended_at is not None
    answered(world, number, "垃圾已清运，今后每天两次。")
    assert citizen.says("1") == words.RATED
    world.settle()
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "dispatched by agent1",
        "signed by urban",
        "answered by urban",
        "review_passed by lead1",
        "rated",
        "rework",
        "contacted by urban",
        "answered by urban",
        "review_passed by lead1",
        "rated",
        "closed",
    ]
    kept = Ticket.objects.get(number=number)
    assert (kept.rounds, kept.satisfied, kept.state) == (2, 5, "closed")
    assert list(kept.ratings.order_by("pk").values_list("round", "satisfied", "real_name")) == [
        (1, 1, True),
        (2, 5, True),
    ]


def test_a_bad_word_on_the_phone_that_nobody_followed_up(
    world: World, wechat: WeChatServer, citizen: Neighbour
) -> None:
    ticket = citizen.tickets[0]
    number = ticket.number
    in_hand(world, number)
    answered(world, number, "已安排。")
    Ticket.objects.filter(pk=ticket.pk).update(call_back=CallBack.DUE)
    world.does("quality1", "follow-up", number, reached=True, solved=False, satisfied=2, note="垃圾还在")
    listed = world.at_screen("quality1").get("/api/v1/tickets?queue=to_follow_up").json()["results"]
    assert [row["number"] for row in listed] == [number], "it waits for whoever heard it"
    forgotten = ticket.deadlines.get(clock=Clock.SILENCE, ended_at=None)
    with clock.at(forgotten.due_at - timedelta(minutes=1)):
        clocks.sweep()
    assert world.sees("quality1", number)["state"] == "follow_up"
    with clock.at(forgotten.due_at):
        clocks.sweep()
    world.settle()
    assert world.sees("urban", number)["state"] == "rework"
    assert world.story_of(number)[-2:] == ["followed_up by quality1", "rework"]
    assert wechat.sent[-1].text.startswith(f"编号{number}的诉求已安排重新办理")


def test_the_unit_does_not_read_what_a_protected_rater_said(
    world: World, wechat: WeChatServer, citizen: Neighbour
) -> None:
    ticket = citizen.tickets[0]
    number = ticket.number
    world.does("agent1", "accept", number, confidential=True)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)
    answered(world, number, "已安排。")
    world.does("quality1", "follow-up", number, reached=True, satisfied=3, note="我是三楼的王阿姨")
    citizen.says("5，我是三楼的王阿姨，没有人来")
    world.settle()
    desk, unit = world.sees("quality1", number), world.sees("urban", number)
    assert [call["note"] for call in desk["followups"]] == ["我是三楼的王阿姨"]
    assert [call["note"] for call in unit["followups"]] == [""]
    assert (desk["rating"]["score"], desk["rating"]["channel"], desk["rating"]["amendments"]) == (3, "phone", 1)
    assert (unit["rating"]["score"], unit["rating"]["channel"], unit["rating"]["note"]) == (3, "", "")
    ledger = world.at_screen("urban").get(f"/api/v1/tickets/{number}/ledger").content.decode()
    assert "三楼" not in ledger
    assert "三楼" not in str(unit)


def test_two_people_set_it_aside_and_no_other_two(world: World, wechat: WeChatServer, citizen: Neighbour) -> None:
    number = citizen.tickets[0].number
    world.does("lead1", "accept", number)
    world.does("lead1", "dispatch", number, department="urban")
    body = {"code": "unreasonable", "note": "要求补偿，无依据"}
    for username in ("lead1", "agent1", "urban"):
        version = world.sees(username, number)["version"]
        assert world.post(username, "set-aside", number, version=version, **body).status_code == 403
    version = world.sees("quality1", number)["version"]
    odd = world.post("quality1", "set-aside", number, version=version, code="because", note="不想要")
    assert (odd.status_code, list(odd.json()["errors"])) == (422, ["code"])
    world.does("quality1", "set-aside", number, **body)
    for username in ("quality1", "lead1", "agent1", "urban"):
        version = world.sees(username, number)["version"]
        answer = world.post(username, "rule-on-set-aside", number, version=version, approved=True)
        assert answer.status_code == 403, username
    seen = world.does("supervisor1", "rule-on-set-aside", number, approved=True)
    assert seen["set_aside"]
    assert [(row["code"], row["approved"], row["note"]) for row in seen["set_asides"]] == [
        ("unreasonable", True, "要求补偿，无依据")
    ]
    assert world.sees("urban", number)["set_asides"] == seen["set_asides"], "the unit may know what does not count"
    assert world.story_of(number)[-2:] == ["set_aside_requested by quality1", "set_aside_approved by supervisor1"]


def test_two_bad_rounds_are_put_under_supervision(world: World, wechat: WeChatServer, citizen: Neighbour) -> None:
    ticket = citizen.tickets[0]
    number = ticket.number
    in_hand(world, number)
    for round_ in (1, 2):
        answered(world, number, f"第{round_}次答复。")
        assert citizen.says("5") == words.RATED_BADLY
        world.settle()
    assert world.story_of(number)[-2:] == ["rework", "supervised"]
    assert world.sees("supervisor1", number)["supervision_level"] >= 1

"""Whose is it, and how long may it take: returns, the consultation, extensions, pauses; each with its exact ledger."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from channels_ingest import words
from channels_ingest.models import OutboundMessage
from dispatch import clocks
from hotline.tickets import clock
from hotline.tickets.models import Deadline, Precedent, Ticket
from tests.stories.world import World

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=CHINA)
URBAN, TRAFFIC, WATER = "云水市城市管理和综合执法局", "云水市交通运输局", "云水市水务局"


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def asks(world: World, text: str = "界河边堆满垃圾，河里也漂着") -> str:
    """A citizen asks through another system; the desk takes it on."""
    request = {"channel": "app", "external_id": text, "sender": {"phone": "13800000001", "name": "王五"}, "text": text}
    key = {"headers": {"Authorization": "Bearer demo-api-key"}}
    answer = world.public.post("/api/v1/requests", json.dumps(request), "application/json", **key)
    world.settle()
    number: str = answer.json()["number"]
    world.does("agent1", "accept", number, type="complaint", matter="0108")
    return number


def gives_back(world: World, unit: str, number: str, proposed: str) -> None:
    world.does(
        unit, "return", number, reason="not_our_duty", basis="三定方案", proposed_department=proposed, note="另有主管"
    )


def told(number: str, *kinds: str) -> list[str]:
    """What the citizen was told after lines of these kinds, in order."""
    sent = OutboundMessage.objects.filter(ticket__number=number, kind__in=kinds).order_by("entry__sequence")
    return list(sent.values_list("text", flat=True))


def answered(world: World, unit: str, number: str) -> None:
    world.does(unit, "answer", number, public="垃圾已经清运。", solved=True)
    world.does("lead1", "review", number, approved=True)


BEFORE = ["received", "suggested", "accepted by agent1", "dispatched by agent1"]


def test_a_return_is_upheld_and_the_citizen_hears_who_has_it_now(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="traffic")
    gives_back(world, "traffic", number, "urban")
    world.does("lead1", "rule-on-return", number, upheld=True, department="urban", note="同意")
    assert world.at_screen("traffic").get(f"/api/v1/tickets/{number}").status_code == 404
    world.does("urban", "sign", number)
    answered(world, "urban", number)
    assert world.story_of(number) == [
        *BEFORE,
        "return_requested by traffic",
        "return_upheld by lead1",
        "signed by urban",
        "answered by urban",
        "review_passed by lead1",
    ]
    ticket = Ticket.objects.get()
    assert told(number, "return_upheld") == [words.moved(number, URBAN, ticket.due_at).full]
    page = world.public.get(f"/t/{ticket.public_code}/").content.decode()
    assert "三定方案" not in page, "the units' quarrel is not the citizen's"


def test_a_return_is_refused_and_there_is_no_second_one(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="traffic")
    gives_back(world, "traffic", number, "urban")
    world.does("supervisor1", "rule-on-return", number, upheld=False, note="派单目录明确")
    seen = world.sees("traffic", number)
    assert (seen["state"], seen["returns_final"], "return" in seen["allowed"]) == ("handling", True, False)
    again = world.post(
        "traffic", "return", number, version=seen["version"], reason="not_our_duty", basis="三定方案", note="再退"
    )
    assert again.status_code == 422
    answered(world, "traffic", number)
    assert world.story_of(number) == [
        *BEFORE,
        "return_requested by traffic",
        "return_refused by supervisor1",
        "answered by traffic",
        "review_passed by lead1",
    ]
    assert told(number, "return_requested", "return_refused") == []


def test_two_returns_make_a_consultation_whose_ruling_is_a_precedent(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="traffic")
    gives_back(world, "traffic", number, "water")
    world.does("lead1", "rule-on-return", number, upheld=True, department="water", note="河道")
    gives_back(world, "water", number, "urban")

    for unit, text in (("traffic", "桥下归我们，河岸不归"), ("urban", "只管路面保洁"), ("traffic", "河岸归城管")):
        seen = world.sees(unit, number)
        assert (seen["state"], seen["allowed"]) == ("return_review", ["opinion"])
        assert seen["citizen"] == {"name": "王*", "phone": "138****0001"}
        assert world.post(unit, "note", number, version=seen["version"], text="记一笔").status_code == 403
        assert (
            world.at_screen(unit).post(f"/api/v1/tickets/{number}/unmask", "{}", "application/json").status_code == 403
        )
        world.does(unit, "opinion", number, text=text)
    listed = world.at_screen("urban").get("/api/v1/tickets?group=consultation").json()["results"]
    assert [row["number"] for row in listed] == [number]
    assert world.at_screen("urban").get("/api/v1/portal-groups").json()["consultation"] == 1

    heard = world.sees("supervisor1", number)
    said = {(o["department_name"], o["text"]) for o in heard["consultation"]["opinions"]}
    assert said == {(TRAFFIC, "河岸归城管"), (URBAN, "只管路面保洁")}
    assert {unit["name"] for unit in heard["consultation"]["units"]} == {TRAFFIC, URBAN, WATER}
    assert "rule-on-return" not in world.sees("lead1", number)["allowed"]
    refused = world.post(
        "lead1", "rule-on-return", number, version=heard["version"], upheld=True, department="urban", note="归城管"
    )
    assert refused.status_code == 403
    unreasoned = world.post(
        "supervisor1", "rule-on-return", number, version=heard["version"], upheld=True, department="traffic"
    )
    assert (unreasoned.status_code, list(unreasoned.json()["errors"])) == (422, ["note"])

    world.does("supervisor1", "rule-on-return", number, upheld=True, department="traffic", note="河岸道路由交通养护")
    for unit in ("water", "urban"):
        assert world.at_screen(unit).get(f"/api/v1/tickets/{number}").status_code == 404
    assert "return" not in world.sees("traffic", number)["allowed"]
    world.does("traffic", "sign", number)
    answered(world, "traffic", number)

    assert world.story_of(number) == [
        *BEFORE,
        "return_requested by traffic",
        "return_upheld by lead1",
        "return_requested by water",
        "opinion_given by traffic",
        "opinion_given by urban",
        "opinion_given by traffic",
        "consultation_ruled by supervisor1",
        "signed by traffic",
        "answered by traffic",
        "review_passed by lead1",
    ]
    precedent = Precedent.objects.get()
    assert (precedent.matter.code, precedent.department.code) == ("0108", "traffic")
    assert set(precedent.against.values_list("code", flat=True)) == {"water", "urban"}
    assert precedent.reasoning == "河岸道路由交通养护"
    ruling = world.sees("supervisor1", number)["consultation"]
    assert (ruling["department"], ruling["ruling"]) == ("traffic", "河岸道路由交通养护")
    ticket = Ticket.objects.get()
    assert told(number, "consultation_ruled") == [words.moved(number, TRAFFIC, ticket.due_at).full]


def test_an_extension_is_granted_and_the_citizen_is_told_until_when_and_why(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)
    before = Ticket.objects.get().due_at
    assert before == datetime(2026, 12, 14, 23, 59, 59, tzinfo=CHINA)
    world.does("urban", "request-extension", number, working_days=3, code="works", reason="等待清运船")
    world.does("lead1", "rule-on-extension", number, granted=True, note="属实")
    after = Ticket.objects.get().due_at
    assert after == datetime(2026, 12, 17, 23, 59, 59, tzinfo=CHINA)
    assert told(number, "extension_granted") == [words.extended(number, "等待清运船", after).full]
    assert "12月17日" in told(number, "extension_granted")[0]
    assert "等待清运船" in told(number, "extension_granted")[0]
    seen = world.sees("urban", number)
    answer = next(found for found in seen["clocks"] if found["name"] == "answer")
    assert any("2026-12-17" in line for line in answer["explanation"])
    assert seen["extensions"][0]["cause"] == "需施工或采购周期"
    assert (seen["extensions"][0]["state"], seen["extensions"][0]["granted_days"]) == ("granted", 3)
    answered(world, "urban", number)
    assert world.story_of(number) == [
        *BEFORE,
        "signed by urban",
        "extension_requested by urban",
        "extension_granted by lead1",
        "answered by urban",
        "review_passed by lead1",
    ]


def test_an_extension_is_refused_and_one_over_the_cap_cannot_be_asked_for(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)
    due = Ticket.objects.get().due_at
    seen = world.sees("urban", number)
    over = world.post(
        "urban", "request-extension", number, version=seen["version"], working_days=11, code="works", reason="等船"
    )
    assert (over.status_code, list(over.json()["errors"])) == (422, ["working_days"])
    unlisted = world.post(
        "urban", "request-extension", number, version=seen["version"], working_days=2, code="lazy", reason="等船"
    )
    assert (unlisted.status_code, list(unlisted.json()["errors"])) == (422, ["code"])
    world.does("urban", "request-extension", number, working_days=5, code="complex", reason="要再查")
    world.does("supervisor1", "rule-on-extension", number, granted=False, note="不复杂")
    assert Ticket.objects.get().due_at == due
    assert told(number, "extension_requested", "extension_refused", "extension_granted") == []
    answered(world, "urban", number)
    assert world.story_of(number) == [
        *BEFORE,
        "signed by urban",
        "extension_requested by urban",
        "extension_refused by supervisor1",
        "answered by urban",
        "review_passed by lead1",
    ]


def test_a_pause_with_an_end_goes_on_by_itself(world: World) -> None:
    number = asks(world)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)
    due, until = Ticket.objects.get().due_at, MONDAY + timedelta(days=4)
    assert due is not None
    world.does("lead1", "suspend", number, code="expert", reason="等待水质检测", until=until.isoformat())
    seen = world.sees("urban", number)
    assert all(found["paused"] for found in seen["clocks"])
    assert (seen["suspensions"][0]["cause"], seen["suspensions"][0]["resumed_at"]) == ("等待检验、检测、鉴定结果", None)
    assert told(number, "suspended") == [words.suspended(number, "等待检验、检测、鉴定结果", until).full]
    with clock.at(until - timedelta(seconds=1)):
        assert clocks.sweep() == 0
    with clock.at(until):
        clocks.sweep()
        world.settle()
        assert Ticket.objects.get().state == "handling"
        assert Ticket.objects.get().due_at == due + timedelta(days=4)
        assert not Deadline.objects.exclude(paused_at=None).exists()
        assert told(number, "resumed") == [words.resumed(number, due + timedelta(days=4)).full]
        answer = next(found for found in world.sees("urban", number)["clocks"] if found["name"] == "answer")
        assert any("2026-11-23 09:00" in line and "等待水质检测" in line for line in answer["explanation"])
        answered(world, "urban", number)
    assert world.story_of(number) == [
        *BEFORE,
        "signed by urban",
        "suspended by lead1",
        "resumed",
        "answered by urban",
        "review_passed by lead1",
    ]

"""Down to the grid worker and back, by itself and taken back, without a name, without the one complained of."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from channels_ingest import words
from dispatch.models import AutoDispatchRule, EnterpriseRoute
from hotline.people.models import Citizen, Department
from hotline.tickets import clock
from hotline.tickets.models import Matter, Ticket
from tests.factories import staff
from tests.fakes.wechat_api import WeChatServer
from tests.stories.test_wechat_text import OPENID, says
from tests.stories.world import World

MONDAY = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))
KEY = {"headers": {"Authorization": "Bearer demo-api-key"}}
RUBBISH = "文澜社区楼道堆满杂物和垃圾，臭气熏天，没有人清理"


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def asks(world: World, text: str = RUBBISH, **more: Any) -> str:
    """A citizen asks through another system."""
    request = {"channel": "app", "external_id": text, "sender": {"phone": "13800000001", "name": "王五"}, "text": text}
    answer = world.public.post("/api/v1/requests", json.dumps(request | more), "application/json", **KEY)
    world.settle()
    number: str = answer.json()["number"]
    return number


def test_four_levels_down_one_up_and_a_grid_worker_answers(monday: None, world: World) -> None:
    for code in ("east", "wenlan", "wenlan-2"):
        staff("department", Department.objects.get(code=code), username=f"{code}-clerk")
    number = asks(world)
    place = {"area": "449801001001"}
    world.does("agent1", "accept", number, type="complaint", matter="0104", place=place)
    world.does("agent1", "dispatch", number, department="east", assisting=["urban-east"])
    due = Ticket.objects.get().due_at
    world.does("east-clerk", "sign", number)

    below = world.at_screen("east-clerk").get(f"/api/v1/tickets/{number}/below").json()["results"]
    assert {"wenlan", "wenlan-1"} <= {unit["code"] for unit in below}
    assert "fuan" not in {unit["code"] for unit in below}, "the place is not there"
    refused = world.post(
        "east-clerk", "pass-down", number, version=world.sees("east-clerk", number)["version"], department="urban-east"
    )
    assert refused.status_code == 422
    world.does("east-clerk", "pass-down", number, department="wenlan", note="属地处理")
    world.does("wenlan-clerk", "sign", number)
    world.does("wenlan-clerk", "pass-down", number, department="wenlan-1")
    assert world.at_screen("wenlan-2-clerk").get(f"/api/v1/tickets/{number}").status_code == 404

    gone = world.does("grid1", "pass-up", number, note="需要车辆，社区没有")
    assert gone == {"number": number, "gone": True}
    version = world.sees("wenlan-clerk", number)["version"]
    again = world.post("wenlan-clerk", "pass-down", number, version=version, department="wenlan-1")
    assert again.status_code == 422
    assert "department" in again.json()["errors"]

    world.does("agent1", "assist", number, assisting=["wenlan-1"], note="请网格员到场")
    world.does("grid1", "sign", number)
    clocks = {(c["name"], c["department"]) for c in world.sees("grid1", number)["clocks"]}
    assert clocks == {("answer", "wenlan-1")}, "each unit is shown its own clocks"
    world.does("grid1", "answer", number, public="已到场配合清理。")
    world.does("wenlan-clerk", "answer", number, public="垃圾已清运两车。", solved=True)
    world.does("agent1", "release", number, department="urban-east", note="无需执法")
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "dispatched by agent1",
        "signed by east-clerk",
        "passed_down by east-clerk",
        "signed by wenlan-clerk",
        "passed_down by wenlan-clerk",
        "passed_up by grid1",
        "units_added by agent1",
        "signed by grid1",
        "unit_answered by grid1",
        "unit_answered by wenlan-clerk",
        "answered by agent1",
    ]
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.department.code, ticket.due_at) == ("answer_review", "wenlan", due)
    assert ticket.first_department.code == "east"
    units = {p["department"]: (p["state"], p["passed_from"]) for p in world.sees("agent1", number)["assignments"]}
    assert units["east"] == ("passed", None)
    assert units["wenlan"] == ("answered", "east")
    assert units["urban-east"] == ("released", None)


def test_out_by_itself_and_back_within_the_minute(monday: None, world: World) -> None:
    text = "小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下"
    matter = Matter.objects.get(code="0108")
    AutoDispatchRule.objects.create(matter=matter, enabled=True, threshold=0.01, precision=0.99, cases=500)
    number = asks(world, text)
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.matter, ticket.holder) == ("dispatched", matter, None)
    assert world.sees("agent1", number)["recall_until"] == (MONDAY + timedelta(seconds=60)).isoformat()
    unit = ticket.department.code
    line = ticket.ledger.get(kind="dispatched")
    assert line.data["automatic"] is True

    with clock.at(MONDAY + timedelta(seconds=40)):
        world.does("agent1", "recall", number, note="井盖是通信公司的")
        world.does("agent1", "dispatch", number, department="communications")
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted",
        "dispatched",
        "recalled by agent1",
        "dispatched by agent1",
    ]
    assert Ticket.objects.get().ledger.get(kind="recalled").data == {
        "department": unit,
        "automatic": True,
        "note": "井盖是通信公司的",
    }
    assert world.sees("agent1", number)["recall_until"] is None


def test_an_enterprise_goes_straight_to_its_unit_and_is_taken_back_within_the_minute(
    monday: None, world: World
) -> None:
    unit = Department.objects.get(code="development")
    EnterpriseRoute.objects.create(department=unit, basis="企业诉求直达机制", from_date="2026-01-01")
    firm = {"phone": "13800000002", "name": "云水市顺发贸易有限公司", "enterprise": True}
    number = asks(world, "我司申请的稳岗补贴三个月没有到账，请告知进度", sender=firm)
    asks(world, "我申请的创业补贴三个月没有到账，请告知进度")
    states = dict(Ticket.objects.values_list("enterprise", "state"))
    assert states == {True: "dispatched", False: "received"}, "a citizen's request waits for the desk"
    seen = world.sees("agent1", number)
    assert (seen["department"], seen["enterprise"], seen["holder"]) == ("development", True, None)
    assert seen["recall_until"] == (MONDAY + timedelta(seconds=60)).isoformat()

    with clock.at(MONDAY + timedelta(seconds=59)):
        world.does("agent1", "recall", number, note="补贴归人社")
        world.does("agent1", "dispatch", number, department="labour")
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted",
        "dispatched",
        "recalled by agent1",
        "dispatched by agent1",
    ]
    first, second = Ticket.objects.get(number=number).ledger.filter(kind="dispatched").order_by("sequence")
    assert (first.data["automatic"], first.data["confidence"], first.data["note"]) == (True, 1.0, "企业诉求直达机制")
    assert (second.data["department"], second.data.get("automatic", False)) == ("labour", False)
    recalled = Ticket.objects.get(number=number).ledger.get(kind="recalled").data
    assert recalled == {"department": "development", "automatic": True, "note": "补贴归人社"}
    refused = world.public.post(
        "/api/v1/requests",
        json.dumps({"channel": "app", "external_id": "x", "sender": {"enterprise": "yes"}, "text": "补贴"}),
        "application/json",
        **KEY,
    )
    assert (refused.status_code, refused.json()["errors"]) == (422, {"sender.enterprise": "true or false"})


def test_a_whistle_is_blown_and_nobody_learns_by_whom(world: World, wechat: WeChatServer) -> None:
    wechat.spoke(OPENID)
    says(world, "我是李小龙，电话13912345678，举报对面工厂半夜往河里排污水，请不要透露我的信息", 4001)
    number = Ticket.objects.get().number
    Citizen.objects.update(name="李小龙")
    world.settle()
    world.does("agent1", "accept", number, type="report", matter="0108", confidential=True)
    world.does("agent1", "dispatch", number, department="water")
    world.does("water", "sign", number)
    seen = world.sees("water", number)
    assert seen["citizen"] is None
    assert seen["text"].startswith("我是***，电话***，举报对面工厂半夜往河里排污水")

    world.does("water", "relay", number, text="请问排污口在桥的哪一侧？")
    assert wechat.sent[-1].text == words.relayed(number, "云水市水务局", "请问排污口在桥的哪一侧？").full
    says(world, "东侧，李先生随时可以带路，13912345678", 4002)
    world.settle()
    assert world.sees("water", number)["messages"][-1]["text"] == "东侧，***随时可以带路，***"
    assert world.post("water", "unmask", number, reason="现场核实").status_code == 403
    for line in world.at_screen("water").get(f"/api/v1/tickets/{number}/ledger").json()["results"]:
        assert "李小龙" not in json.dumps(line, ensure_ascii=False)
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "dispatched by agent1",
        "signed by water",
        "relayed by water",
        "words_added",
    ]


def test_a_complaint_about_a_unit_never_reaches_it(monday: None, world: World) -> None:
    number = asks(world, "城管执法人员态度粗暴，掀翻了我的摊子，要求处理")
    world.does("agent1", "accept", number, type="complaint", matter="0101", accused=["urban"])
    suggested = world.at_screen("agent1").get(f"/api/v1/tickets/{number}/suggestion").json()["departments"]
    assert not [unit["code"] for unit in suggested if unit["code"].startswith("urban")]
    for unit in ("urban", "urban-east"):
        version = world.sees("agent1", number)["version"]
        answer = world.post("agent1", "dispatch", number, version=version, department=unit)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"department"})

    gone = world.does("agent1", "recuse", number, reason="被投诉人是我弟弟")
    assert gone == {"number": number, "gone": True}
    assert world.at_screen("agent1").get(f"/api/v1/tickets/{number}").status_code == 404
    world.does("agent2", "dispatch", number, department="justice")
    assert world.sees("agent2", number)["accused"] == [{"code": "urban", "name": "云水市城市管理和综合执法局"}]
    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "recused by agent1",
        "dispatched by agent2",
    ]

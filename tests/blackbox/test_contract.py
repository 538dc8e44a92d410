"""The outside contract on a running demonstration: every written channel in, verbs to the end, duplicates harmless."""

import hashlib
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

PASSWORD = "hotline-demo"
PATIENCE = 60.0
CREATED = int(time.time())
"""When the citizen wrote: a message that WeChat sends again bears its first time."""


def signed_in(base: str, username: str) -> httpx.Client:
    """A browser that has gone through the login form."""
    browser = httpx.Client(base_url=base, follow_redirects=False, timeout=30)
    form = browser.get("/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    answer = browser.post("/login/", data={"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302, answer.text
    return browser


def uses(browser: httpx.Client, verb: str, number: str, **fields: Any) -> dict[str, Any]:
    """Read the ticket, then use a verb with the version that was read."""
    version = browser.get(f"/api/v1/tickets/{number}").json()["version"]
    answer = browser.post(
        f"/api/v1/tickets/{number}/{verb}",
        json={"version": version, **fields},
        headers={"X-CSRFToken": browser.cookies["csrftoken"], "Referer": str(browser.base_url)},
    )
    assert answer.status_code == 200, (verb, answer.status_code, answer.text)
    return answer.json()


def until(found: Callable[[], Any]) -> Any:
    """Ask again until there is an answer."""
    give_up = time.monotonic() + PATIENCE
    while not (answer := found()):
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.1)
    return answer


def wechat(base: str, text: str, message_id: str, sender: str) -> str:
    """A text message as WeChat posts it; returns the answer's body."""
    timestamp, nonce = str(int(time.time())), "77"
    signature = hashlib.sha1("".join(sorted(["demo-token", timestamp, nonce])).encode()).hexdigest()
    body = (
        f"<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{CREATED}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{message_id}</MsgId></xml>"
    )
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce}
    answer = httpx.post(f"{base}/in/wechat/demo/", params=query, content=body.encode(), timeout=10)
    assert answer.status_code == 200
    return answer.text


def aliyun(base: str, text: str, sequence: str, phone: str) -> None:
    row = {
        "phone_number": phone,
        "content": text,
        "send_time": "2026-11-21 09:00:00",
        "dest_code": "12345",
        "sequence_id": sequence,
    }
    assert httpx.post(f"{base}/in/sms-aliyun/demo-secret/", json=[row], timeout=10).json()["code"] == 0


def tencent(base: str, text: str, phone: str) -> None:
    row = {"extend": "", "mobile": phone, "nationcode": "86", "sign": "云水", "text": text, "time": 1795225800}
    assert httpx.post(f"{base}/in/sms-tencent/demo-secret/", json=row, timeout=10).json()["result"] == 0


def open_request(base: str, text: str, external_id: str) -> httpx.Response:
    body = {"channel": "app", "external_id": external_id, "sender": {"phone": "13900000009"}, "text": text}
    key = {"Authorization": "Bearer demo-api-key"}
    return httpx.post(f"{base}/api/v1/requests", json=body, headers=key, timeout=10)


@pytest.fixture(scope="module")
def desk_of(demo: str) -> Iterator[Callable[[str], httpx.Client]]:
    """Signs somebody in; every browser is closed at the end."""
    with ExitStack() as browsers:
        yield lambda username: browsers.enter_context(closing(signed_in(demo, username)))


@pytest.fixture(scope="module")
def agent(desk_of: Callable[[str], httpx.Client]) -> httpx.Client:
    return desk_of("agent1")


def test_every_written_channel_becomes_a_ticket_with_three_units(demo: str, agent: httpx.Client) -> None:
    mark = uuid.uuid4().hex[:8]  # of new people each time: further words of the same ones would join their tickets
    phone = f"{int(mark, 16) % 10**8:08d}"
    said = {
        "wechat": f"人行道的井盖不见了，很危险，请马上处理 {mark}",
        "sms-aliyun": f"楼下烧烤店油烟很大，晚上睡不着 {mark}",
        "sms-tencent": f"公交车半小时不来一趟，上班迟到 {mark}",
        "api": f"自来水发黄有异味，已经两天 {mark}",
    }
    cookie = {"Cookie": f"sessionid={agent.cookies['sessionid']}"}
    host = demo.removeprefix("http://")
    with connect(f"ws://{host}/ws/desk/", additional_headers=cookie, origin=demo) as desk:
        assert json.loads(desk.recv(20))["kind"] == "caught_up"
        for _twice in range(2):
            first = wechat(demo, said["wechat"], f"9{int(mark, 16)}", f"o-{mark}")
            aliyun(demo, said["sms-aliyun"], f"s-{mark}", f"139{phone}")
            tencent(demo, said["sms-tencent"], f"138{phone}")
            answer = open_request(demo, said["api"], f"x-{mark}")
        assert answer.status_code == 200
        assert wechat(demo, said["wechat"], f"9{int(mark, 16)}", f"o-{mark}") == first
        received: dict[str, list[str]] = {}
        while len(received) < 4:
            frame = json.loads(desk.recv(PATIENCE))
            if frame["kind"] == "received" and mark in frame["ticket"]["text"]:
                received.setdefault(frame["ticket"]["channel"], []).append(frame["ticket"]["number"])
    assert {channel: len(numbers) for channel, numbers in received.items()} == dict.fromkeys(said, 1)
    listed = agent.get("/api/v1/tickets", params={"q": mark}).json()
    assert sorted(row["text"] for row in listed["results"]) == sorted(said.values())
    for row in listed["results"]:
        suggestion = until(lambda number=row["number"]: _suggestion(agent, number))
        assert len(suggestion["departments"]) == 3
        assert all(unit["code"] and unit["name"] and unit["reasons"] for unit in suggestion["departments"])


def _suggestion(agent: httpx.Client, number: str) -> dict[str, Any] | None:
    answer = agent.get(f"/api/v1/tickets/{number}/suggestion").json()
    return answer if answer["departments"] else None


def test_verbs_drive_a_ticket_to_closed(demo: str, agent: httpx.Client, desk_of: Callable[[str], httpx.Client]) -> None:
    made = open_request(demo, "南门公厕的灯坏了，晚上没法用", uuid.uuid4().hex)
    assert made.status_code == 201
    number = made.json()["number"]
    unit, quality = desk_of("urban"), desk_of("quality1")
    assert unit.get(f"/api/v1/tickets/{number}").status_code == 404
    uses(agent, "accept", number, type="help", title="公厕灯坏了")
    uses(agent, "dispatch", number, department="urban", note="请尽快")
    uses(unit, "sign", number)
    uses(unit, "answer", number, public="灯已换好。", internal="", solved=True)
    uses(agent, "review", number, approved=True)
    uses(quality, "follow-up", number, reached=True, solved=True, satisfied=5)
    closed = uses(quality, "close", number)
    assert closed["state"] == "closed"
    kinds = [line["kind"] for line in agent.get(f"/api/v1/tickets/{number}/ledger").json()["results"]]
    assert [kind for kind in kinds if kind != "suggested"] == [
        "received",
        "accepted",
        "dispatched",
        "signed",
        "answered",
        "review_passed",
        "followed_up",
        "closed",
    ]


TICKET_FIELDS = {
    *("number", "public_code", "state", "type", "matter", "title", "text", "channel", "department", "assisting"),
    *("version", "created_at", "due_at", "allowed"),
}
SUGGESTION_FIELDS = {"type", "matter", "departments", "urgency", "place", "similar", "summary", "abstain"}


def test_answers_hold_what_the_contract_promises(demo: str, agent: httpx.Client) -> None:
    number = open_request(demo, "公园的健身器材松动了", uuid.uuid4().hex).json()["number"]
    listed = agent.get("/api/v1/tickets", params={"q": number}).json()
    assert (len(listed["results"]), listed["next"]) == (1, None)
    for row in (listed["results"][0], agent.get(f"/api/v1/tickets/{number}").json()):
        assert row.keys() >= TICKET_FIELDS
    lines = agent.get(f"/api/v1/tickets/{number}/ledger").json()
    assert lines["next"] is None
    assert all(line.keys() >= {"entry", "kind", "at", "by", "data"} for line in lines["results"])
    assert agent.get(f"/api/v1/tickets/{number}/suggestion").json().keys() >= SUGGESTION_FIELDS


def test_a_return_moves_a_ticket_once_and_an_order_hurries_it(
    demo: str, agent: httpx.Client, desk_of: Callable[[str], httpx.Client]
) -> None:
    number = open_request(demo, "路口积水没人管", uuid.uuid4().hex).json()["number"]
    urban, water, traffic = desk_of("urban"), desk_of("water"), desk_of("traffic")
    lead, supervisor, quality = desk_of("lead1"), desk_of("supervisor1"), desk_of("quality1")
    uses(agent, "accept", number, type="help")
    uses(agent, "dispatch", number, department="urban", assisting=["traffic"])
    returned = uses(urban, "return", number, reason="not_our_duty", basis="三定方案", proposed_department="water")
    assert returned["state"] == "return_review"
    moved = uses(lead, "rule-on-return", number, upheld=True, department="water", note="排水归水务")
    assert (moved["state"], moved["department"], moved["assisting"]) == ("dispatched", "water", ["traffic"])
    before = uses(water, "sign", number)["due_at"]
    uses(water, "request-extension", number, working_days=5, reason="需要抽水设备")
    longer = uses(lead, "rule-on-extension", number, granted=True, working_days=3, note="")
    assert longer["due_at"] > before
    uses(agent, "urge", number, note="市民又来电")
    uses(supervisor, "supervise", number, level=2, note="请今天到场")
    uses(agent, "note", number, text="已电话通知")
    uses(traffic, "sign", number)
    uses(traffic, "answer", number, public="已设置围挡。")
    contacted = {"whom": "来电人", "at": datetime.now(UTC).isoformat(), "number": "13900000009"}
    answered = uses(water, "answer", number, public="积水已抽干。", internal="", solved=True, contacted=contacted)
    assert answered["state"] == "answer_review"
    uses(agent, "review", number, approved=True)
    uses(quality, "follow-up", number, reached=True, solved=False, satisfied=2, note="又积水了")
    assert uses(quality, "rework", number, note="请彻底疏通")["state"] == "rework"
    kinds = [line["kind"] for line in agent.get(f"/api/v1/tickets/{number}/ledger").json()["results"]]
    assert [kind for kind in kinds if kind != "suggested"] == [
        *("received", "accepted", "dispatched", "return_requested", "return_upheld", "signed"),
        *("extension_requested", "extension_granted", "urged", "supervised", "noted", "signed"),
        *("unit_answered", "answered", "review_passed", "followed_up", "rework"),
    ]


def test_a_refused_return_is_final(demo: str, agent: httpx.Client, desk_of: Callable[[str], httpx.Client]) -> None:
    number = open_request(demo, "垃圾桶满了三天", uuid.uuid4().hex).json()["number"]
    urban, lead = desk_of("urban"), desk_of("lead1")
    uses(agent, "accept", number)
    uses(agent, "dispatch", number, department="urban")
    uses(urban, "return", number, reason="not_our_area", basis="属地管理", note="不在辖区")
    kept = uses(lead, "rule-on-return", number, upheld=False, note="属于你单位")
    assert (kept["state"], kept["department"]) == ("handling", "urban")
    assert "return" not in urban.get(f"/api/v1/tickets/{number}").json()["allowed"]


def test_repeats_are_merged_and_a_citizen_takes_a_request_back(demo: str, agent: httpx.Client) -> None:
    first, again, third = (open_request(demo, "楼道灯不亮", uuid.uuid4().hex).json()["number"] for _ in range(3))
    assert uses(agent, "merge", again, into=first)["state"] == "merged"
    assert uses(agent, "withdraw", third, note="市民来电撤回")["state"] == "withdrawn"
    assert agent.get(f"/api/v1/tickets/{first}").json()["state"] == "received"


def test_conflicts_duties_and_wrong_states_are_told_apart(
    demo: str, agent: httpx.Client, desk_of: Callable[[str], httpx.Client]
) -> None:
    number = open_request(demo, "小区电梯停了两天", uuid.uuid4().hex).json()["number"]
    headers = {"X-CSRFToken": agent.cookies["csrftoken"]}
    uses(agent, "accept", number)

    def post(browser: httpx.Client, verb: str, **body: Any) -> httpx.Response:
        token = {"X-CSRFToken": browser.cookies["csrftoken"]} if browser is not agent else headers
        return browser.post(f"/api/v1/tickets/{number}/{verb}", json=body, headers=token)

    version = agent.get(f"/api/v1/tickets/{number}").json()["version"]
    stale = post(agent, "dispatch", version=version - 1, department="water")
    assert (stale.status_code, stale.json()["ticket"]["number"]) == (409, number)
    wrong = post(agent, "close", version=version)
    assert wrong.status_code == 422
    assert "dispatch" in wrong.json()["allowed"]
    foreign = post(desk_of("supervisor1"), "dispatch", version=version, department="water")
    assert foreign.status_code == 403
    assert foreign.headers["content-type"].startswith("application/problem+json")
    unknown = post(agent, "dispatch", version=version, department="no-such-unit")
    assert unknown.status_code == 422
    assert "department" in unknown.json()["errors"]


def test_pages_and_probes_answer(demo: str, agent: httpx.Client, desk_of: Callable[[str], httpx.Client]) -> None:
    for page in ("/", "/ask/", "/follow/", "/chat/", "/login/", "/healthz", "/readyz", "/api/v1/docs"):
        assert httpx.get(f"{demo}{page}").status_code == 200, page
    assert httpx.get(f"{demo}/api/v1/openapi.json").json()["openapi"].startswith("3.")
    assert agent.get("/desk/").status_code == 200
    assert desk_of("water").get("/portal/").status_code == 200
    assert desk_of("supervisor1").get("/supervision/").status_code == 200
    assert httpx.get(f"{demo}/api/v1/tickets").status_code == 401
    assert agent.get("/api/v1/departments").json()["results"]
    assert agent.get("/api/v1/rates", params={"by": "department"}).status_code == 200


def test_a_citizen_follows_a_request(demo: str) -> None:
    made = open_request(demo, "广场舞音乐太吵", uuid.uuid4().hex).json()
    page = httpx.get(f"{demo}/t/{made['public_code']}/")
    assert page.status_code == 200
    assert made["number"] in re.sub(r"\s", "", page.text)

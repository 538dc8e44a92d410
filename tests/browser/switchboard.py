"""A switchboard that says what a test tells it to, to the page's own socket; the page cannot tell the difference."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

SOCKET = re.compile(r"//[^/]+/phone/\?token=")
CALL = "8c3a4c52-9a0e-4c9c-8c29-0e8e4b1b2f10"
FRAME = 640


def at(seconds: float = 0) -> str:
    """A time from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def agent(state: str, **more: Any) -> dict[str, Any]:
    """The agent's own state."""
    return {"state": state, "reason": "", "since": at(), "until": None, "then": ""} | more


def call(state: str, **more: Any) -> dict[str, Any]:
    """A call of somebody who is known."""
    opened = {"title": "路灯不亮", "state": "handling", "state_label": "办理中", "created_at": at(-90_000)}
    caller = {"phone": "138****5520", "name": "张**", "tickets": 3, "calls": 2, "last_call_at": at(-90_000)}
    usual = {"called": "12345", "started_at": at(-40), "waited": 27.0, "skill": "", "again": False, "ring_until": None}
    usual |= {
        "answered_at": at(-20),
        "outgoing": False,
        "muted": False,
        "recording": "on",
        "ticket": None,
        "outward": True,
        "parties": [],
    }
    caller["open"] = [{"number": "123452611220000001"} | opened]
    return {"call": CALL, "state": state, "caller": caller} | usual | more


def piece(number: int, side: str, text: str, final: bool = True) -> dict[str, Any]:
    """Words of one side."""
    said = {"piece": number, "side": side, "text": text, "start": number * 3.0, "end": number * 3.0 + 2}
    return {"type": "transcript", "call": CALL, "final": final} | said


def suggestion(field: str, value: str, label: str = "") -> dict[str, Any]:
    """What was heard for a field."""
    return {"type": "suggestion", "call": CALL, "field": field, "value": value, "label": label} | {
        "confidence": 0.82,
        "piece": 1,
    }


QUEUE = {"waiting": 3, "longest": 42.0, "expected_wait": 60.0, "idle": 2, "talking": 4, "wrapup": 1, "paused": 2}
COLLEAGUES = [
    {"username": "agent2", "name": "周敏", "state": "idle"},
    {"username": "x", "name": "陈浩", "state": "busy"},
]
SERVICES = [
    {"code": "110", "name": "110 公安", "name_en": "110 police"},
    {"code": "119", "name": "119 消防", "name_en": "119 fire"},
    {"code": "120", "name": "120 急救", "name_en": "120 ambulance"},
]
ROWS = [
    {"call": "1", "state": "talking", "agent": "a", "agent_name": "陈浩", "caller": "138****5520", "since": at(-125)},
    {"call": "2", "state": "ringing", "agent": "b", "agent_name": "周敏", "caller": "159****7716", "since": at(-4)},
]


class Switchboard:
    """One page's telephone: what it was told, what it asked, and how many frames of sound it sent."""

    def __init__(self, page: Page) -> None:
        self.agent, self.call = agent("idle"), None
        self.leads, self.dials = False, True
        self.ticket: str | None = None
        """Of the calls that are scripted for this page."""
        self.asked: list[dict[str, Any]] = []
        self.frames = 0
        self.connections = 0
        self._line: WebSocketRoute | None = None
        token = {"token": "t", "url": "ws://127.0.0.1:8090/phone/", "expires_at": at(60)}
        page.route("**/api/v1/phone/token", lambda route: route.fulfill(json=token))
        page.route_web_socket(SOCKET, self._connected)

    agent: dict[str, Any]
    call: dict[str, Any] | None

    def say(self, *frames: dict[str, Any]) -> None:
        """Tell the page, in order."""
        assert self._line is not None
        for frame in frames:
            self._line.send(json.dumps(frame))

    def sound(self) -> None:
        """A frame of silence to the page."""
        assert self._line is not None
        self._line.send(bytes(FRAME))

    def now(self, state: str, here: dict[str, Any] | None, **more: Any) -> None:
        """The agent's state and the call at the desk are these from now on, also for a page that comes again."""
        self.agent, self.call = agent(state, **more), here
        if here is not None:
            self.say({"type": "ringing" if here["state"] == "ringing" else "call", "call": here})
        self.say({"type": "agent", "agent": self.agent})

    def orders(self, *kinds: str) -> list[dict[str, Any]]:
        """What the page asked of these kinds, without its running numbers."""
        return [
            {name: value for name, value in one.items() if name != "id"} for one in self.asked if one["type"] in kinds
        ]

    def drop(self) -> None:
        """Cut the line."""
        assert self._line is not None
        self._line.close(code=1012)

    def _connected(self, line: WebSocketRoute) -> None:
        self._line = line
        self.connections += 1
        line.on_message(partial(self._heard, line))

    def _heard(self, line: WebSocketRoute, message: str | bytes) -> None:
        if isinstance(message, bytes):
            assert len(message) == FRAME
            self.frames += 1
            return
        order = json.loads(message)
        if order["type"] == "hello":
            line.send(json.dumps(self._whole()))
        else:
            self.asked.append(order)
            line.send(json.dumps({"type": "done", "id": order["id"]}))

    def _whole(self) -> dict[str, Any]:
        calls = ROWS if self.leads else []
        known = {"queue": QUEUE | {"call_backs": 5}, "colleagues": COLLEAGUES, "calls": calls, "leads": self.leads}
        known |= {"joins": self.leads, "dials": self.dials, "services": SERVICES}
        return {"type": "state", "version": 1, "agent": self.agent, "call": self.call, "supervising": None} | known

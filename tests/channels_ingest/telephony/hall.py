"""A switchboard with scripted legs: callers and agents that do what a test says, and remember what they were sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from channels_ingest.telephony.acd_parts import Figures
from channels_ingest.telephony.bridge import Mode
from channels_ingest.telephony.journal import Journal, Line
from channels_ingest.telephony.legs import Ended, Inbox, Key, LegEvent, LegKind, Reachable, Sound
from channels_ingest.telephony.outlets import Outlets
from channels_ingest.telephony.policy import Policies, Policy
from channels_ingest.telephony.recording import Recording
from channels_ingest.telephony.switchboard import Switchboard
from channels_ingest.telephony.wire_desk import Service
from hotline.calls.tokens import Visitor

FRAME = b"\x10\x10" * 320
PATIENCE = 60.0
POLICE = Service(code="110", name="110 公安", name_en="110 police")
QUICK = Policy(
    Figures(ring=20, wrapup=30, queue=60, announce=25, skill=10),
    rating=False,
    services=(POLICE,),
    beginnings=("0757",),
)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


class ScriptedLeg:
    """One party."""

    kind: LegKind = "sip"

    def __init__(self, caller: str = "13800000001", called: str = "12345", id: UUID | None = None) -> None:
        self.id = id or uuid4()
        self.caller = caller
        self.called = called
        self.answered = False
        self.sent: list[bytes] = []
        self.pressed = ""
        self.ended = asyncio.Event()
        self._inbox = Inbox()

    async def answer(self) -> None:
        self.answered = True

    def send(self, pcm16: bytes) -> None:
        self.sent.append(pcm16)

    def events(self) -> AsyncIterator[LegEvent]:
        return self._inbox.events()

    async def hang_up(self, reason: str = "") -> None:
        self.leaves()

    async def transfer(self, target: str) -> bool:
        return False

    async def press(self, keys: str) -> None:
        self.pressed += keys

    def leaves(self) -> None:
        self.ended.set()
        self._inbox.put(Ended(""))

    def speaks(self, pcm16: bytes = FRAME) -> None:
        self._inbox.put(Sound(pcm16, asyncio.get_running_loop().time()))

    def presses(self, keys: str) -> None:
        for digit in keys:
            self._inbox.put(Key(digit))

    def away(self, *, on: bool) -> None:
        self._inbox.put(Reachable(on))

    async def hears(self, other: ScriptedLeg) -> bool:
        """Whether what the other says now arrives here."""
        mark = other.id.int % 20_000 + 1_000
        frame = mark.to_bytes(2, "little") * 320
        self.sent.clear()
        for _time in range(30):
            other.speaks(frame)
            await asyncio.sleep(0.01)
            if frame in self.sent:
                return True
        return False


class Browser(ScriptedLeg):
    """An agent's browser."""

    kind: LegKind = "browser"

    def __init__(self, hall: Hall, staff: int, role: str = "agent") -> None:
        super().__init__()
        self.hall = hall
        self.visitor = Visitor(staff, f"agent{staff}", f"坐席{staff}", role, "", "")
        self.told: list[dict[str, Any]] = []
        self._next = 0

    def control(self, message: dict[str, Any]) -> None:
        self.told.append(json.loads(json.dumps(message)))

    def says(self, type: str, **fields: Any) -> None:
        self.hall.board.orders.heard(self, {"type": type} | fields)

    async def asks(self, type: str, **fields: Any) -> dict[str, Any]:
        """Say it with an id and return the answer."""
        self._next += 1
        id = f"{self.visitor.staff}-{self._next}"
        self.says(type, id=id, **fields)
        await until(lambda: any(told.get("id") == id for told in self.told))
        return next(told for told in self.told if told.get("id") == id)

    async def does(self, type: str, **fields: Any) -> None:
        """Say it; it must be done."""
        answer = await self.asks(type, **fields)
        assert answer["type"] == "done", answer

    def last(self, type: str) -> dict[str, Any]:
        """The newest message of this type; empty when there is none."""
        return next((told for told in reversed(self.told) if told["type"] == type), {})

    async def rung(self) -> str:
        """Wait for a ring; the call's id."""
        await until(lambda: self.last("ringing"))
        return str(self.last("ringing")["call"]["call"])


class Hall:
    """The switchboard and everybody around it."""

    def __init__(self, folder: Path, policy: Policy, apply: Callable[[Line], None] | None) -> None:
        self.lines: list[Line] = []
        self.recordings: list[Recording] = []
        self.outside: dict[str, ScriptedLeg] = {}
        self.journal = Journal(folder / "calls.jsonl", apply or self.lines.append, (ConnectionError,))
        self.policies = Policies(policy)
        self.listeners: list[tuple[int, str]] = []
        self.nobody_listens = False
        outlets = Outlets(
            folder / "recordings",
            self.journal,
            self.policies,
            self.recordings.append,
            dial=self._dial,
            admit_listener=self._admit,
        )
        self.board = Switchboard(outlets)

    def _admit(self, staff: int, call: UUID, mode: Mode) -> bool:
        if self.nobody_listens:
            raise ConnectionError
        self.listeners.append((staff, mode.value))
        return True

    async def _dial(self, number: str) -> ScriptedLeg:
        if number not in self.outside:
            raise OSError("nobody there")
        return self.outside[number]

    async def agent(self, staff: int, role: str = "agent", *, ready: bool = True) -> Browser:
        browser = Browser(self, staff, role)
        self.board.attendance.phone(browser)
        await until(lambda: browser.last("state"))
        if ready:
            await browser.does("ready")
        return browser

    async def call(self, leg: ScriptedLeg | None = None) -> ScriptedLeg:
        leg = leg or ScriptedLeg()
        self.board.take(leg)
        await until(lambda: leg.id in self.board.lines)
        await until(lambda: self.board.lines[leg.id].record.version > 0 if leg.id in self.board.lines else True)
        return leg

    async def talk(self, staff: int = 1) -> tuple[ScriptedLeg, Browser, str]:
        """A caller and an agent who talk."""
        browser = await self.agent(staff)
        leg = await self.call()
        call = await browser.rung()
        await browser.does("answer", call=call)
        return leg, browser, call

    def state(self, leg: ScriptedLeg) -> str:
        """Where the call stands by the journal."""
        return str(self.newest(leg)["state"])

    def newest(self, leg: ScriptedLeg) -> Line:
        """The newest line about a call."""
        return next((line for line in reversed(self.lines) if line.get("uuid") == str(leg.id)), {"state": ""})


@asynccontextmanager
async def hall(
    folder: Path, policy: Policy = QUICK, apply: Callable[[Line], None] | None = None
) -> AsyncIterator[Hall]:
    """Everything running; stopped at the end."""
    here = Hall(folder, policy, apply)
    await here.journal.open()
    applying = asyncio.create_task(here.journal.run())
    await here.board.start()
    try:
        yield here
    finally:
        await here.board.stop()
        applying.cancel()
        await asyncio.gather(applying, return_exceptions=True)
        await here.journal.close()

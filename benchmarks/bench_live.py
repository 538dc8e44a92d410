"""From a verb's commit to its line on 300 consoles, beside a bare group message to as many sockets."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks import stage

PATIENCE = 30.0
OPENING_AT_ONCE = 20
WARMING_UP = 3
Send = Callable[[int], float]
"""Sends the nth message and returns the moment from which its way is counted."""


@dataclass
class Side:
    """One of the two that are compared: what sends, its sockets, and what each of them received when."""

    name: str
    key: str
    send: Send
    sockets: list[ClientConnection] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    received: list[list[tuple[float, str]]] = field(default_factory=list)

    async def open(self, address: str, cookies: list[str], leaving: AsyncExitStack) -> None:
        """One socket for each cookie, a few at a time; each is ready when its first frame is read."""
        gate = asyncio.Semaphore(OPENING_AT_ONCE)

        async def opened(cookie: str) -> ClientConnection:
            async with gate:
                socket = await connect(address, additional_headers={"Cookie": cookie}, open_timeout=PATIENCE)
                leaving.push_async_callback(socket.close)
                await asyncio.wait_for(socket.recv(), PATIENCE)
                return socket

        self.sockets = await asyncio.gather(*(opened(cookie) for cookie in cookies))
        self.received = [[] for _ in self.sockets]

    async def round(self) -> None:
        """One message, and what every socket then receives; one that receives nothing in time has lost it."""
        readers = [asyncio.create_task(self._read(place)) for place in range(len(self.sockets))]
        self.sent.append(await asyncio.to_thread(self.send, len(self.sent)))
        await asyncio.gather(*readers)

    async def _read(self, place: int) -> None:
        try:
            text = await asyncio.wait_for(self.sockets[place].recv(), PATIENCE)
        except TimeoutError:
            return
        self.received[place].append((time.perf_counter(), str(text)))

    def lost(self) -> int:
        """How many messages did not come, came twice or came in another order; numbers rise by one."""
        first = min(json.loads(some[0][1])[self.key] for some in self.received if some)
        wanted = list(range(first, first + len(self.sent)))
        seen = [[json.loads(text)[self.key] for _at, text in some] for some in self.received]
        return sum(len(wanted) - sum(map(int.__eq__, wanted, numbers)) for numbers in seen)

    def row(self) -> dict[str, Any]:
        """Its line in the table; the first few messages only warm up."""
        waits = [
            at - self.sent[nth]
            for some in self.received
            for nth, (at, _text) in enumerate(some[WARMING_UP:], WARMING_UP)
        ]
        return {
            "sent": self.name,
            "sockets": len(self.sockets),
            "messages": len(self.sent) - WARMING_UP,
            "p50 ms": 1000 * stage.percentile(waits, 0.5),
            "p99 ms": 1000 * stage.percentile(waits, 0.99),
            "max ms": 1000 * max(waits),
            "lost": self.lost(),
        }


def signed_in(consoles: int) -> list[str]:
    """A session cookie for each of as many agents."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from hotline.people.models import Staff

    cookies = []
    for number in range(consoles):
        agent = Staff.objects.create(username=f"agent{number}", password="!", role="agent")
        session = SessionStore()
        session[SESSION_KEY] = str(agent.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
        session.save()
        cookies.append(f"sessionid={session.session_key}")
    return cookies


def verb(lines: int) -> Send:
    """Accept one ticket after another; the moment counted from is taken right after the commit."""
    from django.db import connection, transaction

    from hotline.people.models import Citizen, ContactPoint, Staff
    from hotline.tickets import actors, lifecycle
    from hotline.tickets.parts import Words

    citizen = Citizen.objects.create(name="张三丰", phone="13800000001")
    contact = ContactPoint.objects.create(channel="web", account="demo", external_id="one", citizen=citizen)
    words = Words(text="解放路的路灯坏了一个星期,晚上看不见路,请尽快派人来修。")
    tickets = [lifecycle.receive(contact=contact, words=words)[0] for _ in range(lines)]
    agent = actors.staff(Staff.objects.order_by("pk")[0])

    def accept(nth: int) -> float:
        committed: list[float] = []
        with transaction.atomic():
            transaction.on_commit(lambda: committed.append(time.perf_counter()))  # before it is announced
            lifecycle.accept(ticket=tickets[nth], by=agent, version=tickets[nth].version)
        connection.close()
        return committed[0]

    return accept


def group_message(loop: asyncio.AbstractEventLoop, length: int) -> Send:
    """Publish to the baseline's group through the same layer, as long as a line is."""
    from channels.layers import get_channel_layer

    layer, padding = get_channel_layer(), "字" * length

    def publish(nth: int) -> float:
        event = {"type": "bare", "text": json.dumps({"nth": nth, "text": padding}, ensure_ascii=False)}
        started = time.perf_counter()
        asyncio.run_coroutine_threadsafe(layer.group_send("bare", event), loop).result(PATIENCE)
        return started

    return publish


async def compare(addresses: tuple[str, str], cookies: list[str], accept: Send, lines: int) -> list[Side]:
    """Messages in turn, so that a busy machine slows both."""
    loop = asyncio.get_running_loop()
    ours, bare = Side("verb → /ws/desk/", "entry", accept), Side("bare group_send", "nth", group_message(loop, 300))
    async with AsyncExitStack() as leaving:
        await ours.open(f"ws://{addresses[0]}/ws/desk/", cookies, leaving)
        await bare.open(f"ws://{addresses[1]}/", cookies, leaving)
        for _ in range(lines + WARMING_UP):
            await ours.round()
            await bare.round()
    return [ours, bare]


def main() -> int:
    """Measure, compare and show; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_live", description=__doc__)
    parser.add_argument("--consoles", type=int, default=300)
    parser.add_argument("--lines", type=int, default=50)
    parser.add_argument("--server", choices=stage.SERVERS, default="daphne")
    args = parser.parse_args()
    with stage.stage(), ExitStack() as serving:
        cookies = signed_in(args.consoles)
        accept = verb(args.lines + WARMING_UP)
        product = serving.enter_context(stage.served(product=True, server=args.server))
        bare = serving.enter_context(stage.served(product=False, server=args.server))
        sides = asyncio.run(compare((product, bare), cookies, accept, args.lines))
    rows = [side.row() for side in sides]
    stage.show("live", rows, server=args.server, ratios={"p99": rows[0]["p99 ms"] / rows[1]["p99 ms"]})
    return 1 if any(row["lost"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""From a verb's commit to its line on 100, 300 and 750 consoles at 20 lines a second, beside bare group messages."""

import argparse
import asyncio
import base64
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from benchmarks import stage

PATIENCE = 60.0
OPENING_AT_ONCE = 10
TEXT, PING, PONG = 0x1, 0x9, 0xA
WRITERS = 4
"""Threads of the process that writes: so many verbs may be on their way at once."""


class Console(asyncio.Protocol):
    """A socket that notes when which number came; the cheapest there is, so that what is measured is the server."""

    def __init__(self, address: str, path: str, cookie: str, key: str) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self.came: list[tuple[int, float]] = []
        self._request = f"GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n"
        self._number = re.compile(rf'"{key}": (\d+)'.encode())
        self._open, self._kept = False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        more = f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        transport.write(f"{self._request}{more}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Frames, as many as are whole."""
        self._kept += data
        if not self._open:
            head, found, rest = self._kept.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.ready.set_exception(RuntimeError(head.decode()))
            self._open, self._kept = True, rest
        at = time.monotonic()
        for code, body in self._frames():
            if code == PING:
                self.transport.write(bytes([0x80 | PONG, 0x80 | len(body), 0, 0, 0, 0]) + body)
            elif code == TEXT and self.ready.done():
                found_number = self._number.search(body[:80])
                self.came += [(int(found_number[1]), at)] if found_number else []
            elif code == TEXT:
                self.ready.set_result(None)  # the first frame says that it is up to date

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        while len(self._kept) >= 2:
            length, begin = self._kept[1], 2
            if length == 126:
                length, begin = int.from_bytes(self._kept[2:4]), 4
            elif length == 127:
                length, begin = int.from_bytes(self._kept[2:10]), 10
            if len(self._kept) < begin + length:
                return
            code, body = self._kept[0] & 0xF, self._kept[begin : begin + length]
            self._kept = self._kept[begin + length :]
            yield code, body


@dataclass
class Side:
    """One of the two that are compared: whose sockets, and what came of the messages sent."""

    name: str
    path: str
    key: str
    servers: list[stage.Served]
    consoles: list[Console] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)

    async def open(self, cookies: list[str]) -> None:
        """One socket for each cookie, shared out to the processes."""
        gate, loop = asyncio.Semaphore(OPENING_AT_ONCE), asyncio.get_running_loop()

        async def opened(nth: int, cookie: str) -> Console:
            address = self.servers[nth % len(self.servers)].address
            host, _colon, port = address.partition(":")
            async with gate:
                make = lambda: Console(address, self.path, cookie, self.key)  # noqa: E731
                _transport, console = await loop.create_connection(make, host, int(port))
                await asyncio.wait_for(console.ready, PATIENCE)
                return console

        self.consoles = await asyncio.gather(*(opened(nth, cookie) for nth, cookie in enumerate(cookies)))

    async def receive(self, wanted: int) -> None:
        """Until everybody has as many messages as were sent, or patience ends."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(len(console.came) < wanted for console in self.consoles):
            await asyncio.sleep(0.05)

    def close(self) -> None:
        """Hang up."""
        for console in self.consoles:
            console.transport.close()

    def row(self) -> dict[str, Any]:
        """Its line in the table."""
        wanted = sorted(self.sent)
        lost = sum(len(wanted) - sum(map(int.__eq__, wanted, _numbers(console))) for console in self.consoles)
        waits = [at - self.sent[number] for console in self.consoles for number, at in console.came]
        seconds = max(self.sent.values()) - min(self.sent.values())
        return {
            "sent": self.name,
            "consoles": len(self.consoles),
            "messages/s": (len(wanted) - 1) / seconds,
            "p50 ms": 1000 * stage.percentile(waits, 0.5),
            "p99 ms": 1000 * stage.percentile(waits, 0.99),
            "lost": lost,
            **{f"{name}, cores": used / seconds for name, used in self.processor.items()},
        }


def _numbers(console: Console) -> list[int]:
    return [number for number, _at in console.came]


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


def tickets(count: int) -> list[int]:
    """As many tickets that wait for somebody to accept them."""
    from hotline.people.models import Citizen, ContactPoint
    from hotline.tickets import lifecycle
    from hotline.tickets.parts import Words

    citizen = Citizen.objects.create(name="张三丰", phone="13800000001")
    contact = ContactPoint.objects.create(
        channel="web", account="demo", external_id=secrets.token_hex(8), citizen=citizen
    )
    words = Words(text="解放路的路灯坏了一个星期,晚上看不见路,请尽快派人来修。")
    return [lifecycle.receive(contact=contact, words=words)[0].pk for _ in range(count)]


# --- the process that sends ------------------------------------------------------------------------------


def begin() -> None:
    """Be an application of the product."""
    import django

    django.setup()


def in_time(send: Callable[[int], tuple[int, float]], count: int, rate: float, threads: int) -> tuple[Any, float]:
    """`send` each of `count` at its moment, whether or not the one before is done; and the processor time it took."""
    started, used = time.monotonic(), time.process_time()
    sent: list[tuple[int, float]] = []

    def some(first: int) -> None:
        for nth in range(first, count, threads):
            time.sleep(max(0.0, started + nth / rate - time.monotonic()))
            sent.append(send(nth))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(some, range(threads)))
    return sent, time.process_time() - used


def accept(rows: list[int], rate: float) -> tuple[dict[int, float], float]:
    """Accept the tickets; the moment counted from is taken right after the commit. Answers numbers of the feed."""
    from django.db import connection, transaction

    from hotline.people.models import Staff
    from hotline.tickets import actors, lifecycle
    from hotline.tickets.models import LedgerEntry, Ticket

    agent = actors.staff(Staff.objects.order_by("pk")[0])

    def one(nth: int) -> tuple[int, float]:
        committed: list[float] = []
        with transaction.atomic():
            transaction.on_commit(lambda: committed.append(time.monotonic()))  # before it is announced
            row = Ticket.objects.get(pk=rows[nth])
            lifecycle.accept(ticket=row, by=agent, version=row.version)
        connection.close()
        return rows[nth], committed[0]

    sent, used = in_time(one, len(rows), rate, WRITERS)
    lines = LedgerEntry.objects.filter(ticket__in=rows, kind="accepted")
    numbers = {row: feed or 0 for row, feed in lines.values_list("ticket", "feed")}
    return {numbers[row]: at for row, at in sent}, used


def publish(count: int, rate: float) -> tuple[dict[int, float], float]:
    """Messages of a line's length to the baseline's group through the same layer."""
    from channels.layers import get_channel_layer
    from django.conf import settings

    from agent_console import live

    layer, padding = get_channel_layer(), "字" * 300

    def one(nth: int) -> tuple[int, float]:
        at, text = time.monotonic(), json.dumps({"nth": nth, "text": padding}, ensure_ascii=False)
        live.connection().publish(
            f"{settings.LIVE_PREFIX}__group__bare", layer.serialize({"type": "bare", "text": text})
        )
        return nth, at

    sent, used = in_time(one, count, rate, 1)
    return dict(sent), used


# --- the measurement -------------------------------------------------------------------------------------


@contextmanager
def counting(side: Side, engines: dict[str, int]) -> Iterator[None]:
    """What processor time each process uses inside."""
    watched = {f"web {nth}": server.pid for nth, server in enumerate(side.servers, 1)} | engines
    before = {name: stage.processor_seconds(pid) for name, pid in watched.items()}
    yield
    side.processor = {name: stage.processor_seconds(pid) - before[name] for name, pid in watched.items()}


async def measure(sides: list[Side], cookies: list[str], args: argparse.Namespace, engines: dict[str, int]) -> None:
    """First the verbs, then the bare messages, as many consoles each."""
    count, loop = round(args.rate * args.seconds), asyncio.get_running_loop()
    rows = await asyncio.to_thread(tickets, count)
    with ProcessPoolExecutor(1, get_context("spawn"), begin) as sender:
        for side in sides:
            await side.open(cookies)
            work = (accept, rows, args.rate) if side.key == "entry" else (publish, count, args.rate)
            with counting(side, engines):
                side.sent, used = await loop.run_in_executor(sender, *work)
                await side.receive(count)
            side.processor["sender"] = used
            side.close()


def main() -> int:
    """Measure, compare and show; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_live", description=__doc__)
    parser.add_argument("--consoles", default="100,300,750")
    parser.add_argument("--rate", type=float, default=20.0, help="lines a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--server", choices=stage.SERVERS, default="daphne")
    parser.add_argument("--processes", type=int, default=1, help="of the web")
    args = parser.parse_args()
    sizes = [int(size) for size in args.consoles.split(",")]
    rows = []
    with stage.stage() as engines, ExitStack() as serving:
        cookies = signed_in(max(sizes))
        ours, bare = (
            [serving.enter_context(stage.served(product=product, server=args.server)) for _ in range(args.processes)]
            for product in (True, False)
        )
        for size in sizes:
            sides = [Side("verb", "/ws/desk/", "entry", ours), Side("bare group_send", "/", "nth", bare)]
            asyncio.run(measure(sides, cookies[:size], args, engines))
            rows += [side.row() for side in sides]
            print(rows[-2:], os.getloadavg(), file=sys.stderr, flush=True)
    stage.show("live", rows, server=args.server, processes=args.processes, rate=args.rate)
    return 1 if any(row["lost"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

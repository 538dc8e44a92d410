"""Messages accepted a second on each channel and how long each waited, beside a bare view doing one insert."""

import argparse
import asyncio
import http.client
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import chain, count
from typing import Any

import httpx

from benchmarks import stage
from hotline.demo.simulate.pages import Web
from hotline.demo.simulate.traffic import Utterance
from hotline.demo.simulate.wire import Api, SmsAliyun, SmsTencent, WeChat, Weibo, Wire

CHANNELS: dict[str, tuple[type[Wire], int]] = {
    "WeChat": (WeChat, 0),
    "WeChat, AES": (WeChat, 1),
    "Weibo": (Weibo, 0),
    "SMS, Aliyun": (SmsAliyun, 0),
    "SMS, Tencent": (SmsTencent, 0),
    "open interface": (Api, 0),
    "web form": (Web, 0),
}
"""What makes the requests of each, and whether its people have odd numbers, whose WeChat is encrypted."""
BARE = "bare view, one insert"
_next = count(1)


@dataclass
class Side:
    """One of those that are compared: where to post what, and what was measured."""

    name: str
    servers: Sequence[stage.Served]
    channel: tuple[type[Wire], int] | None
    speeds: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """Its line in the table."""
        return {
            "posted to": self.name,
            "messages": len(self.waits),
            "messages/s": statistics.median(self.speeds),
            "p50 ms": 1000 * stage.percentile(self.waits, 0.5),
            "p99 ms": 1000 * stage.percentile(self.waits, 0.99),
            "processor ms/message": 1000 * statistics.median(self.processor),
        }

    def requests(self, messages: int) -> list[httpx.Request]:
        """As many messages as the channel's platform would send them, each of a new person."""
        if self.channel is None:
            bare = f"http://{self.servers[0].address}/bare/"
            return [httpx.Request("POST", bare, content=b"x" * 400) for _ in range(messages)]
        wire, odd = self.channel
        people = [utterance(2 * next(_next) + odd) for _ in range(messages)]
        return asyncio.run(prepared(wire(), people, self.servers[0].address))


def utterance(number: int) -> Utterance:
    """The same complaint about another lamp."""
    return Utterance(
        channel="",
        number=number,
        name="张三丰",
        phone=f"139{number:08d}",
        text=f"解放路{number}号门口的路灯坏了一个星期,晚上看不见路,请尽快派人来修。",
        mark="",
        type="complaint",
        sent_at=int(time.time()),
    )


async def prepared(wire: Wire, people: list[Utterance], address: str) -> list[httpx.Request]:
    """Signed, encrypted or filled in; each from an address of its own, as our proxy would say."""
    made = []
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        for person in people:
            request = await wire.prepare(client, person)
            request.headers["X-Forwarded-For"] = str(IPv4Address(0x0A000000 + person.number))
            made.append(request)
    return made


def post_all(server: stage.Served, requests: list[httpx.Request]) -> Iterator[float]:
    """One client: post one after another on one connection; seconds until each answer was read."""
    with closing(http.client.HTTPConnection(server.address, timeout=60)) as client:
        client.connect()
        for request in requests:
            path, headers = request.url.raw_path.decode(), dict(request.headers)
            started = time.perf_counter()
            client.request(request.method, path, request.content, headers)
            answer = client.getresponse()
            answer.read()
            yield time.perf_counter() - started
            if answer.status not in (200, 201, 302):
                raise RuntimeError(f"{path} answered {answer.status}")


def measure(side: Side, messages: int, clients: int) -> None:
    """One round of `messages` by `clients` at once, shared out to the processes."""
    requests = side.requests(messages)

    def one(nth: int) -> list[float]:
        return list(post_all(side.servers[nth % len(side.servers)], requests[nth::clients]))

    used = sum(server.processor_seconds() for server in side.servers)
    with ThreadPoolExecutor(clients) as pool:
        started = time.perf_counter()
        waits = list(pool.map(one, range(clients)))
        side.speeds.append(messages / (time.perf_counter() - started))
    side.processor.append((sum(server.processor_seconds() for server in side.servers) - used) / messages)
    side.waits += chain.from_iterable(waits)


def compare(args: argparse.Namespace) -> list[Side]:
    """Rounds in turn, so that a busy machine slows all; the first of each only warms up."""
    with ExitStack() as serving:
        ours, bare = (
            [serving.enter_context(stage.served(product=product, server=args.server)) for _ in range(args.processes)]
            for product in (True, False)
        )
        sides = [Side(BARE, bare, None)]
        sides += [Side(name, ours, channel) for name, channel in CHANNELS.items() if args.only in name]
        for _ in range(args.rounds + 1):
            for side in sides:
                measure(side, args.messages, args.clients)
    for side in sides:
        del side.speeds[:1], side.waits[: args.messages], side.processor[:1]
    return sides


def check_tickets(messages: int) -> None:
    """Every message must have become a ticket."""
    from hotline.tickets.models import Ticket

    made = Ticket.objects.count()
    if made != messages:
        raise RuntimeError(f"{messages} messages were acknowledged, {made} tickets were made")


def main() -> None:
    """Measure, compare and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_intake", description=__doc__)
    parser.add_argument("--messages", type=int, default=200, help="messages in a round of each channel")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8, help="at the same time")
    parser.add_argument("--only", default="", help="channels whose name has this word")
    parser.add_argument("--server", choices=stage.SERVERS, default="daphne")
    parser.add_argument("--processes", type=int, default=1, help="of the web")
    args = parser.parse_args()
    os.environ["HOTLINE_PROXIES"] = "1"
    with stage.stage():
        from hotline.demo.city.catalogue import load_catalogue

        load_catalogue("of no use here")
        sides = compare(args)
        check_tickets(args.messages * (args.rounds + 1) * (len(sides) - 1))
    rows = [side.row() for side in sides]
    plain = rows[0]["messages/s"]
    for row in rows:
        row["of bare"] = row["messages/s"] / plain
    stage.show("intake", rows, clients=args.clients, server=args.server, processes=args.processes)


if __name__ == "__main__":
    main()

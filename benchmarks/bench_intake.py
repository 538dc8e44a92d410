"""Messages accepted a second and the time of their acknowledgement, beside a bare view doing one insert."""

import argparse
import hashlib
import http.client
import json
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any
from urllib.parse import urlencode

from benchmarks import stage

TOKEN = "benchmark-token"
_next = count(1)


@dataclass
class Side:
    """One of the two that are compared: where to post what, and what was measured."""

    name: str
    address: str
    path: str
    speeds: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """Its line in the table."""
        return {
            "posted to": self.name,
            "messages": len(self.waits),
            "messages/s": statistics.median(self.speeds),
            "p50 ms": 1000 * stage.percentile(self.waits, 0.5),
            "p99 ms": 1000 * stage.percentile(self.waits, 0.99),
            "max ms": 1000 * max(self.waits),
        }


def wechat_text() -> bytes:
    """A text message of the public platform: a new id, a new citizen."""
    number = next(_next)
    fields = {
        "ToUserName": "gh_benchmark",
        "FromUserName": f"o{number:027d}",
        "MsgType": "text",
        "Content": f"解放路{number}号门口的路灯坏了一个星期,晚上看不见路,请尽快派人来修。",
    }
    head = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{head}<CreateTime>{int(time.time())}</CreateTime><MsgId>{number}</MsgId></xml>".encode()


def signed_path() -> str:
    """The webhook's address with a fresh signature."""
    stamp, nonce = str(int(time.time())), secrets.token_hex(5)
    signature = hashlib.sha1("".join(sorted((TOKEN, stamp, nonce))).encode()).hexdigest()
    query = urlencode({"signature": signature, "timestamp": stamp, "nonce": nonce})
    return f"/in/wechat/benchmark/?{query}"


def post_all(side: Side, bodies: list[bytes]) -> list[float]:
    """One client: post one after another on one connection; seconds until each answer was read."""
    waits = []
    with closing(http.client.HTTPConnection(side.address, timeout=60)) as client:
        client.connect()
        for body in bodies:
            path = side.path or signed_path()
            started = time.perf_counter()
            client.request("POST", path, body, {"Content-Type": "text/xml"})
            answer = client.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - started)
            if answer.status != 200 or not said:
                raise RuntimeError(f"{side.name} answered {answer.status}")
    return waits


def measure(side: Side, messages: int, clients: int) -> None:
    """One round of `messages` by `clients` at once."""
    bodies = [wechat_text() for _ in range(messages)]
    with ThreadPoolExecutor(clients) as pool:
        started = time.perf_counter()
        waits = list(pool.map(lambda nth: post_all(side, bodies[nth::clients]), range(clients)))
        side.speeds.append(messages / (time.perf_counter() - started))
    side.waits += chain.from_iterable(waits)


def compare(args: argparse.Namespace) -> tuple[Side, Side]:
    """Rounds in turn, so that a busy machine slows both; the first of each only warms up."""
    with ExitStack() as serving:
        product, bare = (
            Side(name, serving.enter_context(stage.served(product=not path, server=args.server)), path)
            for name, path in (("WeChat webhook", ""), ("bare view, one insert", "/bare/"))
        )
        for _ in range(args.rounds + 1):
            for side in (product, bare):
                measure(side, args.messages, args.clients)
    for side in (product, bare):
        del side.speeds[:1], side.waits[: args.messages]
    return product, bare


def tickets_made(messages: int) -> int:
    """How many tickets there are; every message must have become one."""
    from hotline.tickets.models import Ticket

    made = Ticket.objects.count()
    if made != messages:
        raise RuntimeError(f"{messages} messages were acknowledged, {made} tickets were made")
    return made


def make_account() -> None:
    """An official account in plain mode."""
    from channels_ingest.models import ChannelAccount

    settings = json.dumps({"token": TOKEN, "appid": "wx-benchmark"})
    ChannelAccount.objects.create(adapter="wechat", name="benchmark", settings=settings)


def main() -> None:
    """Measure, compare and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_intake", description=__doc__)
    parser.add_argument("--messages", type=int, default=400, help="messages in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8, help="at the same time")
    parser.add_argument("--server", choices=stage.SERVERS, default="daphne")
    args = parser.parse_args()
    with stage.stage():
        make_account()
        product, bare = compare(args)
        made = tickets_made(args.messages * (args.rounds + 1))
    ours, plain = product.row(), bare.row()
    ratios = {"throughput": ours["messages/s"] / plain["messages/s"], "p99": ours["p99 ms"] / plain["p99 ms"]}
    stage.show("intake", [ours, plain], clients=args.clients, server=args.server, tickets=made, ratios=ratios)


if __name__ == "__main__":
    main()

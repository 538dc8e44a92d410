"""`hotline simulate`: sends real traffic, tells what was sent, accepted, duplicated, lost; 1 when any was."""

import argparse
import asyncio
import os
import random
import sys
import time
from typing import TYPE_CHECKING

import httpx

from hotline.demo.simulate.pages import Web
from hotline.demo.simulate.running import Simulation, Tally
from hotline.demo.simulate.traffic import Traffic
from hotline.demo.simulate.wire import Api, SmsAliyun, SmsTencent, WeChat, Weibo, Wire
from hotline.demo.supervisor_home import join_demonstration

if TYPE_CHECKING:
    from hotline.demo.simulate.telephone import Callers

CHANNELS = {
    "wechat": ("wechat",),
    "sms": ("sms-aliyun", "sms-tencent"),
    "web": ("web",),
    "api": ("api",),
    "weibo": ("weibo",),
}
PHONE = "phone"
"""Not among the channels that are meant when none is named: a call lasts as long as a call does."""
COLUMNS = ("sent", "accepted", "refused", "resent", "duplicated", "doubled", "lost")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `hotline simulate`."""
    parser.add_argument("--rate", type=_positive, default=2.0, metavar="N", help="messages a second (default: 2)")
    parser.add_argument("--seconds", type=_positive, default=30.0, metavar="S", help="how long (default: 30)")
    parser.add_argument(
        "--channels",
        type=_channels,
        default=list(CHANNELS),
        metavar="LIST",
        help=f"of {','.join(CHANNELS)} (default: these) and {PHONE} (real calls, as long as calls are); "
        "web forms are limited by the server for each address",
    )
    parser.add_argument(
        "--resend", type=int, default=0, metavar="N", help="send again what was not acknowledged, so often (default: 0)"
    )
    parser.add_argument("--url", default=_demonstration(), help="the server (default: %(default)s)")
    parser.add_argument("--sip", default="sip:12345@127.0.0.1:5060", metavar="URI", help="where calls go")
    parser.add_argument("--seed", type=int, help="say the same again: number of the crowd")


def _demonstration() -> str:
    """Where the demonstration beside us answers."""
    join_demonstration()
    return os.environ.get("HOTLINE_PUBLIC_URL", "http://127.0.0.1:8000")


def run(args: argparse.Namespace) -> int:
    """Send, look for what was sent, tell; 1 when anything was lost or is there twice, 2 without a server."""
    channels = [adapter for name in args.channels if name != PHONE for adapter in CHANNELS[name]]
    try:
        tally = asyncio.run(_simulate(args, channels))
    except httpx.HTTPError as error:
        print(f"{args.url}: {error}", file=sys.stderr)
        return 2
    print(table(tally, channels + [PHONE] * (PHONE in args.channels)))
    return 0 if tally.clean else 1


async def _simulate(args: argparse.Namespace, channels: list[str]) -> Tally:
    rng = random.Random(args.seed)
    # New people and new message ids in every run, or the server would rightly take them for repeats.
    traffic = Traffic(channels, rng, run=int(time.time() * 1000) % 10**11)
    async with httpx.AsyncClient(base_url=args.url, timeout=30) as client:
        (await client.get("/healthz")).raise_for_status()
        simulation = Simulation(client, {name: wire_of(name) for name in channels}, resend=args.resend)
        tally = simulation.tally

        def sending() -> None:
            _progress(f"sent {tally.sent.total()}, accepted {tally.accepted.total()}")

        def checking() -> None:
            _progress(f"found {tally.found} of {tally.expected} requests, lost {tally.lost.total()}")

        pace = {"rate": args.rate, "seconds": args.seconds, "progress": sending}
        callers = _callers(client, args.sip, rng, tally) if PHONE in args.channels else None
        async with asyncio.TaskGroup() as tasks:
            if callers is not None:
                tasks.create_task(callers.call(**pace))
            if channels:
                tasks.create_task(simulation.send(traffic.utterances(), **pace))
        await simulation.check(checking)
        if callers is not None:
            await callers.check(checking)
    print(file=sys.stderr)
    return tally


def _callers(client: httpx.AsyncClient, target: str, rng: random.Random, tally: Tally) -> "Callers":
    """Imported only when somebody telephones: sound needs more than texts do."""
    from hotline.demo.simulate.telephone import Callers

    return Callers(client, target, rng, tally)


def wire_of(adapter: str) -> Wire:
    """The wire format of a channel's adapter."""
    wires: dict[str, type[Wire]] = {
        "wechat": WeChat,
        "sms-aliyun": SmsAliyun,
        "sms-tencent": SmsTencent,
        "web": Web,
        "api": Api,
        "weibo": Weibo,
    }
    return wires[adapter]()


def table(tally: Tally, channels: list[str]) -> str:
    """The tally for people: a line for each channel, the sum, and why messages were refused."""
    lines = ["".join([f"{'':12}", *(f"{name:>12}" for name in COLUMNS)])]
    for channel in channels:
        lines.append("".join([f"{channel:12}", *(f"{getattr(tally, c)[channel]:12}" for c in COLUMNS)]))
    lines.append("".join([f"{'total':12}", *(f"{getattr(tally, c).total():12}" for c in COLUMNS)]))
    lines += [f"{times} × {reason}" for reason, times in tally.reasons.items()]
    return "\n".join(lines)


def _progress(text: str) -> None:
    print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _channels(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in (*CHANNELS, PHONE)]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"choose from {', '.join((*CHANNELS, PHONE))}, not {', '.join(unknown)}")
    return names

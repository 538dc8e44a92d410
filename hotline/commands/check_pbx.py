"""`hotline check-pbx`: ask the telephone exchange whether it is set up for us, and say how to mend what is not."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from hotline.commands import start_django
from hotline.commands.doctor import Finding, show
from hotline.demo.supervisor_home import join_demonstration

if TYPE_CHECKING:
    from channels_ingest.telephony.ami.client import AmiClient
    from channels_ingest.telephony.ami.settings import AmiSettings
    from channels_ingest.telephony.ami.wire import Message

UNREACHABLE = 2
_OLDEST: Final = 18
_WIDE_LABEL_SINCE: Final = {20: 17, 21: 12, 22: 7, 23: 1}
"""Main version → from which on 16 kHz sound is sent under its own kind; before, under that of 8 kHz."""
_WIDE_RATE: Final = 16_000
_MOST_SECONDS_APART: Final = 2.0
_SOUND_SECONDS: Final = 8.0
_MODULES: Final = {
    "res_audiosocket": "sound to and from us",
    "chan_audiosocket": "Dial(AudioSocket/…), and the copies of both parties",
    "app_chanspy": "the copies of both parties",
    "app_queue": "the queues",
    "app_userevent": "telling us of a call before its sound comes",
    "func_uuid": "naming a call",
    "codec_resample": "16 kHz sound",
    "app_echo": "this check's own test of the sound",
}
_LOAD = "add `load = {0}.so` to modules.conf, or `asterisk -rx 'module load {0}'`; on Debian: package asterisk-modules"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which way of working is wanted."""
    parser.add_argument(
        "--mode",
        choices=["both", "platform", "exchange"],
        default="both",
        help="who keeps the queue: the hotline (platform), the exchange, or each for some numbers (both)",
    )


def run(args: argparse.Namespace) -> int:
    """Print a line for each check; 1 when something is broken, 2 when the exchange cannot be asked at all."""
    join_demonstration()
    start_django()
    from channels_ingest.telephony.ami.settings import AmiSettings

    return asyncio.run(_run(AmiSettings.from_settings(), args.mode, _extensions()))


def _extensions() -> frozenset[str] | None:
    """The telephones at which somebody is known to sit; None while the database is away."""
    from django.db import DatabaseError

    from hotline.calls.models import Extension

    try:
        return frozenset(Extension.objects.values_list("number", flat=True))
    except DatabaseError:
        return None


async def _run(settings: "AmiSettings", mode: str, extensions: frozenset[str] | None) -> int:
    found = []
    async for finding in check(settings, mode, extensions):
        show(finding)
        found.append(finding)
    if found[0].state != "ok":
        return UNREACHABLE
    return int(any(finding.state == "broken" for finding in found))


async def check(settings: "AmiSettings", mode: str, extensions: frozenset[str] | None) -> AsyncIterator[Finding]:
    """Every finding as it comes; the first says whether the exchange can be asked."""
    from channels_ingest.telephony.ami.client import AmiError, session
    from channels_ingest.telephony.ami.wire import BadWire, Message

    where = f"{settings.host}:{settings.port}"
    if not settings.host:
        yield Finding("manager", "absent", "TELEPHONY_AMI_HOST is not set: no exchange is followed", "docs/exchange.md")
        return
    events: asyncio.Queue[Message] = asyncio.Queue()
    try:
        async with session(replace(settings, answer_seconds=10.0), events.put) as client:
            yield Finding("manager", "ok", f"logged in at {where} as {settings.username}")
            for ask in _questions(settings, mode, extensions, events):
                for finding in await ask(client):
                    yield finding
    except AmiError as error:
        yield Finding("manager", "broken", f"{where}: {error}", _MEND_LOGIN)
    except BadWire as error:
        yield Finding("manager", "broken", f"{where}: {error}", "set TELEPHONY_AMI_PORT to manager.conf's `port`")
    except (OSError, TimeoutError) as error:
        yield Finding("manager", "broken", f"{where}: {error or 'no answer'}", _MEND_CONNECTION)


_MEND_LOGIN: Final = (
    "check TELEPHONY_AMI_USER and TELEPHONY_AMI_SECRET against manager_hotline.conf, and its `permit` against this "
    "machine's address; then reload it: asterisk -rx 'manager reload'"
)
_MEND_CONNECTION: Final = (
    "in manager.conf set `enabled=yes`, and `bindaddr` to an address that this machine reaches; "
    "let the firewall pass its port"
)
_MEND_LABEL: Final = "set TELEPHONY_AUDIOSOCKET_NARROW_RATE=16000, or voices sound slow and deep"
_MEND_SOUND: Final = (
    "let the exchange connect to that address: TELEPHONY_AUDIOSOCKET_ADDRESS, HOTLINE_PHONE_HOST and the firewall"
)
_RUNS_ALREADY: Final = Finding("sound", "ok", "the exchange reaches our telephony, which runs")
Question = Callable[["AmiClient"], Awaitable[list[Finding]]]


def _questions(
    settings: "AmiSettings", mode: str, extensions: frozenset[str] | None, events: "asyncio.Queue[Message]"
) -> list[Question]:
    async def sound(client: "AmiClient") -> list[Finding]:
        return [await _sound(client, settings, events)]

    async def dialplan(client: "AmiClient") -> list[Finding]:
        return [] if mode == "exchange" else await _dialplan(client, settings)

    async def queues(client: "AmiClient") -> list[Finding]:
        lines = await client.ask("QueueStatus")
        return _queues(lines, settings, mode) + _strangers(lines, extensions)

    return [_version, _clock, _modules, dialplan, queues, sound]


async def _version(client: "AmiClient") -> list[Finding]:
    from django.conf import settings

    text = (await client.act("CoreSettings"))["AsteriskVersion"]
    main, minor = version_of(text)
    if main < _OLDEST:
        mend = f"upgrade to Asterisk {_OLDEST} or newer: older ones have no AudioSocket channel"
        return [Finding("version", "broken", text, mend)]
    if labels_wide(main, minor) or settings.TELEPHONY_AUDIOSOCKET_NARROW_RATE == _WIDE_RATE:
        return [Finding("version", "ok", text)]
    return [Finding("version", "broken", f"{text} sends 16 kHz sound labelled as 8 kHz", _MEND_LABEL)]


def version_of(text: str) -> tuple[int, int]:
    """22 and 10 of `22.10.1+dfsg`, 18 and 9 of `certified/18.9-cert3`, (0, 0) of what is no version."""
    numbers = text.split("/")[-1].removeprefix("certified-").removeprefix("GIT-").split("-")[0].split(".")
    main, minor = ([part for part in numbers[:2] if part.isdigit()] + ["0", "0"])[:2]
    return int(main), int(minor)


def labels_wide(main: int, minor: int) -> bool:
    """Whether this version sends 16 kHz sound under its own kind."""
    return minor >= _WIDE_LABEL_SINCE[main] if main in _WIDE_LABEL_SINCE else main > max(_WIDE_LABEL_SINCE)


async def _clock(client: "AmiClient") -> list[Finding]:
    before = time()
    there = float((await client.act("Ping")).get("Timestamp", "nan"))
    apart = there - (before + time()) / 2
    if abs(apart) <= _MOST_SECONDS_APART:
        return [Finding("clock", "ok", f"{apart:+.2f} s from ours")]
    mend = "keep both clocks by NTP (chrony): the exchange's own recordings and ours are matched by time"
    return [Finding("clock", "broken", f"the exchange's clock is {apart:+.1f} s from ours", mend)]


async def _modules(client: "AmiClient") -> list[Finding]:
    from channels_ingest.telephony.ami.client import Refused

    missing, unseen = [], ""
    for module, purpose in _MODULES.items():
        try:
            await client.act("ModuleCheck", {"Module": module})
        except Refused as error:
            if "ermission" in str(error):
                unseen = str(error)
                break
            missing.append(Finding(f"module {module}", "broken", f"not loaded: {purpose}", _LOAD.format(module)))
    if unseen:
        mend = "for this check only, add `system` to `write` in manager_hotline.conf"
        return [Finding("modules", "absent", f"cannot be seen: {unseen}", mend)]
    return missing or [Finding("modules", "ok", f"all {len(_MODULES)} are loaded")]


async def _dialplan(client: "AmiClient", settings: "AmiSettings") -> list[Finding]:
    from channels_ingest.telephony.ami.client import Refused

    mend = "add `#include extensions_hotline.conf` to extensions.conf and reload: asterisk -rx 'dialplan reload'"
    found = []
    for context in ("hotline-in", settings.transfer_context):
        try:
            lines = await client.ask("ShowDialPlan", {"Context": context})
        except Refused as error:
            found.append(Finding(f"dialplan {context}", "broken", str(error), mend))
            continue
        found.append(
            _leads_to_us(lines, settings) if context == "hotline-in" else Finding(f"dialplan {context}", "ok", "there")
        )
    return found


def _leads_to_us(lines: "list[Message]", settings: "AmiSettings") -> Finding:
    told = {line.get("AppData", "") for line in lines if line.get("AppData", "").startswith("HOTLINE_PLATFORM=")}
    if told == {f"HOTLINE_PLATFORM={settings.audiosocket}"}:
        return Finding("dialplan hotline-in", "ok", f"leads to {settings.audiosocket}")
    mend = f"there, Set(HOTLINE_PLATFORM={settings.audiosocket}), or mend TELEPHONY_AUDIOSOCKET_ADDRESS"
    return Finding("dialplan hotline-in", "broken", f"says {', '.join(sorted(told)) or 'nothing of us'}", mend)


def _queues(lines: "list[Message]", settings: "AmiSettings", mode: str) -> list[Finding]:
    names = {line["Queue"] for line in lines if line.event == "QueueParams"}
    manned = {line["Queue"] for line in lines if line.event == "QueueMember"}
    wanted = set(settings.queues) | (set() if mode == "exchange" else {"hotline-fallback"})
    found = []
    for name in sorted(wanted):
        if name not in names:
            mend = "make it: deploy/asterisk/queues_hotline.conf, or Applications → Queues in FreePBX"
            found.append(Finding(f"queue {name}", "broken", "there is none", mend))
        elif name not in manned:
            mend = "give it a member: without one, its callers hear music and nobody comes"
            found.append(Finding(f"queue {name}", "broken", "nobody answers for it", mend))
    return found or [Finding("queues", "ok", ", ".join(sorted(names)) or "none")]


def _strangers(lines: "list[Message]", extensions: frozenset[str] | None) -> list[Finding]:
    """Telephones of queues at which, as far as we know, nobody sits."""
    from channels_ingest.telephony.ami.calls import extension_of

    if extensions is None:
        return [Finding("extensions", "absent", "the database does not answer", "run `hotline doctor`")]
    members = [line for line in lines if line.event == "QueueMember"]
    unknown = {extension_of(line.get("StateInterface") or line["Location"]) for line in members} - extensions
    if not unknown:
        return []
    mend = "say in /admin/ → extensions who sits there: else no screen opens when it rings"
    return [Finding("extensions", "absent", f"nobody is known to sit at {', '.join(sorted(unknown))}", mend)]


async def _sound(client: "AmiClient", settings: "AmiSettings", events: "asyncio.Queue[Message]") -> Finding:
    """The exchange calls us and echoes what we say; where telephony runs already, it is only called."""
    from django.conf import settings as ours

    from channels_ingest.telephony.ami.client import Refused
    from channels_ingest.telephony.ami.probe import NOBODY, listening

    uuid = uuid4()
    async with listening(ours.TELEPHONY_HOST, ours.TELEPHONY_AUDIOSOCKET_PORT, uuid) as echo:
        there = f"AudioSocket/{settings.audiosocket}/{uuid if echo else NOBODY}/c(slin16)"
        order = {"Channel": there, "Application": "Echo", "Async": "true", "Timeout": "5000"}
        try:
            await client.act("Originate", order)
        except Refused as error:
            return Finding("sound", "broken", str(error), "add `originate` to `write` in manager_hotline.conf")
        with suppress(TimeoutError):
            async with asyncio.timeout(_SOUND_SECONDS):
                if await _reached(events):
                    return _came_back(await echo, settings) if echo else _RUNS_ALREADY
        return Finding("sound", "broken", f"the exchange does not reach {settings.audiosocket}", _MEND_SOUND)


async def _reached(events: "asyncio.Queue[Message]") -> bool:
    """Asterisk 22.10 says of an answered call how its dialling ended, and answers the order itself with no event."""
    while True:
        event = await events.get()
        if event.event == "OriginateResponse":
            return event.get("Response") == "Success"
        if event.event == "DialEnd" and event.get("DestChannel", "").startswith("AudioSocket/"):
            return event.get("DialStatus") == "ANSWER"


def _came_back(kind: int, settings: "AmiSettings") -> Finding:
    from django.conf import settings as ours

    from channels_ingest.telephony.wire import Kind

    if kind == Kind.AUDIO_16K or ours.TELEPHONY_AUDIOSOCKET_NARROW_RATE == _WIDE_RATE:
        return Finding("sound", "ok", f"the exchange reaches {settings.audiosocket} and answers in 16 kHz")
    return Finding("sound", "broken", "16 kHz sound comes labelled as 8 kHz", _MEND_LABEL)

"""`hotline check-pbx` against an exchange on a real socket: what it finds wrong, and how it says to mend it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.ami.wire import Message
from channels_ingest.telephony.wire import Decoder, Frame, Kind
from hotline.commands import check_pbx
from hotline.commands.doctor import Finding
from tests.fakes.asterisk_ami import AsteriskAmi, Lines


class Exchange(AsteriskAmi):
    """Set up as it should be; `echoes` is the kind under which it sends sound back, None where it reaches nobody."""

    def __init__(self, settings: Any, echoes: Kind | None = Kind.AUDIO_16K, **more: Any) -> None:
        super().__init__(**more)
        self.echoes = echoes
        self.own = settings
        self.version = "22.10.1~dfsg"
        self.seconds_ahead = 0.0
        self.calls: set[asyncio.Task[None]] = set()
        self.answers |= {
            "CoreSettings": lambda _: {"AsteriskVersion": self.version},
            "Ping": lambda _: {"Timestamp": f"{time.time() + self.seconds_ahead:.6f}"},
            "Originate": self.originate,
        }
        self.contexts = {
            "hotline-in": [{"AppData": f"HOTLINE_PLATFORM=127.0.0.1:{settings.TELEPHONY_AUDIOSOCKET_PORT}"}],
            "hotline-out": [{"AppData": "PJSIP/${EXTEN}"}],
        }
        self.queues = ["hotline-fallback"]
        self.members = [{"Queue": "hotline-fallback", "Location": "PJSIP/8001", "Status": "1"}]

    def listing(self, asked: Message) -> list[Lines] | None:
        if asked["Action"] == "ShowDialPlan":
            return [{"Event": "ListDialplan", **line} for line in self.contexts[asked["Context"]]]
        if asked["Action"] == "QueueStatus":
            return [{"Event": "QueueParams", "Queue": name} for name in self.queues] + (super().listing(asked) or [])
        return super().listing(asked)

    def refuses(self, asked: Message) -> str:
        if asked["Action"] == "ShowDialPlan" and asked["Context"] not in self.contexts:
            return f"Did not find context {asked['Context']}"
        return super().refuses(asked)

    def originate(self, asked: Message) -> Lines:
        self.calls.add(asyncio.create_task(self.call(asked["Channel"].split("/"))))
        return {"Message": "Originate successfully queued"}

    async def call(self, channel: list[str]) -> None:
        try:
            if self.echoes is None:
                raise ConnectionRefusedError
            host, port = channel[1].split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            self.say("OriginateResponse", Response="Failure", Reason="0")
            return
        self.say("OriginateResponse", Response="Success", Reason="4")
        writer.write(Frame(Kind.UUID, bytes.fromhex(channel[2].replace("-", ""))).encode())
        decoder = Decoder()
        try:
            while data := await reader.read(4096):
                writer.write(b"".join(Frame(self.echoes, frame.payload).encode() for frame in decoder.feed(data)))
        except ConnectionError:  # hung up on while the echo was under way
            return
        finally:
            writer.close()

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        await asyncio.gather(*self.calls)


@pytest.fixture
def free_port(settings: Any) -> Any:
    """Our AudioSocket at a port that nobody has."""
    import socket

    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        settings.TELEPHONY_AUDIOSOCKET_PORT = trying.getsockname()[1]
    return settings


async def findings(server: AsteriskAmi, own: Any, mode: str = "both", **changes: Any) -> list[Finding]:
    told = {
        "host": "127.0.0.1",
        "port": server.port,
        "secret": server.secret,
        "audiosocket": f"127.0.0.1:{own.TELEPHONY_AUDIOSOCKET_PORT}",
    } | changes
    return [finding async for finding in check_pbx.check(AmiSettings(**told), mode, frozenset({"8001"}))]


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.name, finding.state) for finding in found if finding.state != "ok"]


pytestmark = pytest.mark.asyncio


async def test_an_exchange_that_is_set_up_passes(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        found = await findings(server, free_port)
    assert wrong(found) == []
    names = ["manager", "version", "clock", "modules", "dialplan hotline-in", "dialplan hotline-out", "queues", "sound"]
    assert [finding.name for finding in found] == names
    assert not any(server.secret in finding.detail + finding.remedy for finding in found)


async def test_a_wrong_secret_is_the_first_and_only_finding(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        (found,) = await findings(server, free_port, secret="wrong")
    assert (found.state, "Authentication failed" in found.detail) == ("broken", True)
    assert "TELEPHONY_AMI_SECRET" in found.remedy


async def test_nobody_at_the_port(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        await server.go_away()
        (found,) = await findings(server, free_port)
    assert (found.state, "enabled=yes" in found.remedy) == ("broken", True)


async def test_another_service_at_the_port(free_port: Any) -> None:
    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n")
        writer.close()

    other = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with other, Exchange(free_port) as server:
        (found,) = await findings(server, free_port, port=other.sockets[0].getsockname()[1])
    assert "TELEPHONY_AMI_PORT" in found.remedy


@pytest.mark.parametrize(
    ("version", "finding"),
    [
        ("16.30.0", ("version", "broken")),
        ("18.26.4", ("version", "broken")),
        ("20.17.0", None),
        ("certified/20.7-cert3", ("version", "broken")),
        ("22.6.0~dfsg", ("version", "broken")),
        ("23.1.0", None),
        ("24.0.0", None),
    ],
)
async def test_versions_and_how_they_label_wide_sound(
    free_port: Any, version: str, finding: tuple[str, str] | None
) -> None:
    async with Exchange(free_port) as server:
        server.version = version
        found = await findings(server, free_port)
        assert wrong(found) == ([finding] if finding else [])
        free_port.TELEPHONY_AUDIOSOCKET_NARROW_RATE = 16_000
        assert wrong(await findings(server, free_port)) == ([finding] if version.startswith("16") and finding else [])


async def test_wide_sound_that_comes_as_narrow_is_heard_whatever_the_version_says(free_port: Any) -> None:
    async with Exchange(free_port, echoes=Kind.AUDIO_8K) as server:
        assert wrong(await findings(server, free_port)) == [("sound", "broken")]


async def test_an_exchange_that_cannot_reach_us(free_port: Any) -> None:
    async with Exchange(free_port, echoes=None) as server:
        found = await findings(server, free_port)
    assert wrong(found) == [("sound", "broken")]
    assert "firewall" in found[-1].remedy


async def test_a_telephony_that_runs_is_only_called(free_port: Any) -> None:
    taken = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", free_port.TELEPHONY_AUDIOSOCKET_PORT
    )
    async with taken, Exchange(free_port) as server:
        found = await findings(server, free_port)
    assert found[-1].detail == "the exchange reaches our telephony, which runs"
    (order,) = server.actions("Originate")
    assert order["Channel"].split("/")[2] == "00000000-0000-0000-0000-000000000000"


async def test_clocks_apart(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.seconds_ahead = -90
        found = await findings(server, free_port)
    assert wrong(found) == [("clock", "broken")]
    assert "-90.0 s" in next(finding.detail for finding in found if finding.name == "clock")


async def test_missing_modules_are_named_each_with_its_use(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.refused["ModuleCheck"] = "Module not loaded"
        found = await findings(server, free_port)
    assert [name for name, _ in wrong(found)][:2] == ["module res_audiosocket", "module chan_audiosocket"]


async def test_modules_that_may_not_be_seen_are_no_fault(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.refused["ModuleCheck"] = "Permission denied"
        assert wrong(await findings(server, free_port)) == [("modules", "absent")]


async def test_a_dialplan_that_is_missing_or_leads_elsewhere(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.contexts = {"hotline-in": [{"AppData": "HOTLINE_PLATFORM=10.9.9.9:9092"}]}
        found = await findings(server, free_port)
        assert wrong(found) == [("dialplan hotline-in", "broken"), ("dialplan hotline-out", "broken")]
        assert "10.9.9.9:9092" in next(one.detail for one in found if one.name == "dialplan hotline-in")
        assert wrong(await findings(server, free_port, mode="exchange")) == []


async def test_a_fallback_queue_that_nobody_answers(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.members = []
        assert wrong(await findings(server, free_port)) == [("queue hotline-fallback", "broken")]
        server.queues = []
        found = await findings(server, free_port, queues=frozenset({"citizens"}))
        assert wrong(found) == [("queue citizens", "broken"), ("queue hotline-fallback", "broken")]


async def test_a_telephone_at_which_nobody_is_known_to_sit(free_port: Any) -> None:
    async with Exchange(free_port) as server:
        server.members.append({"Queue": "hotline-fallback", "Location": "Local/8003@from-queue/n", "Status": "1"})
        found = await findings(server, free_port)
    assert wrong(found) == [("extensions", "absent")]
    assert "8003" in next(finding.detail for finding in found if finding.name == "extensions")

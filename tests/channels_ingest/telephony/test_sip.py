"""Real SIP and RTP over loopback: calls both ways, keys, hold, transfer, hanging up, and what must be refused."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from channels_ingest.telephony import rtp
from channels_ingest.telephony.calls import Bounds, FinishedCall, SipSettings, TelephonySettings
from channels_ingest.telephony.legs import FRAME_BYTES, Ended, Held, Key, LegEvent, Sound
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import CallRefusedError, SipLeg, leg_id
from tests.channels_ingest.telephony.answering import telephony
from tests.channels_ingest.telephony.sounding import chirp, likeness
from tests.processes import free_port

pytestmark = pytest.mark.asyncio

NUMBER = "13900001234"


@dataclass
class Phone:
    """One end of a call, reading what it is told."""

    leg: SipLeg
    heard: bytearray = field(default_factory=bytearray)
    told: list[LegEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self.leg.events():
            if isinstance(event, Sound):
                self.heard += event.pcm16
            else:
                self.told.append(event)

    async def say(self, sound: bytes) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, at in enumerate(range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES), 1):
            self.leg.send(sound[at : at + FRAME_BYTES])
            await asyncio.sleep(began + number * 0.02 - loop.time())

    async def over(self) -> str:
        """Why the call ended."""
        await asyncio.wait_for(self.reading, 10)
        last = self.told[-1]
        assert isinstance(last, Ended)
        return last.reason


class Desk:
    """The platform's end: answers what comes in."""

    def __init__(self, answers: bool = True) -> None:
        self.answers = answers
        self.phones: asyncio.Queue[Phone] = asyncio.Queue()
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, leg: SipLeg) -> None:
        self.tasks.append(asyncio.create_task(self._take(leg)))

    async def _take(self, leg: SipLeg) -> None:
        if self.answers:
            await leg.answer()
        self.phones.put_nowait(Phone(leg))

    async def phone(self) -> Phone:
        return await asyncio.wait_for(self.phones.get(), 10)


@asynccontextmanager
async def listening(
    on_call: Callable[[SipLeg], None], first_port: int, **settings: object
) -> AsyncIterator[SipEndpoint]:
    rtp_ports = (first_port, first_port + 98)
    endpoint = SipEndpoint(SipSettings(port=0, rtp_ports=rtp_ports, **settings), on_call)
    await endpoint.start()
    try:
        yield endpoint
    finally:
        await endpoint.stop()


@asynccontextmanager
async def called(desk: Desk, **settings: object) -> AsyncIterator[tuple[SipEndpoint, Phone, Phone]]:
    """A call in progress: who called, then the platform's end."""
    async with listening(desk, 21_000, **settings) as platform, listening(lambda leg: None, 22_000) as outside:
        leg = await outside.dial(f"sip:12345@127.0.0.1:{platform.port}", NUMBER)
        yield platform, Phone(leg), await desk.phone()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_both_hear_what_the_other_says() -> None:
    up, down = chirp(1.0, 300, 1_500), chirp(1.0, 2_500, 400)
    async with called(Desk()) as (_, caller, platform):
        assert (platform.leg.caller, platform.leg.called, platform.leg.id) == (NUMBER, "12345", caller.leg.id)
        await asyncio.gather(caller.say(up), platform.say(down))
        await until(lambda: len(caller.heard) >= 30_000 and len(platform.heard) >= 30_000)
        assert likeness(up[:28_000], bytes(platform.heard)) > 0.98
        assert likeness(down[:28_000], bytes(caller.heard)) > 0.98
        assert likeness(up[:28_000], bytes(caller.heard)) < 0.3


async def test_a_law_is_agreed_on_and_u_law_where_the_caller_has_nothing_else() -> None:
    async with called(Desk()) as (_, caller, _platform):
        assert caller.leg.terms is not None
        assert caller.leg.terms.codec == 8
    async with listening(Desk(), 21_000) as platform:
        answer = await Raw.sent(platform.port, INVITE.replace("8 0 101", "0 18"))
    assert re.search(r"m=audio \d+ RTP/AVP 0\r\n", answer)


async def test_keys_arrive_as_events_and_by_info() -> None:
    async with called(Desk()) as (_, caller, platform):
        await caller.leg.press("110#")
        caller.leg._endpoint._uac.send_info(
            caller.leg.call.dialog,
            "Signal=5\r\nDuration=160\r\n",
            "application/dtmf-relay",
            caller.leg.call.remote_addr,
        )
        await until(lambda: len(platform.told) == 5)
        assert platform.told == [Key("1"), Key("1"), Key("0"), Key("#"), Key("5")]


async def test_a_caller_who_hangs_up_is_gone() -> None:
    async with called(Desk()) as (endpoint, caller, platform):
        await caller.leg.hang_up("done")
        assert (await caller.over(), await platform.over()) == ("done", "hung up")
        await until(lambda: endpoint.calls == 0)


async def test_the_platform_hangs_up() -> None:
    async with called(Desk()) as (_, caller, platform):
        await platform.leg.hang_up("closed")
        await platform.leg.hang_up("again")
        assert (await platform.over(), await caller.over()) == ("closed", "hung up")


async def test_a_caller_gives_up_before_anybody_answers() -> None:
    desk = Desk(answers=False)
    async with listening(desk, 21_000) as platform, listening(lambda leg: None, 22_000) as outside:
        leg = await outside.ring(f"sip:12345@127.0.0.1:{platform.port}", NUMBER)
        phone = await desk.phone()
        await leg.hang_up("no patience")
        assert await phone.over() == "cancelled"
        await phone.leg.answer()  # too late, and harmless
        await until(lambda: platform.calls == 0)


async def test_a_call_that_is_refused_is_told_so() -> None:
    desk = Desk(answers=False)
    async with listening(desk, 21_000) as platform, listening(lambda leg: None, 22_000) as outside:
        leg = await outside.ring(f"sip:12345@127.0.0.1:{platform.port}", NUMBER)
        await (await desk.phone()).leg.hang_up("busy")
        with pytest.raises(CallRefusedError, match="486 Busy Here"):
            await outside.answered(leg, 10)
        assert outside.calls == 0


async def test_a_full_house_refuses_and_goes_on() -> None:
    desk = Desk()
    async with (
        called(desk, bounds=lambda: Bounds(calls=1)) as (platform, caller, _),
        listening(lambda leg: None, 23_000) as other,
    ):
        with pytest.raises(CallRefusedError, match="486"):
            await other.dial(f"sip:12345@127.0.0.1:{platform.port}", seconds=10)
        await caller.leg.hang_up()
        await until(lambda: platform.calls == 0)
        assert await other.dial(f"sip:12345@127.0.0.1:{platform.port}", seconds=10)


async def test_a_caller_holds_us_and_takes_us_back() -> None:
    async with called(Desk()) as (_, caller, platform):
        call = caller.leg.call
        sdp = call.sdp_offer
        assert sdp is not None
        for direction, held in (("sendonly", True), ("sendrecv", False)):
            sdp.media[0].attributes.pop("sendrecv", None)
            sdp.media[0].attributes.pop("sendonly", None)
            sdp.media[0].attributes[direction] = []
            caller.leg._endpoint._uac.send_reinvite(call.dialog, sdp, call.remote_addr)
            await until(lambda held=held: Held(held) in platform.told)
        sound = chirp(0.5, 300, 1_500)
        await platform.say(sound)
        await until(lambda: len(caller.heard) >= 14_000)
        assert likeness(sound[:12_000], bytes(caller.heard)) > 0.98
        await caller.leg.hang_up()
        await platform.over()


@pytest.mark.parametrize(("status", "moved"), [(200, True), (486, False)])
async def test_a_transfer_by_the_other_end(status: int, moved: bool) -> None:
    from aiosipua.refer import notify_refer

    async with called(Desk()) as (_, caller, platform):
        asked: list[str] = []

        def carry_out(call, target: str) -> None:
            asked.append(target)
            call.dialog = caller.leg.call.dialog
            notify_refer(call, status, "as it went", final=True)

        caller.leg._endpoint._uas.on_refer = carry_out
        assert await platform.leg.transfer("sip:110@127.0.0.1") is moved
        assert asked == ["sip:110@127.0.0.1"]
        if moved:
            assert (await platform.over(), await caller.over()) == ("transferred", "hung up")


async def test_a_transfer_that_the_other_end_does_not_know() -> None:
    async with called(Desk()) as (_, _caller, platform):
        assert await platform.leg.transfer("sip:110@127.0.0.1") is False


async def test_a_caller_whose_sound_stops_is_gone() -> None:
    async with called(Desk(), bounds=lambda: Bounds(silence_seconds=0.2)) as (_, caller, platform):
        await caller.say(chirp(0.1, 300, 500))
        await platform.say(chirp(0.6, 300, 500))
        assert await platform.over() == "its sound stopped"
        assert await caller.over() == "hung up"


async def test_a_call_does_not_last_for_ever() -> None:
    async with called(Desk(), bounds=lambda: Bounds(call_seconds=0.5)) as (endpoint, caller, platform):
        saying = asyncio.create_task(caller.say(chirp(5.0, 300, 500)))  # its sound never stops
        assert await platform.over() == "it lasted too long"
        assert await caller.over() == "hung up"
        await until(lambda: endpoint.calls == 0)
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)


async def test_a_call_that_ended_in_time_is_not_ended_again() -> None:
    async with called(Desk()) as (endpoint, caller, platform):
        limit = platform.leg.limit
        await caller.leg.hang_up("done")
        await until(lambda: endpoint.calls == 0)
        assert limit is not None
        assert limit.cancelled()


async def test_the_pip_only_story_a_sip_call_is_recorded_and_handed_on(tmp_path: Path) -> None:
    ended: asyncio.Queue[FinishedCall] = asyncio.Queue()

    async def take(call: FinishedCall) -> None:
        ended.put_nowait(call)

    port = free_port()
    sip = SipSettings(port=port, rtp_ports=(21_000, 21_098))
    platform = telephony(TelephonySettings(recordings=tmp_path, port=0), take, sip=sip)
    async with platform, listening(lambda leg: None, 22_000) as outside:
        phone = Phone(await outside.dial(f"sip:12345@127.0.0.1:{port}", NUMBER))
        await phone.say(chirp(1.0, 300, 1_500))
        await phone.leg.press("5")
        uuid = phone.leg.id
        await phone.leg.hang_up()
        call = await asyncio.wait_for(ended.get(), 10)

    assert (call.uuid, call.dtmf) == (uuid, "5")
    assert call.seconds == pytest.approx(1.1, abs=0.3)


# --- on the wire --------------------------------------------------------------------------------------

INVITE = (
    "INVITE sip:12345@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKwire1\r\n"
    "From: <sip:13900005678@127.0.0.1>;tag=abc\r\n"
    "To: <sip:12345@127.0.0.1>\r\n"
    "Call-ID: wire-1@127.0.0.1\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:13900005678@127.0.0.1:{port}>\r\n"
    "Max-Forwards: 70\r\n"
    "Content-Type: application/sdp\r\n\r\n"
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 29998 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


class Raw(asyncio.DatagramProtocol):
    """A peer that writes its messages itself."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.socket: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.got.append(data.decode())

    @classmethod
    async def opened(cls, port: int) -> Raw:
        socket, raw = await asyncio.get_running_loop().create_datagram_endpoint(cls, remote_addr=("127.0.0.1", port))
        raw.socket = socket
        return raw

    def send(self, message: str) -> None:
        assert self.socket is not None
        port = self.socket.get_extra_info("sockname")[1]
        self.socket.sendto(message.replace("{port}", str(port)).encode())

    def statuses(self) -> list[str]:
        return [message.split("\r\n")[0] for message in self.got]

    @classmethod
    async def sent(cls, port: int, message: str, answer: str = "SIP/2.0 200 OK") -> str:
        """The answer to a message."""
        raw = await cls.opened(port)
        raw.send(message)
        await until(lambda: answer in raw.statuses())
        assert raw.socket is not None
        raw.socket.close()
        return raw.got[raw.statuses().index(answer)]


async def test_an_invite_that_comes_twice_is_one_call() -> None:
    desk = Desk(answers=False)
    async with listening(desk, 21_000) as platform:
        raw = await Raw.opened(platform.port)
        for _ in range(3):
            raw.send(INVITE)
        phone = await desk.phone()
        await until(lambda: raw.statuses().count("SIP/2.0 180 Ringing") == 3)
        assert platform.calls == 1
        assert (phone.leg.id, phone.leg.caller) == (leg_id("wire-1@127.0.0.1", "abc"), "13900005678")
        tags = {re.search(r"\r\nTo: .*;tag=(\S+)", message).group(1) for message in raw.got if " 180 " in message}
        assert len(tags) == 1
        raw.socket.close()


async def test_a_call_id_that_is_used_again_is_another_call() -> None:
    desk = Desk(answers=False)
    async with listening(desk, 21_000) as platform:
        raw = await Raw.opened(platform.port)
        raw.send(INVITE)
        first = await desk.phone()
        await first.leg.hang_up("busy")
        raw.send(INVITE.replace("tag=abc", "tag=def").replace("wire1", "wire2"))
        second = await desk.phone()
        assert first.leg.call.call_id == second.leg.call.call_id
        assert [first.leg.id, second.leg.id] == [leg_id("wire-1@127.0.0.1", tag) for tag in ("abc", "def")]
        assert first.leg.id != second.leg.id
        raw.socket.close()


async def test_what_is_not_acknowledged_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from channels_ingest.telephony import sip_transport

    monkeypatch.setattr(sip_transport, "T1", 0.02)
    async with listening(Desk(), 21_000, bounds=lambda: Bounds(calls=0)) as platform:
        raw = await Raw.opened(platform.port)
        raw.send(INVITE)
        await until(lambda: raw.statuses().count("SIP/2.0 486 Busy Here") >= 3)
        raw.send(INVITE.replace("INVITE sip", "ACK sip").replace("1 INVITE", "1 ACK").split("Content-Type")[0] + "\r\n")
        raw.send(OPTIONS)
        await until(lambda: "SIP/2.0 200 OK" in raw.statuses())
        assert not platform._transport._repeating
        raw.socket.close()


OPTIONS = (
    "OPTIONS sip:12345@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKopt\r\n"
    "From: <sip:probe@127.0.0.1>;tag=1\r\nTo: <sip:12345@127.0.0.1>\r\nCall-ID: o@x\r\nCSeq: 1 OPTIONS\r\n"
    "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


async def test_options_says_what_we_can() -> None:
    async with listening(Desk(), 21_000) as platform:
        answer = await Raw.sent(platform.port, OPTIONS)
    allowed = re.search(r"\r\nAllow: (.*)\r\n", answer)
    assert allowed is not None
    assert {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO"} <= set(allowed.group(1).split(", "))


async def test_a_network_that_is_not_allowed_is_not_answered() -> None:
    async with listening(Desk(), 21_000, networks=("10.0.0.0/8",)) as platform:
        raw = await Raw.opened(platform.port)
        raw.send(OPTIONS)
        raw.send(INVITE)
        await until(lambda: platform._transport.refused == 2)
        assert (raw.got, platform.calls) == ([], 0)
        raw.socket.close()


async def test_headers_that_cannot_be_read_are_passed_over() -> None:
    async with listening(Desk(), 21_000) as platform:
        raw = await Raw.opened(platform.port)
        raw.send(OPTIONS.replace("CSeq: 1 OPTIONS", "CSeq: ! OPTIONS"))
        await until(lambda: platform._transport.refused == 1)
        assert raw.got == []
        raw.socket.close()
        assert await Raw.sent(platform.port, OPTIONS), "the next is answered"


async def test_an_offer_that_cannot_be_read_is_refused() -> None:
    async with listening(Desk(), 21_000) as platform:
        await Raw.sent(platform.port, INVITE.replace("m=audio ", "m=audio sound "), "SIP/2.0 400 Bad Request")
        assert platform.calls == 0


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(INVITE.replace("8 0 101", "18 97"), id="no codec of ours"),
        pytest.param(INVITE.replace("m=audio", "m=video"), id="no sound"),
        pytest.param(INVITE.replace("c=IN IP4 127.0.0.1", "c=IN IP4 203.0.113.9"), id="sound to a stranger"),
        pytest.param(INVITE.split("v=0")[0].replace("Content-Type: application/sdp\r\n", ""), id="no offer"),
    ],
)
async def test_an_offer_that_does_not_fit_is_refused(wrong: str) -> None:
    async with listening(Desk(), 21_000) as platform:
        await Raw.sent(platform.port, wrong, "SIP/2.0 488 Not Acceptable Here")
        assert platform.calls == 0


async def test_rubbish_disturbs_nobody() -> None:
    async with called(Desk()) as (platform, caller, desk):
        raw = await Raw.opened(platform.port)
        for rubbish in ("\r\n\r\n", "\0", "GET / HTTP/1.1\r\n\r\n", "INVITE\r\n\r\n", "é" * 9_000, INVITE[:40]):
            raw.send(rubbish)
        assert caller.leg.voice is not None
        for sound in (b"", b"\x80", b"\x80\x65" + bytes(10), b"\x80\x65" + bytes(11), bytes(400), b"\xff" * 400):
            caller.leg.voice._media._rtp_transport._transport.sendto(sound, ("127.0.0.1", desk.leg.port))
        sound = chirp(0.5, 300, 1_500)
        await caller.say(sound)
        await until(lambda: len(desk.heard) >= 14_000)
        assert likeness(sound[:12_000], bytes(desk.heard)) > 0.9
        raw.socket.close()


async def test_reports_of_strangers_are_not_taken(caplog: pytest.LogCaptureFixture) -> None:
    async with called(Desk()) as (_, _caller, desk):
        assert desk.leg.voice is not None
        media = desk.leg.voice._media
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with stranger:
            stranger.bind(("127.0.0.2", 0))
            before, heard = media._remote_rtcp_addr, []
            monitored = media._handle_rtcp
            media._rtcp_transport._on_rtcp = lambda data, addr: (monitored(data, addr), heard.append(addr[0]))
            for report in (GOODBYE, GOODBYE[:3] + b"\x09"):
                stranger.sendto(report, media._rtcp_transport._transport.get_extra_info("sockname"))
            await until(lambda: heard.count("127.0.0.2") == 2)
        assert media._remote_rtcp_addr == before
        assert [record.message for record in caplog.records if "RTCP" in record.message] == []


GOODBYE = bytes.fromhex("81cb000100000001")


async def test_a_public_face_needs_an_address() -> None:
    with pytest.raises(ValueError, match="advertised"):
        SipSettings(host="0.0.0.0")


async def test_whom_we_called_is_not_left_without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else has the port in the very moment of the answer."""
    opened = rtp.Voice.opened

    async def taken(local: tuple[str, int], *rest: Any) -> rtp.Voice:
        if local[1] >= 22_000:
            raise OSError("the port is taken")
        return await opened(local, *rest)

    monkeypatch.setattr(rtp.Voice, "opened", taken)
    desk = Desk()
    async with listening(desk, 21_000) as platform, listening(lambda leg: None, 22_000) as outside:
        with pytest.raises(CallRefusedError, match="the port is taken"):
            await outside.dial(f"sip:12345@127.0.0.1:{platform.port}", NUMBER)
        assert await (await desk.phone()).over() == "hung up"
        assert outside.calls == 0

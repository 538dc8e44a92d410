"""Telephones for the tests: each a SIP user agent on loopback that speaks one steady tone and hears what comes."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from typing import Any
from urllib.parse import quote

from aiortp.codecs.g711 import PcmaCodec
from aiosipua import IncomingCall, SipUAC, SipUAS, build_sdp
from aiosipua.outgoing_call import OutgoingCall
from aiosipua.transport import UdpSipTransport, _UdpProtocol

from channels_ingest.telephony.rates import Doubler
from tests.exchange.building import free_ports

FRAME = 160
ALAW, KEYS = 8, 101
LOOPBACK = "127.0.0.1"


def tone(hertz: int) -> bytes:
    """One second of a tone as a-law, so that it can be repeated without a click."""
    samples = [round(8000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(8000)]
    return PcmaCodec().encode(struct.pack("<8000h", *samples))


class Transport(UdpSipTransport):
    """The library's own start takes asyncio's UDP transport for something else on Python 3.11, and says so loudly."""

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp_transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), self.local_addr)


class _Datagrams(_UdpProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport is kept by `start`."""


class Sound(asyncio.DatagramProtocol):
    """The RTP side: a packet every 20 ms from when it is told where to, and a count of what arrives."""

    def __init__(self, alaw: bytes) -> None:
        self.heard = bytearray()
        self.speaking = True
        self._alaw = alaw
        self._task: asyncio.Task[None] | None = None
        self._peer: tuple[str, int] | None = None
        self._number = self._at = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[1] & 0x7F == ALAW:
            self.heard += data[12:]

    def begin(self, peer: tuple[str, int]) -> None:
        if self._task is None:
            self._peer = peer
            self._task = asyncio.create_task(self._speak())

    async def press(self, digit: str) -> None:
        """A key as RFC 4733 has it: one event that lasts 100 ms, its end said three times."""
        at, event = self._at + FRAME, "0123456789*#".index(digit)
        for packet in range(5):
            kind = KEYS | (0x80 if packet == 0 else 0)
            self._send(kind, at, struct.pack(">BBH", event, 10, (packet + 1) * FRAME))
            await asyncio.sleep(0.02)
        for _ in range(3):
            self._send(KEYS, at, struct.pack(">BBH", event, 0x80 | 10, 5 * FRAME))

    def last(self, seconds: float) -> bytes:
        """The newest sound that came, as the platform has it."""
        return Doubler().feed(PcmaCodec().decode(bytes(self.heard[-round(seconds * 8000) :])))

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        self._transport.close()

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        began, frame = loop.time(), 0
        while True:
            at = frame * FRAME % len(self._alaw)
            if self.speaking:
                self._send(ALAW, frame * FRAME, self._alaw[at : at + FRAME])
            frame += 1
            await asyncio.sleep(began + frame * 0.02 - loop.time())

    def _send(self, kind: int, at: int, payload: bytes) -> None:
        self._number += 1
        self._at = at
        header = struct.pack(">BBHII", 0x80, kind, self._number & 0xFFFF, at, 0x1234)
        self._transport.sendto(header + payload, self._peer)


class Phone:
    """A telephone with one line; `ringing` and `answered` are to be waited for, `ended` says how it went."""

    def __init__(self, name: str, exchange: int, hertz: int, *, port: int = 0, answers: bool = True) -> None:
        self.name, self.exchange, self.hertz, self.answers = name, (LOOPBACK, exchange), hertz, answers
        self._transport = Transport(local_addr=(LOOPBACK, port or free_ports(1, socket.SOCK_DGRAM)[0]))
        self.uac = SipUAC(self._transport)
        self.uas = SipUAS(self._transport, uac=self.uac)
        self.uas.on_invite = self._rung
        self.uas.on_bye = lambda *_: self.ended.set()
        self.uas.on_cancel = lambda *_: self.ended.set()
        self.uas.on_reinvite = lambda call: call.accept(self._sdp("sendrecv"))
        self.ringing, self.answered, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._call: Any = None
        self._second: Any = None

    async def __aenter__(self) -> Phone:
        await self.uas.start()
        loop = asyncio.get_running_loop()
        _, self.sound = await loop.create_datagram_endpoint(lambda: Sound(tone(self.hertz)), (LOOPBACK, 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._call is not None and not self.ended.is_set():
            self.hang_up()
        self.sound.close()
        await self.uas.stop()

    async def dial(self, number: str) -> None:
        """Call a number and wait until it is answered."""
        self.start_dialling(number)
        await self._call.wait_answered(20)
        self.sound.begin(self._call.sdp_answer.rtp_address)
        self.answered.set()

    def start_dialling(self, number: str) -> None:
        here = f"sip:{self.name}@{LOOPBACK}:{self._transport.local_addr[1]}"
        there = f"sip:{number}@{LOOPBACK}:{self.exchange[1]}"
        self._call = self.uac.send_invite(here, there, self.exchange, self._sdp("sendrecv"))

    def hang_up(self) -> None:
        """End the call, or give up one that is not answered."""
        if isinstance(self._call, IncomingCall):
            self._call.hangup()
        elif self._call.hangup(self.uac) is None:
            self._call.cancel(self.uac)
        self.ended.set()

    def hold(self) -> None:
        self.uac.send_reinvite(self._call.dialog, self._sdp("sendonly"), self.exchange)
        self.sound.speaking = False

    def unhold(self) -> None:
        self.uac.send_reinvite(self._call.dialog, self._sdp("sendrecv"), self.exchange)
        self.sound.speaking = True

    def transfer(self, number: str) -> None:
        """Blind: the other party goes to a number of the exchange's."""
        self.uac.send_refer(self._call.dialog, f"sip:{number}@{LOOPBACK}:{self.exchange[1]}", self.exchange)

    async def consult(self, number: str) -> None:
        """Ask somebody else on a second line, while the first one is held."""
        self.hold()
        here = f"sip:{self.name}@{LOOPBACK}:{self._transport.local_addr[1]}"
        there = f"sip:{number}@{LOOPBACK}:{self.exchange[1]}"
        self._second = self.uac.send_invite(here, there, self.exchange, self._sdp("sendrecv"))
        await self._second.wait_answered(20)

    def transfer_to_consulted(self) -> None:
        """Attended: whom we consulted takes the first call over (RFC 3891)."""
        second = self._second.dialog
        replaces = quote(f"{second.call_id};to-tag={second.remote_tag};from-tag={second.local_tag}", safe="")
        target = f"{second.remote_uri}?Replaces={replaces}"
        self.uac.send_refer(self._call.dialog, target, self.exchange)

    def _rung(self, call: IncomingCall) -> None:
        if self.answered.is_set() and not self.ended.is_set():
            call.reject(486)  # it has one line
            return
        self._call = call
        self.ended.clear()
        call.ringing()
        self.ringing.set()
        if self.answers:
            self.answer()

    def answer(self) -> None:
        call, offer = self._call, self._call.sdp_offer
        call.accept(self._sdp("sendrecv"))
        # the library acknowledges an answer to our re-INVITE only in calls that it knows as its own
        own = OutgoingCall(dialog=call.dialog, invite=call.invite, transport=self._transport, remote_addr=self.exchange)
        own._answered.set()
        self.uac._calls[call.call_id] = own
        self.sound.begin(offer.rtp_address)
        self.answered.set()

    def _sdp(self, direction: str) -> Any:
        text = build_sdp(LOOPBACK, self.sound.port, ALAW, "PCMA")
        audio = text.audio
        assert audio is not None
        for name in ("sendrecv", "sendonly", "recvonly", "inactive"):
            audio.attributes.pop(name, None)
        audio.attributes[direction] = [""]
        return text

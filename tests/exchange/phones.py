"""Telephones for the tests: each a SIP user agent on loopback that speaks one steady tone and hears what comes."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from typing import Any

from aiortp.codecs.g711 import PcmaCodec
from aiosipua import IncomingCall, SipUAC, SipUAS, build_sdp
from aiosipua.outgoing_call import OutgoingCall
from aiosipua.transport import UdpSipTransport, _UdpProtocol

from tests.exchange.building import free_ports

FRAME = 160
ALAW = 8
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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[1] & 0x7F == ALAW:
            self.heard += data[12:]

    def begin(self, peer: tuple[str, int]) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._speak(peer))

    def close(self) -> None:
        if self._task:
            self._task.cancel()
        self._transport.close()

    async def _speak(self, peer: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        began, number = loop.time(), 0
        while True:
            at = number * FRAME % len(self._alaw)
            if self.speaking:
                header = struct.pack(">BBHII", 0x80, ALAW, number & 0xFFFF, number * FRAME, 0x1234)
                self._transport.sendto(header + self._alaw[at : at + FRAME], peer)
            number += 1
            await asyncio.sleep(began + number * 0.02 - loop.time())


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

    def _rung(self, call: IncomingCall) -> None:
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

"""SIP over UDP as RFC 3261 section 17 wants it: what is lost is sent again, what comes twice is handled once.

aiosipua leaves this to its transport: it repeats only the 200 to an INVITE, takes an INVITE sent twice for two calls
and never acknowledges a refusal. Peers outside the allowed networks are not answered at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiosipua.message import SipMessage, SipRequest, SipResponse
from aiosipua.transport import UdpSipTransport

log = logging.getLogger(__name__)

Network = IPv4Network | IPv6Network
Address = tuple[str, int]
_Key = tuple[str, str]

T1, T2 = 0.5, 4.0
_LIFE_SECONDS = 64 * T1
_MOST_BYTES = 16_384


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive
        self.closed = asyncio.Event()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._receive(data, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()

    def error_received(self, exc: Exception) -> None:
        log.info("a SIP peer is not there: %s", exc)


class SipTransport(UdpSipTransport):
    """One UDP socket with the memory of its transactions."""

    def __init__(self, address: Address, networks: tuple[Network, ...]) -> None:
        super().__init__(local_addr=address)
        self._networks = networks
        self._socket: _Socket | None = None
        self._repeating: dict[_Key, asyncio.Task[None]] = {}
        self._answers: dict[_Key, SipResponse | None] = {}
        self._requests: dict[_Key, SipRequest] = {}
        self._acknowledged: set[_Key] = set()
        self.refused = 0

    async def start(self) -> None:
        """Not aiosipua's own: its protocol rejects the event loop's UDP transport of Python 3.11."""
        socket, self._socket = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Socket(self._dispatch), local_addr=self.local_addr
        )
        self._udp_transport = socket
        self.local_addr = socket.get_extra_info("sockname")[:2]

    async def stop(self) -> None:
        for task in self._repeating.values():
            task.cancel()
        await asyncio.gather(*self._repeating.values(), return_exceptions=True)
        await super().stop()
        if self._socket is not None:
            await self._socket.closed.wait()

    def allows(self, address: str) -> bool:
        """Whether we speak with this peer."""
        return any(ip_address(address) in network for network in self._networks)

    def send(self, message: SipRequest | SipResponse, addr: Address) -> None:
        self._out(message, addr)
        key = _key(message)
        if isinstance(message, SipResponse):
            self._answers[key] = message
            if key[1] == "INVITE" and message.status_code >= 300:
                self._repeat(key, message, addr)
        elif message.method != "ACK":
            self._requests[key] = message
            self._later(lambda: self._requests.pop(key, None))
            self._repeat(key, message, addr)

    def _dispatch(self, data: bytes, addr: Address) -> None:
        if not self.allows(addr[0]) or len(data) > _MOST_BYTES:
            self.refused += 1
            return
        if data.strip(b"\r\n\0"):  # else a keep-alive
            super()._dispatch(data, addr)

    def is_news(self, message: SipMessage, addr: Address) -> bool:
        """Whether a message is to be handled: not one that came before, nor one that ends here or cannot be read."""
        if not _is_readable(message):
            self.refused += 1
            return False
        if isinstance(message, SipResponse):
            return self._is_new_response(message, addr)
        assert isinstance(message, SipRequest)
        key = _key(message)
        if message.method == "ACK":
            self._rest((key[0], "INVITE"))
            return True
        if key not in self._answers:
            self._answers[key] = None
            self._later(lambda: self._answers.pop(key, None))
            return True
        if (answer := self._answers[key]) is not None:
            self._out(answer, addr)
        return False

    def _is_new_response(self, response: SipResponse, addr: Address) -> bool:
        key = _key(response)
        self._rest(key)
        request = self._requests.get(key)
        if key[1] != "INVITE" or response.status_code < 300:
            return True
        if request is not None:
            self._out(_acknowledged(request, response), addr)
        if key in self._acknowledged:
            return False
        self._acknowledged.add(key)
        self._later(lambda: self._acknowledged.discard(key))
        return True

    def _repeat(self, key: _Key, message: SipRequest | SipResponse, addr: Address) -> None:
        self._rest(key)
        task = asyncio.create_task(self._send_again(message, addr))
        self._repeating[key] = task
        task.add_done_callback(lambda done: self._repeating.get(key) is done and self._repeating.pop(key))

    def _rest(self, key: _Key) -> None:
        task = self._repeating.pop(key, None)
        if task is not None:
            task.cancel()

    async def _send_again(self, message: SipRequest | SipResponse, addr: Address) -> None:
        wait = T1
        for _ in range(10):
            await asyncio.sleep(wait)
            self._out(message, addr)
            wait = min(2 * wait, T2)

    def _out(self, message: SipRequest | SipResponse, addr: Address) -> None:
        if self._udp_transport is not None and not self._udp_transport.is_closing():
            super().send(message, addr)

    def _later(self, forget: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_later(_LIFE_SECONDS, forget)


def _is_readable(message: SipMessage) -> bool:
    """Whether its headers can be taken apart: aiosipua tries each only when it is asked for."""
    try:
        _ = message.via, message.cseq, message.from_addr, message.to_addr, message.contact
    except ValueError:
        return False
    return True


def _key(message: SipMessage) -> _Key:
    """What makes two messages one transaction: the topmost branch and the method."""
    vias, cseq = message.via, message.cseq
    return (vias[0].branch or "") if vias else "", cseq.method.upper() if cseq else ""


def _acknowledged(invite: SipRequest, response: SipResponse) -> SipRequest:
    """The ACK of a refusal, which belongs to the INVITE's own transaction (RFC 3261 section 17.1.1.3)."""
    ack = SipRequest(method="ACK", uri=invite.uri)
    ack.headers.append("Via", invite.headers.get("via")[0])
    for name, source in (("From", invite), ("To", response), ("Call-ID", invite)):
        ack.headers.set_single(name, source.headers.get_first(name) or "")
    ack.headers.set_single("CSeq", f"{invite.cseq.seq if invite.cseq else 1} ACK")
    ack.headers.set_single("Max-Forwards", "70")
    return ack

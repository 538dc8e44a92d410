"""Our own SIP endpoint: answers and places calls over UDP without an exchange, one leg for each call.

The signalling is aiosipua's; what it lacks is added at its edges: lost and repeated messages (sip_transport),
keys by INFO, hold by re-INVITE, a house that is full.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine, Mapping
from ipaddress import ip_network
from typing import Any

from aiosipua import DialogState, IncomingCall, OutgoingCall, SipUAC
from aiosipua.headers import parse_uri

from channels_ingest.telephony import rtp
from channels_ingest.telephony.calls import SipSettings
from channels_ingest.telephony.legs import Ended, Held, Key
from channels_ingest.telephony.ports import Ports
from channels_ingest.telephony.sip_leg import CallRefusedError, SipLeg
from channels_ingest.telephony.sip_signalling import UserAgent, number_of
from channels_ingest.telephony.sip_transport import Address, SipTransport

log = logging.getLogger(__name__)
logging.getLogger("aiosipua").setLevel(logging.WARNING)  # below, it writes callers' numbers

AGENT_NAME = "hotline-12345"
_REFUSALS = {"busy": (486, "Busy Here"), "full": (486, "Busy Here"), "stopping": (503, "Service Unavailable")}
_TRANSFER_SECONDS = 30.0


class SipEndpoint:
    """One SIP address; every call that comes in goes to `on_call`, ringing, and its events are to be read.

    Who was refused because there was no room, or because we stop, is told to `on_refused`.
    """

    def __init__(
        self,
        settings: SipSettings,
        on_call: Callable[[SipLeg], None],
        on_refused: Callable[[SipLeg], None] = lambda leg: None,
    ) -> None:
        self.settings = settings
        self._on_call = on_call
        self._on_refused = on_refused
        networks = tuple(ip_network(network) for network in settings.networks)
        self._transport = SipTransport((settings.host, settings.port), networks)
        self._uac = SipUAC(self._transport)
        self._uas = UserAgent(self._transport, self._uac, user_agent=AGENT_NAME)
        self._ports = Ports(settings.rtp_ports)
        self._legs: dict[str, SipLeg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._listen()

    @property
    def port(self) -> int:
        return self._transport.local_addr[1]

    @property
    def calls(self) -> int:
        """How many calls there are now."""
        return len(self._legs)

    async def start(self) -> None:
        await self._uas.start()
        if self.settings.advertised:
            self._uas.advertised_addr = self._uac.advertised_addr = (self.settings.advertised, self.port)
        log.info("answering SIP on %s:%s", self.settings.host, self.port)

    async def stop(self) -> None:
        """Take no more calls and end those that are."""
        self._stopping = True
        await asyncio.gather(*(leg.hang_up("stopping") for leg in list(self._legs.values())))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._ports.release_all()
        await self._uas.stop()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def dial(
        self,
        target: str,
        caller: str = "12345",
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
    ) -> SipLeg:
        """Call somebody and wait for an answer, so long or as long as the centre waits."""
        leg = await self.ring(target, caller, headers)
        await self.answered(leg, seconds)
        return leg

    async def ring(self, target: str, caller: str = "12345", headers: Mapping[str, str] | None = None) -> SipLeg:
        """Begin to call somebody; `answered` waits for what becomes of it."""
        uri = parse_uri(target)
        found = await asyncio.get_running_loop().getaddrinfo(uri.host, uri.port or 5060, family=socket.AF_INET)
        remote: Address = (str(found[0][4][0]), int(found[0][4][1]))
        if not self._transport.allows(remote[0]):
            raise CallRefusedError(f"{remote[0]} is not of the networks we speak with")
        port = self._ports.hold()
        call = self._uac.send_invite(
            f"sip:{caller}@{self._address}",
            target,
            remote,
            rtp.offer(self._address, port),
            extra_headers=dict(headers or {}),
            user_agent=AGENT_NAME,
        )
        leg = SipLeg(self, call, None)
        leg.caller, leg.called, leg.port = caller, uri.user or "", port
        self._keep(leg)
        return leg

    async def answered(self, leg: SipLeg, seconds: float | None = None) -> None:
        """Until a call we placed is taken; CallRefusedError when it is not."""
        assert isinstance(leg.call, OutgoingCall)
        try:
            await leg.call.wait_answered(seconds or self.settings.bounds().dial_seconds)
            if leg.call.sdp_answer is None:
                raise ValueError("the answer describes no sound")
            leg.terms = rtp.agreed(leg.call.sdp_answer)
            await self._open(leg, leg.terms, leg.call.remote_addr[0])
        except (RuntimeError, OSError, ValueError) as error:  # also of the sound, when it was answered
            await leg.hang_up(str(error))
            status = 408 if isinstance(error, TimeoutError) else leg.call._reject_code
            raise CallRefusedError(str(error), status) from error
        except asyncio.CancelledError:
            await leg.hang_up("cancelled")
            raise

    async def accept(self, leg: SipLeg) -> None:
        """Answer a call that rings here."""
        call, terms = leg.call, leg.terms
        assert isinstance(call, IncomingCall)
        assert call.sdp_offer is not None
        assert terms is not None
        leg.port = self._ports.hold()
        if await self._open(leg, terms, call.source_addr[0]):
            call.accept(rtp.answer(call.sdp_offer, self._address, leg.port, leg.version))

    async def end(self, leg: SipLeg, reason: str) -> None:
        """Tell the other end that the call is over, in whatever state it is."""
        call = leg.call
        if call.dialog.state is DialogState.CONFIRMED:
            self._uac.send_bye(call.dialog, _peer(call))
        elif call.dialog.state is DialogState.EARLY:
            if isinstance(call, IncomingCall):
                call.reject(*_REFUSALS.get(reason, (480, "Temporarily Unavailable")))
            else:
                self._uac.send_cancel(call)
        self._uas.forget(call.call_id)
        await self._close(leg)

    async def refer(self, leg: SipLeg, target: str) -> bool:
        """Ask the other end to call somebody else instead; the call ends when it has."""
        if leg.call.dialog.state is not DialogState.CONFIRMED:
            return False
        leg.moved_on = asyncio.get_running_loop().create_future()
        self._uac.send_refer(leg.call.dialog, target, _peer(leg.call))
        try:
            async with asyncio.timeout(_TRANSFER_SECONDS):
                moved = await leg.moved_on
        except TimeoutError:
            moved = False
        leg.moved_on = None
        if moved:
            await leg.hang_up("transferred")
        return moved

    @property
    def _address(self) -> str:
        return self.settings.advertised or self._transport.local_addr[0]

    def _listen(self) -> None:
        uas = self._uas
        uas.on_invite = self._invited
        uas.on_reinvite = self._invited_again
        uas.on_bye = lambda call, request: self._over(call.call_id, "hung up")
        uas.on_cancel = lambda request, addr: self._over(request.call_id or "", "cancelled")
        uas.on_ack_timeout = lambda call: self._over(call.call_id, "never acknowledged")
        uas.on_transfer_progress = lambda call_id, status, reason: self._transferred(call_id, status)
        uas.on_answer_to_refer = lambda call_id, status: self._transferred(call_id, status if status >= 300 else 100)
        uas.on_key = self._pressed

    def _invited(self, call: IncomingCall) -> None:
        refusal = self._refusal(call)
        if refusal is not None:
            log.warning("refused a call from %s: %s", call.source_addr[0], refusal[1])
            call.reject(*refusal)
            self._uas.forget(call.call_id)
            if refusal in (_REFUSALS["full"], _REFUSALS["stopping"]):
                self._on_refused(self._leg(call, None))
            return
        assert call.sdp_offer is not None
        leg = self._leg(call, rtp.agreed(call.sdp_offer))
        self._keep(leg)
        call.ringing()
        self._on_call(leg)

    def _leg(self, call: IncomingCall, terms: rtp.Agreed | None) -> SipLeg:
        leg = SipLeg(self, call, terms)
        leg.caller, leg.called = number_of(call.invite, "p-asserted-identity", "from"), number_of(call.invite, "to")
        leg.headers = {name.lower(): values[0] for name, values in call.invite.headers.items() if values}
        return leg

    def _keep(self, leg: SipLeg) -> None:
        """A peer that goes on for ever would keep an agent and a place."""
        self._legs[leg.call.call_id] = leg
        seconds = self.settings.bounds().call_seconds
        leg.limit = asyncio.get_running_loop().call_later(seconds, self._too_long, leg)

    def _too_long(self, leg: SipLeg) -> None:
        log.warning("call %s is ended: it lasted too long", leg.id)
        self.spawn(leg.hang_up("it lasted too long"))

    def _refusal(self, call: IncomingCall) -> tuple[int, str] | None:
        if self._stopping:
            return _REFUSALS["stopping"]
        if len(self._legs) >= self.settings.bounds().calls:
            return _REFUSALS["full"]
        try:
            if call.sdp_offer is not None:
                terms = rtp.agreed(call.sdp_offer)
                return None if terms.held or self._transport.allows(terms.remote[0]) else (488, "Not Acceptable Here")
        except ValueError as error:
            log.info("an offer that does not fit: %s", error)
        return 488, "Not Acceptable Here"

    def _invited_again(self, call: IncomingCall) -> None:
        """A re-INVITE: the other end holds us, takes us back, or wants its sound elsewhere."""
        leg = self._legs.get(call.call_id)
        try:
            if leg is None or leg.voice is None or leg.terms is None or call.sdp_offer is None:
                raise ValueError("there is nothing to renew")
            terms = rtp.agreed(call.sdp_offer)
            if not terms.held and not self._transport.allows(terms.remote[0]):
                raise ValueError("the sound is wanted at an address that we do not speak with")
        except ValueError as error:
            log.warning("refused to change call %s: %s", call.call_id, error)
            self._uas._send_error(call.invite, 488, "Not Acceptable Here")  # call.reject would end the call
            return
        leg.version += 1
        call.accept(rtp.answer(call.sdp_offer, self._address, leg.port, leg.version))
        if terms.held != leg.terms.held:
            leg.inbox.put(Held(terms.held))
        if not terms.held:
            leg.voice.moved(terms, call.source_addr[0])
        leg.terms = terms
        leg.voice.heard_at = asyncio.get_running_loop().time()

    def _pressed(self, call_id: str, key: str) -> None:
        if leg := self._legs.get(call_id):
            leg.inbox.put(Key(key))

    def _transferred(self, call_id: str, status: int) -> None:
        leg = self._legs.get(call_id)
        if leg is not None and leg.moved_on is not None and not leg.moved_on.done() and status >= 200:
            leg.moved_on.set_result(status < 300)

    def _over(self, call_id: str, reason: str) -> None:
        """The other end has ended the call."""
        if leg := self._legs.get(call_id):
            leg.inbox.put(Ended(reason))
            self._uas.forget(call_id)
            if leg.moved_on is not None and not leg.moved_on.done():
                leg.moved_on.set_result(False)
            self.spawn(self._close(leg))

    async def _open(self, leg: SipLeg, terms: rtp.Agreed, signalling: str) -> bool:
        """Open the call's sound; False when the other end hung up meanwhile."""
        self._ports.open(leg.port)
        voice = await rtp.Voice.opened((self.settings.host, leg.port), terms, signalling, leg.inbox)
        if leg.inbox.ended:
            await voice.close()
            self._ports.release(leg.port)
            return False
        leg.voice = voice
        return True

    async def _close(self, leg: SipLeg) -> None:
        if self._legs.pop(leg.call.call_id, None) is None:
            return
        if leg.limit is not None:
            leg.limit.cancel()
        if leg.voice is not None:
            await leg.voice.close()
        if leg.port:
            self._ports.release(leg.port)


def _peer(call: IncomingCall | OutgoingCall) -> Address:
    return call.source_addr if isinstance(call, IncomingCall) else call.remote_addr

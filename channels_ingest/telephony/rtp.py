"""The sound of one SIP call: G.711 over RTP, and keys as RFC 4733 events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiortp import RTPSession
from aiosipua.sdp import Codec, MediaDescription, SdpMessage, build_sdp, negotiate_sdp

from channels_ingest.telephony.legs import Inbox, Key, Sound
from channels_ingest.telephony.rates import Doubler, Halver

PCMA, PCMU = 8, 0
_KEYS = frozenset("0123456789*#ABCD")
_KEY_SECONDS = 0.16
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both ends have settled."""

    codec: int
    keys: int
    """Payload type of telephone events; 0 where the peer has none."""
    remote: Address
    held: bool


def agreed(description: SdpMessage) -> Agreed:
    """What a peer's offer or answer comes to: A-law where there is a choice; ValueError when nothing fits."""
    audio, remote = description.audio, description.rtp_address
    if audio is None or remote is None or audio.port == 0:
        raise ValueError("no sound was offered")
    offered = {codec.payload_type for codec in audio.codecs}
    if not offered & {PCMA, PCMU}:
        raise ValueError("neither A-law nor u-law was offered")
    held = audio.direction in ("sendonly", "inactive") or remote[0] == "0.0.0.0"
    return Agreed(PCMA if PCMA in offered else PCMU, _keys(audio.codecs), remote, held)


def offer(host: str, port: int) -> SdpMessage:
    """Our own offer: A-law, u-law, keys."""
    description = build_sdp(host, port, PCMA, "PCMA")
    audio: MediaDescription = description.media[0]
    audio.formats.insert(1, str(PCMU))
    audio.attributes["rtpmap"].insert(1, f"{PCMU} PCMU/8000")
    return description


def answer(description: SdpMessage, host: str, port: int, version: int) -> SdpMessage:
    """Our answer to an offer; `version` rises with each answer within a call."""
    terms = agreed(description)
    answered, _ = negotiate_sdp(
        description, host, port, supported_codecs=[terms.codec], dtmf_payload_type=terms.keys, session_id="12345"
    )
    assert answered.origin is not None
    answered.origin.session_version = str(version)
    return answered


class Media(RTPSession):
    """An RTP session that hears only the peer it was agreed with, of reports as of sound."""

    peers: frozenset[str] = frozenset()
    on_arrival: Callable[[], None] | None = None

    def _handle_rtp(self, data: bytes, addr: Address) -> None:
        if addr[0] not in self.peers:
            return
        if self.on_arrival is not None:
            self.on_arrival()
        try:
            super()._handle_rtp(data, addr)
        except (ValueError, IndexError):  # an event or comfort noise cut short
            return

    def _handle_rtcp(self, data: bytes, addr: Address) -> None:
        if addr[0] in self.peers:
            super()._handle_rtcp(data, addr)


class Voice:
    """Both directions of one call's sound, in the platform's 16 kHz."""

    def __init__(self, media: Media, inbox: Inbox, speaks_keys: bool) -> None:
        self._media = media
        self._inbox = inbox
        self._loop = asyncio.get_running_loop()
        self._doubler = Doubler()
        self._halver = Halver()
        self._speaks_keys = speaks_keys
        self.heard_at = self._loop.time()
        media.on_audio = self._on_sound
        media.on_dtmf = self._on_key
        media.on_arrival = self._on_arrival

    @classmethod
    async def opened(cls, local: Address, terms: Agreed, signalling: str, inbox: Inbox) -> Voice:
        """Listen on this port; sound is taken from the agreed address or from where the call was signalled."""
        media = await Media.create(
            local_addr=local,
            remote_addr=terms.remote,
            payload_type=terms.codec,
            dtmf_payload_type=terms.keys or 101,
            jitter_prefetch=0,  # the bridge has a buffer of its own
            skip_audio_gaps=True,
            symmetric_rtp=True,
        )
        assert isinstance(media, Media)
        media.peers = frozenset({terms.remote[0], signalling})
        return cls(media, inbox, bool(terms.keys))

    def moved(self, terms: Agreed, signalling: str) -> None:
        """The peer wants its sound elsewhere from now on."""
        self._media.peers = frozenset({terms.remote[0], signalling})
        self._media.update_remote(terms.remote)

    def send(self, pcm16: bytes) -> None:
        self._media.send_audio_pcm_auto(self._halver.feed(pcm16))

    async def press(self, keys: str) -> None:
        """Send keys as events, one after the other."""
        if not self._speaks_keys:
            raise ValueError("the other end takes no keys")
        for key in keys:
            stamp = int(self._loop.time() * 8_000) & 0xFFFFFFFF  # an event is known by its time: each its own
            self._media.send_dtmf(key, round(_KEY_SECONDS * 1_000), stamp)
            await asyncio.sleep(_KEY_SECONDS)

    async def close(self) -> None:
        await self._media.close()
        await asyncio.sleep(0)  # the sockets close in the loop's next round

    @property
    def statistics(self) -> dict[str, float]:
        return self._media.stats

    def _on_sound(self, pcm: bytes, timestamp: int) -> None:
        self._inbox.put(Sound(self._doubler.feed(pcm), self._loop.time()))

    def _on_key(self, digit: str, duration: int) -> None:
        if digit in _KEYS:
            self._inbox.put(Key(digit))

    def _on_arrival(self) -> None:
        self.heard_at = self._loop.time()


def _keys(codecs: list[Codec]) -> int:
    events = (codec for codec in codecs if codec.encoding_name.lower() == "telephone-event")
    return next((codec.payload_type for codec in events if codec.clock_rate == 8_000), 0)

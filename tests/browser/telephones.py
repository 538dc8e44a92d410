"""Real telephones for browser tests: a SIP caller in a thread of its own, and an ear at a page's loudspeaker."""

import asyncio
import base64
import io
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from playwright.sync_api import Page

from channels_ingest.telephony.calls import SipSettings
from channels_ingest.telephony.legs import FRAME_BYTES, FRAME_SECONDS, RATE, Sound
from channels_ingest.telephony.sip import SipEndpoint
from channels_ingest.telephony.sip_leg import SipLeg
from channels_ingest.telephony.sounds import Clip
from tests.processes import free_port

PATIENCE = 60.0
EAR = """(() => {
  const connect = AudioNode.prototype.connect
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !window.ear) {
      const tap = to.context.createMediaStreamDestination()
      connect.call(this, tap)
      window.ear = tap.stream
    }
    return connect.call(this, to, ...rest)
  }
  window.listen = () => {
    const parts = []
    const recorder = new MediaRecorder(window.ear, {mimeType: 'audio/webm;codecs=opus', audioBitsPerSecond: 128000})
    recorder.ondataavailable = (event) => parts.push(event.data)
    recorder.start()
    window.listened = () => new Promise((resolve) => {
      recorder.onstop = () => {
        const reader = new FileReader()
        reader.onload = () => resolve(reader.result.split(',')[1])
        reader.readAsDataURL(new Blob(parts))
      }
      recorder.stop()
    })
  }
})()"""


def speech(path: Path) -> bytes:
    """A recording as the telephone has it inside."""
    return b"".join(Clip.from_wav(path).frames)


def put_ear(page: Page) -> None:
    """Before the page comes: what it plays can be listened to."""
    page.add_init_script(EAR)


def heard_at(page: Page) -> bytes:
    """What the loudspeaker played since `listen()`, as the telephone has it inside."""
    content = base64.b64decode(page.evaluate("listened()"))
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(content)) as file:
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    return b"".join(frame.to_ndarray().astype("<i2").tobytes() for frame in frames)


class Caller:
    """Somebody with a SIP telephone, heard and speaking while the test drives a browser."""

    def __init__(self, port: int, number: str = "13812345678") -> None:
        self._target, self._number = f"sip:12345@127.0.0.1:{port}", number
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._leg: SipLeg | None = None
        self.heard = bytearray()
        self.gone = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._dial())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def says(self, pcm16: bytes) -> None:
        """Begin to say something; it goes on while the test does."""
        asyncio.run_coroutine_threadsafe(self._say(pcm16), self._loop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _dial(self) -> None:
        self._endpoint = SipEndpoint(SipSettings(port=free_port(), rtp_ports=(32_000, 32_200)), lambda leg: None)
        await self._endpoint.start()
        self._leg = await self._endpoint.dial(self._target, self._number)
        self._ear = asyncio.create_task(self._listen(self._leg))

    async def _listen(self, leg: SipLeg) -> None:
        async for event in leg.events():
            if isinstance(event, Sound):
                self.heard += event.pcm16
        self.gone.set()

    async def _say(self, pcm16: bytes) -> None:
        assert self._leg is not None
        start = self._loop.time()
        for number, at in enumerate(range(0, len(pcm16), FRAME_BYTES)):
            self._leg.send(pcm16[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))
            await asyncio.sleep(max(0.0, start + (number + 1) * FRAME_SECONDS - self._loop.time()))

    async def _leave(self) -> None:
        assert self._leg is not None
        await self._leg.hang_up()
        await asyncio.wait_for(self._ear, PATIENCE)
        await self._endpoint.stop()

"""Who hears whom, what is kept of it and what recognition is given."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
import pytest_asyncio

from channels_ingest.telephony import sounds
from channels_ingest.telephony.bridge import Bridge, Mode, Side, mix
from channels_ingest.telephony.legs import FRAME_BYTES, RATE, SILENCE, Inbox, LegEvent, LegKind, Sound
from channels_ingest.telephony.recording import Recording

pytestmark = pytest.mark.asyncio

MUSIC = sounds.Clip.of(b"\x63\0" * 640)


class Party:
    """A leg that remembers what it was sent."""

    kind: LegKind = "sip"
    caller = called = ""

    def __init__(self) -> None:
        self.id: UUID = uuid4()
        self.heard: list[int] = []
        self.inbox = Inbox()

    async def answer(self) -> None:
        return

    def send(self, pcm16: bytes) -> None:
        assert len(pcm16) == FRAME_BYTES
        self.heard.append(np.frombuffer(pcm16, "<i2")[0])

    def events(self) -> AsyncIterator[LegEvent]:
        return self.inbox.events()

    async def hang_up(self, reason: str = "") -> None:
        return

    async def transfer(self, target: str) -> bool:
        return False


class Meeting:
    """A bridge whose parties each say a number of their own."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.parties: dict[Party, int] = {}

    def join(self, side: Side, says: int) -> Party:
        party = Party()
        self.parties[party] = says
        self.bridge.add(party, side)
        return party

    def talk(self, frames: int = 4) -> None:
        """Everybody speaks, and the clock strikes."""
        for _ in range(frames):
            for party, value in self.parties.items():
                self.bridge.hear(party, said(value))
            self.bridge.tick()

    def hears(self, party: Party) -> int:
        return int(party.heard[-1])


def said(value: int, frames: int = 1, at: float | None = None) -> Sound:
    pcm = np.full(320 * frames, value, "<i2").tobytes()
    return Sound(pcm, asyncio.get_running_loop().time() if at is None else at)


@pytest_asyncio.fixture
async def meeting() -> Meeting:
    return Meeting(Bridge(MUSIC))


async def test_two_hear_each_other_and_not_themselves(meeting: Meeting) -> None:
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    meeting.talk()
    assert (meeting.hears(caller), meeting.hears(agent)) == (2, 1)


async def test_three_hear_the_other_two(meeting: Meeting) -> None:
    caller, agent, third = (meeting.join(side, n) for n, side in ((1, Side.CALLER), (2, Side.AGENT), (4, Side.THIRD)))
    meeting.talk()
    assert [meeting.hears(party) for party in (caller, agent, third)] == [6, 5, 3]
    meeting.bridge.remove(agent)
    del meeting.parties[agent]
    meeting.talk()
    assert [meeting.hears(party) for party in (caller, third)] == [4, 1]


async def test_who_is_held_hears_music_and_is_heard_by_nobody(meeting: Meeting) -> None:
    caller, agent, third = (meeting.join(side, n) for n, side in ((1, Side.CALLER), (2, Side.AGENT), (4, Side.THIRD)))
    meeting.bridge.hold(caller)
    meeting.talk()
    assert [meeting.hears(party) for party in (caller, agent, third)] == [0x63, 4, 2]
    meeting.bridge.unhold(caller)
    meeting.talk()
    assert [meeting.hears(party) for party in (caller, agent, third)] == [6, 5, 3]


async def test_who_is_muted_hears_and_is_not_heard(meeting: Meeting) -> None:
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    meeting.bridge.mute(agent, True)
    meeting.talk()
    assert (meeting.hears(caller), meeting.hears(agent)) == (0, 1)
    meeting.bridge.mute(agent, False)
    meeting.talk()
    assert meeting.hears(caller) == 2


@pytest.mark.parametrize(
    ("mode", "heard"),
    [(Mode.LISTEN, (2, 1)), (Mode.WHISPER, (2, 9)), (Mode.BARGE, (10, 9))],
)
async def test_a_supervisor(meeting: Meeting, mode: Mode, heard: tuple[int, int]) -> None:
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    supervisor = meeting.join(Side.SUPERVISOR, 8)
    meeting.bridge.mode(supervisor, mode)
    meeting.talk()
    assert (meeting.hears(caller), meeting.hears(agent)) == heard
    assert meeting.hears(supervisor) == 3


async def test_what_is_played_to_somebody_is_heard_by_nobody_else_and_ends(meeting: Meeting) -> None:
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    meeting.talk()
    done = meeting.bridge.play(caller, sounds.Clip.of(b"\x07\0" * 640))
    meeting.talk(2)
    assert (caller.heard[-2:], agent.heard[-2:]) == ([7, 7], [1, 1])
    assert done.done()
    meeting.talk(1)
    assert meeting.hears(caller) == 2


async def test_what_is_played_again_and_again_ends_when_it_is_stopped(meeting: Meeting) -> None:
    caller = meeting.join(Side.CALLER, 1)
    done = meeting.bridge.play(caller, sounds.Clip.of(b"\x07\0" * 320), loop=True)
    meeting.talk(5)
    assert caller.heard == [7] * 5
    meeting.bridge.stop_playing(caller)
    meeting.talk(1)
    assert (done.cancelled(), meeting.hears(caller)) == (True, 0)


async def test_voices_too_loud_together_are_cut() -> None:
    loud = np.full(320, 30_000, "<i2").tobytes()
    assert np.frombuffer(mix([loud, loud]), "<i2").tolist() == [32_767] * 320
    assert mix([]) == SILENCE


async def test_both_sides_are_kept_apart_and_a_whisper_is_not_kept(tmp_path: Path) -> None:
    recording = Recording(tmp_path, uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    meeting = Meeting(Bridge(MUSIC, recording))
    meeting.join(Side.CALLER, 1)
    agent = meeting.join(Side.AGENT, 2)
    supervisor = meeting.join(Side.SUPERVISOR, 8)
    meeting.bridge.mode(supervisor, Mode.WHISPER)
    meeting.talk(2)
    meeting.bridge.mute(agent, True)
    meeting.talk(1)
    meeting.bridge.mode(supervisor, Mode.BARGE)
    meeting.talk(1)
    await meeting.bridge.close()

    with wave.open(str(recording.finish().path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)[::320]
    assert sound[:, 0].tolist() == [1, 1, 1, 1]
    assert sound[:, 1].tolist()[:2] == [10, 2]  # the supervisor's first frame is laid where the call began


async def test_recognition_is_given_200_ms_of_each_side_and_when_they_began() -> None:
    taps: list[tuple[Side, int, float]] = []
    bridge = Bridge(MUSIC, on_tap=lambda side, pcm, at: taps.append((side, len(pcm), round(at, 2))))
    meeting = Meeting(bridge)
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    began = asyncio.get_running_loop().time() - bridge.seconds
    for number in range(1, 26):
        bridge.hear(caller, said(1, at=began + number * 0.02))
    bridge.hear(agent, said(2, frames=10, at=began + 3.0))

    whole = int(0.2 * RATE) * 2
    assert taps == [
        (Side.CALLER, whole, 0.0),
        (Side.CALLER, whole, 0.2),
        (Side.AGENT, whole, 2.3),  # half a second of the silence before, no more
        (Side.AGENT, whole, 2.5),
        (Side.AGENT, whole, 2.7),
    ]


async def test_what_is_not_recorded_is_not_recognised(tmp_path: Path) -> None:
    taps: list[bytes] = []
    recording = Recording(tmp_path, uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    bridge = Bridge(MUSIC, recording, lambda side, pcm, at: taps.append(pcm))
    caller = Meeting(bridge).join(Side.CALLER, 1)
    began = asyncio.get_running_loop().time() - bridge.seconds
    bridge.hear(caller, said(1, frames=10, at=began + 0.2))
    bridge.pause_recording()
    bridge.hear(caller, said(2, frames=10, at=began + 0.4))
    bridge.resume_recording()
    bridge.hear(caller, said(3, frames=10, at=began + 0.6))

    assert [set(np.frombuffer(pcm, "<i2").tolist()) for pcm in taps] == [{1}, {3}]
    recording.finish()


async def test_a_recording_paused_before_anybody_spoke_goes_on_afterwards(tmp_path: Path) -> None:
    recording = Recording(tmp_path, uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    bridge = Bridge(MUSIC, recording)
    caller = Meeting(bridge).join(Side.CALLER, 1)
    began = asyncio.get_running_loop().time() - bridge.seconds
    bridge.pause_recording()
    bridge.resume_recording()
    bridge.hear(caller, said(3, frames=10, at=began + 0.2))
    await bridge.close()

    with wave.open(str(recording.finish().path)) as kept:
        assert 3 in np.frombuffer(kept.readframes(kept.getnframes()), "<i2")


async def test_a_side_that_sends_nothing_is_silent_long_enough_to_end_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taps: list[bytes] = []
    bridge = Bridge(MUSIC, on_tap=lambda side, pcm, at: taps.append(pcm))
    caller = Meeting(bridge).join(Side.CALLER, 1)
    began = asyncio.get_running_loop().time() - bridge.seconds
    bridge.hear(caller, said(1, frames=10, at=began + 0.2))
    for second in range(1, 300):
        monkeypatch.setattr(Bridge, "seconds", property(lambda bridge, at=second / 50: at))
        bridge.tick()

    assert [any(pcm) for pcm in taps] == [True] + [False] * 5


async def test_a_started_bridge_sends_a_frame_each_20_ms() -> None:
    bridge = Bridge(MUSIC)
    party = Meeting(bridge).join(Side.CALLER, 1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    bridge.start()
    async with asyncio.timeout(10):
        while len(party.heard) < 25:
            await asyncio.sleep(0.005)
    took = loop.time() - began
    await bridge.close()
    assert took >= 0.47


async def test_a_full_disk_ends_the_recording_and_not_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*words: object) -> None:
        raise OSError(28, "No space left on device")

    taps: list[bytes] = []
    monkeypatch.setattr(Recording, "write", full)
    recording = Recording(tmp_path, uuid4(), datetime(2026, 11, 22, tzinfo=UTC))
    bridge = Bridge(MUSIC, recording, lambda side, pcm, at: taps.append(pcm))
    meeting = Meeting(bridge)
    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    meeting.talk(20)
    bridge.pause_recording()
    await bridge.close()

    assert (meeting.hears(caller), meeting.hears(agent)) == (2, 1)
    assert len(taps) == 4
    assert caplog.text.count("goes on without its recording") == 1


async def test_a_leg_that_fails_is_left_alone_and_the_others_go_on(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(pcm16: bytes) -> None:
        raise RuntimeError("no line")

    caller, agent = meeting.join(Side.CALLER, 1), meeting.join(Side.AGENT, 2)
    monkeypatch.setattr(agent, "send", fail)
    meeting.talk()

    assert meeting.hears(caller) == 2
    assert caplog.text.count("can be told nothing any more") == 1

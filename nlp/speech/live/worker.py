"""A recogniser's process: sound in on its standard input, utterances out on its standard output."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from nlp.speech.engine import RATE, Stream, StreamingEngine
from nlp.speech.errors import NoModel
from nlp.speech.live import wire
from nlp.speech.live.listening import Listener
from nlp.speech.vosk_engine import VoskEngine

_NOISE_SECONDS = 3
_TRIALS = 2
_NOISE_LEVEL = 3000
_NICER = 5
"""The sound of the calls and the screens go first."""


def main(words: list[str]) -> int:
    """Serve with the Vosk model of a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("models", type=Path)
    return serve(VoskEngine(parser.parse_args(words).models))


def serve(engine: StreamingEngine) -> int:
    """Recognise until the standard input ends, as it does when the process of the calls is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process of the calls, which then closes the pipe
    os.setpriority(os.PRIO_PROCESS, 0, _NICER)  # whatever the process of the calls has
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get between the messages
    try:
        cost = _cost_of_noise(engine)
    except NoModel as error:
        out.write(wire.frame(wire.Refused(str(error))))
        return 0
    out.write(wire.frame(wire.Ready(cost)))
    with suppress(BrokenPipeError):  # nobody is there any more
        _Desk(engine, out).run(sys.stdin.buffer)
    return 0


class _Desk:
    """The streams of one worker, served in the order in which their sound comes."""

    def __init__(self, engine: StreamingEngine, out: BinaryIO) -> None:
        self._engine = engine
        self._out = out
        self._listeners: dict[int, Listener] = {}

    def run(self, source: BinaryIO) -> None:
        while (message := wire.read(source)) is not None:
            if isinstance(message, wire.Open):
                stream = self._engine.stream(message.rate)
                self._listeners[message.stream] = Listener(stream, message.rate, message.number)
            elif isinstance(message, wire.Sound):
                self._hear(message)
            else:
                self._close(message.stream)

    def _hear(self, message: wire.Sound) -> None:
        listener, began = self._listeners[message.stream], time.perf_counter()
        for utterance in listener.feed(message.pcm16, message.at):
            self._say(wire.Heard(message.stream, utterance))
        self._say(wire.Fed(message.stream, listener.seconds_of(message.pcm16), time.perf_counter() - began))

    def _close(self, stream: int) -> None:
        for utterance in self._listeners.pop(stream).pause():
            self._say(wire.Heard(stream, utterance))
        self._say(wire.Closed(stream))

    def _say(self, message: wire.FromWorker) -> None:
        self._out.write(wire.frame(message))


def _cost_of_noise(engine: StreamingEngine) -> float:
    """Loads the model; seconds that a second of noise takes, which keeps a recogniser busier than speech.

    The beginning of a stream takes most, so it is the average of some seconds; and the quicker of two trials,
    because either may have to wait on a busy machine, which says nothing of the next hour.
    """
    samples = np.random.default_rng(1).normal(0, _NOISE_LEVEL, _NOISE_SECONDS * RATE).astype("<i2")
    pieces = [piece.tobytes() for piece in np.split(samples, 5 * _NOISE_SECONDS)]
    return min(_seconds_for(engine.stream(RATE), pieces) for _ in range(_TRIALS)) / _NOISE_SECONDS


def _seconds_for(stream: Stream, pieces: list[bytes]) -> float:
    began = time.perf_counter()
    for piece in pieces:
        stream.feed(piece)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Whisper through faster-whisper: accurate, for finished recordings; hears nothing until the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.speech import models
from nlp.speech.engine import RATE, Availability, Transcript, Utterance, Word
from nlp.speech.errors import NoModel
from nlp.speech.pieces import Samples, pieces
from nlp.speech.readable import join, readable

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment


class WhisperEngine:
    """Recognises with a Whisper model in CTranslate2's format, 8-bit, on the processor.

    No prompt is given: one that asks for simplified characters makes the base model invent words at the end.
    """

    name = "whisper"

    def __init__(self, models_dir: Path, *, language: str = "zh", threads: int = 2) -> None:
        self._models_dir = models_dir
        self._language = language
        self._threads = threads
        self._model: WhisperModel | None = None
        self._loading = threading.Lock()

    def available(self) -> Availability:
        if find_spec("faster_whisper") is None:
            return Availability(False, "The package faster-whisper is not installed.")
        return models.whisper_availability(self._models_dir)

    def transcribe(self, pcm16: bytes, rate: int = RATE) -> Transcript:
        if rate != RATE:
            raise ValueError(f"Whisper hears {RATE} Hz only, not {rate} Hz")
        samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float32) / 32768.0
        said = tuple(self._utterances(samples))
        return Transcript(
            text=readable(join([utterance.text for utterance in said])),
            words=tuple(word for utterance in said for word in utterance.words),
            seconds=len(samples) / RATE,
            engine=self.name,
            utterances=said,
        )

    def rest(self) -> None:
        # A new model object would start threads, each with memory of its own: the old one is kept empty.
        with self._loading:
            if self._model is not None:
                self._model.model.unload_model()

    def _utterances(self, samples: Samples) -> Iterator[Utterance]:
        """The recognised segments, with their times in the whole sound."""
        number = count()
        model, offset = self._loaded(), 0.0
        for piece in pieces(samples, RATE):
            segments, _ = model.transcribe(
                piece,
                language=self._language,
                beam_size=5,
                condition_on_previous_text=False,  # one wrong sentence must not be repeated to the end
                vad_filter=True,  # over silence the model recites film credits
                word_timestamps=True,
            )
            yield from (_utterance(next(number), segment, offset) for segment in segments)
            offset += len(piece) / RATE

    def _loaded(self) -> WhisperModel:
        with self._loading:
            if self._model is None:
                self._model = self._load()
            elif not self._model.model.model_is_loaded:
                self._model.model.load_model()
            return self._model

    def _load(self) -> WhisperModel:
        available = self.available()
        if not available.ok:
            raise NoModel(str(available))
        folder = models.whisper_folder(self._models_dir)
        from faster_whisper import WhisperModel  # slow to import: only when something is to be recognised

        return WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True
        )


def _utterance(number: int, segment: Segment, offset: float) -> Utterance:
    words = tuple(
        Word(readable(word.word), word.start + offset, word.end + offset, word.probability)
        for word in segment.words or ()
    )
    return Utterance(
        number, readable(segment.text), segment.start + offset, segment.end + offset, words=words, final=True
    )

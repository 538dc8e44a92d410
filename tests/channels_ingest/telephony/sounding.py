"""Sounds that can be told apart, and the proof that one is heard in another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def chirp(seconds: float, low: float, high: float) -> bytes:
    """A tone that rises: it matches itself at one place only."""
    at = np.arange(int(seconds * RATE)) / RATE
    wave = np.sin(2 * np.pi * (low * at + (high - low) * at**2 / (2 * seconds)))
    return (wave * 8_000).astype("<i2").tobytes()


def likeness(said: bytes, heard: bytes) -> float:
    """The best normalised cross-correlation of what was said with any stretch of what was heard; 1 is the same."""
    wanted, found = _samples(said), _samples(heard)
    if len(found) < len(wanted):
        return 0.0
    size = len(found) + len(wanted)
    product = np.fft.rfft(found, size) * np.conj(np.fft.rfft(wanted, size))
    best = np.fft.irfft(product, size)[: len(found) - len(wanted) + 1]
    summed = np.concatenate(([0.0], np.cumsum(found**2)))
    energy = summed[len(wanted) :] - summed[: -len(wanted)]
    return float(np.max(best / np.sqrt(np.maximum(energy, 1.0) * np.sum(wanted**2))))


def _samples(pcm16: bytes) -> NDArray[np.float64]:
    return np.frombuffer(pcm16, "<i2").astype(np.float64)

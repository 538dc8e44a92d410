"""From the telephone's 8 kHz to the platform's 16 kHz and back, frame by frame without a seam."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, resample_poly, upfirdn

_TAPS = 47  # a delay of 1.4 ms; 50 dB down where the telephone's band ends
_FILTER: NDArray[np.float64] = firwin(_TAPS, 3_600, fs=16_000)


class Doubler:
    """8 kHz to 16 kHz."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS // 2, dtype=np.float64)

    def feed(self, pcm16: bytes) -> bytes:
        sound = np.concatenate([self._before, np.frombuffer(pcm16, "<i2")])
        self._before = sound[-(_TAPS // 2) :]
        skip = 2 * (_TAPS // 2)
        return _pcm(upfirdn(2 * _FILTER, sound, up=2)[skip : skip + len(pcm16)])


class Halver:
    """16 kHz to 8 kHz; what the narrow band cannot carry is filtered out first."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 1, dtype=np.float64)

    def feed(self, pcm16: bytes) -> bytes:
        sound = np.concatenate([self._before, np.frombuffer(pcm16, "<i2")])
        self._before = sound[-(_TAPS - 1) :]
        return _pcm(np.convolve(sound, _FILTER, "valid")[::2])


def resampled(pcm16: bytes, rate: int, wanted: int) -> bytes:
    """A whole sound at another rate."""
    if rate == wanted:
        return pcm16
    common = gcd(rate, wanted)
    return _pcm(resample_poly(np.frombuffer(pcm16, "<i2").astype(np.float64), wanted // common, rate // common))


def _pcm(samples: NDArray[np.float64]) -> bytes:
    sound: bytes = samples.round().clip(-32768, 32767).astype("<i2").tobytes()
    return sound

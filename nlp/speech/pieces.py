"""A long recording cut at its quietest moments, so that memory stays level however long the call was."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32] | npt.NDArray[np.int16]

_QUIET_SECONDS = 0.2


def pieces(samples: Samples, rate: int, seconds: float = 120.0, search: float = 10.0) -> Iterator[Samples]:
    """Pieces of at most `seconds`, each ended at the quietest spot of its last `search` seconds."""
    most = int(seconds * rate)
    while len(samples) > most:
        cut = most - int(search * rate) + _quietest(samples[most - int(search * rate) : most], rate)
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def _quietest(samples: Samples, rate: int) -> int:
    """The middle of the quietest 0.2 s."""
    window = int(_QUIET_SECONDS * rate)
    blocks = samples[: len(samples) // window * window].reshape(-1, window)
    return int(np.square(blocks.astype(np.float32)).mean(axis=1).argmin()) * window + window // 2

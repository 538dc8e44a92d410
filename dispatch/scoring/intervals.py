"""Confidence intervals of shares: honest about small samples, and said in words wherever a share is shown."""

from datetime import date
from math import inf, sqrt
from statistics import NormalDist

from dispatch.models import PolicyKey
from dispatch.rules import rules


def confidence(on: date) -> float:
    """How sure intervals are that day (0–1), as the centre has set it."""
    return rules().figure(PolicyKey.CONFIDENCE, on) / 100


def wilson(share: float, cases: float, sure: float) -> tuple[float, float]:
    """The two-sided Wilson score interval of a share seen in `cases` (more than none; may be an effective number)."""
    if cases == inf:
        return share, share
    z = NormalDist().inv_cdf((1 + sure) / 2)
    middle = share + z**2 / (2 * cases)
    reach = z * sqrt(share * (1 - share) / cases + z**2 / (4 * cases**2))
    whole = 1 + z**2 / cases
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)

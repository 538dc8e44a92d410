"""Confidence intervals of shares: honest about small samples, and said in words wherever a share is shown."""

from math import inf, sqrt

CONFIDENCE = 0.95
Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two-sided 95 %."""


def wilson(share: float, cases: float) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share seen in `cases` (more than none; may be an effective number)."""
    if cases == inf:
        return share, share
    z2 = Z**2
    middle = share + z2 / (2 * cases)
    reach = Z * sqrt(share * (1 - share) / cases + z2 / (4 * cases**2))
    whole = 1 + z2 / cases
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)

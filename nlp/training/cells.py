"""Cells of CSV files that a spreadsheet opens: what looks like a formula stays words."""

from collections.abc import Iterable

LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""The wide ones too: spreadsheets of East Asian editions reckon with them."""


def inert(cells: Iterable[object]) -> list[object]:
    """The cells, those of words that would be reckoned with behind an apostrophe."""
    return [f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(LIKE_FORMULAS) else cell for cell in cells]

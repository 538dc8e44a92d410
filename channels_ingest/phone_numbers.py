"""Telephone numbers as people write them, down to their digits."""

import re
import unicodedata

PHONE = re.compile(r"1\d{10}|0\d{9,11}|\d{7,8}")


def digits_of(written: str) -> str | None:
    """Digits only, as full-width ones, spaces and +86 are how people write them; None when it is no number."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", written))
    digits = digits.removeprefix("+86") if digits.startswith("+") else digits
    return digits if not digits or PHONE.fullmatch(digits) else None

"""One way to normalise what citizens write, so that training and use see the same characters."""

from __future__ import annotations

import re
import unicodedata

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")  # left by senders that cut an emoji in two; no encoder takes it
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\ufeff]+")


def normalise(text: str) -> str:
    """Full-width forms folded, letters lowered, control characters and blanks made one space."""
    whole = _HALF_PAIR.sub("?", text)
    return _BLANK.sub(" ", unicodedata.normalize("NFKC", whole).lower()).strip()


def join_fields(title: str, *rest: str) -> str:
    """Several columns as one text; a title says much in few words, so it counts twice."""
    body = "\n".join(part for part in rest if part.strip())
    if not body:
        return title
    return f"{title}\n{title}\n{body}" if title.strip() else body

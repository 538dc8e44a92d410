"""One way to normalise what citizens write, so that training and use see the same characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")  # left by senders that cut an emoji in two; no encoder takes it
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\ufeff]+")


def normalise(text: str) -> str:
    """Full-width forms folded, letters lowered, traditional characters simplified, blanks made one space."""
    whole = _HALF_PAIR.sub("?", text)
    return simplify(_BLANK.sub(" ", unicodedata.normalize("NFKC", whole).lower()).strip())


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, character for character, so that places in the text stay."""
    return text.translate(_SIMPLIFIED)


class _Simplified(dict[int, int]):
    """Each character's simplified form, looked up when it is first met."""

    def __missing__(self, code: int) -> int:
        simple = _converter().convert(chr(code)) if 0x3400 <= code <= 0x9FFF else ""
        self[code] = ord(simple) if len(simple) == 1 else code
        return self[code]


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


_SIMPLIFIED = _Simplified()


def join_fields(title: str, *rest: str) -> str:
    """Several columns as one text; a title says much in few words, so it counts twice."""
    body = "\n".join(part for part in rest if part.strip())
    if not body:
        return title
    return f"{title}\n{title}\n{body}" if title.strip() else body


def split_title(text: str) -> tuple[str, str]:
    """Title and body of what ``join_fields`` joined; the title is empty where there was none."""
    title, _, rest = text.partition("\n")
    again, _, body = rest.partition("\n")
    return (title, body) if title.strip() and again == title and body.strip() else ("", text)

"""One way to normalise what citizens write, so that training and use see the same characters."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from opencc import OpenCC

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")  # left by senders that cut an emoji in two; no encoder takes it
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\ufeff]+")


class Letters:
    """Puts one character for each; a whole text is looked up at once, which takes a tenth of ``str.translate``."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change  # asked when a character is first met; threads may ask twice
        self._known = np.zeros(sys.maxunicode + 1, dtype="<u4")  # the other character and one; 0: not met yet

    def __call__(self, text: str) -> str:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        found = self._known[codes]
        if not found.all():
            for code in np.unique(codes[found == 0]).tolist():
                self._known[code] = ord(self._change(chr(code))) + 1
            found = self._known[codes]
        changed: bytes = (found - 1).tobytes()
        return changed.decode("utf-32-le", "surrogatepass")


def _simple_form(character: str) -> str:
    simple = _converter().convert(character) if "\u3400" <= character <= "\u9fff" else ""
    return simple if len(simple) == 1 else character


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def _usual_form(character: str) -> str:
    usual = unicodedata.normalize("NFKC", character)
    return usual if len(usual) == 1 else character


simplify = Letters(_simple_form)
"""Traditional characters as simplified ones, character for character, so that places in the text stay."""
usual_forms = Letters(_usual_form)
"""Full-width and other forms of one character as the usual one; most texts are NFKC after it, and known to be."""


def normalise(text: str) -> str:
    """Full-width forms folded, letters lowered, traditional characters simplified, blanks made one space."""
    whole = usual_forms(_HALF_PAIR.sub("?", text))
    return simplify(_BLANK.sub(" ", unicodedata.normalize("NFKC", whole).lower()).strip())


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

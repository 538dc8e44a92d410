"""Chinese numerals written with their units (一百二十, 三千) as figures."""

from __future__ import annotations

import cn2an  # type: ignore[import-untyped]


def as_figures(said: str) -> str:
    """The number in figures, 百十五 as 115; what is none stays as it was said."""
    plain = said.replace("〇", "零")
    if len(plain) > 2 and plain.startswith(("百", "千")):
        plain = f"一{plain}"
    try:
        return str(cn2an.cn2an(plain, "smart"))
    except (ValueError, KeyError):  # the library raises either of what is no number
        return said

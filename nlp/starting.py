"""Where the models come from that a city starts with: a wheel brings them along, a checkout trains them once."""

from __future__ import annotations

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent
PACKAGED = PACKAGE / "models"
"""Made when the wheel is built (hatch_build.py); there is none in a checkout."""
STAMP = "starting.sha256"


def packaged() -> Path | None:
    """The models that came with the package, where they were taught by what came with it."""
    stamp = PACKAGED / STAMP
    return PACKAGED if stamp.is_file() and stamp.read_text("ascii") == sources_digest() else None


def sources_digest() -> str:
    """One hash over everything that training reads."""
    digest = hashlib.sha256()
    for path in sorted(path for part in ("data", "training") for path in (PACKAGE / part).rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()

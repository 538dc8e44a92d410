"""Changes of calls that the database never took, not even in part: the telephone sets them aside for people."""

from pathlib import Path

from django.conf import settings


def journal() -> Path:
    """The journal that the telephone of this installation keeps."""
    return Path(settings.MEDIA_ROOT) / "calls" / "journal.jsonl"


def aside(path: Path) -> Path:
    """Where lines of this journal are set aside."""
    return path.with_suffix(".refused")


def count() -> int:
    """How many lines were set aside and wait for people to look at them."""
    kept = aside(journal())
    return kept.read_bytes().count(b"\n") if kept.exists() else 0

"""Run as a process of its own before the first page: the models that understanding starts with."""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from nlp import modelstore

STAMP = "starting.sha256"


def main() -> None:
    """Train the starting models unless those in the data folder come from the same corpus and code."""
    models = Path(os.environ["HOTLINE_DATA_DIR"]) / "models"
    models.mkdir(parents=True, exist_ok=True)
    now = _sources_digest()
    stamp = models / "understanding" / STAMP
    if not stamp.is_file() or stamp.read_text() != now:
        _train(models, now)
    _tell_of_speech(models)


def _train(models: Path, digest: str) -> None:
    """Train beside the old models and put the new ones in their place; what the city has learned since stays."""
    from nlp.training.starting import train_starting_models  # scikit-learn takes seconds to import

    target = models / "understanding"
    with tempfile.TemporaryDirectory(dir=models, prefix=".training-") as name:
        made = Path(name) / target.name
        train_starting_models(made)
        for folder in made.iterdir():
            modelstore.install(target / folder.name, folder)
        (target / STAMP).write_text(digest)


def _tell_of_speech(models: Path) -> None:
    """Say whether voice messages will get a transcript; without one they can still be played."""
    from nlp.speech.models import vosk_availability, whisper_availability

    found = (whisper_availability(models), vosk_availability(models))
    if not any(availability.ok for availability in found):
        reasons = " ".join(availability.reason for availability in found)
        print(f"没有语音识别模型 no speech model: {reasons}", flush=True)


def _sources_digest() -> str:
    """One hash over everything that training reads."""
    spec = find_spec("nlp")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    digest = hashlib.sha256()
    for path in sorted(path for part in ("data", "training") for path in (package / part).rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()

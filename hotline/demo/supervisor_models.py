"""Run as a process of its own before the first page: the models that understanding starts with."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from nlp import modelstore, starting


def main() -> None:
    """Bring the starting models unless those in the data folder come from the same corpus and code."""
    models = Path(os.environ["HOTLINE_DATA_DIR"]) / "models"
    models.mkdir(parents=True, exist_ok=True)
    now = starting.sources_digest()
    stamp = models / "understanding" / starting.STAMP
    if not stamp.is_file() or stamp.read_text("ascii") != now:
        _install(models, now)
    _tell_of_speech(models)


def _install(models: Path, digest: str) -> None:
    """Make them beside the old ones and put them in their place; what the city has learned since stays."""
    target = models / "understanding"
    with tempfile.TemporaryDirectory(dir=models, prefix=".training-") as name:
        made = Path(name) / target.name
        _make(made)
        for folder in (path for path in made.iterdir() if path.is_dir()):
            modelstore.install(target / folder.name, folder)
        (target / starting.STAMP).write_text(digest, "ascii")


def _make(folder: Path) -> None:
    """Those that came with the package, else trained here."""
    if packaged := starting.packaged():
        shutil.copytree(packaged, folder)
        return
    from nlp.training.starting import train_starting_models  # scikit-learn takes seconds to import

    train_starting_models(folder)


def _tell_of_speech(models: Path) -> None:
    """Say whether voice messages will get a transcript; without one they can still be played."""
    from nlp.speech.models import vosk_availability, whisper_availability

    found = (whisper_availability(models), vosk_availability(models))
    if not any(availability.ok for availability in found):
        reasons = " ".join(availability.reason for availability in found)
        print(f"没有语音识别模型 no speech model: {reasons}", flush=True)


if __name__ == "__main__":
    main()

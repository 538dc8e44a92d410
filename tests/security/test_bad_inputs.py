"""Spoilt inputs at every intake: read or refused in words, nothing made by a refusal, nothing of another's told.

2,000 by default, from one seed; `HOTLINE_BAD_INPUTS=100000` asks for as many, `HOTLINE_BAD_SEED` for other ones.
"""

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.security.intakes import INTAKES, opened

pytestmark = pytest.mark.django_db
COUNT = int(os.environ.get("HOTLINE_BAD_INPUTS", "2000"))
SEED = int(os.environ.get("HOTLINE_BAD_SEED", "12345"))


def test_every_input_has_its_door() -> None:
    assert sum(intake.share for intake in INTAKES.values()) == 100


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning", "ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", INTAKES)
def test_bad_inputs(name: str, tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path
    found: Counter[str] = Counter()
    with opened(name) as door:
        for number in range(COUNT * INTAKES[name].share // 100):
            seed = f"{SEED}:{name}:{number}"
            try:
                found[door(random.Random(seed))] += 1
            except Exception as error:
                error.add_note(f"the input of Random({seed!r})")
                raise
    print(f"{name}: {sum(found.values())} inputs, {dict(sorted(found.items()))}")
    assert len(found) > 1 or name == "sip", "nothing but one answer: the samples do not reach the door"

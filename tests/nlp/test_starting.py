"""Models that came with the package are taken only while they fit what the package would teach."""

from pathlib import Path

import pytest

from nlp import starting


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(starting, "PACKAGED", tmp_path)
    return tmp_path


def test_a_checkout_has_none(packaged: Path) -> None:
    assert starting.packaged() is None


def test_those_of_this_corpus_and_code_are_taken(packaged: Path) -> None:
    (packaged / starting.STAMP).write_text(starting.sources_digest(), "ascii")
    assert starting.packaged() == packaged


def test_those_of_another_are_not(packaged: Path) -> None:
    (packaged / starting.STAMP).write_text("0" * 64, "ascii")
    assert starting.packaged() is None

"""A saved model comes back the same; an altered or foreign one is refused before anything of it is used."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.classify import Classifier
from nlp.errors import ModelRefused
from nlp.modelfile import ARRAYS, MANIFEST
from tests.nlp.conftest import small_examples


@pytest.fixture
def folder(small_model: Classifier, tmp_path: Path) -> Path:
    small_model.save(tmp_path)
    return tmp_path


def replace_arrays(folder: Path, arrays: dict[str, Any]) -> None:
    """Puts in other arrays and a manifest that vouches for them, as someone with write access could."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    (folder / ARRAYS).write_bytes(buffer.getvalue())
    change_manifest(folder, files={ARRAYS: hashlib.sha256(buffer.getvalue()).hexdigest()})


def change_manifest(folder: Path, **facts: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | facts), encoding="utf-8")


def arrays_of(folder: Path) -> dict[str, Any]:
    with np.load(folder / ARRAYS) as stored:
        return {name: stored[name] for name in stored.files}


def test_a_model_read_back_answers_the_same(small_model: Classifier, folder: Path) -> None:
    loaded = Classifier.load(folder)
    assert loaded.labels == small_model.labels
    assert loaded.temperature == small_model.temperature
    assert len(loaded.version) == 12
    for text in small_examples().texts:
        np.testing.assert_allclose(loaded.probabilities(text), small_model.probabilities(text), atol=2e-3)
        assert loaded.classify(text)[0].label == small_model.classify(text)[0].label


def test_saving_what_was_read_gives_the_same_version(folder: Path, tmp_path: Path) -> None:
    loaded = Classifier.load(folder)
    assert loaded.save(tmp_path / "again") == loaded.version


def test_one_changed_byte_is_refused(folder: Path) -> None:
    content = bytearray((folder / ARRAYS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / ARRAYS).write_bytes(content)
    with pytest.raises(ModelRefused, match="altered or incomplete"):
        Classifier.load(folder)


def test_a_pickled_object_is_refused_and_never_run(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "was-run"

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (trace,))

    replace_arrays(folder, arrays_of(folder) | {"idf": np.array([Trap()], dtype=object)})
    with pytest.raises(ModelRefused, match="not plain numbers"):
        Classifier.load(folder)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"format": "someone-else/9"}, "not of the format"),
        ({"files": None}, "names no files"),
        ({"labels": ["水", "路"]}, "do not fit together"),
        ({"temperature": 0}, "do not fit together"),
        ({"temperature": "warm"}, "incomplete manifest"),
        ({"order": 9}, "do not fit together"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(folder: Path, change: dict[str, Any], complaint: str) -> None:
    change_manifest(folder, **change)
    with pytest.raises(ModelRefused, match=complaint):
        Classifier.load(folder)


def test_arrays_of_other_kinds_and_weights_that_are_no_numbers_are_refused(folder: Path) -> None:
    arrays = arrays_of(folder)
    replace_arrays(folder, arrays | {"extra": np.zeros(3)})
    with pytest.raises(ModelRefused, match="expected"):
        Classifier.load(folder)
    replace_arrays(folder, arrays | {"weights": np.full_like(arrays["weights"], np.nan)})
    with pytest.raises(ModelRefused, match="no numbers"):
        Classifier.load(folder)


def test_an_absent_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="cannot be read"):
        Classifier.load(tmp_path / "nowhere")

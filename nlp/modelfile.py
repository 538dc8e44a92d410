"""A model on disk: arrays of plain numbers and a manifest of their hashes, so that loading can run no code.

Arrays are NumPy's own format, read with pickling refused: it can hold nothing but numbers, and unlike
skops or joblib it needs no scikit-learn in the process that answers citizens: a second and a hundred
megabytes saved.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.errors import ModelRefused

FORMAT = "hotline-linear-text/3"
ARRAYS = "model.npz"
MANIFEST = "manifest.json"

_EXPECTED = {"keys": ("i", 1), "idf": ("f", 1), "weights": ("f", 2), "intercept": ("f", 1)}


def save(folder: Path, arrays: dict[str, NDArray[Any]], facts: dict[str, Any]) -> str:
    """Write arrays and manifest; the version given back is the head of the arrays' hash."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    manifest = {"format": FORMAT, "version": digest[:12], "files": {ARRAYS: digest}, **facts}
    (folder / ARRAYS).write_bytes(buffer.getvalue())
    listing = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(listing, encoding="utf-8")
    return digest[:12]


def load(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read a folder that ``save`` wrote, or refuse it with the reason."""
    manifest = _manifest(folder)
    try:
        content = (folder / ARRAYS).read_bytes()
    except OSError as error:
        raise ModelRefused(f"{folder / ARRAYS} cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != manifest["files"].get(ARRAYS):
        raise ModelRefused(f"{folder / ARRAYS} is not the file its manifest names: altered or incomplete")
    return _arrays(content, folder), manifest


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{path} cannot be read: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelRefused(f"{path} is not of the format {FORMAT}")
    if not isinstance(manifest.get("files"), dict):
        raise ModelRefused(f"{path} names no files")
    return manifest


def _arrays(content: bytes, folder: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise ModelRefused(f"{folder / ARRAYS} holds something that is not plain numbers: {error}") from error
    shapes = {name: (array.dtype.kind, array.ndim) for name, array in arrays.items()}
    if shapes != _EXPECTED:
        raise ModelRefused(f"{folder / ARRAYS} holds {shapes}, expected {_EXPECTED}")
    return arrays

"""Reading labelled examples from any CSV, with plain words for whatever is wrong with it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.errors import DataError
from nlp.text import join_fields, normalise

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";")
_LONGEST_FIELD = 1 << 24


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with their labels; ``families`` (one an example) says which belong together in any split.

    ``own`` (one an example) tells messages like those to come from sentences that only help; empty, all are such.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    skipped: int = 0
    families: tuple[str, ...] = ()
    own: tuple[bool, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)


def columns(listed: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in listed.split(",") if name.strip()]


def read_csv(path: Path, text_columns: Sequence[str], label_column: str, family_column: str | None = None) -> Examples:
    """Rows of a CSV in UTF-8 or GB18030; rows without text or label are left out and counted."""
    content = _decode(path)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=_delimiter(content), strict=True)
    csv.field_size_limit(_LONGEST_FIELD)
    _require_columns(
        path, reader.fieldnames, [*text_columns, label_column, *([family_column] if family_column else [])]
    )
    texts: list[str] = []
    labels: list[str] = []
    families: list[str] = []
    skipped = 0
    try:
        for row in reader:
            text = join_fields(*((row[column] or "") for column in text_columns))
            label = (row[label_column] or "").strip()
            if normalise(text) and label:
                texts.append(text)
                labels.append(label)
                if family_column:
                    families.append((row[family_column] or "").strip())
            else:
                skipped += 1
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}") from error
    if not texts:
        raise DataError(f"{path}: no row has both a text and a label")
    return Examples(tuple(texts), tuple(labels), skipped, tuple(families))


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """All rows of a CSV that has at least these columns and one row."""
    csv.field_size_limit(_LONGEST_FIELD)
    content = _decode(path)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=_delimiter(content), strict=True)
    _require_columns(path, reader.fieldnames, columns)
    try:
        rows = [{name: value or "" for name, value in row.items() if name} for row in reader]
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}") from error
    if not rows:
        raise DataError(f"{path} has no row under its header line")
    return rows


def require_classes(examples: Examples) -> None:
    """Refuse a table from which nothing can be told apart."""
    counts = Counter(examples.labels)
    if len(counts) < 2:
        raise DataError(f"only one label ({next(iter(counts))!r}) in all rows: nothing to tell apart")
    if max(counts.values()) < 2:
        raise DataError("every label occurs once only: at least two rows of a label are needed")


def _decode(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DataError(f"{path} is text neither in UTF-8 nor in GB18030: save it as CSV UTF-8")


def _delimiter(content: str) -> str:
    """What parts the columns' names: a comma, or what spreadsheets of other countries write."""
    return max(_DELIMITERS, key=content.partition("\n")[0].count)


def _require_columns(path: Path, found: Sequence[str] | None, wanted: Sequence[str]) -> None:
    if not found:
        raise DataError(f"{path} is empty: its first line must name the columns")
    missing = [column for column in wanted if column not in found]
    if missing:
        raise DataError(f"{path} has no column {', '.join(missing)}; it has {', '.join(found)}")

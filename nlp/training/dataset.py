"""Reading labelled examples from any CSV, with plain words for whatever is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nlp.errors import DataError
from nlp.text import join_fields, normalise

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";")
_LONGEST_FIELD = 1 << 24
_FIRST_YEAR = 1900  # what is less is a day or a month: written the other way round, a moment is not guessed at


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


def moment(written: str) -> datetime | None:
    """2019/4/8 8:37, 2019-04-08T08:37:20, 2019年4月8日, 20190408 …: the numbers in their order, from the year on."""
    numbers = [int(digits) for digits in re.findall(r"\d+", written)[:6]]
    if len(numbers) == 1 and len(str(numbers[0])) == 8:
        numbers = [numbers[0] // 10_000, numbers[0] // 100 % 100, numbers[0] % 100]
    if len(numbers) < 3 or numbers[0] < _FIRST_YEAR:
        return None
    try:
        return datetime(*numbers)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def read_csv(path: Path, text_columns: Sequence[str], label_column: str, family_column: str | None = None) -> Examples:
    """Rows of a CSV in UTF-8 or GB18030; rows without text or label are left out and counted."""
    rows = read_rows(path, [*text_columns, label_column, *([family_column] if family_column else [])])
    texts: list[str] = []
    labels: list[str] = []
    families: list[str] = []
    for row in rows:
        text, label = join_fields(*(row[column] for column in text_columns)), row[label_column].strip()
        if normalise(text) and label:
            texts.append(text)
            labels.append(label)
            if family_column:
                families.append(row[family_column].strip())
    if not texts:
        raise DataError(f"{path}: no row has both a text and a label")
    return Examples(tuple(texts), tuple(labels), len(rows) - len(texts), tuple(families))


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """All rows of a CSV that has at least these columns and one row; a cell that is not there is empty."""
    csv.field_size_limit(_LONGEST_FIELD)
    content = _decode(path)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=_delimiter(content), restval="", strict=True)
    try:
        _require_columns(path, reader.fieldnames, columns)
        rows = [{name: value for name, value in row.items() if name} for row in reader]
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
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DataError(f"{path} is text neither in UTF-8 nor in GB18030 (nor whole in UTF-16): save it as CSV UTF-8")


def _delimiter(content: str) -> str:
    """What parts the columns' names: a comma, or what spreadsheets of other countries write."""
    return max(_DELIMITERS, key=content.partition("\n")[0].count)


def _require_columns(path: Path, found: Sequence[str] | None, wanted: Sequence[str]) -> None:
    if not found:
        raise DataError(f"{path} is empty: its first line must name the columns")
    missing = [column for column in wanted if column not in found]
    if missing:
        raise DataError(f"{path} has no column {', '.join(missing)}; it has {', '.join(found)}")

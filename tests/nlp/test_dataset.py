"""Any CSV is read, and what is wrong with one is said plainly."""

import codecs
from pathlib import Path

import pytest

from nlp.errors import DataError
from nlp.training.dataset import Examples, read_csv, require_classes

TABLE = "标题,内容,类别\n停水,三天没水了,供水\n路灯,不亮,市政\n,,市政\n噪音,太吵,\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("gb18030"),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "line ends of Windows"],
)
def test_encodings_and_empty_rows(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    expected = Examples(("停水\n停水\n三天没水了", "路灯\n路灯\n不亮"), ("供水", "市政"), skipped=2)
    assert read_csv(path, ["标题", "内容"], "类别") == expected


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        ("标题,类别\n停水,供水\n".encode(), "has no column 内容; it has 标题, 类别"),
        ("标题,内容,类别\n,,供水\n".encode(), "no row has both"),
        (b"\x80\xff\x00\x81\xff", "neither in UTF-8 nor in GB18030"),
        (TABLE.encode("utf-16")[:-1], "neither in UTF-8 nor in GB18030"),
        ('标题,内容,类别\n停水,"没关\n'.encode(), "line"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        read_csv(path, ["标题", "内容"], "类别")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / "none.csv", ["a"], "b")


def test_a_very_long_field_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("text,label\n" + "水" * 200_000 + ",供水\n", encoding="utf-8")
    assert len(read_csv(path, ["text"], "label").texts[0]) == 200_000


def test_nothing_to_tell_apart_is_refused() -> None:
    with pytest.raises(DataError, match="only one label"):
        require_classes(Examples(("停水", "断水"), ("供水", "供水")))
    with pytest.raises(DataError, match="once only"):
        require_classes(Examples(("停水", "路灯"), ("供水", "市政")))

"""Files made to fill the memory, to run as something else, or to tell more than they show."""

import io
import re
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import load_workbook
from PIL import Image, PngImagePlugin
from pytest_django import Settings

import hotline
from dispatch import catalogue_export, catalogue_sheet
from hotline.tickets import files
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Attachment
from nlp import speech
from nlp.training.cells import inert
from tests.api.conftest import V1, Browser
from tests.factories import Cast, ticket

ROOT = Path(hotline.__path__[0]).parent
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "＝1+1")
TITLES = [str(column.title) for column in catalogue_export.COLUMNS]
MOST_MEMORY = 64 * 2**20


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of this size of which only the head is true: one row of nothing."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(bytes(8))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def small(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind)
    return out.getvalue()


def telling() -> bytes:
    """A PNG with words, a zipped text of 100 MB and a camera's place beside its picture."""
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Author", "欧阳无忌", zip=True)
    told.add_itxt("XML:com.adobe.xmp", "<x>23.13,113.35</x>")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (23.0, 8.0, 15.0), 3: "E", 4: (113.0, 21.0, 9.0)}
    Image.new("RGB", (8, 8), "red").save(out, "PNG", pnginfo=told, exif=exif)
    return out.getvalue()


# --- pictures ---------------------------------------------------------------------------------------------

HUGE: dict[str, Callable[[], bytes]] = {
    "many pixels": lambda: png(30_000, 30_000),
    "beyond every memory": lambda: png(2**31 - 1, 2**31 - 1),
    "no height": lambda: png(8, 0),
    "one row of a billion": lambda: png(10**9, 1),
    "a zipped text of 100 MB": lambda: png(8, 8, (b"zTXt", b"a\0\0" + zlib.compress(bytes(100 * 2**20)))),
    "a profile of 100 MB": lambda: png(8, 8, (b"iCCP", b"a\0\0" + zlib.compress(bytes(100 * 2**20)))),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_unfolds_is_refused_before_it_does(name: str) -> None:
    sent = HUGE[name]()
    assert len(sent) < 2**20
    tracemalloc.start()
    try:
        with pytest.raises(InvalidFields):
            files.examine(sent)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_what_a_picture_tells_beside_itself_is_gone() -> None:
    found = files.examine(telling())
    assert (found.lat, found.lng) == (23.1375, 113.3525), "read once, for the ticket"
    with Image.open(io.BytesIO(found.content)) as kept:
        kept.load()
        assert (dict(kept.getexif()), {name for name in kept.info if name not in ("srgb", "gamma")}) == ({}, set())
    assert "欧阳".encode() not in found.content
    assert b"23.13" not in found.content


@pytest.mark.parametrize(
    ("sent", "kept_as"),
    [
        (small("JPEG") + b"<script>alert(1)</script>", "image/jpeg"),
        (small() + b"PK\x03\x04" + b"evil.jar", "image/png"),
        (b"%PDF-1.4\n<script>alert(1)</script>", "application/pdf"),
        (b"\x00\x00\x00\x18ftypmp42<script>alert(1)</script>", "video/mp4"),
        (b"RIFF\x10\0\0\0WAVE<script>alert(1)</script>", "audio/wav"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ""),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<!doctype html><script>alert(1)</script>", ""),
        (b"GIF89a/*" + small("GIF")[8:], ""),
        (small("BMP"), ""),
        (small("TIFF"), ""),
        (b"\xff\xd8\xff\xe0<html>", ""),
        (b"MZ" + bytes(200), ""),
        (b"#!/bin/sh\nrm -rf /", ""),
        (b"%!PS-Adobe-3.0\n(%pipe%id) (w) file", ""),
        (b"8BPS" + bytes(60), ""),
    ],
)
@pytest.mark.django_db
def test_a_file_is_one_thing_and_is_served_as_that(
    sent: bytes, kept_as: str, tmp_path: Path, settings: Settings
) -> None:
    """What a picture carries behind its last pixel is not kept; what is kept as it came runs nowhere."""
    settings.MEDIA_ROOT = tmp_path
    cast, row = Cast(), ticket()
    if not kept_as:
        with pytest.raises(InvalidFields):
            files.keep(row, content=sent, filename="a.png", purpose="citizen", by=None)
        assert not Attachment.objects.exists()
        return
    kept = files.keep(row, content=sent, filename="a.html", purpose="citizen", by=None)
    if kept_as.startswith("image/"):
        assert not re.search(b"<script|evil", files.path_of(kept).read_bytes())
    answer = Browser(cast.agent).client.get(f"{V1}/tickets/{row.number}/attachments/{kept.pk}")
    b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == kept_as
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("attachment" in answer.headers["Content-Disposition"]) is (kept_as == "application/pdf")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_sound_without_end_is_refused() -> None:
    head = b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 1, 2, 2, 16)
    with pytest.raises(speech.Undecodable):  # a sample a second: ten megabytes are sixty days
        speech.decode(head + b"data" + struct.pack("<I", 2**32 - 1) + bytes(10 * 2**20), "audio/wav")


# --- workbooks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_every_workbook_is_written_by_those_who_make_formulas_inert(text: str) -> None:
    """`catalogue_sheet.write` and the tickets' own; tests of each export are with them. A third writer fails here."""
    sheet = load_workbook(io.BytesIO(catalogue_sheet.write("x", [catalogue_sheet.Column("a", "A")], [[text]]))).active
    cell = sheet.cell(2, 1)
    assert (cell.value or "").strip() == text.strip()
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", text != "＝1+1")
    packages = ("hotline", "dispatch", "channels_ingest", "agent_console", "nlp")
    sources = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    writers = {path.name for path in sources if re.search(r"\bWorkbook\(|csv\.(Dict)?[wW]riter", path.read_text())}
    of_figures = {"evaluate_departments.py", "check_replies.py"}  # whose cells begin with a figure, a code or a day
    assert writers == {"catalogue_sheet.py", "sheets.py", "hot_issues.py", *of_figures}
    assert inert([text, 1, "words"]) == [f"'{text}", 1, "words"]


def workbook(**parts: bytes) -> bytes:
    """A true workbook with some of its files replaced."""
    with translation.override("zh-hans"):
        true = catalogue_sheet.write("目录", catalogue_export.COLUMNS, [["9901"] * len(TITLES)])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(true)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, parts.get(Path(entry.filename).stem, old.read(entry)))
    return out.getvalue()


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>'
TEXT = SHEET % b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData>'


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet1": LAUGHS + TEXT},
        {"sheet1": OUTSIDE + TEXT},
        {"workbook": LAUGHS + b"<workbook>&c;</workbook>"},
        {"styles": LAUGHS + b"<styleSheet>&c;</styleSheet>"},
        {"sheet1": SHEET % (b"<sheetData>" + b"<row><c/></row>" * 30_000 + b"</sheetData>")},
        {"sheet1": b"<a>" * 100_000},
        {"sheet1": SHEET % b'<dimension ref="A1:XFD1048576"/><sheetData><row r="99999999999"/></sheetData>'},
    ],
    ids=["laughs", "outside", "laughs in the workbook", "laughs in the styles", "rows", "depth", "far away"],
)
def test_a_workbook_that_unfolds_is_refused_in_words(parts: dict[str, bytes]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(catalogue_sheet.Unreadable):
            catalogue_sheet.read(workbook(**parts), catalogue_export.COLUMNS)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_a_zip_that_lies_about_its_size_unfolds_no_further_than_it_said() -> None:
    data = bytearray(workbook(sheet1=SHEET % (b" " * (150 * 2**20))))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = struct.pack("<I", 1_000)
    tracemalloc.start()
    try:
        with pytest.raises(catalogue_sheet.Unreadable):
            catalogue_sheet.read(bytes(data), catalogue_export.COLUMNS)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()

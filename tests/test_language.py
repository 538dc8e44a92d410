"""Both languages are whole: no sentence without its Chinese, no Chinese in the code, dates in each language's way."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils import formats, timezone, translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
PACKAGES = ("hotline", "channels_ingest", "dispatch", "nlp", "agent_console")
SCREENS = ROOT / "agent_console/frontend/src"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
FILLED = re.compile(r"%\(\w+\)[.\d]*[sdf]|%[.\d]*[sd]|\{\w+\}")

READS_CHINESE = "reads what citizens and units write in Chinese"
TOLD_IN_CHINESE = "is written to citizens, in Chinese"
VENDORS_TERM = "names a setting as the vendor's own pages do, beside its English"
ALLOWED = {
    "nlp/": READS_CHINESE,
    "hotline/demo/": "the demonstration city's data, and a launcher that speaks both languages at once",
    "migrations/": "rules, lists and names of a Chinese city, as data",
    "channels_ingest/words.py": TOLD_IN_CHINESE,
    "channels_ingest/sms_links/uplinks.py": TOLD_IN_CHINESE,
    "channels_ingest/commands.py": READS_CHINESE,
    "channels_ingest/orders.py": TOLD_IN_CHINESE,
    "channels_ingest/sms_links/handover.py": TOLD_IN_CHINESE,
    "channels_ingest/telephony/": "writes down what was said and heard, in the city's language",
    "channels_ingest/sms.py": VENDORS_TERM,
    "channels_ingest/sms_links/options.py": VENDORS_TERM,
    "channels_ingest/adapters/sms_cmpp.py": VENDORS_TERM,
    "dispatch/catalogue_rows.py": "reads dates as spreadsheets write them",
    "dispatch/crowds.py": "names a crossing of two roads, as data",
    "dispatch/catalogue_export.py": "separates codes in a spreadsheet that is read in again",
    "hotline/api/story_pdf/paper.py": "knows where a line of Chinese may not be broken",
    "hotline/formats/zh_Hans/": "how Chinese writes dates",
    "hotline/commands/doctor.py": "asks the database whether it indexes Chinese",
    "hotline/commands/telephony.py": "a line of the launcher's, in both languages at once",
    "hotline/people/masking.py": READS_CHINESE,
    "hotline/settings.py": "the city's name, and the name of the language in itself",
    "hotline/tickets/states.py": "cites the documents that the rules come from, for the generated reference",
    "agent_console/frontend/src/words/": "the words of the screens",
    "agent_console/frontend/src/phone/dial.ts": "reads numbers typed with full-width brackets",
    "channels_ingest/citizen_web/templates/citizen_web/parts/preferences.html": "the name of the language in itself",
    "agent_console/templates/agent_console/login.html": "the name of the language in itself",
}
"""Where Chinese may stand in the code, and why; docstrings and remarks may anywhere."""


def sources(*endings: str) -> list[Path]:
    """The product's own files, without what is installed, built, or tests."""
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.name.endswith(endings) and not {"node_modules", "static", "mock", "training"} & set(path.parts)
        if not path.name.endswith(".test.ts")
    ] + [path for path in sorted((ROOT / "channels_ingest/citizen_web/static").rglob("*.js")) if ".js" in endings]


def catalogue() -> dict[str, str]:
    """English sentence → Chinese; of a plural its only Chinese form."""
    with (ROOT / "hotline/locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        rows = [row for row in read_po(file) if row.id]
    return {_first(row.id): _first(row.string) for row in rows}


def _first(forms: str | tuple[str, ...] | list[str] | None) -> str:
    return forms or "" if isinstance(forms, str | None) else forms[0]


def sentences(path: Path) -> Iterator[str]:
    """What a file gives to be translated."""
    text = path.read_text()
    if path.suffix == ".html":
        text = "\n".join(line.strip() for line in templatize(text, origin=path.name).splitlines())
    for _line, function, given, _remarks in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {}):
        if given and function in KEYWORDS:
            yield _first(given)


def test_every_sentence_of_the_code_has_its_chinese() -> None:
    known = catalogue()
    used = {said for path in sources(".py", ".html") if "gettext" in (text := path.read_text()) or "translate" in text
            for said in sentences(path)}  # fmt: skip
    assert len(used) > 800
    assert sorted(used - known.keys()) == []


def test_translations_keep_what_is_filled_in() -> None:
    differing = {
        english: chinese
        for english, chinese in catalogue().items()
        if sorted(set(FILLED.findall(english))) != sorted(set(FILLED.findall(chinese)))
    }
    assert differing == {}


def spoken(path: Path) -> Iterator[str]:
    """The strings of a program, or the visible rest of a page, without remarks and docstrings."""
    text = path.read_text()
    if path.suffix == ".py":
        documented = {
            node.body[0].value.lineno
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            loose = token.line.lstrip().startswith('"""')  # said of what stands above it
            if token.type == tokenize.STRING and token.start[0] not in documented and not loose:
                yield token.string
    else:
        remarks = r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}|(?m:(?<![:'\"])//.*$)"
        yield from re.sub(remarks, "", text, flags=re.DOTALL).splitlines()


def test_chinese_stands_only_where_it_is_data() -> None:
    found = [
        f"{name}: {words.strip()[:80]}"
        for path in sources(".py", ".html", ".vue", ".ts", ".js")
        if CHINESE.search(path.read_text())
        and not any(part in (name := path.relative_to(ROOT).as_posix()) for part in ALLOWED)
        for words in spoken(path)
        if CHINESE.search(words)
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    with_chinese = [path.relative_to(ROOT).as_posix() for path in sources(".py", ".html", ".vue", ".ts", ".js")
                    if CHINESE.search(path.read_text())]  # fmt: skip
    assert [part for part in ALLOWED if not any(part in name for name in with_chinese)] == []


MOMENT = datetime(2026, 1, 5, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["5 Jan 2026", "5 Jan 2026, 09:07", "5 January", "09:07"]),
        ("zh-hans", ["2026年1月5日", "2026年1月5日 09:07", "1月5日", "09:07"]),
    ],
)
def test_dates_are_written_in_each_languages_way(language: str, expected: list[str]) -> None:
    names = ("DATE_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT", "TIME_FORMAT")
    with translation.override(language):
        assert [formats.date_format(timezone.localtime(MOMENT), name) for name in names] == expected

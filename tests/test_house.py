"""The house rules that no linter knows: one place for states, a first sentence everywhere, words in both languages."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
PACKAGES = ("hotline", "channels_ingest", "dispatch", "nlp", "agent_console")
LIFE_STORY = {"hotline/tickets/turn.py"}
SOURCES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "node_modules" not in path.parts and "migrations" not in path.parts
]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [path for path in SOURCES if path.read_text().strip()], ids=name)
def test_every_module_opens_with_a_sentence(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text()))
    assert said, "a module opens with one sentence that says what it is"
    assert re.search(r"[.;:?!。](\s|$)", said), said


OWN_METHODS = ("hotline", "dispatch", "agent_console")
"""Where methods are documented one by one; in channels_ingest and nlp most implement a protocol, which says it once."""


def undocumented(path: Path) -> list[str]:
    """The public functions, classes and own methods of a module that say nothing of themselves."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [n for n in ast.parse(path.read_text()).body if isinstance(n, definitions) and not n.name.startswith("_")]
    if path.relative_to(ROOT).parts[0] in OWN_METHODS:
        inner = [n for found in public if isinstance(found, ast.ClassDef) for n in found.body]
        public += [n for n in inner if isinstance(n, definitions) and n.name != "Meta" and not n.name.startswith("_")]
    return [f"{name(path)}:{found.lineno} {found.name}" for found in public if not ast.get_docstring(found)]


def test_everything_public_says_what_it_does() -> None:
    assert [found for path in SOURCES for found in undocumented(path)] == []


def test_a_ticket_changes_its_state_in_the_life_story_only() -> None:
    setting = re.compile(r"\bticket\.state\s*=[^=]")
    found = {name(path) for path in SOURCES if setting.search(path.read_text())}
    assert found <= LIFE_STORY


def test_no_signals_anywhere() -> None:
    words = re.compile(r"django\.dispatch|post_save|pre_save|@receiver")
    assert [name(path) for path in SOURCES if words.search(path.read_text())] == []


def test_every_sentence_has_its_chinese() -> None:
    with (ROOT / "hotline/locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    missing = [message.id for message in catalogue if message.id and not (message.string and not message.fuzzy)]
    assert missing == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_ends_before_it_begins() -> None:
    """Whatever counts from one day to another says so to the database too."""
    dated = [model for model in apps.get_models() if {"from_date", "to_date"} <= {f.name for f in model._meta.fields}]
    kept = [model for model in dated if not model.__name__.startswith("Historical")]
    assert len(kept) > 10
    guards = {
        model.__name__: [c.name for c in model._meta.constraints if "to_date__gte" in str(getattr(c, "condition", ""))]
        for model in kept
    }
    assert [name for name, found in guards.items() if not found] == []


def test_the_walk_through_the_architecture_names_real_files() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    named = re.findall(r"`((?:hotline|channels_ingest|dispatch|nlp|agent_console|tests)/[\w./]+)`", text)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def glossary() -> list[list[str]]:
    """The rows of the glossary: in Chinese, in the code, what it is, what to avoid."""
    lines = (ROOT / "docs/glossary.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[1] != "in the code"]


def test_every_word_of_the_glossary_stands_once_and_in_the_code() -> None:
    rows, code = glossary(), "\n".join(path.read_text().lower() for path in SOURCES)
    assert len(rows) > 50
    assert len({row[0] for row in rows}) == len(rows)
    terms = [term.strip(" `") for row in rows for term in re.split(r"[/,()]", row[1]) if term.strip()]
    written = {term: r"[\s_-]?".join(map(re.escape, re.split(r"[\s-]+", term.lower()))) for term in terms}
    assert [term for term, pattern in written.items() if not re.search(pattern, code)] == []


def test_nothing_generated_is_kept() -> None:
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [
        path for path in kept if path.endswith((".mo", ".pyc")) or path.startswith("agent_console/static/screens/")
    ] == []

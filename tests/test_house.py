"""The house rules that no linter knows: one place for states, a first sentence everywhere, words in both languages."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
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


def test_the_walk_through_the_architecture_names_real_files() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    named = re.findall(r"`((?:hotline|channels_ingest|dispatch|nlp|agent_console|tests)/[\w./]+)`", text)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_nothing_generated_is_kept() -> None:
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [
        path for path in kept if path.endswith((".mo", ".pyc")) or path.startswith("agent_console/static/screens/")
    ] == []

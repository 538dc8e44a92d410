"""An installation of the first schema, with a ticket in each state, becomes one of today's and goes on."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.launcher.installation import Database

FIRST = Path(__file__).parent / "data" / "first_schema.sql.gz"
"""`pg_dump --inserts` of what the first version's own verbs made: 17 tickets, one at least in each of its 16 states."""

KEYS = {
    "HOTLINE_SECRET_KEY": "a key of the tests that protects nothing, 0123456789",
    "HOTLINE_PERSONAL_DATA_KEY": "a key of the tests that protects nothing, 9876543210",
}
STATES = "select number, state, text from tickets_ticket order by number"
NEVER_TAKEN_BACK = {"dispatch": "0010_enterprise_routes", "tickets": "0011_enterprise", "people": "0005_enterprise"}
"""What gave limits, lists and orders their present meaning; all that came after it can be taken back."""
LAST_APPLIED = "select app, max(name) from django_migrations group by app order by app"
LINES = "select id, ticket_id, sequence, kind, at, data, hash from tickets_ledgerentry order by id"


@pytest.fixture
def first(place: Path) -> Iterator[Database]:
    database = Database(place / "postgres")
    with psycopg.connect(database.url) as connection:
        connection.execute(gzip.decompress(FIRST.read_bytes()))
    yield database
    database.close()


def run(database: Database, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **KEYS, "DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "hotline.settings"}
    return subprocess.run(
        [sys.executable, "-m", *words], env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def rows(database: Database, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.url) as connection:
        return connection.execute(question).fetchall()


def test_what_the_first_version_kept_is_kept(first: Database) -> None:
    tickets, lines = rows(first, STATES), rows(first, LINES)
    assert (len(tickets), len({state for _number, state, _text in tickets}), len(lines)) == (17, 16, 64)
    with psycopg.connect(first.url) as reader:  # a table that somebody reads for long is waited for seconds only
        reader.execute("select count(*) from tickets_ticket")
        held = run(first, "django", "migrate", "--no-input")
    assert (held.returncode, "lock timeout" in held.stderr) == (1, True)
    again = run(first, "django", "migrate", "--no-input")
    assert again.returncode == 0, again.stderr
    assert (rows(first, STATES), rows(first, LINES)) == (tickets, lines)
    proof = run(first, "hotline.cli", "verify-ledger")
    assert (proof.returncode, proof.stdout.split(",")[0]) == (0, "whole: 64 lines"), proof.stdout + proof.stderr


def test_an_upgrade_can_be_taken_back(first: Database) -> None:
    assert run(first, "django", "migrate", "--no-input").returncode == 0
    tickets, lines = rows(first, STATES), rows(first, LINES)
    for app, newest in NEVER_TAKEN_BACK.items():
        back = run(first, "django", "migrate", "--no-input", app, newest)
        assert back.returncode == 0, (app, back.stderr)
    assert dict(rows(first, LAST_APPLIED)).items() >= NEVER_TAKEN_BACK.items()
    assert (rows(first, STATES), rows(first, LINES)) == (tickets, lines)
    again = run(first, "django", "migrate", "--no-input")
    assert again.returncode == 0, again.stderr
    proof = run(first, "hotline.cli", "verify-ledger")
    assert (proof.returncode, proof.stdout.split(",")[0]) == (0, "whole: 64 lines"), proof.stdout + proof.stderr

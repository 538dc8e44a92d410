"""A city's whole memory is kept in a folder and comes back from it, to the row and to the byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from channels_ingest.models import OutboundMessage
from hotline.tickets import files
from hotline.tickets.models import Ticket
from tests.factories import ticket
from tests.launcher.installation import Database
from tests.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = b"%PDF-1.4 " + bytes(range(256)) * 64


@pytest.fixture
def empty(place: Path) -> Iterator[Database]:
    database = Database(place / "postgres")
    yield database
    database.close()


def hotline(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hotline.cli", *map(str, words)]
    return subprocess.run(
        command, env={**environment(), **more}, capture_output=True, text=True, check=False, timeout=300
    )


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for what a restoration itself adds to."""
    with psycopg.connect(url) as database:
        tables = [name for (name,) in database.execute("select tablename from pg_tables where schemaname = 'public'")]
        return {name: sorted(database.execute(f'select "{name}"::text from "{name}"')) for name in tables}


@pytest.fixture
def spoken_of(settings: object) -> Ticket:
    """A ticket with a photo, whose notice waits to be sent; and one whose first line nobody has followed."""
    ticket("路灯不亮")
    row = ticket("滨河路塌了一块，有照片")
    files.keep(row, content=PHOTO, filename="照片.pdf", purpose="citizen", by=None)
    OutboundMessage.objects.create(
        key=f"line:{row.ledger.get().pk}",
        ticket=row,
        contact=row.contact,
        kind="received",
        text="已收到",
        created_at=row.created_at,
    )
    return row


def test_a_backup_comes_back_whole_and_sends_nothing_twice(spoken_of: Ticket, empty: Database, place: Path) -> None:
    here, data = environment()["DATABASE_URL"], place / "data"
    made = hotline("backup", place / "backups")
    assert made.returncode == 0, made.stderr
    (backup,) = (place / "backups").iterdir()
    there = {
        "DATABASE_URL": empty.url,
        "HOTLINE_MEDIA_ROOT": str(data / "media"),
        "HOTLINE_MODEL_DIR": str(data / "models"),
    }
    restored = hotline("restore", backup, **there)
    assert restored.returncode == 0, restored.stderr
    before, after = everything(here), everything(empty.url)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    jobs = {"procrastinate_jobs", "procrastinate_events"}
    assert changed - jobs == {"channels_ingest_outboundmessage", "tickets_ledgerentry", "tickets_ticket"}
    assert len(after["tickets_ledgerentry"]) == len(before["tickets_ledgerentry"]) + 2
    with psycopg.connect(empty.url) as database:
        found = database.execute("select state, error from channels_ingest_outboundmessage").fetchall()
    assert found == [("given_up", "perhaps sent already: restored from a backup")] * 2
    photo = spoken_of.attachments.get()
    assert (data / "media" / photo.key).read_bytes() == PHOTO
    proof = hotline("verify-ledger", **there)
    assert (proof.returncode, proof.stdout.split(":")[0]) == (0, "whole")
    again = hotline("restore", backup, **there)
    assert (again.returncode, "tables already" in again.stderr) == (1, True)


def test_what_cannot_be_restored_is_refused_before_anything_changes(
    spoken_of: Ticket, empty: Database, place: Path
) -> None:
    for _time in range(2):
        assert hotline("backup", place / "backups").returncode == 0
    first, second = sorted((place / "backups").iterdir())
    photo = spoken_of.attachments.get().key
    assert (second / "media" / photo).samefile(first / "media" / photo), "what is unchanged takes no room again"
    there = {"DATABASE_URL": empty.url, "HOTLINE_MEDIA_ROOT": str(place / "m"), "HOTLINE_MODEL_DIR": str(place / "n")}
    other_key = hotline(
        "restore", second, **there, HOTLINE_PERSONAL_DATA_KEY="another key, quite as long as it must be " * 2
    )
    assert (other_key.returncode, "is another than the backup's" in other_key.stderr) == (1, True)
    (second / "media" / photo).write_bytes(b"not the photo")
    damaged = hotline("restore", second, **there)
    assert (damaged.returncode, f"first media/{photo}" in damaged.stderr) == (1, True)
    (first / "manifest.json").unlink()
    unfinished = hotline("restore", first, **there)
    assert (unfinished.returncode, "no finished backup" in unfinished.stderr) == (1, True)
    assert everything(empty.url) == {}
    assert not (place / "m").exists()

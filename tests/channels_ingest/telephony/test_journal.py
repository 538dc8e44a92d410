"""The calls' journal: on the disk before it counts, in the database in order, whatever breaks between."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from channels_ingest.telephony.journal import Journal, Line

pytestmark = pytest.mark.asyncio


class Database:
    """Takes lines in; away for the first `away` tries, and never takes `poison`."""

    def __init__(self, away: int = 0, poison: Line | None = None) -> None:
        self.lines: list[Line] = []
        self.away = away
        self.poison = poison
        self.tries = 0

    def apply(self, line: Line) -> None:
        self.tries += 1
        if self.tries <= self.away:
            raise ConnectionError("away")
        if line == self.poison:
            raise ValueError("cannot be")
        self.lines.append(line)


@asynccontextmanager
async def journal(folder: Path, database: Database) -> AsyncIterator[Journal]:
    opened = Journal(folder / "calls.jsonl", database.apply, (ConnectionError,), retry_seconds=0.01)
    await opened.open()
    task = asyncio.create_task(opened.run())
    try:
        yield opened
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await opened.close()


def lines(count: int, start: int = 1) -> list[Line]:
    return [{"call": number} for number in range(start, start + count)]


async def test_a_torn_note_of_what_is_applied_has_everything_applied_again(tmp_path: Path) -> None:
    async with journal(tmp_path, Database()) as opened:
        await opened.keep(lines(2))
        await opened.applied()
    (tmp_path / "calls.applied").write_bytes(b"\0\0")
    again = Database()
    async with journal(tmp_path, again) as opened:
        await opened.applied()
    assert again.lines == lines(2)
    assert (tmp_path / "calls.applied").read_text() == "2"


async def test_lines_are_applied_in_order(tmp_path: Path) -> None:
    database = Database()
    async with journal(tmp_path, database) as opened:
        await asyncio.gather(*(opened.keep([line]) for line in lines(20)))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(20)


async def test_a_database_that_is_away_delays_and_loses_nothing(tmp_path: Path) -> None:
    database = Database(away=5)
    async with journal(tmp_path, database) as opened:
        await opened.keep(lines(3))
        await opened.keep(lines(3, start=4))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(6)
    assert database.tries == 11


async def test_what_was_not_applied_is_taken_up_by_the_next_process(tmp_path: Path) -> None:
    async with journal(tmp_path, Database(away=10_000)) as opened:
        await opened.keep(lines(4))
        assert opened.behind == 4
    database = Database()
    async with journal(tmp_path, database) as opened:
        await opened.keep(lines(1, start=5))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(5)
    last = Database()
    async with journal(tmp_path, last) as opened:
        await asyncio.wait_for(opened.applied(), 10)
    assert last.lines == []


async def test_a_torn_last_line_never_counted(tmp_path: Path) -> None:
    async with journal(tmp_path, Database(away=10_000)) as opened:
        await opened.keep(lines(2))
    with (tmp_path / "calls.jsonl").open("ab") as file:
        file.write(b'[3,{"call":')
    database = Database()
    async with journal(tmp_path, database) as opened:
        await opened.keep(lines(1, start=3))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(3)


async def test_a_line_that_cannot_be_applied_is_set_aside(tmp_path: Path) -> None:
    database = Database(poison={"call": 2})
    async with journal(tmp_path, database) as opened:
        await opened.keep(lines(3))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == [{"call": 1}, {"call": 3}]
    assert (tmp_path / "calls.refused").read_text() == '[0,{"call":2}]\n'


async def test_of_a_line_that_cannot_be_applied_what_can_be_is(tmp_path: Path) -> None:
    database, in_part = Database(poison={"call": 2}), Database()
    path = tmp_path / "calls.jsonl"
    opened = Journal(path, database.apply, (ConnectionError,), retry_seconds=0.01, in_part=in_part.apply)
    await opened.open()
    task = asyncio.create_task(opened.run())
    await opened.keep(lines(3))
    await asyncio.wait_for(opened.applied(), 10)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await opened.close()
    assert (database.lines, database.tries) == ([{"call": 1}, {"call": 3}], 5)
    assert in_part.lines == [{"call": 2}]
    assert not path.with_suffix(".refused").exists()


async def test_what_was_kept_survives_a_killed_process(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from channels_ingest.telephony.journal import Journal\n"
        "async def main():\n"
        "    journal = Journal(Path(sys.argv[1]), lambda line: None, ())\n"
        "    await journal.open()\n"
        "    await journal.keep([{'call': 1}, {'call': 2}])\n"
        "    print('kept', flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    path = tmp_path / "calls.jsonl"
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert await asyncio.to_thread(process.stdout.readline) == "kept\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    database = Database()
    async with journal(tmp_path, database) as opened:
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == [{"call": 1}, {"call": 2}]


async def test_threads_that_a_hanging_database_holds_do_not_keep_calls_waiting(tmp_path: Path) -> None:
    async with journal(tmp_path, Database(away=10_000)) as opened:
        asyncio.get_running_loop().set_default_executor(held := ThreadPoolExecutor(1))
        freed = threading.Event()
        held.submit(freed.wait)
        try:
            await asyncio.wait_for(opened.keep(lines(1)), 10)
        finally:
            freed.set()
    assert b'{"call":1}' in (tmp_path / "calls.jsonl").read_bytes()


async def test_a_disk_that_was_full_for_a_moment_spoils_no_later_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, full = os.write, [True]
    monkeypatch.setattr(os, "write", lambda file, text: write(file, text[:9] if full and full.pop() else text))
    async with journal(tmp_path, Database(away=10_000)) as opened:
        await opened.keep(lines(1))
        await opened.keep(lines(2, start=2))
    database = Database()
    async with journal(tmp_path, database) as opened:
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(2, start=2)


async def test_lines_are_applied_though_that_cannot_be_noted(tmp_path: Path) -> None:
    (tmp_path / "calls.applying").mkdir()
    database = Database()
    async with journal(tmp_path, database) as opened:
        await opened.keep(lines(2))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(2)


async def test_a_line_counts_though_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    database = Database()
    async with journal(tmp_path, database) as opened:
        keeping = asyncio.create_task(opened.keep(lines(1)))
        await asyncio.sleep(0)
        keeping.cancel()
        await asyncio.wait({keeping})
        await opened.keep(lines(1, start=2))
        await asyncio.wait_for(opened.applied(), 10)
    assert database.lines == lines(2)


async def test_the_journal_is_nobody_elses_to_read(tmp_path: Path) -> None:
    async with journal(tmp_path, Database(poison={"call": 1})) as opened:
        await opened.keep(lines(1))
        await asyncio.wait_for(opened.applied(), 10)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert (modes["calls.jsonl"], modes["calls.refused"]) == (0o600, 0o600)

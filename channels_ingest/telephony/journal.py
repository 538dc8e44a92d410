"""What must not be lost is on the local disk before it counts; the database hears of it in order, when it can.

One JSON object a line. `<name>.applied` holds the number of the last line that the database has: what comes
after it is applied again, in a later process if need be, so applying a line twice must change nothing.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hotline.calls.refused import aside

log = logging.getLogger(__name__)

Line = dict[str, Any]
Apply = Callable[[Line], None]
"""Brings one line into the database, in a thread; raises what `Away` names while it cannot be reached."""
_BEGIN_ANEW_BYTES = 4 * 2**20
_MOST_TRIES = 3


class Journal:
    """Lines in the order of `keep`; `run` applies them until it is cancelled."""

    def __init__(
        self,
        path: Path,
        apply: Apply,
        away: tuple[type[Exception], ...],
        retry_seconds: float = 2.0,
        in_part: Apply | None = None,
    ) -> None:
        """`in_part` applies what it can of a line of which not everything can be applied."""
        self._path = path
        self._applied_path = path.with_suffix(".applied")
        self._apply = apply
        self._in_part = in_part or apply
        self._away = away
        self._retry_seconds = retry_seconds
        self._turn = asyncio.Lock()
        self._waiting: deque[tuple[int, Line]] = deque()
        self._news = asyncio.Event()
        self._done = asyncio.Event()
        self._file: int | None = None
        self._torn = False
        self._number = 0
        # A thread of its own: those that all share can be taken by a database that hangs, and the calls go on by this.
        self._disk = ThreadPoolExecutor(1, "journal")

    @property
    def behind(self) -> int:
        """How many lines the database does not have yet."""
        return len(self._waiting)

    async def open(self) -> None:
        """Take up what an earlier process kept and could not apply."""
        await self._on_disk(self._open)
        self._news.set()

    async def close(self) -> None:
        """Close the file; what is not applied waits there."""
        async with self._turn:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    async def keep(self, lines: Iterable[Line]) -> None:
        """Have the lines on the disk, then let the database hear of them. A full disk must not end a call."""
        async with self._turn:
            numbered = [(self._number + place, line) for place, line in enumerate(lines, 1)]
            if not numbered:
                return
            self._number = numbered[-1][0]
            try:
                await self._on_disk(self._write, numbered)
            except OSError:
                log.exception("%s calls' changes are not on the disk", len(numbered))
            finally:  # also when nobody waits for it any more: it is being written, and later lines overtake it
                self._waiting.extend(numbered)
                self._done.clear()
                self._news.set()

    async def applied(self) -> None:
        """Wait until the database has everything that was kept before."""
        while self._waiting:
            await self._done.wait()

    async def run(self) -> None:
        """Apply line after line; while the database is away, the line waits and nothing overtakes it."""
        while True:
            if not self._waiting:
                self._done.set()
                await self._news.wait()
                self._news.clear()
                continue
            await self._apply_first()

    async def _apply_first(self) -> None:
        number, line = self._waiting[0]
        tries = 0
        while True:
            try:
                await asyncio.to_thread(self._apply if tries < _MOST_TRIES else self._in_part, line)
                break
            except self._away as error:
                log.warning("%s calls' changes wait for the database: %s", len(self._waiting), error)
            except Exception:  # a line that cannot be applied must not hold up all that follow it
                tries += 1
                log.exception("line %s of the calls' journal, try %s", number, tries)
                if tries > _MOST_TRIES:
                    await self._on_disk(self._set_aside, line)
                    break
            await asyncio.sleep(self._retry_seconds)
        self._waiting.popleft()
        await self._on_disk(self._note, number)

    # --- on the disk, in a thread ---------------------------------------------------------------------------

    async def _on_disk(self, work: Callable[..., None], *given: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._disk, work, *given)

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        applied = self._last_applied()
        kept = list(_read(self._path)) if self._path.exists() else []
        self._number = max([applied, *(number for number, _line in kept)])
        self._waiting.extend((number, line) for number, line in kept if number > applied)
        self._begin_anew()

    def _last_applied(self) -> int:
        """The last line that the database has; where a power cut tore it, none: applied again, lines change nothing."""
        try:
            return int(self._applied_path.read_bytes())
        except FileNotFoundError:
            return 0
        except ValueError:
            log.warning("%s cannot be read: every line of the calls' journal is applied again", self._applied_path)
            return 0

    def _begin_anew(self) -> None:
        """A fresh file with what is still to be applied."""
        fresh = self._path.with_suffix(".new")
        with open(fresh, "wb", opener=_private) as file:
            file.write(b"".join(_encode(number, line) for number, line in self._waiting))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        _sync_folder(self._path.parent)
        if self._file is not None:
            os.close(self._file)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)

    def _write(self, numbered: list[tuple[int, Line]]) -> None:
        if self._file is None:
            raise OSError("the journal is closed")
        if not self._waiting and os.fstat(self._file).st_size > _BEGIN_ANEW_BYTES:
            self._begin_anew()
        text = b"".join(_encode(number, line) for number, line in numbered)
        text = b"\n" + text if self._torn else text  # what a full disk cut short must not spoil what comes after it
        self._torn = True
        if os.write(self._file, text) < len(text):
            raise OSError(errno.ENOSPC, "only a part could be written")
        os.fdatasync(self._file)
        self._torn = False

    def _note(self, number: int) -> None:
        fresh = self._applied_path.with_suffix(".applying")
        try:
            fresh.write_text(str(number))
            fresh.replace(self._applied_path)
        except OSError:  # then a later process applies the line once more, which changes nothing
            log.exception("that the database has line %s is not on the disk", number)

    def _set_aside(self, line: Line) -> None:
        """Kept for people to look at."""
        try:
            with open(aside(self._path), "ab", opener=_private) as file:
                file.write(_encode(0, line))
        except OSError:
            log.exception("a line of the calls' journal is lost")


def _encode(number: int, line: Line) -> bytes:
    return json.dumps([number, line], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _read(path: Path) -> Iterable[tuple[int, Line]]:
    """Every whole line; the last one may have been torn by a crash, and then it never counted."""
    for text in path.read_bytes().split(b"\n"):
        try:
            number, line = json.loads(text)
        except (ValueError, TypeError):
            continue
        yield int(number), line


def _private(path: str, flags: int) -> int:
    """Who called, which keys they pressed: nobody else's to read."""
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The embedded PostgreSQL: durable, picky about its folder, and gone when its launcher is gone."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hotline.demo import embedded
from hotline.demo import embedded_binaries as binaries
from tests.launcher.conftest import lives, needs_root

LAUNCH = """
import os, sys, time
from pathlib import Path
from hotline.demo import embedded
if len(sys.argv) > 2:  # the interpreter itself may lie where that user cannot start it
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
running = embedded.start_postgres(Path(sys.argv[1]))
print(running.process.pid, running.url, flush=True)
time.sleep(600)
"""


@contextmanager
def postgres(data_dir: Path, *, durable: bool = True) -> Iterator[embedded.Running]:
    running = embedded.start_postgres(data_dir, durable=durable)
    try:
        yield running
    finally:
        running.stop()


def remember(url: str, text: str) -> None:
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE IF NOT EXISTS said (words text)")
        database.execute("INSERT INTO said VALUES (%s)", [text])


def remembered(url: str) -> list[str]:
    with psycopg.connect(url) as database:
        return [row[0] for row in database.execute("SELECT words FROM said ORDER BY words")]


def test_what_was_written_is_there_after_stop_and_start(place: Path) -> None:
    with postgres(place / "data") as first:
        remember(first.url, "路灯不亮")
    assert not lives(first.process.pid)
    with postgres(place / "data") as second:
        assert remembered(second.url) == ["路灯不亮"]


def test_a_killed_server_loses_nothing_and_starts_again(place: Path) -> None:
    running = embedded.start_postgres(place / "data")
    with psycopg.connect(running.url) as idle:  # its server process outlives the killed parent for a moment
        remember(running.url, "井盖缺失")
        os.kill(running.process.pid, signal.SIGKILL)
        running.stop()  # what a supervisor does when it finds the server gone
        assert (place / "data" / "postmaster.pid").exists()
        with postgres(place / "data") as again:
            assert remembered(again.url) == ["井盖缺失"]
        assert idle.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_durable_keeps_fsync_and_tests_do_not(place: Path) -> None:
    for durable, expected in ((True, "on"), (False, "off")):
        with postgres(place / "data", durable=durable) as running, psycopg.connect(running.url) as database:
            assert database.execute("SHOW fsync").fetchone() == (expected,)


def test_chinese_trigrams_are_seen(place: Path) -> None:
    with postgres(place / "data", durable=False) as running, psycopg.connect(running.url) as database:
        row = database.execute("SELECT similarity('噪音扰民', '噪音扰民太大') > 0.4").fetchone()
        encoding = database.execute("SHOW server_encoding").fetchone()
    assert row == (True,)
    assert encoding == ("UTF8",)


def test_a_cluster_blind_to_chinese_is_refused(place: Path) -> None:
    account = binaries.unprivileged_account(place)
    programs = binaries.readable_bin(binaries.postgres_bin(), account)
    data_dir = place / "data"
    data_dir.mkdir()
    if account is not None:
        os.chown(data_dir, account.pw_uid, account.pw_gid)
    subprocess.run(
        [programs / "initdb", "-D", data_dir, "-U", "hotline", "--locale=C", "--encoding=UTF8", "--no-sync"],
        user=account and account.pw_uid,
        cwd="/",
        check=True,
        capture_output=True,
    )
    with pytest.raises(binaries.EmbeddedError, match="blind to Chinese"):
        embedded.start_postgres(data_dir)


def test_a_pid_file_naming_a_stranger_does_not_stop_the_start(place: Path) -> None:
    with postgres(place / "data", durable=False):
        pass
    (place / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{place / 'data'}\n")
    with postgres(place / "data", durable=False) as running:
        assert lives(running.process.pid)


def test_the_server_ends_with_a_killed_launcher(place: Path, until: Callable[[Callable[[], bool]], None]) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCH, str(place / "data")], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    pid, url = launcher.stdout.readline().split()
    remember(url, "垃圾未清")
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    with postgres(place / "data") as running:  # at once: the earlier server may still be ending
        assert remembered(running.url) == ["垃圾未清"]
    until(lambda: not lives(int(pid)))


def test_a_folder_serves_one_launcher_at_a_time(place: Path) -> None:
    with postgres(place / "data", durable=False) as first:
        with pytest.raises(embedded.AlreadyRunning, match="in use by another"):
            embedded.start_postgres(place / "data")
        assert first.process.poll() is None


def test_another_major_version_is_refused_with_what_to_do(place: Path) -> None:
    with postgres(place / "data", durable=False):
        pass
    (place / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(binaries.EmbeddedError, match=r"made by PostgreSQL 9.*HOTLINE_PG_BIN"):
        embedded.start_postgres(place / "data")
    assert (place / "data" / "PG_VERSION").read_text() == "9\n"


def test_a_path_too_long_for_a_socket_still_works(place: Path) -> None:
    deep = place / ("城" * 20) / ("深" * 20)
    with postgres(deep / "data", durable=False) as running:
        remember(running.url, "长路径")
        assert remembered(running.url) == ["长路径"]


def test_only_the_owner_reaches_the_socket(place: Path) -> None:
    with postgres(place / "data", durable=False) as running, psycopg.connect(running.url) as database:
        assert database.execute("SHOW listen_addresses").fetchone() == ("",)
        row = database.execute("SHOW unix_socket_directories").fetchone()
    assert row is not None
    assert Path(row[0]).stat().st_mode & 0o777 == 0o700


@needs_root
def test_root_runs_it_as_another_account(place: Path) -> None:
    with postgres(place / "data", durable=False) as running:
        assert Path(f"/proc/{running.process.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid


@needs_root
def test_a_home_that_others_cannot_enter(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = place / "root-home"
    wheel = closed / "site-packages"
    source = binaries.postgres_bin().parent
    shutil.copytree(source, wheel / source.parent.name / source.name, symlinks=True)
    libraries = source.parent.with_name(f"{source.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, wheel / libraries.name)
    closed.chmod(0o700)
    monkeypatch.setenv("HOTLINE_PG_BIN", str(wheel / source.parent.name / source.name / "bin"))
    monkeypatch.setattr(binaries, "SHARED_ROOT", place / "shared")
    binaries.shared_root.cache_clear()
    with postgres(closed / "data") as running:
        remember(running.url, "门不开")
    assert (closed / "data").is_symlink()
    with postgres(closed / "data") as running:
        assert remembered(running.url) == ["门不开"]
    assert closed.stat().st_mode & 0o777 == 0o700
    binaries.shared_root.cache_clear()


@needs_root
def test_an_ordinary_user(place: Path, until: Callable[[Callable[[], bool]], None]) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    programs = binaries.readable_bin(binaries.postgres_bin(), nobody)
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, str(place / "data"), str(nobody.pw_uid)],
        env={"PATH": os.defpath, "HOTLINE_PG_BIN": str(programs)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    pid, url = launcher.stdout.readline().split()
    remember(url, "普通用户")
    assert remembered(url) == ["普通用户"]
    assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    until(lambda: not lives(int(pid)))

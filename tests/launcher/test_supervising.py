"""The supervisor's parts: a fallen process is started again, a stopped one leaves nobody behind."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.demo import supervisor, supervisor_child
from hotline.demo.embedded_binaries import EmbeddedError
from hotline.demo.supervisor_child import Child
from hotline.demo.supervisor_home import Home
from tests.launcher.conftest import lives

Until = Callable[[Callable[[], bool]], None]


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_a_fallen_process_starts_again_after_growing_pauses(
    place: Path, until: Until, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor_child, "SHORTEST_PAUSE", 0.01)
    monkeypatch.setattr(supervisor_child, "LONGEST_PAUSE", 0.04)
    marks = place / "starts"
    child = Child("web", python("import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)", str(marks)), os.environ)
    child.start()

    def started_four_times() -> bool:
        child.keep_running()
        return marks.exists() and len(marks.read_text()) >= 4

    until(started_four_times)
    child.finish()
    told = capsys.readouterr().out
    assert [line.rpartition(" ")[0].rpartition(" ")[2] for line in told.splitlines()][:3] == [
        "0.01",
        "0.02",
        "0.04",
    ]
    assert "web │ 意外退出 ended unexpectedly (code 3)" in told


def test_its_lines_appear_under_its_name(until: Until, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("worker", python("print('接到一件'); print('办完一件')"), os.environ)
    child.start()
    told: list[str] = []

    def both_lines() -> bool:
        told.append(capsys.readouterr().out)
        return "".join(told).count("\n") == 2

    until(both_lines)
    child.finish()
    assert "".join(told) == "   worker │ 接到一件\n   worker │ 办完一件\n"


def test_stopping_leaves_no_straggler(place: Path, until: Until) -> None:
    stubborn = (
        "import os, signal, sys, time\n"
        "if os.fork() == 0:\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    open(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "time.sleep(600)\n"
    )
    note = place / "pid"
    child = Child("web", python(stubborn, str(note)), os.environ)
    child.start()
    until(lambda: note.exists() and note.read_text() != "")
    grandchild = int(note.read_text())
    child.ask_to_stop()
    child.finish()
    until(lambda: not lives(grandchild))
    assert child.pid is None


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=rf"Port {port} cannot be used.*PORT={port + 1}"):
            supervisor.require_free_port(port)
    supervisor.require_free_port(port)


def test_secrets_are_made_once_and_kept_private(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOTLINE_HOME", str(place / "home"))
    seen = []
    for _ in range(2):
        with Home.open() as home:
            seen.append(home.environment(port=8000, database="postgresql://x", redis="unix:///y", phone={}))
    assert seen[0]["HOTLINE_SECRET_KEY"] == seen[1]["HOTLINE_SECRET_KEY"]
    assert len(seen[0]["HOTLINE_SECRET_KEY"]) >= 50
    assert seen[0]["HOTLINE_SECRET_KEY"] != seen[0]["HOTLINE_PERSONAL_DATA_KEY"]
    assert (place / "home" / "demo.env").stat().st_mode & 0o777 == 0o600


def test_fresh_throws_data_and_secrets_away_but_keeps_models(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, outside = place / "home", place / "outside"
    monkeypatch.setenv("HOTLINE_HOME", str(home))
    for folder in (home / "valkey", home / "models", outside / "postgres"):
        folder.mkdir(parents=True)
    (home / "postgres").symlink_to(outside / "postgres")
    (home / "demo.env").write_text("HOTLINE_SECRET_KEY='old'\n")
    with Home.open(fresh=True):
        assert sorted(path.name for path in home.iterdir()) == ["demo.lock", "models", "static"]
    assert not outside.exists()


def test_a_home_runs_one_demonstration_at_a_time(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(place / "home"))
    with Home.open(), pytest.raises(EmbeddedError, match="running already"), Home.open():
        pass

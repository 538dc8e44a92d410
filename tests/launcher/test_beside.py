"""A command typed beside the demonstration finds it; a configured installation is never touched."""

import os
from pathlib import Path

import pytest

from hotline.demo.supervisor_home import join_demonstration

KEPT = (
    "HOTLINE_SECRET_KEY='kept-secret'\nDATABASE_URL='postgresql://kept'\nHOTLINE_PUBLIC_URL='http://127.0.0.1:8123'\n"
)


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo.env").write_text(KEPT)
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    for name in ("HOTLINE_SECRET_KEY", "HOTLINE_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


def test_what_is_not_set_is_taken_from_the_demonstration(beside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine")
    monkeypatch.setattr(os, "environ", dict(os.environ))
    join_demonstration()
    assert os.environ["HOTLINE_SECRET_KEY"] == "kept-secret"
    assert os.environ["HOTLINE_PUBLIC_URL"] == "http://127.0.0.1:8123"
    assert os.environ["DATABASE_URL"] == "postgresql://mine"


def test_a_configured_installation_stays_as_it_is(beside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_SECRET_KEY", "production")
    monkeypatch.setattr(os, "environ", dict(os.environ))
    join_demonstration()
    assert os.environ["HOTLINE_SECRET_KEY"] == "production"
    assert "HOTLINE_PUBLIC_URL" not in os.environ

"""The database writes its own log: a statement that fails must not leave the citizen's words and phone in it."""

from pathlib import Path

import psycopg
import pytest

from hotline.demo import embedded
from tests.test_repository import compose


def test_a_failed_statement_leaves_no_values_in_the_log(tmp_path: Path) -> None:
    running = embedded.start_postgres(tmp_path / "postgres", durable=False)
    try:
        with psycopg.connect(running.url, autocommit=True, cursor_factory=psycopg.ClientCursor) as database:
            database.execute("create table contacts (phone text unique)")
            database.execute("insert into contacts values (%s)", ["13800000001"])
            with pytest.raises(psycopg.errors.UniqueViolation):
                database.execute("insert into contacts values (%s)", ["13800000001"])
        log = (tmp_path / "postgres").resolve().with_name("postgres.log").read_text()
    finally:
        running.stop()
    assert "duplicate key value" in log
    assert "13800000001" not in log


def test_the_containers_database_is_told_the_same() -> None:
    command = compose()["services"]["postgres"]["command"]
    kept_quiet = {name: embedded.COMMON_SETTINGS[name] for name in ("log_min_error_statement", "log_error_verbosity")}
    assert dict(setting.split("=") for setting in command[2::2]) == kept_quiet

"""Pytest plugin that brings up a real PostgreSQL and Valkey before Django reads its settings.

The controller starts PostgreSQL once; pytest-django gives every xdist worker a database of its own in it.
Valkey has no such walls (its published messages cross databases), so every process has one of its own.
Servers named by DATABASE_URL and REDIS_URL are used as they are.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from hotline.demo import embedded

OURS = "HOTLINE_TEST_SERVERS"  # tells xdist workers that the controller's servers are throw-away ones


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Runs around pytest-django's hook of the same name, which is where settings are first read."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-tests-"))
    folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    for name in ("HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY"):
        os.environ.setdefault(name, secrets.token_urlsafe(50))
    os.environ.setdefault("HOTLINE_VENDOR_NETWORKS", "127.0.0.0/8")  # where the vendors of tests/fakes are
    os.environ["HOTLINE_DATA_DIR"] = str(folder / "data")
    (folder / "data" / "static").mkdir(parents=True)  # whitenoise warns when there is none
    if "DATABASE_URL" not in os.environ:
        postgres = embedded.start_postgres(folder / "postgres", durable=False)
        early_config.add_cleanup(postgres.stop)
        os.environ["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in os.environ or OURS in os.environ:
        valkey = embedded.start_valkey(folder / "valkey", durable=False)
        early_config.add_cleanup(valkey.stop)
        os.environ["REDIS_URL"] = valkey.url
        os.environ[OURS] = "1"
    return (yield)

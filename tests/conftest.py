"""What every test shares; the servers themselves come from tests/servers.py."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

import nlp
from dispatch.models import RulePack
from tests import seeds
from tests.nlp.run import run

REAL_TRANSACTIONS = {"transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.fixture(scope="session", autouse=True)
def logging_set_up_once() -> None:
    """A command run inside a test calls django.setup() again, which would give the root logger a handler on the
    stream that this test captures; closed with the test, it would then complain on every later test's stderr."""
    settings.LOGGING_CONFIG = None


@pytest.fixture(scope="session", autouse=True)
def static_files_read_when_asked_for() -> None:
    """Else every test client would look at all of them before its first request, which took half of many tests."""
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: started last, one of them would keep the other processes waiting for its end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's own; and what the migrations wrote is kept aside, for tests with real transactions."""
    with django_db_blocker.unblock():
        seeds.keep()
    yield
    # an idle thread of a telephone that a test stopped may still hold a session; a database in use is not dropped
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True)
def rules_in_force(request: pytest.FixtureRequest) -> None:
    """What the migrations seed; a test with real transactions finds the tables emptied by the one before it."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or REAL_TRANSACTIONS & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        if not RulePack.objects.exists():
            seeds.bring_back()


@pytest.fixture
def time_limits(transactional_db: None, rules_in_force: None) -> None:
    """The rule pack in force, for tests with real transactions."""


@pytest.fixture(scope="session")
def starting_models() -> Path:
    """What `hotline train --starting` writes; trained once for a state of nlp/, whoever asks first."""
    from nlp.training.commands import train as train_command

    shelf = Path(nlp.__file__).parent.parent / ".hotline" / "test-models"
    shelf.mkdir(parents=True, exist_ok=True)
    folder = shelf / _state_of_nlp()
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            building = shelf / f"building-{os.getpid()}"
            assert run(train_command, "--starting", "--out", str(building)) == 0
            for stale in shelf.iterdir():
                if stale.is_dir() and stale != building:
                    shutil.rmtree(stale)
            building.rename(folder)
    return folder


def _state_of_nlp() -> str:
    """A digest of everything that the training reads."""
    digest = hashlib.sha256()
    root = Path(nlp.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and "speech" not in path.parts and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]

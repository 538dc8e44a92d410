"""While the database is away: 503 with a sentence and when to come again, from the interface and from pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from hotline import away
from tests import processes


@pytest.fixture
def refused(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Nobody listens where the database was."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connection.close()  # while it still knows its pool: closed behind the pool's back it would never be given back
        patch.setitem(connection.settings_dict, "PORT", processes.free_port())
        patch.setitem(connection.settings_dict, "OPTIONS", {"connect_timeout": 1})
        yield
        connection.close()


@pytest.mark.usefixtures("refused")
def test_interface_says_that_it_is_worth_trying_again(caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(headers={"Authorization": "Bearer some-key", "Accept-Language": "en"}).get("/api/v1/tickets")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database is away. Please try again in a moment.",
    }
    assert "connection is bad" in caplog.messages[0], "why, for the operator"


@pytest.mark.usefixtures("refused")
def test_page_says_so_too() -> None:
    answer = Client(raise_request_exception=False).get("/t/ABCDEFGHJK/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert '<p class="where">503</p>' in answer.content.decode()


@pytest.mark.django_db
def test_a_form_that_cannot_be_counted_says_so_too(settings: Any) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{processes.free_port()}"}
    }
    answer = Client(raise_request_exception=False).post("/ask/", {"text": "新桥街的路灯坏了三天"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert '<p class="where">503</p>' in answer.content.decode()


def test_a_failure_of_ours_promises_nothing() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        answer = away.failed(RequestFactory().get("/"))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (500, None)

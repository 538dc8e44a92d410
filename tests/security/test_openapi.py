"""The whole interface asked as its own document says, and against it, by each kind of asker: no fault, and no lie.

schemathesis draws the requests, always the same ones; each is asked for in a transaction that is taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as openapi_checks

from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import Cast
from tests.permissions.askers import doors

pytestmark = [pytest.mark.launcher, pytest.mark.django_db]
EXAMPLES = 3
ASKERS = ("nobody", "agent", "unit", "supervisor", "auditor", "key", "intake_key")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
STEADY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    """One in each of the states in which most is done."""
    states = (State.RECEIVED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.ANSWER_REVIEW, State.FOLLOW_UP)
    return [cast.ticket_in(state) for state in states]


@contextmanager
def one_connection() -> Iterator[None]:
    """A finished request closes the database's connection, which is in a transaction here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def papers(browser: Client) -> dict[str, Any]:
    """What an asker shows: a session with its token against forgery, or a key."""
    if key := browser._base_environ().get("HTTP_AUTHORIZATION"):
        return {"headers": {"Authorization": key}}
    browser.get("/login/") if "sessionid" not in browser.cookies else browser.get("/supervision/")
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    token = cookies.setdefault("csrftoken", "a" * 32)
    return {"cookies": cookies, "headers": {"X-CSRFToken": token}}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # schemathesis closes no answered file
@pytest.mark.parametrize("asker", ASKERS)
def test_the_interface_keeps_to_its_document(
    asker: str, cast: Cast, tickets: list[Ticket], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = settings.MODEL_DIR = tmp_path
    document = Client().get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    shown = papers(doors(cast)[asker])
    wrong = [fault for operation in operations(schema) for fault in faults(operation, shown, tickets)]
    assert not wrong, "\n".join(wrong)


def operations(schema: Any) -> Iterator[Any]:
    """Every address and method that the document names."""
    for found in schema.get_all_operations():
        operation = found.ok()
        operation.app = WSGIHandler()
        yield operation


def faults(operation: Any, shown: dict[str, Any], tickets: list[Ticket]) -> list[str]:
    """The first thing that is wrong with it, for what the document allows and for what it forbids."""
    found = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            asked(operation, mode, shown, tickets)
        except (Exception, FailureGroup) as error:
            found.append(f"{operation.label} {mode.value}: {type(error).__name__} {error}"[:1500])
    return found


def asked(operation: Any, mode: GenerationMode, shown: dict[str, Any], tickets: list[Ticket]) -> None:
    """Ask it some times: mostly about a ticket that there is, as it is now."""

    @STEADY
    @given(case=operation.as_strategy(generation_mode=mode), ticket=st.sampled_from([*tickets, None]))
    def ask(case: Any, ticket: Ticket | None) -> None:
        if ticket is not None and "number" in case.path_parameters:
            case.path_parameters["number"] = ticket.number
            if mode is GenerationMode.POSITIVE and isinstance(case.body, dict) and "version" in case.body:
                case.body["version"] = ticket.version
        cache.clear()
        with transaction.atomic(), one_connection():
            answer = case.call(**shown)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    ask()

"""A small hotline and a browser for each of its people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hotline.people.models import Staff
from tests.factories import Cast

V1 = "/api/v1"


class Browser:
    """One person's session at the interface; every body is JSON."""

    def __init__(self, staff: Staff | None = None, **headers: str) -> None:
        self.client = Client(headers=headers)
        if staff is not None:
            self.client.force_login(staff)

    def get(self, path: str, **parameters: Any) -> Any:
        """GET under /api/v1."""
        return self.client.get(V1 + path, parameters)

    def post(self, path: str, /, **body: Any) -> Any:
        """POST a JSON body under /api/v1."""
        return self.client.post(V1 + path, body, content_type="application/json")

    def put(self, path: str, /, **body: Any) -> Any:
        """PUT a JSON body under /api/v1."""
        return self.client.put(V1 + path, body, content_type="application/json")

    def act(self, ticket: str, verb: str, version: int, /, **fields: Any) -> Any:
        """Use a verb; returns the response."""
        return self.post(f"/tickets/{ticket}/{verb}", version=version, **fields)


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of a small hotline."""
    return Cast()


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """Opens a browser for somebody."""
    return Browser

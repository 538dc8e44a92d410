"""The OpenAPI document names every address and the page for people passes the strict policy."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS

from hotline.api import urls
from hotline.tickets.access import DUTY
from hotline.tickets.states import Verb

V1 = "/api/v1/"
UNDESCRIBED = {"openapi.json", "docs", "tickets/{number}/{rest}", "{rest}"}


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    """The document as anybody gets it."""
    response = Client().get(f"{V1}openapi.json")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def test_every_address_is_described(document: dict[str, Any]) -> None:
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(path.pattern)) for path in urls.urlpatterns}
    described = {path.removeprefix(V1).replace("{id}", "{pk}") for path in document["paths"] if path.startswith(V1)}
    assert routes - UNDESCRIBED <= described
    assert "requests" in described


def test_every_verb_of_staff_has_its_address_and_its_body(document: dict[str, Any]) -> None:
    assert {str(verb) for verb in DUTY.keys() - {Verb.ATTACH}} == {
        path.pattern._route.rpartition("/")[2] for path in urls.urlpatterns if path.name.startswith("verb-")
    }
    body = document["paths"][f"{V1}tickets/{{number}}/dispatch"]["post"]["requestBody"]
    reference = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(document["components"]["schemas"][reference]["required"]) == {"version", "department"}


def test_every_shape_has_a_name_of_its_own(db: None) -> None:
    """Two classes of one name would be described by the shape of one of them."""
    GENERATOR_STATS.reset()
    assert Client().get(f"{V1}openapi.json").status_code == 200
    assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []


LISTS = ["tickets", "tickets/{number}/ledger", "tickets/{number}/terms", "departments", "reasons", "rates"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_described_as_pages(document: dict[str, Any], path: str) -> None:
    answer = document["paths"][f"{V1}{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    if "$ref" in answer:
        answer = document["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
    assert set(answer["properties"]) == {"results", "next"}


@pytest.mark.django_db
def test_the_page_runs_no_inline_script_and_asks_nobody_outside() -> None:
    client = Client()
    response = client.get(f"{V1}docs")
    html = response.content.decode()
    assert response.status_code == 200
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "<style" not in html
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(addresses) == 7
    for address in addresses:
        assert address.startswith("/")
        found = client.get(address.replace("&amp;", "&"))
        assert found.status_code == 200, address
        b"".join(found.streaming_content) if found.streaming else found.content
    script = client.get(f"{V1}docs?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/openapi.json" in script.content


def test_the_interface_is_mounted_where_the_contract_says() -> None:
    assert any(str(path.pattern) == "api/v1/" for path in get_resolver().url_patterns)

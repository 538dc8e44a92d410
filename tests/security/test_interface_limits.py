"""Bodies, ranges and days made to break the interface: a 4xx with a reason, never a fault of ours."""

import json
from typing import Any

import pytest
from django.test import Client

from hotline.tickets import files
from hotline.tickets.states import State
from tests.api.conftest import V1, Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_body_nested_without_end_is_unreadable(cast: Cast, opening: str) -> None:
    client = Browser(cast.agent).client
    answer = client.post(f"{V1}/me/state", opening * 100_000, content_type="application/json")
    assert answer.status_code == 400
    assert json.loads(answer.content)["status"] == 400


@pytest.mark.parametrize(
    "days", [{"from": "0001-01-01"}, {"to": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "1969-12-31"}]
)
def test_days_beyond_the_calendar_are_wrong_fields(cast: Cast, days: dict[str, str]) -> None:
    assert Browser(cast.supervisor).get("/rates", **days).status_code == 422


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-14:00"])
def test_a_contact_at_a_moment_that_cannot_be_read_again_is_refused(cast: Cast, at: str) -> None:
    row = cast.ticket_in(State.HANDLING)
    clerk = Browser(cast.clerk)
    assert clerk.act(row.number, "contact", row.version, whom="本人", at=at).status_code == 422
    told = {"whom": "本人", "at": at}
    assert clerk.act(row.number, "answer", row.version, public="已修", contacted=told).status_code == 422
    assert clerk.get(f"/tickets/{row.number}").status_code == 200


def test_a_range_of_thousands_of_digits_is_ignored(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = cast.ticket_in(State.HANDLING)
    file = files.keep(row, content=b"%PDF-1.4", filename="a.pdf", purpose="citizen", by=None)
    client = Client(headers={"range": f"bytes={'9' * 5000}-"})
    client.force_login(cast.agent)
    answer = client.get(f"{V1}/tickets/{row.number}/attachments/{file.pk}")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"%PDF-1.4")  # type: ignore[attr-defined]

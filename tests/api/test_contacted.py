"""Whom a unit spoke with, and by which number: kept sealed, shown masked, never in the ledger."""

import json

import pytest
from django.db import connection

from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db
NUMBER = "13987654321"


@pytest.mark.parametrize(("protected", "shown"), [(False, "139****4321"), (True, "")])
def test_the_number_called_is_kept(cast: Cast, protected: bool, shown: str) -> None:
    row = cast.ticket_in(State.HANDLING)
    type(row).objects.filter(pk=row.pk).update(confidential=protected)
    clerk = Browser(cast.clerk)
    assert clerk.act(row.number, "contact", row.version, whom="本人", number=NUMBER).status_code == 200
    part = Browser(cast.agent).get(f"/tickets/{row.number}").json()["assignments"][0]
    assert (part["contacted_whom"], part["contacted_number"]) == ("本人", shown)
    assert row.assignments.get(department=cast.unit).contacted_number == NUMBER
    assert all(NUMBER not in json.dumps(line.data) for line in row.ledger.all())
    with connection.cursor() as cursor:
        cursor.execute("select contacted_number from tickets_assignment where ticket_id = %s", [row.pk])
        assert all(NUMBER.encode() not in kept for (kept,) in cursor.fetchall())

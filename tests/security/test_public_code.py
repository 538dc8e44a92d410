"""The public code lets its holder act as the citizen: nobody who is rated or watched over gets to know it."""

import json

import pytest

from agent_console import live
from hotline.people import apikeys
from hotline.people.models import ApiKey
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_only_the_hotline_centre_reads_the_code(cast: Cast) -> None:
    row = cast.ticket_in(State.FOLLOW_UP)
    key = apikeys.issue(name="other system", scopes=[ApiKey.Scope.TICKETS_READ])[1]
    readers = {
        "agent": Browser(cast.agent),
        "quality": Browser(cast.quality),
        "clerk": Browser(cast.clerk),
        "admin": Browser(cast.admin),
        "auditor": Browser(cast.auditor),
        "key": Browser(authorization=f"Bearer {key}"),
    }
    listed = {name: reader.get("/tickets").json()["results"][0]["public_code"] for name, reader in readers.items()}
    opened = {name: reader.get(f"/tickets/{row.number}").json()["public_code"] for name, reader in readers.items()}
    known = {name: row.public_code if name in ("agent", "quality") else "" for name in readers}
    assert (listed, opened) == (known, known)


def test_neither_ledger_nor_live_line_tells_the_code(cast: Cast) -> None:
    row = cast.ticket_in(State.CLOSED)
    entries = list(row.ledger.all())
    told = [json.dumps([line.text, line.gone]) for line in live.lines(entries)]
    told += [json.dumps(entry.data) for entry in entries]
    assert not [text for text in told if row.public_code in text]

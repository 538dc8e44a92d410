"""The `due` filter of the ticket list says the same as the rows' own `due_level`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def test_due_narrows_to_running_clocks_of_that_level(cast: Cast) -> None:
    now = timezone.now()
    cases = {
        "late": {"state": State.HANDLING, "due_at": now - timedelta(hours=1)},
        "soon": {"state": State.HANDLING, "due_at": now + timedelta(minutes=5)},
        "ok": {"state": State.HANDLING, "due_at": now + timedelta(days=60)},
        "suspended": {"state": State.SUSPENDED, "due_at": now - timedelta(hours=1)},
        "answered": {"state": State.FOLLOW_UP, "due_at": now - timedelta(hours=1), "answered_at": now},
        "ended": {"state": State.WITHDRAWN, "due_at": now - timedelta(hours=1)},
    }
    made = {name: ticket(text=f"路灯坏了 {name}") for name in cases}
    for name, fields in cases.items():
        Ticket.objects.filter(pk=made[name].pk).update(**fields)
    browser = Browser(cast.lead, accept_language="zh-hans")
    for level in ("late", "soon"):
        rows = browser.get(f"/tickets?due={level}").json()["results"]
        assert [(row["number"], row["due_level"]) for row in rows] == [(made[level].number, level)]
    assert browser.get("/tickets?due=never").status_code == 422


def test_what_is_due_comes_soonest_deadline_first_page_by_page(cast: Cast) -> None:
    now = timezone.now()
    made = [ticket(text=f"路灯坏了 {n}") for n in range(3)]
    for row, hours in zip(made, (2, 9, 5), strict=True):
        Ticket.objects.filter(pk=row.pk).update(state=State.HANDLING, due_at=now - timedelta(hours=hours))
    browser, seen, after = Browser(cast.lead), [], ""
    while after is not None:
        page = browser.get("/tickets", due="late", limit=1, after=after).json()
        seen += [row["number"] for row in page["results"]]
        after = page["next"]
    assert seen == [made[1].number, made[2].number, made[0].number]

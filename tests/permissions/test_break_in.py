"""Attempts on what is another's: by number, by file, by parameter, by body, by a role one had."""

from typing import Any

import pytest

from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.tickets import actors, closing, files, lifecycle, pauses
from hotline.tickets.models import Draft, Ticket
from hotline.tickets.states import State
from tests.api.conftest import V1, Browser
from tests.factories import Cast, department, staff, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(cast: Cast) -> Ticket:
    """A ticket in handling with another unit than `other_clerk`'s."""
    return cast.ticket_in(State.HANDLING)


def test_no_parameter_shows_another_units_ticket(cast: Cast, theirs: Ticket) -> None:
    thief = Browser(cast.other_clerk)
    for parameters in (
        {},
        {"q": theirs.number},
        {"q": theirs.public_code},
        {"q": "路灯"},
        {"queue": "all"},
        {"department": cast.unit.code},
        {"state": "handling"},
        {"group": "handling"},
        {"limit": 200},
    ):
        assert thief.get("/tickets", **parameters).json()["results"] == [], parameters
    assert thief.get("/portal-groups").json() == dict.fromkeys(
        ("to_sign", "handling", "return_refused", "extension", "awaiting_info", "consultation", "done"), 0
    )
    assert set(thief.get("/queue-counts").json().values()) == {0}


def test_anothers_cursor_shows_only_ones_own(cast: Cast, theirs: Ticket) -> None:
    cast.ticket_in(State.HANDLING)
    cursor = Browser(cast.clerk).get("/tickets", limit=1).json()["next"]
    assert cursor
    assert Browser(cast.other_clerk).get("/tickets", limit=1, after=cursor).json() == {
        "results": [],
        "next": None,
    }


def test_a_file_does_not_open_under_anothers_ticket(cast: Cast, theirs: Ticket, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = files.keep(theirs, content=b"%PDF-1.4", filename="a.pdf", purpose="citizen", by=None)
    own = ticket()
    lifecycle.accept(ticket=own, by=actors.staff(cast.agent), version=1)
    lifecycle.dispatch_to(ticket=own, by=actors.staff(cast.agent), version=2, department=cast.other_unit)
    thief = Browser(cast.other_clerk)
    assert thief.get(f"/tickets/{own.number}").status_code == 200
    for number in (own.number, theirs.number):
        assert thief.get(f"/tickets/{number}/attachments/{file.pk}").status_code == 404
    for path in (
        f"/tickets/{own.number}/attachments/../../{theirs.number}",
        f"/tickets/{own.number}/attachments/0",
    ):
        assert thief.get(path).status_code == 404


def test_no_verb_reaches_another_units_ticket(cast: Cast, theirs: Ticket) -> None:
    thief = Browser(cast.other_clerk)
    for verb, fields in (
        ("answer", {"public": "假答复"}),
        ("note", {"text": "到此一游"}),
        ("return", {"reason": "unclear", "basis": "x"}),
        ("close", {}),
    ):
        assert thief.act(theirs.number, verb, theirs.version, **fields).status_code == 404
    after = Ticket.objects.get(pk=theirs.pk)
    assert (after.version, after.ledger_length) == (theirs.version, theirs.ledger_length)


def test_a_merge_does_not_reveal_what_one_cannot_see(cast: Cast) -> None:
    row = ticket()
    response = Browser(cast.agent).act(row.number, "merge", 1, into="123452601010000018")
    assert (response.status_code, list(response.json()["errors"])) == (422, ["into"])


def test_a_unit_does_not_rule_on_its_own_return_or_extension(cast: Cast) -> None:
    clerk = Browser(cast.clerk)
    row = cast.ticket_in(State.RETURN_REVIEW)
    assert clerk.act(row.number, "rule-on-return", row.version, upheld=True).status_code == 403
    row = cast.ticket_in(State.HANDLING)
    pauses.request_extension(ticket=row, by=actors.staff(cast.clerk), version=row.version, working_days=5, reason="x")
    assert clerk.act(row.number, "rule-on-extension", row.version, granted=True).status_code == 403


def test_an_assisting_unit_sees_but_does_not_lead(cast: Cast) -> None:
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.dispatch_to(
        ticket=row,
        by=actors.staff(cast.agent),
        version=row.version,
        department=cast.unit,
        assisting=(cast.helper_unit,),
    )
    helper = Browser(cast.helper_clerk)
    assert helper.get(f"/tickets/{row.number}").status_code == 200
    response = helper.act(row.number, "return", row.version, reason="unclear", basis="x")
    assert response.status_code == 422
    assert helper.act(row.number, "answer", row.version, public="代答").status_code == 422
    assert helper.post(f"/tickets/{row.number}/unmask", reason="x").status_code == 403


def test_a_unit_sees_below_itself_never_above_or_beside(cast: Cast) -> None:
    above = department("above")
    cast.unit.parent = above
    cast.unit.save()
    beside = department("beside", above)
    row = cast.ticket_in(State.HANDLING)
    seen = {
        name: Browser(staff("department", unit)).get(f"/tickets/{row.number}").status_code
        for name, unit in (("above", above), ("own", cast.unit), ("beside", beside))
    }
    assert seen == {"above": 200, "own": 200, "beside": 404}


def test_a_unit_that_is_released_sees_no_more(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    clerk = Browser(cast.clerk)
    assert clerk.get(f"/tickets/{row.number}").status_code == 200
    closing.withdraw(ticket=row, by=actors.staff(cast.agent), version=row.version)
    assert clerk.get(f"/tickets/{row.number}").status_code == 404
    assert clerk.put(f"/tickets/{row.number}/draft", reply="x").status_code == 404


def test_a_role_that_was_taken_away_ends_with_the_next_request(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    assert agent.get(f"/tickets/{row.number}").status_code == 200
    Staff.objects.filter(pk=cast.agent.pk).update(role=Role.DEPARTMENT, department=cast.unit)
    assert agent.get(f"/tickets/{row.number}").status_code == 404
    Staff.objects.filter(pk=cast.agent.pk).update(is_active=False)
    assert agent.get("/tickets").status_code == 401


def test_nobody_makes_themself_more_than_they_are(cast: Cast) -> None:
    agent = Browser(cast.agent)
    body = {
        "state": "idle",
        "role": "admin",
        "is_superuser": True,
        "is_staff": True,
        "department": cast.unit.code,
    }
    assert agent.post("/me/state", **body).status_code == 200
    person = Staff.objects.get(pk=cast.agent.pk)
    assert (person.role, person.is_superuser, person.is_staff, person.department) == (
        "agent",
        False,
        False,
        None,
    )


def test_a_draft_names_no_other_writer(cast: Cast) -> None:
    row = ticket()
    Browser(cast.lead).put(f"/tickets/{row.number}/draft", reply="班长在写")
    Browser(cast.agent).put(
        f"/tickets/{row.number}/draft", reply="冒名", staff=cast.lead.pk, staff_id=cast.lead.pk, ticket=0
    )
    assert {draft.staff: draft.data["reply"] for draft in Draft.objects.all()} == {
        cast.lead: "班长在写",
        cast.agent: "冒名",
    }


def test_a_header_does_not_change_the_method(cast: Cast, theirs: Ticket) -> None:
    thief = Browser(cast.other_clerk, x_http_method_override="POST")
    assert thief.get(f"/tickets/{theirs.number}/note").status_code == 405


def test_the_ledger_and_the_list_hold_no_name_and_no_phone(cast: Cast) -> None:
    row = cast.ticket_in(State.CLOSED)
    for person in (cast.agent, cast.clerk, cast.auditor):
        browser = Browser(person)
        for path in ("/tickets", f"/tickets/{row.number}", f"/tickets/{row.number}/ledger"):
            text = browser.client.get(V1 + path).content.decode()
            assert "13800000001" not in text
            assert "张三丰" not in text

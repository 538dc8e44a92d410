"""Calls and call-backs over the interface: masked, limited, and one person at a time."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from hotline.calls import call_backs, tokens
from hotline.calls.models import CallBackTask, PhoneCall
from hotline.people.models import PersonalDataRead, Staff
from hotline.tickets.errors import NotYours
from hotline.tickets.models import Recusal
from tests.calls.test_call_backs import PHONE, call
from tests.factories import staff, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules_in_force")]
V1 = "/api/v1/phone/"


def browser(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(client: Client, path: str) -> Any:
    response = client.get(V1 + path)
    assert response.status_code == 200, response.content
    return response.json()


def post(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    response = client.post(V1 + path, json.dumps(body), "application/json")
    assert response.status_code == status, response.content
    return response.json()


def missed() -> CallBackTask:
    task = call_backs.missed(call())
    assert task is not None
    return task


def test_calls_are_listed_masked_and_narrowed() -> None:
    agent = staff("agent")
    answered = call(outcome="completed", agent=agent, transcript="路灯坏了", keys="1")
    call(outcome="no_agent")
    client = browser(agent)
    rows = get(client, "calls")["results"]
    assert [row["outcome"] for row in rows] == ["no_agent", "completed"]
    assert {row["caller"] for row in rows} == {"138****0001"}
    assert PHONE not in json.dumps(rows)
    rows = get(client, f"calls?agent={agent.username}")["results"]
    assert [row["uuid"] for row in rows] == [str(answered.uuid)]
    whole = get(client, f"calls/{answered.uuid}")
    assert (whole["transcript"], whole["keys"], whole["recording"]) == ("路灯坏了", "1", None)


def test_pages_go_on_from_a_cursor() -> None:
    calls = [call() for _ in range(5)]
    client = browser(staff("lead"))
    first = get(client, "calls?limit=3")
    second = get(client, f"calls?limit=3&after={first['next']}")
    listed = [row["uuid"] for row in first["results"] + second["results"]]
    assert listed == [str(one.uuid) for one in reversed(calls)]
    assert second["next"] is None


def test_who_stood_back_does_not_see_the_call() -> None:
    agent, row = staff("agent"), ticket()
    kept = call(outcome="completed", ticket=row)
    Recusal.objects.create(ticket=row, staff=agent, reason="亲属", at=row.created_at)
    assert get(browser(agent), "calls")["results"] == []
    assert browser(agent).get(f"{V1}calls/{kept.uuid}").status_code == 404
    assert get(browser(staff("agent")), f"calls/{kept.uuid}")["ticket"] == row.number


def test_who_stood_back_does_not_see_the_call_to_return() -> None:
    agent, row, task = staff("agent"), ticket(), missed()
    PhoneCall.objects.update(ticket=row)
    Recusal.objects.create(ticket=row, staff=agent, reason="亲属", at=row.created_at)
    assert get(browser(agent), "call-backs")["results"] == []
    post(browser(agent), f"call-backs/{task.pk}/take", 404)
    with pytest.raises(NotYours):
        call_backs.take(task, agent)
    assert [one["id"] for one in get(browser(staff("agent")), "call-backs")["results"]] == [task.pk]


def test_a_protected_citizen_s_call_is_veiled() -> None:
    row = ticket(confidential=True)
    kept = call(outcome="completed", ticket=row, transcript="我是张三丰", keys="1")
    whole = get(browser(staff("auditor")), f"calls/{kept.uuid}")
    assert (whole["caller"], whole["transcript"], whole["keys"]) == ("", "", "")


def test_a_call_back_from_the_list_to_its_end() -> None:
    task = missed()
    agent = staff("agent")
    client = browser(agent)
    (row,) = get(client, "call-backs?state=open")["results"]
    assert (row["id"], row["caller"], row["reason"], row["calls"]) == (task.pk, "138****0001", "abandoned_queue", 1)
    post(client, f"call-backs/{task.pk}/reveal", 403, reason="回拨")
    assert post(client, f"call-backs/{task.pk}/take")["taken_by"]["username"] == agent.username
    assert post(client, f"call-backs/{task.pk}/reveal", reason="回拨未接来电") == {"phone": PHONE}
    assert PersonalDataRead.objects.get().staff == agent
    assert post(client, f"call-backs/{task.pk}/done", outcome="no_answer")["state"] == "open"
    post(client, f"call-backs/{task.pk}/take")
    done = post(client, f"call-backs/{task.pk}/done", outcome="reached", note="已登记")
    assert (done["state"], done["outcome"], done["tries"]) == ("done", "reached", 2)
    assert get(client, "call-backs?state=open")["results"] == []
    assert [row["id"] for row in get(client, "call-backs?state=done")["results"]] == [task.pk]


def test_who_comes_second_is_told_who_was_first() -> None:
    task, first = missed(), staff("agent")
    post(browser(first), f"call-backs/{task.pk}/take")
    problem = post(browser(staff("agent")), f"call-backs/{task.pk}/take", 409)
    assert problem["call_back"]["taken_by"]["username"] == first.username


@pytest.mark.parametrize("body", [{}, {"outcome": "called_again"}, {"outcome": "reached", "note": "长" * 201}])
def test_what_is_no_outcome_is_refused(body: dict[str, str]) -> None:
    task, agent = missed(), staff("agent")
    post(browser(agent), f"call-backs/{task.pk}/take")
    post(browser(agent), f"call-backs/{task.pk}/done", 422, **body)


def test_a_token_names_its_holder() -> None:
    lead = staff("lead")
    given = post(browser(lead), "token")
    assert given["url"] == "ws://testserver:8090/phone/"
    visitor = tokens.check(given["token"])
    assert visitor is not None
    assert (visitor.staff, visitor.username) == (lead.pk, lead.username)
    assert (visitor.listens, visitor.joins, visitor.takes_calls) == (True, True, True)
    assert tokens.check(given["token"] + "x") is None
    assert tokens.check("") is None


def test_a_token_lets_in_once() -> None:
    agent, admission = browser(staff("agent")), tokens.Admission()
    first, second = (post(agent, "token")["token"] for _time in range(2))
    assert [admission.admit(token) is not None for token in (first, first, second, second + "x")] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("how", ["signs out", "is dismissed", "gets another role", "gets another password"])
def test_who_may_be_at_the_telephone_no_longer_is_told(how: str) -> None:
    agent, other = staff("agent"), staff("agent")
    client = browser(agent)
    visitors = [tokens.check(post(one, "token")["token"]) for one in (client, browser(other))]
    assert tokens.gone(visitors) == []
    if how == "signs out":
        client.logout()
    elif how == "is dismissed":
        Staff.objects.filter(pk=agent.pk).update(is_active=False)
    elif how == "gets another role":
        Staff.objects.filter(pk=agent.pk).update(role="auditor")
    else:
        Staff.objects.filter(pk=agent.pk).update(password="other")
    assert tokens.gone(visitors) == [agent.pk]


def test_the_socket_s_address_can_be_configured(settings: Any) -> None:
    settings.PHONE_SOCKET_URL = "wss://hotline.example/phone/"
    assert post(browser(staff("agent")), "token")["url"] == "wss://hotline.example/phone/"


def test_a_call_that_does_not_exist() -> None:
    assert browser(staff("lead")).get(f"{V1}calls/{uuid.uuid4()}").status_code == 404
    assert PhoneCall.objects.count() == 0

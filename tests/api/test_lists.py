"""Lists of tickets: exact rows, queues, groups, filters, search, pages, and query counts that do not grow."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dispatch.models import Policy
from hotline.people.models import Area
from hotline.tickets import actors, ledger, lifecycle, pauses, returns, supervision
from hotline.tickets.models import CallBack, Matter, Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200, response.json()
    return [row["number"] for row in response.json()["results"]]


def test_row_is_exact(cast: Cast) -> None:
    field, _made = Matter.objects.get_or_create(code="01", defaults={"name": "市容环卫"})
    leaf = Matter.objects.create(code="0199", name="路灯照明", parent=field)
    area = Area.objects.create(code="yd", name="云东区", level="district")
    row = ticket(text="解放路的路灯坏了")
    lifecycle.accept(
        ticket=row,
        by=actors.staff(cast.agent),
        version=1,
        type="help",
        matter=leaf,
        title="路灯不亮",
        area=area,
        address="解放路",
    )
    lifecycle.dispatch_to(
        ticket=row,
        by=actors.staff(cast.agent),
        version=2,
        department=cast.unit,
        assisting=(cast.helper_unit,),
    )
    ledger.announce()
    body = Browser(cast.clerk, accept_language="zh-hans").get("/tickets").json()
    row.refresh_from_db()
    stamps = {name: timezone.localtime(getattr(row, name)).isoformat() for name in ("created_at", "updated_at")}
    pressing = body["results"][0].pop("clock")
    assert (pressing["name"], pressing["card"]) == ("sign", "")
    assert body == {
        "results": [
            {
                "number": row.number,
                "public_code": "",
                "state": "dispatched",
                "state_label": str(row.get_state_display()),
                "type": "help",
                "type_label": str(row.get_type_display()),
                "matter": "0199",
                "matter_name": "路灯照明",
                "matter_path": f"{field.name} / 路灯照明",
                "title": "路灯不亮",
                "text": "解放路的路灯坏了",
                "summary": "",
                "channel": "web",
                "source": "",
                "urgency": "normal",
                "confidential": False,
                "enterprise": False,
                "place": {"area": "yd", "area_name": "云东区", "address": "解放路", "lat": None, "lng": None},
                "citizen": {"name": "张**", "phone": "138****0001"},
                "department": cast.unit.code,
                "department_name": cast.unit.name,
                "assisting": [cast.helper_unit.code],
                "assisting_names": [cast.helper_unit.name],
                "holder": {"username": cast.agent.username, "name": cast.agent.display_name},
                "version": 3,
                **stamps,
                "due_at": timezone.localtime(row.due_at).isoformat(),
                "due_level": "ok",
                "supervision_level": 0,
                "children_count": 0,
                "crowd": False,
                "call_back": "",
                "set_aside": False,
                "partner": "",
                "partner_reference": "",
                "satisfied": None,
                "last_entry": ledger.head(),
                "unread": False,
                "allowed": ["sign", "return", "note", "recuse"],
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("moved", "level"),
    [(timedelta(hours=-1), "late"), (timedelta(minutes=1), "soon"), (timedelta(days=30), "ok")],
)
def test_due_level(cast: Cast, moved: timedelta, level: str) -> None:
    row = cast.ticket_in(State.HANDLING)
    Ticket.objects.filter(pk=row.pk).update(due_at=timezone.now() + moved)
    (found,) = Browser(cast.agent).get("/tickets").json()["results"]
    assert found["due_level"] == level


@pytest.mark.parametrize("state", [State.RECEIVED, State.SUSPENDED, State.ANSWER_REVIEW, State.CLOSED])
def test_a_clock_that_does_not_run_has_no_level(cast: Cast, state: State) -> None:
    row = cast.ticket_in(state)
    Ticket.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(days=1))
    expected = "late" if state == State.RECEIVED else "none"
    assert Browser(cast.agent).get(f"/tickets/{row.number}").json()["due_level"] == expected


def test_queues_and_their_counts(cast: Cast) -> None:
    standing = {state: cast.ticket_in(state) for state in State}
    extension = cast.ticket_in(State.HANDLING)
    pauses.request_extension(
        ticket=extension,
        by=actors.staff(cast.clerk),
        version=extension.version,
        working_days=3,
        reason="等材料",
    )
    watched = cast.ticket_in(State.HANDLING)
    supervision.supervise(
        ticket=watched, by=actors.staff(cast.supervisor), version=watched.version, level=1, note="领导关注"
    )
    Ticket.objects.filter(pk=standing[State.FOLLOW_UP].pk).update(call_back=CallBack.DUE)
    agent = Browser(cast.agent)
    merge_target = Ticket.objects.get(merged_children=standing[State.MERGED])
    expected = {
        "pending": {merge_target, standing[State.RECEIVED]},
        "to_dispatch": {standing[State.ACCEPTED]},
        "to_review": {standing[State.ANSWER_REVIEW], standing[State.RETURN_REVIEW], extension},
        "to_follow_up": {standing[State.FOLLOW_UP]},
        "returns": {standing[State.RETURN_REVIEW]},
        "extensions": {extension},
        "set_asides": set(),
        "supervised": {watched},
        "mine": {
            *(standing[state] for state in State if state in MINE),
            extension,
            watched,
        },
    }
    for name, rows in expected.items():
        assert set(numbers(agent.get("/tickets", queue=name))) == {row.number for row in rows}, name
    counts = agent.get("/queue-counts").json()
    assert counts == {name: len(rows) for name, rows in expected.items()}
    assert len(numbers(agent.get("/tickets", queue="all"))) == Ticket.objects.count()


MINE = {
    State.AWAITING_INFO,
    State.ACCEPTED,
    State.DISPATCHED,
    State.HANDLING,
    State.RETURN_REVIEW,
    State.SUSPENDED,
    State.ANSWER_REVIEW,
    State.FOLLOW_UP,
    State.REWORK,
}


def _heard_of(cast: Cast) -> Ticket:
    """A ticket that the cast's unit has rightly returned, and that the next unit returned too."""
    row = cast.ticket_in(State.RETURN_REVIEW)
    lead = actors.staff(cast.lead)
    returns.rule_on_return(ticket=row, by=lead, version=row.version, upheld=True, department=cast.other_unit)
    clerk = actors.staff(cast.other_clerk)
    return returns.request_return(
        ticket=row, by=clerk, version=row.version, reason="not_our_duty", basis="三定方案", proposed=cast.unit
    )


def test_every_ticket_of_a_unit_is_in_one_group(cast: Cast) -> None:
    standing = {state: cast.ticket_in(state) for state in State}
    refused = cast.ticket_in(State.RETURN_REVIEW)
    returns.rule_on_return(
        ticket=refused, by=actors.staff(cast.lead), version=refused.version, upheld=False, note="是你们的事"
    )
    extension = cast.ticket_in(State.HANDLING)
    pauses.request_extension(
        ticket=extension,
        by=actors.staff(cast.clerk),
        version=extension.version,
        working_days=3,
        reason="等材料",
    )
    expected = {
        "to_sign": {standing[State.DISPATCHED]},
        "handling": {standing[State.HANDLING], standing[State.RETURN_REVIEW], standing[State.SUSPENDED]},
        "return_refused": {refused},
        "extension": {extension},
        "awaiting_info": {standing[State.REWORK]},
        "consultation": {_heard_of(cast)},
        "done": {standing[state] for state in (State.ANSWER_REVIEW, State.FOLLOW_UP, State.CLOSED, State.ARCHIVED)},
    }
    clerk = Browser(cast.clerk)
    for group, rows in expected.items():
        assert set(numbers(clerk.get("/tickets", group=group))) == {row.number for row in rows}, group
    counts = clerk.get("/portal-groups").json()
    assert counts == {group: len(rows) for group, rows in expected.items()}
    assert sum(counts.values()) == len(numbers(clerk.get("/tickets")))


def test_a_group_is_listed_soonest_deadline_first_over_its_pages(cast: Cast) -> None:
    rows = [cast.ticket_in(State.HANDLING) for _ in range(5)]
    for place, row in enumerate(rows):
        days = (3, 1, 1, 2, 9)[place]
        Ticket.objects.filter(pk=row.pk).update(
            due_at=timezone.now().replace(microsecond=0, hour=15, minute=59, second=59) + timedelta(days=days)
        )
    clerk, found, after = Browser(cast.clerk), [], ""
    for _page in range(3):
        page = clerk.get("/tickets", group="handling", limit=2, **({"after": after} if after else {})).json()
        found += [row["number"] for row in page["results"]]
        after = page["next"]
    assert after is None
    assert found == [rows[place].number for place in (1, 2, 3, 0, 4)]


def test_filters_narrow(cast: Cast) -> None:
    first, second = ticket(type="complaint"), ticket(type="praise")
    third = cast.ticket_in(State.DISPATCHED)
    agent = Browser(cast.agent)
    assert numbers(agent.get("/tickets")) == [third.number, second.number, first.number]
    assert numbers(agent.get("/tickets", state="received")) == [second.number, first.number]
    assert numbers(agent.get("/tickets", type="complaint")) == [first.number]
    assert len(numbers(agent.get("/tickets", state=["received", "dispatched"]))) == 3
    assert numbers(agent.get("/tickets", department=cast.unit.code)) == [third.number]
    assert numbers(agent.get("/tickets", channel="sms-cmpp")) == []
    assert numbers(agent.get("/tickets", channel=f"sms-cmpp,{first.channel}")) == numbers(agent.get("/tickets"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"state": "gone"},
        {"type": "x"},
        {"queue": "x"},
        {"group": "x"},
        {"department": "nobody"},
        {"after": "abc"},
        {"after": "cD14"},
        {"group": "done", "after": "cD14"},
        {"q": "长" * 51},
    ],
)
def test_a_wrong_parameter_is_named(cast: Cast, parameters: dict[str, str]) -> None:
    response = Browser(cast.agent).get("/tickets", **parameters)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [list(parameters)[-1]]


def test_search_finds_number_code_title_and_text(cast: Cast) -> None:
    row = ticket(text="小区 50% 的 WiFi 坏了 (三号楼)")
    Ticket.objects.filter(pk=row.pk).update(title="网络故障")
    other = ticket(text="别的事情")
    agent = Browser(cast.agent)
    tail = next(row.number[-n:] for n in range(4, 19) if not other.number.endswith(row.number[-n:]))
    for words in (row.number, row.public_code.lower(), "网络", "wifi", "50%", "(三号楼)", tail):
        assert numbers(agent.get("/tickets", q=words)) == [row.number], words
    for nothing in (".*", "网.故障", "_", "%%"):
        assert numbers(agent.get("/tickets", q=nothing)) == [], nothing


def test_pages_go_on_where_they_stopped_though_new_rows_come_in(cast: Cast) -> None:
    rows = [ticket() for _ in range(5)]
    agent = Browser(cast.agent)
    page = agent.get("/tickets", limit=2).json()
    assert [row["number"] for row in page["results"]] == [rows[4].number, rows[3].number]
    ticket()
    page = agent.get("/tickets", limit=2, after=page["next"]).json()
    assert [row["number"] for row in page["results"]] == [rows[2].number, rows[1].number]
    page = agent.get("/tickets", limit=2, after=page["next"]).json()
    assert [row["number"] for row in page["results"]] == [rows[0].number]
    assert page["next"] is None


def test_queries_do_not_grow_with_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    pages = [(cast.agent, "/tickets", {"limit": 200}), (cast.clerk, "/tickets", {"limit": 200})]
    used: dict[int, list[int]] = {}
    for many in (5, 50):
        while Ticket.objects.count() < many:
            cast.ticket_in(State.HANDLING)
        for who, path, asked in [*pages, (cast.agent, "/queue-counts", {})]:
            browser = Browser(who)
            with django_assert_max_num_queries(16) as queries:
                assert browser.get(path, **asked).status_code == 200
            used.setdefault(many, []).append(len(queries))
    assert used[5] == used[50]


def test_labels_follow_the_language(cast: Cast) -> None:
    ticket(type="complaint")
    (row,) = Browser(cast.agent, accept_language="en").get("/tickets").json()["results"]
    assert (row["state_label"], row["type_label"]) == ("Received", "Complaint")


def test_the_policy_says_how_long_before_the_limit_a_clock_is_soon_due(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    Ticket.objects.filter(pk=row.pk).update(due_at=timezone.now() + timedelta(days=20))
    assert Browser(cast.agent).get(f"/tickets/{row.number}").json()["due_level"] == "ok"
    Policy.objects.filter(key="yellow_days").update(value=40)
    assert Browser(cast.agent).get(f"/tickets/{row.number}").json()["due_level"] == "soon"

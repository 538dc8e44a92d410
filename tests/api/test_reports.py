"""Me, catalogues, supervision and rates: exact answers."""

from datetime import date, timedelta
from math import isclose

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest import registry
from dispatch.models import RateFormula
from dispatch.scoring.intervals import wilson
from hotline.people.models import Area, Department
from hotline.tickets import actors, clock, closing, ledger, lifecycle
from hotline.tickets.models import Matter, Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, contact, department, ticket

pytestmark = pytest.mark.django_db


def test_me(cast: Cast) -> None:
    row = ticket()
    with clock.at(timezone.now() - timedelta(seconds=90)):
        lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=1)
    lifecycle.answer_directly(ticket=row, by=actors.staff(cast.agent), version=2, public="周一")
    ledger.announce()
    body = Browser(cast.agent, accept_language="en").get("/me").json()
    mean = body["today"].pop("mean_handling_seconds")
    assert 90 <= mean < 150
    channels = {row["slug"]: (row["label"], row["short_messages"]) for row in body.pop("channels")}
    assert set(channels) == set(registry.all_adapters())
    assert (channels["wechat"], channels["sms-cmpp"]) == (("WeChat", False), ("SMS (CMPP)", True))
    assert body == {
        "username": cast.agent.username,
        "display_name": cast.agent.display_name,
        "role": "agent",
        "department": None,
        "capabilities": ["desk", "supervision", "wallboard", "unmask"],
        "language": "en",
        "city": "云水市",
        "agent_state": "offline",
        "agent_state_reason": "",
        "entry": ledger.head(),
        "today": {"answered": 1, "dispatched": 0},
    }
    clerk = Browser(cast.clerk).get("/me").json()
    assert clerk["department"] == {"code": cast.unit.code, "name": cast.unit.name}
    assert clerk["capabilities"] == ["portal"]
    assert clerk["today"]["mean_handling_seconds"] is None


def test_my_state(cast: Cast) -> None:
    agent = Browser(cast.agent)
    body = agent.post("/me/state", state="busy", reason="培训").json()
    assert (body["agent_state"], body["agent_state_reason"]) == ("busy", "培训")
    assert agent.post("/me/state", state="asleep").status_code == 422
    cast.agent.refresh_from_db()
    assert (cast.agent.agent_state, cast.agent.agent_state_reason) == ("busy", "培训")


def test_catalogues(cast: Cast) -> None:
    parent = department("urban")
    child = department("urban-east", parent)
    Department.objects.create(code="gone", name="撤销局", level="city", active=False)
    city = Area.objects.create(code="ys", name="云水市", level="city")
    Area.objects.create(code="yd", name="云东区", level="district", parent=city)
    Area.objects.create(code="poi", name="某公园", level="poi", parent=city)
    Matter.objects.all().delete()
    field = Matter.objects.create(code="01", name="市容环卫")
    Matter.objects.create(code="0101", name="噪音扰民", parent=field)
    agent = Browser(cast.agent)
    units = agent.get("/departments").json()
    assert units["next"] is None
    assert {
        "code": "urban-east",
        "name": child.name,
        "parent": "urban",
        "level": "city",
        "kind": "",
    } in units["results"]
    assert "gone" not in [unit["code"] for unit in units["results"]]
    assert agent.get("/areas").json()["results"] == [
        {"code": "yd", "name": "云东区", "level": "district", "parent": "ys"},
        {"code": "ys", "name": "云水市", "level": "city", "parent": None},
    ]
    assert agent.get("/matters").json()["results"] == [
        {"code": "01", "name": "市容环卫", "parent": None, "path": "市容环卫", "type_hint": ""},
        {"code": "0101", "name": "噪音扰民", "parent": "01", "path": "市容环卫 / 噪音扰民", "type_hint": ""},
    ]
    reasons = Browser(cast.agent, accept_language="en").get("/reasons").json()["results"]
    assert reasons[0] == {"code": "not_our_duty", "label": "Not our duty", "door": "", "basis": "三定方案、派单目录"}
    assert len(reasons) == 6
    assert reasons[-1] == {"code": "other", "label": "Other", "door": "", "basis": ""}


def test_supervision(cast: Cast) -> None:
    late, soon, _fine = (cast.ticket_in(State.HANDLING) for _ in range(3))
    now = timezone.now()
    Ticket.objects.filter(pk=late.pk).update(due_at=now - timedelta(hours=1))
    Ticket.objects.filter(pk=soon.pk).update(due_at=now + timedelta(minutes=1))
    Ticket.objects.exclude(pk__in=[late.pk, soon.pk]).update(due_at=now + timedelta(days=30))
    ticket(contact=contact("sms"))
    cast.ticket_in(State.CLOSED)
    body = Browser(cast.supervisor, accept_language="en").get("/supervision").json()
    assert {name: body[name] for name in ("open", "late", "due_soon")} == {
        "open": 4,
        "late": 1,
        "due_soon": 1,
    }
    assert body["by_department"] == [
        {"code": cast.unit.code, "name": cast.unit.name, "open": 3, "late": 1, "due_soon": 1}
    ]
    assert body["by_state"] == [
        {"code": "handling", "label": "In handling", "count": 3},
        {"code": "received", "label": "Received", "count": 1},
    ]
    assert [(row["code"], row["count"]) for row in body["by_channel"]] == [("web", 3), ("sms", 1)]
    assert body["calls_refused"] == 0
    assert Browser(cast.clerk).get("/supervision").status_code == 403
    online = next(rate for rate in body["rates"] if rate["name"] == "online")
    assert (online["numerator"], online["denominator"], online["value"], online["set_aside"]) == (5, 5, 1.0, 0)


def test_rates_say_their_formula_their_sample_and_what_was_set_aside(cast: Cast) -> None:
    row, aside = (cast.ticket_in(State.FOLLOW_UP) for _ in range(2))
    by = actors.staff(cast.quality)
    for one in (row, aside):
        closing.follow_up(ticket=one, by=by, version=one.version, reached=True, solved=one == row, satisfied=4)
    Ticket.objects.filter(pk=aside.pk).update(set_aside=True)
    cast.ticket_in(State.RECEIVED)
    body = Browser(cast.supervisor, accept_language="en").get("/rates").json()
    assert body["next"] is None
    found = {rate["name"]: (rate["numerator"], rate["denominator"], rate["set_aside"]) for rate in body["results"]}
    assert found == {
        "signed_in_time": (1, 1, 1),
        "contacted": (0, 1, 1),
        "answered_in_time": (1, 1, 1),
        "solved": (1, 1, 1),
        "satisfied": (1, 1, 1),
        "returned": (0, 1, 1),
        "reworked": (0, 1, 1),
        "first_unit_right": (1, 1, 1),
        "online": (2, 2, 1),
        "connected": (0, 0, 0),
        "answered_soon": (0, 0, 0),
        "abandoned": (0, 0, 0),
    }
    assert body["results"][3] == {
        "name": "solved",
        "label": "Solved",
        "formula": "“solved” ÷ effective follow-ups (reached, and answered)",
        "value": 1.0,
        "numerator": 1,
        "denominator": 1,
        "low": 0.2065,
        "high": 1.0,
        "set_aside": 1,
        "too_few": True,
        "lower_is_better": False,
        "department": None,
        "department_name": None,
        "level": None,
        "level_label": None,
    }
    chinese = Browser(cast.supervisor, accept_language="zh-hans").get("/rates").json()["results"][3]
    assert (chinese["label"], chinese["formula"]) == ("解决率", "回答“已解决” ÷ 有效回访（联系上并作了回答）")


def test_rates_by_department_level_and_period(cast: Cast) -> None:
    today = timezone.localdate()
    with clock.at(timezone.now() - timedelta(days=40)):
        cast.ticket_in(State.CLOSED)
    supervisor = Browser(cast.supervisor, accept_language="en")
    assert supervisor.get("/rates", by="department").json()["results"] == []
    wide = {"from": today - timedelta(days=41), "to": today}
    found = supervisor.get("/rates", by="department", **wide).json()["results"]
    assert {(rate["department"], rate["department_name"], rate["level"]) for rate in found} == {
        (cast.unit.code, cast.unit.name, "city")
    }
    answered = next(rate for rate in found if rate["name"] == "answered_in_time")
    assert (answered["numerator"], answered["denominator"]) == (1, 1)
    levels = supervisor.get("/rates", by="level", **wide).json()["results"]
    assert {(rate["department"], rate["level"], rate["level_label"]) for rate in levels} == {(None, "city", "City")}
    assert len(levels) == len(found)


def test_a_formula_that_is_changed_counts_the_same_cases_otherwise(cast: Cast) -> None:
    row = cast.ticket_in(State.FOLLOW_UP)
    closing.rate(ticket=row, channel="web", satisfied=3)
    today = timezone.localdate()
    supervisor = Browser(cast.supervisor)

    def satisfied(last: date) -> tuple[int, int]:
        asked = {"from": today - timedelta(days=9), "to": last}
        rates = supervisor.get("/rates", **asked).json()["results"]
        found = next(rate for rate in rates if rate["name"] == "satisfied")
        return found["numerator"], found["denominator"]

    assert satisfied(today) == (1, 1)
    stricter = RateFormula(
        code="satisfied",
        name="满意率",
        words="（非常满意+满意） ÷ 有效评价",
        numerator=["very_satisfied", "satisfied"],
        denominator="effective_ratings",
        from_date=today,
    )
    stricter.full_clean()
    stricter.save()
    assert satisfied(today) == (0, 1)
    assert satisfied(today - timedelta(days=1)) == (0, 0), "a period that ended before goes by the formula of then"
    RateFormula.objects.filter(code="satisfied", from_date=today).update(to_date=today)
    tomorrow = {rate["name"] for rate in supervisor.get("/rates", to=today + timedelta(days=1)).json()["results"]}
    assert "satisfied" not in tomorrow, "ended by its dates"


def test_a_unit_reads_its_own_rates_only(cast: Cast) -> None:
    cast.ticket_in(State.CLOSED)
    assert Browser(cast.other_clerk).get("/rates", by="department").json()["results"] == []
    found = Browser(cast.clerk).get("/rates", by="department").json()["results"]
    assert {rate["department"] for rate in found} == {cast.unit.code}


@pytest.mark.parametrize("asked", [{"from": "yesterday"}, {"from": "2026-02-02", "to": "2026-02-01"}, {"by": "moon"}])
def test_a_wrong_period_is_named(cast: Cast, asked: dict[str, str]) -> None:
    response = Browser(cast.agent).get("/rates", **asked)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [next(iter(asked))]


@given(cases=st.integers(1, 10_000), share=st.floats(0, 1))
def test_an_interval_holds_its_rate_and_narrows_with_cases(cases: int, share: float) -> None:
    hits = round(share * cases)
    low, high = wilson(hits / cases, cases, 0.95)
    assert 0 <= low <= high <= 1
    assert low <= hits / cases + 1e-12
    assert high >= hits / cases - 1e-12
    wider = wilson(hits / cases, cases * 4, 0.95)
    assert wider[1] - wider[0] < high - low or isclose(high, low)

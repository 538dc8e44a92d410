"""Automatic dispatch: measured first, then only what is plain, in the system's name, and it can be taken back."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import automatic, routing
from dispatch.admin.automatic import AutoDispatchForm
from dispatch.automatic import Case, Measured, threshold_of
from dispatch.models import AutoDispatchRule, Duty, EnterpriseRoute, Policy, Suggestion
from hotline import reactions
from hotline.people.models import Area, Department
from hotline.tickets import actors, clock, closing, levels, lifecycle
from hotline.tickets.facts import Suggested
from hotline.tickets.models import Matter, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from nlp.results import Choice, Understanding, Urgency
from tests.factories import Cast, contact, ticket

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def lamps(cast: Cast) -> AutoDispatchRule:
    """Street lamps, measured and turned on."""
    matter = Matter.objects.create(code="z1", name="路灯")
    return AutoDispatchRule.objects.create(matter=matter, enabled=True, threshold=0.7, precision=0.98, cases=120)


def read(row: Ticket, unit: Department, confidence: float = 0.72, **changes: Any) -> Ticket:
    """What the assistant read, as routing keeps it."""
    data = {
        "type": [{"code": "help", "name": "", "confidence": 0.9, "reasons": []}],
        "matter": [{"code": "z1", "name": "路灯", "confidence": 0.95, "reasons": []}],
        "departments": [{"code": unit.code, "name": unit.name, "confidence": confidence, "reasons": []}],
        "urgency": {"level": "normal", "reasons": []},
        "place": None,
        "title": "路灯坏了",
        "summary": "",
        "abstain": False,
    } | changes
    Suggestion.objects.create(ticket=row, data=data, model="m", at=clock.now())
    return row


# --- dispatching ---------------------------------------------------------------------------------------


def test_what_it_knows_goes_out_in_the_systems_name(cast: Cast, lamps: AutoDispatchRule) -> None:
    area = Area.objects.create(code="z-area", name="东区", level="district")
    place = {"area": area.code, "area_name": "东区", "address": "解放路", "text": "", "lat": 22.5, "lng": 113.1}
    with clock.at(NOON):
        row = read(ticket(), cast.unit, place=place)
        assert automatic.send_out(row) is True
    row.refresh_from_db()
    assert (row.state, row.department, row.holder) == (State.DISPATCHED, cast.unit, None)
    assert (row.matter, row.type, row.area, row.address) == (lamps.matter, "help", area, "解放路")
    assert row.recall_until == NOON + timedelta(seconds=60)
    lines = list(row.ledger.order_by("sequence"))
    assert [(line.kind, line.actor, line.by) for line in lines] == [
        ("received", "citizen", None),
        ("accepted", "system", None),
        ("dispatched", "system", None),
    ]
    assert (lines[2].data["automatic"], lines[2].data["confidence"]) == (True, 0.72)
    assert automatic.send_out(row) is False, "a repeated job changes nothing"


def test_it_keeps_what_the_record_says(cast: Cast, lamps: AutoDispatchRule) -> None:
    row = read(ticket(type="complaint", address="和平路"), cast.unit)
    automatic.send_out(row)
    assert (row.type, row.address) == ("complaint", "和平路")


URGENT = {"urgency": {"level": "urgent", "reasons": []}}


@pytest.mark.parametrize(
    ("fields", "reading"),
    [
        ({"confidential": True}, {}),
        ({}, URGENT),
        ({}, {"abstain": True}),
        ({}, {"matter": []}),
        ({}, {"departments": []}),
        ({}, {"confidence": 0.69}),
        ({}, {"matter": [{"code": "z2", "name": "", "confidence": 0.99, "reasons": []}]}),
    ],
)
def test_anything_out_of_the_ordinary_is_left_to_people(
    cast: Cast, lamps: AutoDispatchRule, fields: dict[str, Any], reading: dict[str, Any]
) -> None:
    row = read(ticket(**fields), cast.unit, **reading)
    assert automatic.send_out(row) is False
    assert row.ledger.count() == 1


def test_what_a_person_has_touched_is_left_to_people(cast: Cast, lamps: AutoDispatchRule) -> None:
    row = read(ticket(), cast.unit)
    agent = actors.staff(cast.agent)
    lifecycle.edit(ticket=row, by=agent, version=row.version, urgency="urgent")
    assert automatic.send_out(row) is False
    lifecycle.edit(ticket=row, by=agent, version=row.version, urgency="normal", accused=[cast.unit])
    assert automatic.send_out(row) is False
    lifecycle.edit(ticket=row, by=agent, version=row.version, accused=[])
    lifecycle.accept(ticket=row, by=agent, version=row.version)
    assert automatic.send_out(row) is False
    assert row.state == State.ACCEPTED


def test_a_rule_that_is_off_or_shown_too_little_does_nothing(cast: Cast, lamps: AutoDispatchRule) -> None:
    row = read(ticket(), cast.unit)
    AutoDispatchRule.objects.update(enabled=False)
    assert automatic.send_out(row) is False
    AutoDispatchRule.objects.update(enabled=True)
    Policy.objects.filter(key="auto_cases").update(value=121)  # the centre has become stricter since
    assert automatic.send_out(row) is False
    Policy.objects.filter(key="auto_cases").update(value=120)
    assert automatic.send_out(row) is True


@pytest.mark.parametrize("dates", [{"to_date": "2020-12-31"}, {"from_date": "2099-01-01"}])
def test_matter_and_rule_count_on_their_days_only(cast: Cast, lamps: AutoDispatchRule, dates: dict[str, str]) -> None:
    for table in (AutoDispatchRule, Matter):
        rows = table.objects.filter(pk=lamps.pk if table is AutoDispatchRule else lamps.matter_id)
        rows.update(**dates)
        assert automatic.send_out(read(ticket(), cast.unit)) is False
        rows.update(from_date="2020-01-01", to_date=None)
    assert automatic.send_out(read(ticket(), cast.unit)) is True


def test_a_closed_unit_gets_nothing(cast: Cast, lamps: AutoDispatchRule) -> None:
    Department.objects.filter(pk=cast.unit.pk).update(active=False)
    assert automatic.send_out(read(ticket(), cast.unit)) is False


def test_once_taken_back_it_waits_for_a_person(cast: Cast, lamps: AutoDispatchRule) -> None:
    with clock.at(NOON):
        row = read(ticket(), cast.unit)
        automatic.send_out(row)
        lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    with clock.at(NOON + timedelta(seconds=58)):
        levels.recall(ticket=row, by=actors.staff(cast.agent), version=row.version, note="应为供电")
        assert automatic.send_out(row) is False
    kinds = list(row.ledger.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["received", "accepted", "dispatched", "signed", "recalled"]
    assert row.state == State.ACCEPTED


def test_it_follows_from_the_suggestion(cast: Cast, lamps: AutoDispatchRule) -> None:
    row = read(ticket(), cast.unit)
    fact = Suggested(type=[], matter=["z1"], departments=[cast.unit.code], urgency="normal", abstain=False, model="m")
    lifecycle.suggest(ticket=row, fact=fact, title="路灯", summary="")
    entry = row.ledger.get(kind="suggested")
    reactions.react(entry)
    reactions.react(entry)
    kinds = list(row.ledger.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["received", "suggested", "accepted", "dispatched"]


# --- measuring -----------------------------------------------------------------------------------------


def cases(*groups: tuple[float, int, int]) -> list[Case]:
    """(confidence, right, wrong) …"""
    return [Case(sure, n < right) for sure, right, wrong in groups for n in range(right + wrong)]


def test_the_lowest_threshold_that_is_good_enough() -> None:
    known = cases((0.9, 50, 0), (0.8, 47, 3), (0.7, 99, 1), (0.6, 10, 40))
    assert threshold_of(known, 0.97, 50) == Measured(0.7, 196 / 200, 200)
    assert threshold_of(known, 0.99, 50) == Measured(0.9, 1.0, 50)
    assert threshold_of(known, 0.97, 201) is None
    assert threshold_of([], 0.97, 1) is None


@given(
    known=st.lists(
        st.builds(Case, confidence=st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), right=st.booleans()), max_size=60
    ),
    demanded=st.sampled_from([0.5, 0.9, 0.97]),
    fewest=st.integers(1, 20),
)
def test_the_threshold_is_that_of_a_slow_obvious_search(known: list[Case], demanded: float, fewest: int) -> None:
    good = []
    for threshold in {case.confidence for case in known}:
        above = [case.right for case in known if case.confidence >= threshold]
        if len(above) >= fewest and sum(above) / len(above) >= demanded:
            good.append(Measured(threshold, sum(above) / len(above), len(above)))
    assert threshold_of(known, demanded, fewest) == min(good, key=lambda m: m.threshold, default=None)


def closed(cast: Cast, suggested: Department, confidence: float, **reading: Any) -> None:
    """A ticket that `cast.unit` answered, of which the assistant had thought `suggested`."""
    read(cast.ticket_in(State.CLOSED), suggested, confidence, **reading)


def test_closed_tickets_set_the_threshold(cast: Cast) -> None:
    Policy.objects.filter(key="auto_cases").update(value=3)
    matter = Matter.objects.create(code="z1", name="路灯")
    for confidence in (0.74, 0.73, 0.72):
        closed(cast, cast.unit, confidence)
    closed(cast, cast.other_unit, 0.5)
    closed(cast, cast.other_unit, 0.9, abstain=True)  # it would not have acted on this one
    read(cast.ticket_in(State.HANDLING), cast.other_unit, 0.9)  # nobody knows yet
    (rule,) = automatic.measure()
    assert (rule.matter, rule.enabled) == (matter, False)
    assert (rule.threshold, rule.precision, rule.cases) == (0.72, 1.0, 3)
    assert automatic.why_not(rule) == ""


def test_a_unit_that_passed_it_down_was_right_too(cast: Cast) -> None:
    Policy.objects.filter(key="auto_cases").update(value=1)
    matter = Matter.objects.create(code="z1", name="路灯")
    below = Department.objects.create(code="z-below", name="所", level="district", parent=cast.unit)
    Duty.objects.create(matter=matter, department=below, basis="清单", from_date="2020-01-01")
    row = cast.ticket_in(State.HANDLING)
    clerk = actors.staff(cast.clerk)
    lifecycle.edit(ticket=row, by=actors.staff(cast.agent), version=row.version, matter=matter)
    levels.pass_down(ticket=row, by=clerk, version=row.version, department=below)
    lifecycle.sign_for(ticket=row, by=clerk, version=row.version)
    lifecycle.answer(ticket=row, by=clerk, version=row.version, public="好了")
    quality = actors.staff(cast.quality)
    closing.review(ticket=row, by=quality, version=row.version, approved=True)
    closing.close(ticket=row, by=quality, version=row.version)
    read(row, cast.unit, 0.7)
    assert [(rule.precision, rule.cases) for rule in automatic.measure()] == [(1.0, 1)]


def test_what_is_not_good_enough_any_more_is_turned_off(cast: Cast, lamps: AutoDispatchRule) -> None:
    Policy.objects.filter(key="auto_cases").update(value=1)
    closed(cast, cast.other_unit, 0.9)
    (rule,) = automatic.measure()
    rule.refresh_from_db()
    assert (rule.enabled, rule.threshold, rule.precision, rule.cases) == (False, None, None, 1)
    assert rule.history.count() == 2


def test_turning_it_on_needs_the_measurement(cast: Cast) -> None:
    matter = Matter.objects.create(code="z1", name="路灯")
    rule = AutoDispatchRule.objects.create(matter=matter, threshold=0.7, precision=0.98, cases=49)
    said = {"matter": matter.pk, "enabled": "on", "from_date": "2026-01-01"}
    form = AutoDispatchForm(said, instance=rule)
    assert set(form.errors) == {"enabled"}
    assert "50" in form.errors["enabled"][0]
    assert "97" in form.errors["enabled"][0]
    rule.cases = 50
    assert AutoDispatchForm(said, instance=rule).is_valid()
    fresh = AutoDispatchRule(matter=matter)
    assert set(AutoDispatchForm(said, instance=fresh).errors) >= {"enabled"}


# --- enterprises ---------------------------------------------------------------------------------------


def understood(matter: str, confidence: float = 0.8) -> Understanding:
    choice = Choice(matter, confidence, ())
    return Understanding(
        type=(Choice("help", 0.9, ()),),
        matter=(choice,),
        place=None,
        urgency=Urgency("normal", ()),
        title="",
        summary="",
        abstain=False,
        model_version="m",
    )


@pytest.fixture
def catalogue(cast: Cast) -> Matter:
    """A field with one matter, which citizens' requests bring to `cast.unit`."""
    field = Matter.objects.create(code="z9", name="经济")
    matter = Matter.objects.create(code="z901", name="惠企政策", parent=field)
    Duty.objects.create(matter=matter, department=cast.unit, basis="三定", from_date="2020-01-01")
    return matter


def suggested(row: Ticket, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, str]]:
    monkeypatch.setattr(routing, "understand_text", lambda text: understood("z901"))
    found = routing.suggestion_for(row)["departments"]
    return [(unit["code"], unit["confidence"], unit["reasons"][0]["kind"]) for unit in found]


def route(unit: Department, matter: Matter | None = None, **fields: Any) -> EnterpriseRoute:
    return EnterpriseRoute.objects.create(
        department=unit, matter=matter, basis="企业诉求直达机制", **{"from_date": "2020-01-01"} | fields
    )


def of_enterprise() -> Ticket:
    return ticket(contact=contact(name="云水机械公司"), enterprise=True)


def test_enterprises_go_straight_to_their_unit(cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    route(cast.other_unit)
    usual = (cast.unit.code, 0.6, "catalogue")
    assert suggested(ticket(), monkeypatch) == [usual]
    assert suggested(of_enterprise(), monkeypatch) == [(cast.other_unit.code, 1.0, "rule"), usual]


def test_the_narrower_route_in_force_counts(cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    route(cast.other_unit)
    by_field = route(cast.helper_unit, catalogue.parent)
    assert suggested(of_enterprise(), monkeypatch)[0] == (cast.helper_unit.code, 0.8, "rule")
    exact = route(cast.unit, catalogue)
    assert suggested(of_enterprise(), monkeypatch) == [(cast.unit.code, 0.8, "rule")]
    EnterpriseRoute.objects.filter(pk__in=[by_field.pk, exact.pk]).update(to_date="2020-12-31")
    assert suggested(of_enterprise(), monkeypatch)[0] == (cast.other_unit.code, 1.0, "rule")


def test_the_nearer_area_counts(cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    city = Area.objects.create(code="z-city", name="市", level="city")
    east = Area.objects.create(code="z-east", name="东区", level="district", parent=city)
    route(cast.other_unit, area=city)
    route(cast.helper_unit, area=east)
    row = of_enterprise()
    assert suggested(row, monkeypatch)[0][0] == cast.unit.code, "nobody knows where it is"
    row.area = city
    assert suggested(row, monkeypatch)[0][0] == cast.other_unit.code
    row.area = east
    assert suggested(row, monkeypatch)[0][0] == cast.helper_unit.code


def test_the_accused_is_not_suggested(cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ticket()
    row.accused.add(cast.unit)
    assert suggested(row, monkeypatch) == []


def test_a_matter_that_is_only_guessed_takes_no_narrower_route(cast: Cast, catalogue: Matter) -> None:
    route(cast.other_unit)
    route(cast.helper_unit, catalogue)
    matter = [{"code": "z901", "name": "惠企政策", "confidence": 0.4, "reasons": []}]
    assert sent(read(of_enterprise(), cast.unit, matter=matter)) == (cast.helper_unit, catalogue, 0.4)
    assert sent(read(of_enterprise(), cast.unit, matter=matter, abstain=True)) == (cast.other_unit, None, 1.0)


def sent(row: Ticket) -> tuple[Department | None, Matter | None, float]:
    """Where it went by itself, under which matter, and how sure that was."""
    assert automatic.send_out(row) is True
    row.refresh_from_db()
    return row.department, row.matter, row.ledger.get(kind="dispatched").data["confidence"]


@pytest.mark.django_db
def test_nothing_is_read_out_of_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "understander", lambda: pytest.fail("asked the model about nothing"))
    awaited = ticket(text=" ")
    assert routing.suggestion_for(awaited)["ready"] is False
    routing.suggest(awaited)
    assert not awaited.ledger.filter(kind="suggested").exists()


def test_without_a_model_they_go_straight_all_the_same(
    cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "understand_text", lambda text: None)
    route(cast.other_unit)
    with clock.at(NOON):
        row = of_enterprise()
        assert [unit["code"] for unit in routing.suggestion_for(row)["departments"]] == [cast.other_unit.code]
        entry = row.ledger.get(kind="received")
        reactions.react(entry)
        reactions.react(entry)
    row.refresh_from_db()
    assert (row.state, row.department, row.matter, row.holder) == (State.DISPATCHED, cast.other_unit, None, None)
    assert row.recall_until == NOON + timedelta(seconds=60)
    assert [line.kind for line in row.ledger.order_by("sequence")] == ["received", "accepted", "dispatched"]
    data = row.ledger.get(kind="dispatched").data
    assert (data["automatic"], data["confidence"], data["note"]) == (True, 1.0, "企业诉求直达机制")
    other = ticket()
    reactions.react(other.ledger.get(kind="received"))
    assert other.ledger.count() == 1, "a citizen's request waits for people"


def test_what_needs_a_person_does_not_go_straight(cast: Cast, catalogue: Matter) -> None:
    route(cast.other_unit)
    accused = of_enterprise()
    accused.accused.add(cast.other_unit)
    silent = ticket(text="", enterprise=True)
    asked = of_enterprise()
    agent = actors.staff(cast.agent)
    lifecycle.request_info(ticket=asked, by=agent, version=asked.version, question="哪一条政策?")
    lifecycle.add_words(ticket=asked, words=Words(text="稳岗补贴"), channel="web")
    urgent = read(of_enterprise(), cast.unit, urgency={"level": "urgent", "reasons": []})
    protected = ticket(enterprise=True, confidential=True)
    for row in (accused, silent, asked, urgent, protected):
        assert automatic.send_out(row) is False
        assert row.state == State.RECEIVED
    EnterpriseRoute.objects.update(to_date="2020-12-31")
    assert automatic.send_out(of_enterprise()) is False, "the route has ended"


def test_the_desk_says_that_an_enterprise_asks(cast: Cast, catalogue: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "understand_text", lambda text: None)
    route(cast.other_unit, catalogue)
    row = ticket()
    agent = actors.staff(cast.agent)
    lifecycle.accept(ticket=row, by=agent, version=row.version, enterprise=True, matter=catalogue)
    assert row.ledger.get(kind="accepted").data["fields"] == {"enterprise": True, "matter": "z901"}
    assert [unit["code"] for unit in routing.suggestion_for(row)["departments"]] == [cast.other_unit.code]
    assert automatic.send_out(row) is False, "the agent has it in hand"

"""Which rule applies, what each pack sets, and that the lot cannot be steered."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.models import CheckRule, Duty, PackInForce, Policy, RulePack, TermRule, Unit
from dispatch.rulebook import BOOK
from hotline.people.models import Area, Department
from hotline.tickets import actors, deadlines, lifecycle
from hotline.tickets.models import CallBack, Clock, List, ListEntry, Matter, Ticket
from hotline.tickets.states import State
from tests.factories import Cast, department, ticket

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def end_of(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=SHANGHAI)


def go_by(code: str) -> None:
    PackInForce.objects.all().delete()
    PackInForce.objects.create(pack=RulePack.objects.get(code=code), from_date=date(2022, 1, 1))


def due(clock: Clock = Clock.ANSWER, **fields: str) -> datetime:
    limit = BOOK.limit(Ticket(channel=fields.pop("channel", "web"), **fields), clock, MONDAY)
    assert limit
    return limit.due_at


ANSWERS = {  # consultation, help, suggestion, complaint, report
    "guangdong": (end_of(25), end_of(7, 12), end_of(7, 12), end_of(14, 12), end_of(14, 12)),
    "shandong": (end_of(30),) * 5,
    "beijing": (end_of(23), end_of(30), end_of(30), end_of(30), end_of(30)),
    "shanghai": (end_of(24), end_of(30), end_of(24), end_of(30), end_of(30)),
}


@pytest.mark.parametrize("pack", ANSWERS)
def test_each_pack_sets_the_answer_as_published(pack: str) -> None:
    go_by(pack)
    types = ("consultation", "help", "suggestion", "complaint", "report")
    assert tuple(due(type=kind) for kind in types) == ANSWERS[pack]
    assert due(type="consultation", urgency="urgent") == MONDAY + timedelta(hours=24)
    assert due(type="complaint", urgency="critical") == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize("pack", ANSWERS)
def test_no_pack_leaves_a_clock_without_a_rule_and_borrowed_figures_say_so(pack: str) -> None:
    go_by(pack)
    for which in Clock:
        assert BOOK.limit(Ticket(channel="web"), which, MONDAY), which
    borrowed = {"contact", "ruling", "consultation", "review", "call_back", "silence", "supervision"}
    rules = TermRule.objects.filter(pack__code=pack, clock__in=borrowed)
    assert {rule.clock for rule in rules} == borrowed
    assert all("默认时限（可在后台修改）" in rule.basis for rule in rules)


def test_the_packs_name_their_source_and_how_well_it_is_attested() -> None:
    assert dict(RulePack.objects.values_list("code", "grade")) == {
        "guangdong": "B",
        "shandong": "B",
        "beijing": "B",
        "shanghai": "A",
    }
    assert not RulePack.objects.filter(source="").exists()


def test_caps_of_extensions() -> None:
    unit, complaint = Department(level="city"), Ticket(type="complaint")
    for pack, cap in {"guangdong": 10, "shandong": 10, "beijing": 6, "shanghai": 10}.items():
        go_by(pack)
        assert BOOK.extension_cap(complaint, unit) == cap
    TermRule.objects.filter(clock=Clock.EXTENSION).delete()
    assert BOOK.extension_cap(complaint, unit) is None


def rule(amount: int, **case: Any) -> TermRule:
    case = {"clock": Clock.ANSWER, "from_date": date(2024, 1, 1), **case}
    pack = RulePack.objects.get(code="guangdong")
    return TermRule.objects.create(pack=pack, amount=amount, unit=Unit.HOURS, basis="试行", **case)


def test_urgency_beats_matter_beats_type_beats_level_beats_source() -> None:
    field = Matter.objects.create(code="90", name="环境")
    leaf = Matter.objects.create(code="9001", name="噪音", parent=field)
    unit = Department(level="district")
    case = Ticket(type="complaint", urgency="urgent", matter=leaf, channel="web", source="app")

    def hours() -> float:
        limit = BOOK.limit(case, Clock.CONTACT, MONDAY, unit)
        assert limit
        return (limit.due_at - MONDAY) / timedelta(hours=1)

    TermRule.objects.filter(clock=Clock.CONTACT).delete()
    steps: list[dict[str, Any]] = [
        {},
        {"source": "web"},
        {"source": "app"},
        {"level": "district"},
        {"type": "complaint"},
        {"matter": field},
        {"matter": leaf},
        {"urgency": "urgent"},
        {"urgency": "urgent", "type": "complaint"},
    ]
    for amount, narrowed in enumerate(steps, 1):
        rule(amount, clock=Clock.CONTACT, **narrowed)
        assert hours() == amount
    for name, other in {"level": "city", "type": "help", "urgency": "critical", "source": "sms"}.items():
        rule(99, clock=Clock.CONTACT, **{name: other})
        assert hours() == len(steps)


def test_a_rule_counts_from_its_first_day_to_its_last() -> None:
    rule(1, type="help", from_date=date(2026, 11, 23))
    assert due(type="help") == MONDAY + timedelta(hours=1)
    TermRule.objects.filter(basis="试行").update(from_date=date(2026, 11, 24))
    assert due(type="help") == end_of(7, 12)
    TermRule.objects.filter(basis="试行").update(from_date=date(2026, 1, 1), to_date=date(2026, 11, 22))
    assert due(type="help") == end_of(7, 12)


def test_the_pack_in_force_on_the_day_counts_and_the_rule_is_named() -> None:
    PackInForce.objects.create(pack=RulePack.objects.get(code="shandong"), from_date=date(2026, 11, 24))
    before = BOOK.limit(Ticket(type="complaint"), Clock.ANSWER, MONDAY)
    after = BOOK.limit(Ticket(type="complaint", urgency="urgent"), Clock.ANSWER, MONDAY + timedelta(days=1))
    assert before
    assert after
    assert (before.rule, after.rule) == (
        "guangdong/answer/complaint@2022-01-01",
        "shandong/answer/urgent@2020-01-01",
    )
    assert before.explanation[:2] == (
        "广东省政务服务便民热线 2022：投诉 15 个工作日内答复",
        "自 2026-11-23 09:00 起 15 个工作日，当日不计。",
    )
    assert len(before.explanation) == 2 + 21


def test_a_clock_that_every_ticket_needs_may_not_be_missing() -> None:
    TermRule.objects.filter(clock__in=[Clock.ANSWER, Clock.CALL_BACK]).delete()
    assert BOOK.limit(Ticket(), Clock.CALL_BACK, MONDAY) is None
    with pytest.raises(ImproperlyConfigured, match="'answer'"):
        BOOK.limit(Ticket(), Clock.ANSWER, MONDAY)
    PackInForce.objects.all().delete()
    with pytest.raises(ImproperlyConfigured, match="No rule pack"):
        BOOK.limit(Ticket(), Clock.SIGN, MONDAY)


def test_yellow_is_looked_at_a_working_day_before_and_other_clocks_at_their_end() -> None:
    answer = BOOK.limit(Ticket(type="complaint"), Clock.ANSWER, MONDAY)
    assert answer
    assert answer.next_at == end_of(11, 12), "due on Monday the 14th"
    urgent = BOOK.limit(Ticket(urgency="critical"), Clock.ANSWER, MONDAY)
    assert urgent
    assert urgent.next_at == urgent.due_at, "two hours have no day before"
    sign = BOOK.limit(Ticket(), Clock.SIGN, MONDAY)
    assert sign
    assert sign.next_at == sign.due_at == end_of(24)


def test_online_requests_are_accepted_within_two_hours_and_calls_at_once() -> None:
    assert due(Clock.ACCEPT) == MONDAY + timedelta(hours=2)
    assert BOOK.limit(Ticket(channel="phone"), Clock.ACCEPT, MONDAY) is None


@pytest.mark.parametrize("assisting", [0, 3])
def test_a_dispatch_reads_the_rules_once_however_many_units(assisting: int) -> None:
    cast = Cast()
    row = ticket()
    lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version)
    helpers = tuple(department() for _ in range(assisting))
    with CaptureQueriesContext(connection) as captured:
        lifecycle.dispatch_to(
            ticket=row, by=actors.staff(cast.agent), version=row.version, department=cast.unit, assisting=helpers
        )
    tables = ("termrule", "packinforce", "policy", "calendarday", "officehours", "holidaynotice")
    reads = [query["sql"] for query in captured if any(f'FROM "dispatch_{table}"' in query["sql"] for table in tables)]
    assert len(reads) == 6
    assert deadlines.running(row).count() == 4 + 2 * assisting


def test_an_extension_goes_on_where_the_limit_ended() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    deadline = deadlines.required(row, Clock.ANSWER, row.assignments.get())
    deadline.due_at, deadline.explanation = end_of(25), ["依据", "推算"]
    limit = BOOK.extended(deadline, 2)
    assert (limit.clock, limit.due_at, limit.rule) == (Clock.ANSWER, end_of(27), deadline.rule)
    assert limit.explanation[:2] == ("依据", "推算")
    assert limit.explanation[3:] == (
        "自 2026-11-25 23:59 起 2 个工作日，当日不计。",
        "2026-11-26 星期四：第 1 个工作日",
        "2026-11-27 星期五：第 2 个工作日",
    )
    assert limit.next_at == end_of(26)


def test_answers_are_reviewed_unless_a_rule_says_otherwise() -> None:
    assert BOOK.needs_review(Ticket(number="1", type="praise"))
    pack = RulePack.objects.get(code="guangdong")
    never = CheckRule.objects.create(
        pack=pack, step="review", how="never", type="praise", basis="表扬免审", from_date=date(2024, 1, 1)
    )
    assert not BOOK.needs_review(Ticket(number="1", type="praise"))
    never.delete()
    CheckRule.objects.all().delete()
    assert BOOK.needs_review(Ticket(number="1", type="praise")), "without any rule it is read"


def test_complaints_are_called_back_and_others_by_lot() -> None:
    assert BOOK.call_back(Ticket(number="1", type="complaint")).choice == CallBack.DUE
    lots = [BOOK.call_back(Ticket(number=f"123452611{n:06d}", type="help")) for n in range(2_000)]
    assert {lot.share for lot in lots} == {0.2}
    drawn = sum(lot.choice == CallBack.SAMPLED for lot in lots)
    assert 340 <= drawn <= 460, "20 % of 2,000, give or take 3.4 standard deviations"
    assert [lot.choice for lot in lots] == [
        BOOK.call_back(Ticket(number=f"123452611{n:06d}", type="consultation")).choice for n in range(2_000)
    ], "the same ticket draws the same lot, whatever its type is changed to"
    again = [BOOK.call_back(Ticket(number=f"123452611{n:06d}", type="help", rounds=2)).choice for n in range(2_000)]
    assert again != [lot.choice for lot in lots], "another round is another lot"
    CheckRule.objects.filter(step="call_back", type="").update(how="never")
    assert BOOK.call_back(Ticket(number="1", type="help")).choice == CallBack.NONE


def test_figures_are_data() -> None:
    figures = {"consult_after": 2, "yellow_days": 1, "red_days": 1, "recall_seconds": 60, "call_attempts": 3}
    figures |= {"bad_rating": 2, "crowd": 5}
    assert {key: BOOK.figure(key) for key in figures} == figures
    Policy.objects.create(key="crowd", value=9, from_date=date(2024, 1, 1))
    assert BOOK.figure("crowd") == 9
    Policy.objects.filter(key="crowd").delete()
    with pytest.raises(ImproperlyConfigured, match="'crowd'"):
        BOOK.figure("crowd")


def test_only_the_catalogue_lets_a_unit_pass_a_matter_down() -> None:
    street, other = department("street"), department("other")
    matter = Matter.objects.create(code="9101", name="占道经营")
    city = Area.objects.create(code="c", name="市", level="city")
    area = Area.objects.create(code="d", name="区", level="district", parent=city)
    Duty.objects.create(matter=matter, area=area, department=street, basis="街道权责清单", from_date=date(2022, 1, 1))
    here = Ticket(matter=matter, area=area)
    assert BOOK.may_pass_down(here, street) == "街道权责清单"
    assert BOOK.may_pass_down(here, other) is None
    assert BOOK.may_pass_down(Ticket(matter=matter), street) is None, "nobody knows where"
    assert BOOK.may_pass_down(Ticket(area=area), street) is None, "nobody knows what"


def test_every_list_has_entries_and_every_refusal_a_door() -> None:
    lists = {which: [entry.code for entry in ListEntry.objects.in_force(which)] for which in List}
    assert lists[List.RETURN] == ["not_our_duty", "not_our_area", "higher_level", "law_elsewhere", "unclear", "other"]
    assert lists[List.SUPERVISION] == ["1", "2", "3"]
    assert all(lists.values())
    doorless = ListEntry.objects.filter(list="refusal", door="")
    assert [entry.code for entry in doorless] == ["other"], "its door is written each time"
    assert not ListEntry.objects.filter(name_en="").exists()

"""A rule changed in the admin changes nothing before its effect was shown and decided on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib import admin as site
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from dispatch import clocks, moving, preview, rule_changes
from dispatch.models import (
    CalendarDay,
    CheckRule,
    PackInForce,
    Policy,
    RuleChange,
    RulePack,
    SupervisionTrigger,
    TermRule,
)
from dispatch.tasks import make_change, reckon_change
from hotline.people.models import Staff
from hotline.tickets import actors, clock, deadlines, lifecycle
from hotline.tickets.models import CallBack, Clock, Deadline, ListEntry, Ticket
from tests.factories import Cast, staff, ticket

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
State = RuleChange.State


@pytest.fixture
def administrator() -> Staff:
    person = staff("admin")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.fixture
def admin(administrator: Staff, client: Client) -> Client:
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def complaint() -> Ticket:
    """Dispatched on a Monday; due fifteen working days later, on 14 December."""
    cast = Cast()
    by = actors.staff(cast.agent)
    with clock.at(MONDAY):
        row = ticket()
        lifecycle.accept(ticket=row, by=by, version=row.version, type="complaint")
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit)
    return row


def rule() -> TermRule:
    return TermRule.objects.get(pack__code="guangdong", clock=Clock.ANSWER, type="complaint")


def answer_of(row: Ticket) -> Deadline:
    return deadlines.required(row, Clock.ANSWER, row.assignments.get(role="lead"))


def form(row: TermRule, **changed: object) -> dict[str, object]:
    names = ("clock", "amount", "unit", "type", "urgency", "level", "source", "basis", "from_date")
    said = {name: getattr(row, name) for name in names} | {"pack": row.pack_id, "matter": row.matter_id or ""}
    return said | {"to_date": row.to_date or ""} | changed


def propose(admin: Client, row: TermRule, **changed: object) -> RuleChange:
    response = admin.post(f"/admin/dispatch/termrule/{row.pk}/change/", form(row, **changed))
    change = RuleChange.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, effect_page(change))
    return change


def effect_page(change: RuleChange) -> str:
    return f"/admin/dispatch/rulechange/{change.pk}/effect/"


def test_the_form_saves_nothing_and_shows_what_moves(admin: Client, complaint: Ticket) -> None:
    with clock.at(datetime(2026, 12, 8, 9, tzinfo=SHANGHAI)):
        change = propose(admin, rule(), amount=10)
    assert rule().amount == 15
    assert change.state == State.READY
    page = admin.get(effect_page(change))
    effect = page.context["change"].effect
    assert {name: effect[name] for name in ("moves", "tickets", "late", "relieved")} == {
        "moves": 1,
        "tickets": 1,
        "late": 1,
        "relieved": 0,
    }
    (move,) = page.context["moves"]
    assert (move["ticket"], move["before"], move["after"], move["late"]) == (
        complaint.number,
        datetime(2026, 12, 14, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2026, 12, 7, 23, 59, 59, tzinfo=SHANGHAI),
        True,
    )
    assert (len(move["why_before"]), len(move["why_after"])) == (23, 16), "a line for the rule, the start, each day"
    assert [(before, after) for _label, before, after in page.context["edits"]] == [("15", "10")]


def test_what_the_system_says_of_a_change_is_in_the_readers_language(admin: Client, complaint: Ticket) -> None:
    change = propose(admin, rule(), amount=10, source="wechat")
    with translation.override("en"):
        assert rule_changes.title(change) == "Change time limit: Answer · Complaint: 10 working days"
        assert [(before, after) for _label, before, after in rule_changes.edits(change)] == [
            ("", "WeChat"),
            ("15", "10"),
        ]
    with translation.override("zh-hans"):
        assert (rule_changes.title(change), change.title) == (change.title,) * 2
    assert change.title.startswith("修改时限")
    change.after["fields"]["gone"] = 1
    assert rule_changes.title(change) == change.title, "a row of an older edition"


def test_applied_to_open_tickets_each_gets_its_line(admin: Client, administrator: Staff, complaint: Ticket) -> None:
    change = propose(admin, rule(), amount=10)
    response = admin.post(effect_page(change), {"choice": "open"})
    assert response.headers["Location"] == "/admin/dispatch/termrule/"
    assert (rule().amount, preview.pending(), moving.write_moves()) == (10, 1, 1)
    assert answer_of(complaint).due_at == datetime(2026, 12, 7, 23, 59, 59, tzinfo=SHANGHAI)
    line = complaint.ledger.order_by("-id").first()
    assert (line.kind, str(administrator) in line.data["reason"]) == ("limit_moved", True)
    assert rule().history.first().history_user == administrator
    change.refresh_from_db()
    assert change.state == State.APPLIED


def test_for_new_tickets_only_no_open_one_moves(admin: Client, complaint: Ticket) -> None:
    change = propose(admin, rule(), amount=10)
    admin.post(effect_page(change), {"choice": "new"})
    change.refresh_from_db()
    assert (rule().amount, preview.pending(), change.state) == (10, 0, State.NEW_ONLY)
    assert answer_of(complaint).due_at == datetime(2026, 12, 14, 23, 59, 59, tzinfo=SHANGHAI)


def test_cancelled_nothing_has_happened(admin: Client, complaint: Ticket) -> None:
    change = propose(admin, rule(), amount=10)
    admin.post(effect_page(change), {"choice": "cancel"})
    change.refresh_from_db()
    assert (rule().amount, preview.pending(), change.state) == (15, 0, State.CANCELLED)
    admin.post(effect_page(change), {"choice": "open"})
    assert rule().amount == 15, "decided is decided"


def test_a_row_changed_meanwhile_is_not_overwritten(admin: Client) -> None:
    change = propose(admin, rule(), amount=10)
    other = rule()
    other.amount = 12
    other.save()
    admin.post(effect_page(change), {"choice": "new"})
    change.refresh_from_db()
    assert (rule().amount, change.state, bool(change.error)) == (12, State.FAILED, True)


def test_saving_without_a_change_proposes_nothing(admin: Client) -> None:
    response = admin.post(f"/admin/dispatch/termrule/{rule().pk}/change/", form(rule()))
    assert (response.headers["Location"], RuleChange.objects.count()) == ("/admin/dispatch/termrule/", 0)


def test_a_new_rule_from_today_is_tried_on_every_clock(admin: Client, complaint: Ticket) -> None:
    with clock.at(MONDAY):
        today = timezone.localdate()
        said = form(rule(), amount=20, from_date=(today + timedelta(days=1)).isoformat())
        admin.post("/admin/dispatch/termrule/add/", said)
    change = RuleChange.objects.get()
    assert (change.as_of, change.effect["tickets"], change.before) == (today + timedelta(days=1), 1, None)
    admin.post(effect_page(change), {"choice": "open"})
    kinds = TermRule.objects.filter(clock=Clock.ANSWER, type="complaint", pack=rule_pack()).order_by("from_date")
    assert [row.amount for row in kinds] == [15, 20]


def rule_pack() -> RulePack:
    return RulePack.objects.get(code="guangdong")


def test_another_pack_shows_its_effect(admin: Client, complaint: Ticket) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    shandong = RulePack.objects.get(code="shandong")
    admin.post("/admin/dispatch/packinforce/add/", {"pack": shandong.pk, "from_date": tomorrow, "decided_by": ""})
    change = RuleChange.objects.get()
    assert (change.state, change.as_of, change.effect["tickets"]) == (State.READY, tomorrow, 1)
    assert not PackInForce.objects.filter(pack=shandong).exists()


def test_a_day_set_and_a_day_taken_out_show_their_effect(admin: Client, complaint: Ticket) -> None:
    said = {"date": "2026-12-01", "reason": "台风停工"}
    admin.post("/admin/dispatch/calendarday/add/", said)
    first = RuleChange.objects.get()
    assert (first.effect["tickets"], CalendarDay.objects.count()) == (1, 0)
    admin.post(effect_page(first), {"choice": "open"})
    moving.write_moves()
    assert answer_of(complaint).due_at == datetime(2026, 12, 15, 23, 59, 59, tzinfo=SHANGHAI)
    day = CalendarDay.objects.get()
    admin.post(f"/admin/dispatch/calendarday/{day.pk}/delete/", {"post": "yes"})
    second = RuleChange.objects.first()
    assert second is not None
    assert (second.after, second.effect["tickets"], CalendarDay.objects.count()) == (None, 1, 1)
    admin.post(effect_page(second), {"choice": "open"})
    moving.write_moves()
    assert CalendarDay.objects.count() == 0
    assert answer_of(complaint).due_at == datetime(2026, 12, 14, 23, 59, 59, tzinfo=SHANGHAI)


def test_many_clocks_are_left_to_the_worker(admin: Client, complaint: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_changes, "AT_ONCE", 0)
    change = propose(admin, rule(), amount=10)
    assert (change.state, change.effect) == (State.RECKONING, None)
    waiting = admin.get(effect_page(change))
    assert (waiting.headers["Refresh"], waiting.context["under_way"]) == ("2", True)
    reckon_change(change=change.pk)
    ready = admin.get(effect_page(change))
    assert ("Refresh" in ready.headers, ready.context["waiting"]) == (False, True)
    admin.post(effect_page(change), {"choice": "open"})
    change.refresh_from_db()
    assert (change.state, rule().amount) == (State.MAKING, 15)
    make_change(change=change.pk, open_tickets=True)
    change.refresh_from_db()
    assert (change.state, rule().amount, preview.pending()) == (State.APPLIED, 10, 1)


def test_a_second_change_waits_until_the_first_is_written(admin: Client, complaint: Ticket) -> None:
    admin.post(effect_page(propose(admin, rule(), amount=10)), {"choice": "open"})
    admin.post(f"/admin/dispatch/termrule/{rule().pk}/change/", form(rule(), amount=5))
    second = RuleChange.objects.first()
    assert second is not None
    admin.post(effect_page(second), {"choice": "open"})
    second.refresh_from_db()
    assert (second.state, rule().amount, bool(second.error)) == (State.READY, 10, True)


def test_rules_that_have_counted_cannot_be_deleted(admin: Client) -> None:
    assert admin.post(f"/admin/dispatch/termrule/{rule().pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_calendar_says_when_a_year_is_not_known(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.calendar.library_knows", lambda year: year < 2027)
    with clock.at(MONDAY):
        page = admin.get("/admin/dispatch/calendarday/")
    assert [message.level_tag for message in page.context["messages"]] == ["warning"]
    assert "2027" in page.content.decode()


OURS = [model for model in site.site._registry if model._meta.app_label in {"dispatch", "tickets"}]


@pytest.mark.parametrize("label", sorted(model._meta.label_lower for model in OURS))
def test_every_list_opens_and_its_form_too(label: str, admin: Client, complaint: Ticket) -> None:
    model = apps.get_model(label)
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert admin.get(base).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert admin.get(f"{base}{row.pk}/change/").status_code == 200
    if hasattr(model, "history") and row is not None:
        assert admin.get(f"{base}{row.pk}/history/").status_code == 200


@pytest.mark.parametrize("role", ["agent", "lead", "department", "supervisor", "quality", "auditor"])
def test_nobody_else_sees_or_decides(role: str, client: Client, administrator: Staff) -> None:
    row = rule()
    row.amount = 10
    change = rule_changes.propose(row, by=administrator)
    rule_changes.reckon(change)
    client.force_login(staff(role), backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/admin/dispatch/termrule/", "/admin/dispatch/calendarday/", effect_page(change)):
        assert client.get(page).headers["Location"] == f"/admin/login/?next={page}"
    assert client.post(effect_page(change), {"choice": "new"}).status_code == 302
    assert rule().amount == 15


def test_a_rule_in_force_is_dated_in_words(admin: Client) -> None:
    later = TermRule.objects.create(
        pack=rule_pack(), clock=Clock.ANSWER, amount=3, unit="working_days", basis="x", from_date=date(2099, 1, 1)
    )
    lists = {time: admin.get(f"/admin/dispatch/termrule/?in_force={time}").context["cl"] for time in ("now", "later")}
    assert later not in lists["now"].queryset
    assert list(lists["later"].queryset) == [later]


@pytest.mark.parametrize(("key", "value", "refused"), [("confidence", 100, True), ("confidence", 99, False)])
def test_a_figure_that_makes_no_sense_is_refused(key: str, value: int, refused: bool) -> None:
    row = Policy(key=key, value=value, from_date=date(2026, 12, 1))
    if refused:
        with translation.override("en"):
            with pytest.raises(ValidationError) as error:
                row.full_clean()
            assert error.value.messages == ["From 50 to 99."]
    else:
        row.full_clean()


def test_codes_of_levels_and_services_fit_where_they_are_kept() -> None:
    for which, code in (("supervision", "10"), ("supervision", "x"), ("emergency", "123456789")):
        with pytest.raises(ValidationError):
            ListEntry(list=which, code=code, name="x", from_date=date(2026, 12, 1)).full_clean()
    with pytest.raises(ValidationError):
        SupervisionTrigger(trigger="late", count=9, level=4, from_date=date(2026, 12, 1)).full_clean()


# --- what moves no limit ---------------------------------------------------------------------------------


def propose_figure(admin: Client, key: str, value: int) -> RuleChange:
    row = Policy.objects.get(key=key)
    said = {"key": key, "value": value, "basis": row.basis, "from_date": row.from_date, "to_date": ""}
    response = admin.post(f"/admin/dispatch/policy/{row.pk}/change/", said)
    change = RuleChange.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, effect_page(change))
    return change


def test_a_changed_figure_of_cards_is_shown_and_then_seen_by_the_next_sweep(admin: Client, complaint: Ticket) -> None:
    yellow_then = datetime(2026, 12, 11, 23, 59, 59, tzinfo=SHANGHAI)
    assert answer_of(complaint).next_at == yellow_then
    with clock.at(datetime(2026, 12, 9, 9, tzinfo=SHANGHAI)):
        change = propose_figure(admin, "yellow_days", 5)
        page = admin.get(effect_page(change))
        (row,) = page.context["moves"]
        assert (row["ticket"], row["said_before"], row["said_after"]) == (
            complaint.number,
            "2026-12-11 23:59",
            "2026-12-07 23:59",
        )
        assert (change.effect["tickets"], change.effect["looked_at"]) == (1, 1)
        assert Policy.objects.get(key="yellow_days").value == 1
        assert answer_of(complaint).next_at == yellow_then, "nothing is kept before the decision"
        clocks.sweep()
        assert answer_of(complaint).card == ""
        admin.post(effect_page(change), {"choice": "open"})
        assert Policy.objects.get(key="yellow_days").value == 5
        clocks.sweep()
    change.refresh_from_db()
    assert (change.state, answer_of(complaint).card) == (State.APPLIED, "yellow")


def test_a_raised_figure_lets_the_card_wait(admin: Client, complaint: Ticket) -> None:
    Policy.objects.filter(key="yellow_days").update(value=5)
    Deadline.objects.filter(pk=answer_of(complaint).pk).update(next_at=datetime(2026, 12, 7, tzinfo=SHANGHAI))
    with clock.at(datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)):
        admin.post(effect_page(propose_figure(admin, "yellow_days", 1)), {"choice": "open"})
    assert answer_of(complaint).next_at == datetime(2026, 12, 11, 23, 59, 59, tzinfo=SHANGHAI)


def test_a_figure_without_cards_shows_that_nothing_moves(admin: Client, complaint: Ticket) -> None:
    change = propose_figure(admin, "crowd", 9)
    assert (change.effect["moves"], change.effect["looked_at"]) == (0, 1)
    assert admin.get(effect_page(change)).status_code == 200
    admin.post(effect_page(change), {"choice": "open"})
    assert Policy.objects.get(key="crowd").value == 9


def test_a_changed_check_names_the_tickets_that_it_concerns(admin: Client, complaint: Ticket) -> None:
    row = CheckRule.objects.get(pack__code="guangdong", step="call_back", type="complaint")
    said = {"pack": row.pack_id, "step": row.step, "how": "never", "percent": 100, "type": "complaint", "urgency": ""}
    said |= {"level": "", "matter": "", "source": "", "basis": row.basis, "from_date": row.from_date, "to_date": ""}
    admin.post(f"/admin/dispatch/checkrule/{row.pk}/change/", said)
    change = RuleChange.objects.get()
    (moved,) = admin.get(effect_page(change)).context["moves"]
    with translation.override("zh-hans"):
        words = [str(CallBack.DUE.label), str(CallBack.NONE.label)]
    assert moved["ticket"] == complaint.number
    assert [moved[name].split(", ")[-1] for name in ("said_before", "said_after")] == words
    row.refresh_from_db()
    assert row.how == "always"
    admin.post(effect_page(change), {"choice": "open"})
    row.refresh_from_db()
    assert (row.how, row.history.count()) == ("never", 1)

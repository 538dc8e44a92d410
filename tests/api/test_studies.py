"""Hot issues and replays over the interface: asked for, worked out apart, read without what the reader may not see."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from dispatch import tasks
from dispatch.calendar import city_time
from dispatch.learning import replay
from dispatch.learning.replay import Replay, Row
from dispatch.models import RuleChange, Study
from dispatch.studies import asking, running
from hotline.tickets import clock
from hotline.tickets.models import Recusal, Ticket
from tests.api.conftest import Browser
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 2, 9, 0, tzinfo=city_time())
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}


def reported(count: int, title: str = "御湖名苑小区夜间施工噪音扰民", days: int = 2) -> list[Ticket]:
    """So many citizens write of one matter at one place."""
    rows = []
    for number in range(count):
        with clock.at(DAY + timedelta(days=number % days)):
            row = ticket(f"{title}，吵得睡不着", contact=contact(phone=f"138000000{number:02}"))
        row.title = title
        row.save(update_fields=["title"])
        rows.append(row)
    return rows


def worked_out(kind: Study.Kind = Study.Kind.HOT_ISSUES, **asked: Any) -> Study:
    study = asking.ask(kind, date(2026, 11, 1), date(2026, 11, 30), **asked)
    running.run(study)
    return study


def test_hot_issues_are_asked_for_once_and_read_with_their_figures(
    cast: Cast, browser: Callable[..., Browser], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = reported(4)
    boss = browser(cast.supervisor)
    asked = boss.post("/studies/hot-issues", **NOVEMBER)
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
    assert boss.post("/studies/hot-issues", **NOVEMBER).status_code == 422, "one of a kind at a time"
    assert ProcrastinateJob.objects.filter(task_name="dispatch.tasks.work_out").count() == 1
    study = Study.objects.get()
    running.run(study)
    assert "13800000000" not in str(study.found)
    with django_assert_num_queries(4):
        found = boss.get(f"/studies/{study.pk}").json()["found"]
    (issue,) = found["issues"]
    assert (found["tickets"], found["left_out"]) == (4, 0)
    assert (issue["people"], issue["days"], issue["messages"], issue["likes"]) == (4, 2, 4, 0)
    assert sorted(row["number"] for row in issue["tickets"]) == sorted(row.number for row in rows)
    (listed,) = boss.get("/studies", kind="hot_issues").json()["results"]
    assert (listed["id"], listed["state"], "found" in listed) == (study.pk, "done", False)
    assert browser(cast.agent).get("/studies", kind="hot_issues").json()["may_ask"] is False


def test_who_stood_back_reads_nothing_of_a_ticket_and_a_protected_citizen_is_not_named(
    cast: Cast, browser: Callable[..., Browser]
) -> None:
    row, *_others = reported(1, "张三丰13800000000家门口路灯不亮")
    Ticket.objects.filter(pk=row.pk).update(confidential=True)
    study = worked_out()
    assert "张三丰" not in str(study.found)
    titles = {
        who.username: [
            one["tickets"][0]["title"] for one in browser(who).get(f"/studies/{study.pk}").json()["found"]["issues"]
        ]
        for who in (cast.agent, cast.auditor)
    }
    assert titles == {cast.agent.username: [row.title], cast.auditor.username: ["******家门口路灯不亮"]}
    Recusal.objects.create(ticket=row, staff=cast.agent, reason="亲属", at=DAY)
    assert browser(cast.agent).get(f"/studies/{study.pk}").json()["found"]["issues"] == []


def test_a_replay_is_kept_by_numbers_and_shown_with_names(
    cast: Cast, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = reported(1)
    hour = timedelta(hours=1)
    made = Row(row.number, "", cast.unit.code, cast.other_unit.code, cast.other_unit.code, hour, 9 * hour)
    monkeypatch.setattr(replay, "replay", lambda *_: Replay((made,)))
    study = worked_out(Study.Kind.REPLAY, change={"models": {"matter": "v2"}}, title="v2")
    body = browser(cast.quality).get(f"/studies/{study.pk}").json()
    assert (body["tries"], body["title"], body["state"]) == ("matter", "v2", "done")
    found = body["found"]
    assert (found["moved"], found["right"], found["hours"]) == (1, [0, 1], [9.0, 1.0])
    (move,) = found["moves"]
    assert (move["before_name"], move["after_name"], move["count"]) == (cast.unit.name, cast.other_unit.name, 1)
    assert move["tickets"] == [{"number": row.number, "title": row.title}]
    assert {one["name"]: one["gained"] for one in found["gained"]} == {cast.unit.name: -1, cast.other_unit.name: 1}


def test_a_change_that_is_gone_says_so(cast: Cast, browser: Callable[..., Browser]) -> None:
    boss = browser(cast.supervisor)
    refused = boss.post("/studies/replay", **NOVEMBER, change={"rule_change": 1})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["change"])
    assert boss.post("/studies/hot-issues", since="2026-01-01", until="2026-06-01").status_code == 422
    study = worked_out(Study.Kind.REPLAY, change={"rule_change": 1})
    assert (study.state, study.found, study.error) == (
        "failed",
        None,
        str(RuleChange.DoesNotExist("RuleChange matching query does not exist.")),
    )


def test_the_night_asks_once_and_a_killed_process_is_said_to_have_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.hot_issues_nightly(timestamp=0)
    tasks.hot_issues_nightly(timestamp=0)
    study = Study.objects.get()
    assert study.until - study.since == timedelta(days=29)
    monkeypatch.setattr("sys.executable", "/bin/false")
    tasks.work_out(study.pk)
    study.refresh_from_db()
    assert (study.state, study.error) == ("failed", "ended with status 1")

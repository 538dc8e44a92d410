"""Sixty days of Yunshui, told by the real verbs: every state, channel and turn that a ticket's life may take."""

import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from procrastinate.contrib.django.models import ProcrastinateJob

from dispatch import calendar
from hotline.demo import city
from hotline.demo.city.scenario import TICKETS, Author
from hotline.people.models import Staff
from hotline.tickets.facts import Kind
from hotline.tickets.models import (
    Assignment,
    Card,
    Consultation,
    Deadline,
    LedgerEntry,
    Message,
    Opinion,
    Precedent,
    Rating,
    RequestType,
    Supervision,
    Ticket,
)
from hotline.tickets.proof import checking
from hotline.tickets.states import ENDED, State

NOW = datetime(2026, 4, 8, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ROWS = (Ticket, Message, Assignment, Deadline, LedgerEntry)
SELDOM = {Kind.DELIVERY_FAILED, Kind.LIMIT_MOVED, Kind.SUGGESTED, Kind.EVIDENCE_ADDED} | {
    Kind.ESCALATED,
    Kind.ALARM_SEEN,
    Kind.CROWD_NOTICED,
    Kind.PROMISED,
    Kind.PROMISE_DUE,
    Kind.PROMISE_SETTLED,
}
"""Told by the channels, a change of rules, the assistant and the camera: not by the city's people."""


@pytest.fixture
def media(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.long
@pytest.mark.django_db
def test_a_loaded_city_is_whole(media: None, caplog: pytest.LogCaptureFixture) -> None:
    city.load(now=NOW)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    _every_state_and_channel()
    _true_to_the_ledger()
    _every_turn_of_life()
    _second_load_changes_nothing()


def _every_state_and_channel() -> None:
    tickets = list(Ticket.objects.all())
    split_off = sum(ticket.split_from_id is not None for ticket in tickets)
    assert len(tickets) - split_off == TICKETS
    assert {ticket.state for ticket in tickets} == set(State)
    assert {ticket.channel for ticket in tickets} == {
        "wechat",
        "sms-aliyun",
        "sms-tencent",
        "web",
        "phone",
        "api",
        "weibo",
    }
    assert {ticket.type for ticket in tickets} - {""} == set(RequestType)
    assert all(NOW - timedelta(days=61) < ticket.created_at < NOW for ticket in tickets)


def _true_to_the_ledger() -> None:
    assert not list(checking.breaks(checking.Scope()))
    assert checking.uncovered(checking.Scope()) == 0
    assert LedgerEntry.objects.filter(announced_at=None).count() == 0
    assert LedgerEntry.objects.filter(at__gt=NOW).count() == 0
    feeds = list(LedgerEntry.objects.order_by("feed").values_list("feed", flat=True))
    assert feeds == list(range(1, len(feeds) + 1))
    assert ProcrastinateJob.objects.filter(task_name="hotline.tickets.tasks.react").count() == 0
    assert Message.objects.filter(delivery=Message.Delivery.QUEUED).count() == 0
    assert Deadline.objects.filter(ended_at=None, paused_at=None, next_at__lte=NOW).count() == 0


def _every_turn_of_life() -> None:
    told = Counter(LedgerEntry.objects.values_list("kind", flat=True))
    assert set(Kind) - set(told) == SELDOM
    assert Rating.objects.filter(satisfied__lte=2).count() > 10
    assert Ticket.objects.filter(supervision_level__gt=0).exclude(state__in=ENDED).count() >= 9
    assert Supervision.objects.filter(ended_at=None).exclude(reply="").count() >= 3
    assert Deadline.objects.filter(card=Card.RED).exists()
    assert Precedent.objects.count() >= 1
    assert Consultation.objects.filter(ruled_at=None).count() >= 1
    assert Opinion.objects.count() >= 4
    below = Assignment.objects.exclude(passed_from=None).filter(department__level="community")
    assert below.count() >= 3
    assert Ticket.objects.exclude(accused=None).count() == 2
    assert Ticket.objects.filter(set_aside=True).count() == 2
    assert Ticket.objects.exclude(partner_reference="").count() == 2
    assert Message.objects.filter(attachment__isnull=False).count() > 10
    assert Message.objects.filter(kind="voice", transcript_state="done").count() > 5


def _second_load_changes_nothing() -> None:
    before = {model: list(model._default_manager.order_by("pk").values()) for model in ROWS}
    staff = list(Staff.objects.order_by("pk").values())
    city.load(now=NOW + timedelta(hours=5))
    assert {model: list(model._default_manager.order_by("pk").values()) for model in ROWS} == before
    assert list(Staff.objects.order_by("pk").values()) == staff


@pytest.mark.parametrize("hour", range(0, 24 * 7, 11))
def test_every_state_has_a_ticket_whenever_the_city_is_made(hour: int) -> None:
    """Also at night, on Sundays and in the long holidays."""
    now = datetime(2025, 10, 4, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(hours=hour)
    days = calendar.Calendar({})
    stories = Author(now, days.is_working).stories()
    assert len(stories) == TICKETS
    last = Counter(story.steps[-1].verb for story in stories)
    wanted = {
        "receive",
        "request_info",
        "accept",
        "request_return",
        "suspend",
        "rework",
        "refuse",
        "emergency",
        "opine",
        "answer_order",
        "request_extension",
    }
    assert {verb for verb in wanted | {"withdraw", "close", "archive", "merge", "review"} if not last[verb]} == set()
    assert all(step.at < now for story in stories for step in story.steps)
    assert all(story.steps[0].verb == "receive" for story in stories)
    rising = all(a.at <= b.at for s in stories for a, b in zip(s.steps, s.steps[1:], strict=False))
    assert rising


def test_the_same_moment_gives_the_same_city() -> None:
    days = calendar.Calendar({})
    assert Author(NOW, days.is_working).stories() == Author(NOW, days.is_working).stories()


def test_texts_are_many() -> None:
    stories = Author(NOW, calendar.Calendar({}).is_working).stories()
    assert len({story.steps[0].data["text"] for story in stories}) > TICKETS * 0.8
    assert not any("{" in str(step.data) and "}" in str(step.data.get("text", "")) for s in stories for step in s.steps)

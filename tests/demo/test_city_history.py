"""Sixty days of Yunshui: every state and channel, true to the ledger, the same as through the verbs."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils.dateparse import parse_datetime

from dispatch import calendar
from hotline.demo import city
from hotline.demo.city.book import ORDER
from hotline.demo.city.catalogue import load_catalogue
from hotline.demo.city.history import History
from hotline.demo.city.scenario import Author, Story
from hotline.people.models import Staff
from hotline.tickets import ledger
from hotline.tickets.models import LedgerEntry, Message, Rating, RequestType, Ticket
from hotline.tickets.states import ENDED, State
from tests.demo.verbs import Player

NOW = datetime(2026, 4, 8, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
EVERY = 40
RANDOM = {"public_code", "number", "hash", "previous_hash", "ledger_head", "message"}
"""Drawn anew each time, or made from what is."""


@pytest.fixture
def media(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_a_loaded_city_is_whole(media: None) -> None:
    city.load(now=NOW)
    tickets = list(Ticket.objects.all())
    assert len(tickets) == 600
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
    assert all(ledger.verify(ticket) for ticket in tickets)
    assert all(NOW - timedelta(days=61) < ticket.created_at < NOW for ticket in tickets)
    assert LedgerEntry.objects.filter(announced_at=None).count() == 0
    assert LedgerEntry.objects.filter(at__gt=NOW).count() == 0
    assert Rating.objects.filter(satisfied__lte=2).count() > 20
    assert Ticket.objects.filter(supervision_level__gt=0).exclude(state__in=ENDED).count() >= 9
    assert Message.objects.filter(attachment__isnull=False).count() > 20
    assert Message.objects.filter(kind="voice", transcript_state="done").count() > 10
    _second_load_changes_nothing()


def _second_load_changes_nothing() -> None:
    before = {model: list(model._default_manager.order_by("pk").values()) for model in ORDER}
    staff = list(Staff.objects.order_by("pk").values())
    city.load(now=NOW + timedelta(hours=5))
    assert {model: list(model._default_manager.order_by("pk").values()) for model in ORDER} == before
    assert list(Staff.objects.order_by("pk").values()) == staff


@pytest.mark.django_db
def test_the_quick_way_writes_what_the_verbs_write(media: None) -> None:
    load_catalogue("a password of no account")
    stories = _some(Author(NOW, calendar.current().is_working).stories())
    verbs = {step.verb for story in stories for step in story.steps}
    assert len(verbs) >= 27  # nearly every verb there is
    quick = _rolled_back(lambda: History.prepare(stories).play(stories))
    slow = _rolled_back(lambda: Player().play(stories))
    for name, rows in slow.items():
        assert quick[name] == rows, name


def _some(stories: list[Story]) -> list[Story]:
    """A few of the lives, but one with every verb, and whole crowds."""
    seen: Counter[str] = Counter()
    found = []
    for number, story in enumerate(stories):
        verbs = {step.verb for step in story.steps}
        rare = any(seen[verb] < 2 for verb in verbs)
        if rare or number % EVERY == 0 or story.crowd.startswith("平安里"):
            found.append(story)
            seen.update(verbs)
    merged = {story.crowd for story in found if story.steps[-1].verb == "merge"}
    first = {crowd: next(s for s in stories if s.crowd == crowd) for crowd in merged}
    missing = [story for story in first.values() if story not in found]
    return sorted(found + missing, key=lambda story: story.begins)


def _rolled_back(play: Any) -> dict[str, list[Any]]:
    """What playing writes, told without keys and chance; the database is as before."""
    with transaction.atomic():
        play()
        numbers = {ticket.pk: place for place, ticket in enumerate(Ticket.objects.order_by("pk"))}
        told = {model.__name__: _told(model, numbers) for model in ORDER}
        transaction.set_rollback(True)
    return told


def _told(model: Any, numbers: dict[int, int]) -> list[Any]:
    rows = [_plain(row, numbers) for row in model._default_manager.order_by("pk").values()]
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def _plain(row: dict[str, Any], numbers: dict[int, int]) -> dict[str, Any]:
    keys = ("id", "assignment_id", "attachment_id", "contact_id", "citizen_id", "feed", "announced_at")
    plain = {name: value for name, value in row.items() if name not in RANDOM and name not in keys}
    for name in ("ticket_id", "merged_into_id"):
        if plain.get(name):
            plain[name] = numbers[plain[name]]
    if plain.get("delivery") == "queued":  # what was said in the past has arrived
        plain["delivery"] = "sent"
    if "data" in plain:
        named = {"into", "child", *RANDOM}
        plain["data"] = {name: _moment(value) for name, value in plain["data"].items() if name not in named}
    return plain


def _moment(value: Any) -> Any:
    """A moment written in whatever zone, as UTC."""
    found = parse_datetime(value) if isinstance(value, str) and "T" in value else None
    return found.astimezone(UTC) if found else value


@pytest.mark.parametrize("hour", range(0, 24 * 7, 11))
def test_every_state_has_a_ticket_whenever_the_city_is_made(hour: int) -> None:
    """Also at night, on Sundays and in the long holidays."""
    now = datetime(2025, 10, 4, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(hours=hour)
    days = calendar.Calendar({})
    stories = Author(now, days.is_working).stories()
    assert len(stories) == 600
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
    assert len({story.steps[0].data["text"] for story in stories}) > 500
    assert not any("{" in str(step.data) and "}" in str(step.data.get("text", "")) for s in stories for step in s.steps)

"""Calls from before: what was said at follow-up is marked, long numbers among the keys are hidden."""

from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from hotline.calls.models import CallBackTask, PhoneCall
from hotline.tickets import clock, lifecycle
from hotline.tickets.models import Attachment, Message, Ticket
from hotline.tickets.parts import Words
from tests.factories import ticket

pytestmark = pytest.mark.django_db


def migrated(name: str, function: str) -> None:
    getattr(import_module(f"hotline.calls.migrations.{name}"), function)(apps, None)


def called(number: int, row: Ticket, message: Message, **fields: Any) -> PhoneCall:
    moment = clock.now()
    return PhoneCall.objects.create(
        uuid=UUID(int=number), started_at=moment, direction="out", ticket=row, message=message, **fields
    )


def test_words_and_sound_of_calls_about_a_ticket_are_marked() -> None:
    row, moment = ticket(), clock.now()
    first = row.messages.get()
    asked, returned = (
        lifecycle.add_words(ticket=row, words=Words(text="", kind="voice"), channel="phone") for _ in range(2)
    )
    asked.attachment = Attachment.objects.create(
        ticket=row, key="a", sha256="0", content_type="audio/mpeg", size=1, created_at=moment
    )
    asked.save()
    task = CallBackTask.objects.create(fingerprint="f", hour=moment, reason="no_agent", first_at=moment, last_at=moment)
    called(1, row, first)
    called(2, row, asked)
    called(3, row, returned, returns=task)
    migrated("0007_mark_follow_up_words", "mark")
    assert list(row.messages.order_by("pk").values_list("at_follow_up", flat=True)) == [False, True, False]
    assert Attachment.objects.get().purpose == "follow_up"


def test_long_numbers_among_keys_are_hidden() -> None:
    row = ticket()
    kept = ["15", "7921", "1##15", "6222020200012", "1#13800000001#"]
    for number, keys in enumerate(kept, 1):
        called(number, row, row.messages.get(), keys=keys)
    migrated("0008_hide_long_keys", "hide")
    now = list(PhoneCall.objects.order_by("pk").values_list("keys", flat=True))
    assert now == ["15", "7921", "1##15", "•" * 13, "•#" + "•" * 11 + "#"]

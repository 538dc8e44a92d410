"""At intake: the words of every channel are heard, by the city's own lexicon too; an answer's promises are noted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dispatch import danger, prints, promises, routing
from dispatch.models import RiskSign
from hotline import reactions
from hotline.tickets import lifecycle
from hotline.tickets.actors import staff as by
from hotline.tickets.models import Alarm, LedgerEntry, Promise, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from nlp.understand import LONGEST
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _last(row: Ticket) -> LedgerEntry:
    return row.ledger.latest("sequence")


def test_what_comes_in_is_heard_and_so_is_what_is_added() -> None:
    row = ticket("路灯坏了")
    danger.escalate(_last(row))
    assert not Alarm.objects.exists()
    lifecycle.add_words(ticket=row, words=Words(text="现在电线掉下来着火了"), channel="web")
    danger.escalate(_last(row))
    row.refresh_from_db()
    assert (row.urgency, Alarm.objects.get().kinds) == ("critical", ["fire"])
    assert Alarm.objects.get().reasons == [{"kind": "fire", "what": "火灾", "words": "着火"}]


def test_a_spoken_message_is_heard_when_it_has_become_text() -> None:
    row, message = ticket(""), None
    message = lifecycle.add_words(ticket=row, words=Words(text="", voice=True), channel="wechat")
    danger.escalate(_last(row))
    lifecycle.transcribe(ticket=row, message=message, text="有人要跳楼", result="done")
    danger.escalate(_last(row))
    assert Alarm.objects.get().kinds == ["self_harm"]


def test_the_citys_own_words_count_from_their_day_on() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    fields = {"kind": "mass", "level": "urgent", "what": "拦轿", "pattern": "拦轿"}
    sign = RiskSign.objects.create(**fields, from_date=tomorrow)
    assert danger.hear("拦轿").alarming == ()
    RiskSign.objects.filter(pk=sign.pk).update(from_date=timezone.localdate())
    assert [risk.what for risk in danger.hear("拦轿").alarming] == ["拦轿"]


def test_words_that_cannot_be_looked_for_are_refused() -> None:
    with pytest.raises(ValidationError):
        RiskSign(kind="fire", level="urgent", what="x", pattern="(", from_date=date(2026, 1, 1)).full_clean()


def test_a_bad_line_stops_no_alarm(caplog: pytest.LogCaptureFixture) -> None:
    """Such as an earlier version of the product may have kept."""
    today = timezone.localdate()
    RiskSign.objects.create(kind="idiom", level="normal", what="坏行", pattern="(", from_date=today)
    RiskSign.objects.create(kind="fire", level="normal", what="火灾", pattern="着火(", from_date=today)
    RiskSign.objects.create(kind="idiom", level="normal", what="标志", pattern="(?i)abc", from_date=today)
    RiskSign.objects.create(kind="mass", level="urgent", what="拦轿", pattern="拦轿", from_date=today)
    assert {risk.what for risk in danger.hear("着火了，有人拦轿").alarming} == {"火灾", "拦轿"}
    assert [record.getMessage() for record in caplog.records] == [
        "The risk words 坏行 cannot be looked for and are left out.",
        "The risk words 火灾 cannot be looked for and are left out.",
    ]


def test_a_pasted_book_is_heard_in_its_first_pages() -> None:
    assert danger.hear("好" * (LONGEST - 2) + "停水").level == "urgent"
    assert danger.hear("好" * (LONGEST - 1) + "停水").level == "normal"


def test_a_place_that_cannot_be_read_keeps_no_ticket_from_its_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(row: Ticket) -> None:
        raise ValueError(row.address)

    read: list[int] = []
    monkeypatch.setattr(prints, "take", broken)
    monkeypatch.setattr(routing, "suggest", lambda row: read.append(row.pk))
    row = ticket("路灯坏了")
    lifecycle.add_words(ticket=row, words=Words(text="在三栋"), channel="web")
    for entry in row.ledger.order_by("sequence"):
        with pytest.raises(ValueError, match=r"^"):
            reactions.react(entry)
    assert read == [row.pk, row.pk]


def test_promises_are_noted_when_the_citizen_has_the_answer_and_chased_after_their_day(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    due = timezone.localdate() + timedelta(days=40)
    words = f"经核实，预计{due.year}年{due.month}月{due.day}日前完成路灯维修"
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public=words)
    entry = row.ledger.get(kind="answered")
    entry.data = {**entry.data, "review": False}
    promises.note(entry)
    assert [promise.due_on for promise in Promise.objects.all()] == [due]
    assert promises.chase() == 0
    Promise.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert (promises.chase(), promises.chase()) == (1, 0)

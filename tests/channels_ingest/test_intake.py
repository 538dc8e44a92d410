"""From messages to tickets: drafts, orders, new requests, files, and what happens when it fails."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels_ingest import contacts, inbox, incoming, own_pages, registry
from channels_ingest.errors import BadPayload
from channels_ingest.inbox import Received
from channels_ingest.messages import Sender, WebRequest
from channels_ingest.models import ChannelAccount, InboundMessage, OutboundMessage
from dispatch.models import Policy
from hotline.people.models import Citizen, ContactPoint
from hotline.people.sealing import fingerprint
from hotline.tickets import clock, closing, lifecycle
from hotline.tickets.actors import CITIZEN, staff
from hotline.tickets.models import Rating, Ticket
from tests import factories
from tests.channels_ingest import jobs

NOON = datetime.fromisoformat("2026-11-21T12:00:00+08:00")
Say = Callable[..., Received]


@pytest.fixture
def account(db: None) -> ChannelAccount:
    return ChannelAccount.objects.create(
        adapter="sms-aliyun", name="demo", address="demo-secret", settings='{"sender": "console"}'
    )


@pytest.fixture
def say(account: ChannelAccount) -> Say:
    """A citizen's short message, some minutes after noon."""
    numbers = iter(range(1, 1000))

    def send(text: str, minute: float = 0, phone: str = "13800000001") -> Received:
        row = {"phone_number": phone, "content": text, "send_time": "", "sequence_id": next(numbers)}
        at = NOON + timedelta(minutes=minute)
        request = WebRequest("POST", {}, {}, json.dumps([row]).encode(), "203.0.113.9", at)
        with clock.at(at):
            return inbox.receive(registry.get("sms-aliyun"), account, request)[1][0]

    return send


def answers() -> list[str]:
    """What was queued as answers to orders."""
    return list(OutboundMessage.objects.filter(kind="answer").order_by("pk").values_list("text", flat=True))


def answered(ticket: Ticket, when: datetime = NOON) -> Ticket:
    """The desk answers a ticket itself."""
    with clock.at(when):
        agent = factories.staff("agent")
        ticket.refresh_from_db()
        return lifecycle.answer_directly(ticket=ticket, by=staff(agent), version=ticket.version, public="已修好。")


# --- words that belong together ----------------------------------------------------------------


def test_words_within_the_window_become_one_ticket(say: Say) -> None:
    first = say("楼下施工吵", 0)
    second = say("每天到半夜", 29)
    assert second.ticket == first.ticket
    ticket = Ticket.objects.get()
    assert ticket.text == "楼下施工吵\n每天到半夜"
    assert [m.text for m in ticket.messages.all()] == ["楼下施工吵", "每天到半夜"]
    assert [line.kind for line in ticket.ledger.order_by("sequence")] == ["received", "words_added"]


def test_words_after_the_window_open_another(say: Say) -> None:
    first, second = say("楼下施工吵", 0), say("还有路灯坏了", 30.1)
    assert second.ticket != first.ticket
    assert Ticket.objects.count() == 2


def test_window_counts_from_the_last_word(say: Say) -> None:
    say("一", 0)
    say("二", 25)
    say("三", 50)
    assert Ticket.objects.get().text == "一\n二\n三"


def test_window_is_a_setting(say: Say, settings: Any) -> None:
    settings.DRAFT_WINDOW_MINUTES = 5
    say("一", 0)
    say("二", 6)
    assert Ticket.objects.count() == 2


def test_words_long_after_acceptance_still_join_the_ticket_in_hand(say: Say) -> None:
    first = say("楼下施工吵").ticket
    assert first is not None
    lifecycle.accept(ticket=first, by=staff(factories.staff("agent")), version=first.version)
    later = say("今天又开工了", 60 * 24 * 3)
    assert later.ticket == first
    first.refresh_from_db()
    assert (first.state, first.unread, first.text) == ("accepted", True, "楼下施工吵")
    assert first.messages.last().text == "今天又开工了"


def test_words_that_were_asked_for_bring_the_ticket_back(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    agent = staff(factories.staff("agent"))
    lifecycle.request_info(ticket=ticket, by=agent, version=ticket.version, question="哪条路？")
    say("新桥街", 600)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.text) == ("received", "路灯坏了\n新桥街")


def test_ended_ticket_takes_no_more_words(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    closing.withdraw(ticket=ticket, by=CITIZEN)
    assert say("井盖丢了", 1).ticket != ticket


def test_another_citizen_never_joins(say: Say) -> None:
    say("一", phone="13800000001")
    say("二", phone="13800000002")
    assert [t.text for t in Ticket.objects.order_by("pk")] == ["一", "二"]
    assert Citizen.objects.count() == 2


# --- the citizen says that it is another matter ------------------------------------------------


def test_new_request_with_its_words(say: Say) -> None:
    first, second = say("楼下施工吵"), say("新诉求：路灯坏了", 1)
    assert second.ticket != first.ticket
    assert second.ticket is not None
    assert second.ticket.text == "路灯坏了"


def test_new_request_announced_alone_makes_the_next_words_new(say: Say) -> None:
    say("楼下施工吵")
    alone = say("新诉求", 1)
    assert alone.ticket is None
    say("路灯坏了", 2)
    say("在新桥街", 3)
    assert [t.text for t in Ticket.objects.order_by("pk")] == ["楼下施工吵", "路灯坏了\n在新桥街"]
    assert answers() == ["好的，请说出新的诉求：什么事、在哪里、什么时候。"]


# --- rating ------------------------------------------------------------------------------------


def test_digit_rates_the_ticket_that_awaits_it(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    answered(ticket)
    assert say("１", 60).ticket is None
    rating = Rating.objects.get()
    assert (rating.ticket, rating.satisfied, rating.channel, rating.counts) == (ticket, 5, "sms-aliyun", True)
    assert Ticket.objects.count() == 1
    assert answers() == ["谢谢您的评价，我们已经记下。"]


def test_bad_rating_keeps_its_words_and_is_answered_kindly(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    answered(ticket)
    say("不满意，路灯还是不亮", 60)
    rating = Rating.objects.get()
    assert (rating.satisfied, rating.words) == (2, "路灯还是不亮")
    assert answers() == ["谢谢您的评价。没有让您满意，我们很抱歉，会请承办单位重新办理并与您联系。"]


def test_second_thought_is_an_amendment_and_promises_nothing(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    answered(ticket)
    say("1", 60)
    say("5", 90)
    assert list(Rating.objects.order_by("pk").values_list("satisfied", "counts")) == [(5, True), (1, False)]
    assert answers() == ["谢谢您的评价，我们已经记下。"] * 2


def test_how_long_an_answer_can_be_rated_is_the_centres_to_say(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    Policy.objects.filter(key="ratable_days").update(value=2)
    answered(ticket, NOON)
    say("1", 60 * 48 + 1)
    assert not Rating.objects.exists()
    Policy.objects.filter(key="ratable_days").update(value=3)
    say("1", 60 * 48 + 2)
    assert Rating.objects.get().satisfied == 5


def test_rating_goes_to_the_answer_told_last(say: Say) -> None:
    older = say("一").ticket
    newer = say("新诉求：二", 1).ticket
    assert older is not None
    assert newer is not None
    answered(newer, NOON + timedelta(hours=1))
    answered(older, NOON + timedelta(hours=2))
    say("1", 180)
    assert Rating.objects.get().ticket == older
    say("2", 181)
    assert Rating.objects.order_by("-pk")[0].ticket == newer


def test_digit_without_anything_to_rate_makes_no_ticket(say: Say) -> None:
    assert say("1").ticket is None
    assert Ticket.objects.count() == 0
    assert answers() == ["现在没有等待您评价的诉求。回复“CX”查进度，有新的诉求请直接告诉我们。"]


def test_digit_while_a_request_is_open_is_a_word_of_it(say: Say) -> None:
    say("几号楼漏水")
    say("5", 1)
    assert Ticket.objects.get().text == "几号楼漏水\n5"


# --- progress and withdrawal -------------------------------------------------------------------


def test_progress_by_number_and_without(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    say(f"CX {ticket.number}", 1)
    say("CX", 2)
    assert answers() == [f"{ticket.number} 已收到，等待受理"] * 2


def test_another_citizens_number_is_as_unknown_as_none(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    say(f"CX {ticket.number}", 1, phone="13800000002")
    say("CX 123452699990000099", 1, phone="13800000002")
    strangers = answers()
    assert strangers == ["没有查到这个编号的诉求。请核对编号；替他人查询时，请在编号后加一个空格和查询码。"] * 2


def test_code_opens_another_citizens_progress(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    say(f"CX {ticket.number} {ticket.public_code}", 1, phone="13800000002")
    assert answers() == [f"{ticket.number} 已收到，等待受理"]


def test_own_number_finds_what_was_asked_on_another_channel(say: Say) -> None:
    received = own_pages.submit({"visitor": "v", "submission": "s", "text": "网上问的", "phone": "13800000001"})
    assert received.ticket is not None
    say(f"CX {received.ticket.number}")
    assert answers() == [f"{received.ticket.number} 已收到，等待受理"]


def test_withdrawing_the_only_open_ticket(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    say("撤销", 1)
    ticket.refresh_from_db()
    assert ticket.state == "withdrawn"
    assert answers() == [f"编号{ticket.number}的诉求已按您的要求撤回。"]


def test_withdrawing_asks_which_of_two(say: Say) -> None:
    first, second = say("一").ticket, say("新诉求：二", 1).ticket
    assert first is not None
    assert second is not None
    say("撤销", 2)
    assert Ticket.objects.filter(state="withdrawn").count() == 0
    assert answers() == [f"请回复“撤销”加编号，告诉我们撤回哪一件：{second.number}、{first.number}"]
    say(f"撤销 {first.number}", 3)
    first.refresh_from_db()
    assert first.state == "withdrawn"


def test_nobody_withdraws_anothers_ticket(say: Say) -> None:
    ticket = say("路灯坏了").ticket
    assert ticket is not None
    say(f"撤销 {ticket.number}", 1, phone="13800000002")
    ticket.refresh_from_db()
    assert ticket.state == "received"


# --- whole requests, people, files -------------------------------------------------------------


def test_forms_are_requests_of_their_own_and_never_orders(db: None) -> None:
    for number, text in enumerate(("路灯坏了", "1", "撤销")):
        own_pages.submit({"visitor": "v", "submission": str(number), "text": text})
    assert [t.text for t in Ticket.objects.order_by("pk")] == ["路灯坏了", "1", "撤销"]


def test_same_number_is_the_same_citizen_on_every_channel(say: Say) -> None:
    say("短信说的")
    own_pages.submit({"visitor": "v", "submission": "s", "text": "网上说的", "phone": "13800000001"})
    assert Citizen.objects.count() == 1
    assert ContactPoint.objects.count() == 2


def test_what_the_form_tells_is_in_the_ticket(db: None) -> None:
    received = own_pages.submit(
        {
            "visitor": "v",
            "submission": "s",
            "name": "李先生",
            "phone": "13800000005",
            "text": "工厂夜间排放",
            "type": "report",
            "confidential": True,
            "occurred_at": "2026-11-20T23:00:00+08:00",
            "place": {"address": "云西区工业大道8号", "lat": 23.1, "lng": 113.2},
        }
    )
    ticket = received.ticket
    assert ticket is not None
    ticket.refresh_from_db()
    assert (ticket.type, ticket.confidential, ticket.address) == ("report", True, "云西区工业大道8号")
    assert (ticket.lat, ticket.lng) == (23.1, 113.2)
    assert ticket.occurred_at == datetime.fromisoformat("2026-11-20T23:00:00+08:00")
    assert (ticket.citizen.name, ticket.citizen.phone) == ("李先生", "13800000005")


def photo() -> bytes:
    """A JPEG with a camera's position in it."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (23.0, 8.0, 15.0), 3: "E", 4: (113.0, 21.0, 9.0)}
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photo_and_voice_of_a_form_are_kept_with_their_true_kinds(
    db: None, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        received = own_pages.submit(
            {"visitor": "v", "submission": "s", "text": "看图"},
            [("楼.txt", photo()), ("声音.jpg", b"#!AMR\n" + b"\x00" * 64), ("坏.png", b"no picture")],
        )
    ticket = received.ticket
    assert ticket is not None
    first, voice, bad = ticket.messages.all()
    picture = first.attachment
    assert picture is not None
    assert (first.kind, picture.content_type, picture.filename) == ("text", "image/jpeg", "楼.txt")
    assert (picture.lat, picture.lng) == (23.1375, 113.3525)
    with Image.open(tmp_path / picture.key) as kept:
        assert not kept.getexif()
    assert (voice.kind, voice.attachment.content_type) == ("voice", "audio/amr")
    assert voice.transcript_state == "pending"
    assert jobs.take("transcribe") == [{"message": voice.pk}]
    assert bad.attachment is None
    assert [line.kind for line in ticket.ledger.order_by("sequence")] == [
        "received",
        "media_kept",
        "words_added",
        "media_kept",
        "words_added",
        "noted",
    ]
    assert [path for path in (tmp_path / "incoming").iterdir() if path.read_bytes() != b"no picture"] == []


# --- when something goes wrong -----------------------------------------------------------------


def test_failure_keeps_the_words_and_a_job_goes_on(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "receive", lambda **_: 1 / 0)
        received = say("路灯坏了")
    row = InboundMessage.objects.get()
    assert (row.state, row.attempts, row.error) == ("failed", 1, "ZeroDivisionError")
    assert (received.ticket, received.reply) == (None, None)
    assert Ticket.objects.count() == 0
    assert jobs.run("process_inbound") == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("done", 2, "")
    assert Ticket.objects.get().text == "路灯坏了"
    inbox.retry(row.pk)
    assert Ticket.objects.count() == 1


def test_giving_up_after_six_attempts_is_visible(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "receive", lambda **_: 1 / 0)
    say("路灯坏了")
    for _ in range(5):
        assert jobs.run("process_inbound") == 1
    assert jobs.queued("process_inbound") == []
    assert InboundMessage.objects.get().state == "given_up"


def test_duplicate_after_a_failure_is_still_one_message(say: Say, account: ChannelAccount) -> None:
    first = say("路灯坏了")
    request = inbox.message_of(first.row, registry.get("sms-aliyun"))
    assert request == first.message


def test_what_staff_wrote_down_meanwhile_is_not_overwritten(account: ChannelAccount) -> None:
    sender = Sender("13800000009", name="李四", phone="13800000009")
    contact, _ = contacts.locked(account, Sender("13800000009"))
    citizen = Citizen.objects.get(pk=contact.citizen_id)
    citizen.name = "王五"
    citizen.save()
    contacts.heard(contact, sender)
    citizen.refresh_from_db()
    assert (citizen.name, citizen.phone, citizen.phone_fingerprint) == ("王五", sender.phone, fingerprint(sender.phone))


def test_files_of_forms_that_never_came_are_forgotten(account: ChannelAccount, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    incoming.put(b"chosen, and never handed in")
    named, fresh = incoming.put(b"of a message that could not be processed yet"), incoming.put(b"chosen just now")
    InboundMessage.objects.create(
        account=account,
        external_id="1",
        body=f'{{"files": [{{"upload": "{named}"}}]}}'.encode(),
        received_at=clock.now(),
        state="given_up",
    )
    old = (clock.now() - inbox.UPLOADS_LAST - timedelta(hours=1)).timestamp()
    for path in (tmp_path / "incoming").iterdir():
        if path.name != fresh:
            os.utime(path, (old, old))
    assert inbox.forget_uploads() == 1
    assert {path.name for path in (tmp_path / "incoming").iterdir()} == {named, fresh}
    InboundMessage.objects.update(state="done")
    assert (inbox.forget_uploads(), [path.name for path in (tmp_path / "incoming").iterdir()]) == (1, [fresh])


def test_a_message_that_cannot_be_read_takes_no_other_along(account: ChannelAccount) -> None:
    def row(number: int, **changes: Any) -> dict[str, Any]:
        return {"phone_number": f"1380000000{number}", "content": f"第{number}句", "sequence_id": number} | changes

    def push(*rows: dict[str, Any]) -> list[Received]:
        request = WebRequest("POST", {}, {}, json.dumps(rows).encode(), "203.0.113.9", NOON)
        return inbox.receive(registry.get("sms-aliyun"), account, request)[1]

    assert [kept.message.text for kept in push(row(1), row(2, content=None), row(3, send_time="?"), row(4))] == [
        "第1句",
        "第4句",
    ]
    assert Ticket.objects.count() == 2
    with pytest.raises(BadPayload, match="none of its messages can be read"):
        push(row(5, content=None), row(6, phone_number=None))

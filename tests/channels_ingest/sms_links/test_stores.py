"""What a link keeps: pieces claimed once, outcomes that reach the thread, parts put together, nothing twice."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from prometheus_client import generate_latest

from channels_ingest import outbound, registry
from channels_ingest.messages import Notice, Receipt
from channels_ingest.models import ChannelAccount, InboundMessage, OutboundMessage
from channels_ingest.sms_links import handover, segments
from channels_ingest.sms_links.dialect import Answered, Coding, Reported, Unacceptable, Uplink, Verdict
from channels_ingest.sms_links.models import SmsLinkStatus, SmsPart, SmsPiece
from channels_ingest.sms_links.store import PieceStore
from channels_ingest.sms_links.uplinks import UplinkStore
from hotline.commands import doctor
from hotline.figures import FIGURES
from hotline.tickets import clock, lifecycle
from hotline.tickets.actors import staff
from hotline.tickets.models import Message, Ticket
from tests import factories
from tests.channels_ingest import jobs, samples

pytestmark = pytest.mark.django_db
State = SmsPiece.State
LONG = "翠湖路垃圾桶满了好几天，气味很大。" * 6
UNDER_WAY = Receipt(accepted=False, handed_over=True)


@pytest.fixture
def account() -> ChannelAccount:
    return ChannelAccount.objects.create(
        adapter="sms-cmpp", name="demo", settings=samples.json.dumps(samples.account("sms-cmpp").options)
    )


@pytest.fixture
def pieces(account: ChannelAccount) -> PieceStore:
    return PieceStore(account.pk)


@pytest.fixture
def uplinks(account: ChannelAccount) -> UplinkStore:
    return UplinkStore(account)


def hand_over(account: ChannelAccount, text: str = "您好", key: str = "line:7") -> Receipt:
    return registry.get("sms-cmpp").send(account, "13800000001", Notice("replied", text, key=key))


def accepted(reference: str = "00000000000000aa") -> Answered:
    return Answered(1, Verdict.ACCEPTED, reference)


def report(reference: str, *, status: str = "DELIVRD", number: str = "13800000001", final: bool = True) -> Reported:
    return Reported(1, "", reference, number, status, status == "DELIVRD", final)


def states() -> list[str]:
    return list(SmsPiece.objects.order_by("pk").values_list("state", flat=True))


# --- out -----------------------------------------------------------------------------------------------


def test_a_message_becomes_pieces_with_the_signature_in_front(account: ChannelAccount, pieces: PieceStore) -> None:
    assert hand_over(account, LONG) == UNDER_WAY
    first, second = pieces.claim(), pieces.claim()
    assert first is not None
    assert second is not None
    assert (first.number, first.index, first.total) == ("13800000001", 1, 2)
    text = (first.content[6:] + second.content[6:]).decode("utf-16-be")
    assert text == f"【云水市12345】{LONG}"
    assert pieces.claim() is None
    assert states() == ["writing", "writing"]


def test_long_messages_to_one_number_are_told_apart(account: ChannelAccount) -> None:
    hand_over(account, LONG, key="a")
    hand_over(account, LONG, key="b")
    headers = [bytes(row.content[:6]) for row in SmsPiece.objects.order_by("pk")]
    assert headers == [bytes([5, 0, 3, ref, 2, n]) for ref in (0, 1) for n in (1, 2)]


def test_the_same_message_handed_over_again_makes_no_second_one(account: ChannelAccount, pieces: PieceStore) -> None:
    hand_over(account)
    claimed = pieces.claim()
    assert claimed is not None
    assert hand_over(account) == UNDER_WAY
    pieces.answered(claimed.pk, accepted())
    assert hand_over(account) == Receipt(accepted=True, reference="00000000000000aa")
    assert SmsPiece.objects.count() == 1


def test_the_number_and_the_words_of_parts_are_sealed(account: ChannelAccount, uplinks: UplinkStore) -> None:
    hand_over(account)
    uplinks.keep(uplink("路灯不亮", "a1"))
    with connection.cursor() as cursor:
        for table, column in (("sms_links_smspiece", "number"), ("sms_links_smspart", "text")):
            cursor.execute(f"select {column} from {table}")
            assert bytes(cursor.fetchone()[0])[:1] == b"\x01"


def test_flow_control_queues_it_again_and_a_refusal_takes_the_rest_along(
    account: ChannelAccount, pieces: PieceStore
) -> None:
    hand_over(account, LONG)
    first = pieces.claim()
    assert first is not None
    pieces.answered(first.pk, Answered(1, Verdict.THROTTLED, error="CMPP_SUBMIT: 8"))
    assert states() == ["queued", "queued"]
    again = pieces.claim()
    assert again == first
    pieces.answered(first.pk, Answered(2, Verdict.REFUSED, error="CMPP_SUBMIT: 13"))
    assert states() == ["failed", "failed"]
    assert handover.outcome("line:7") == Receipt(accepted=False, error="CMPP_SUBMIT: 13")


def test_a_session_that_ends_leaves_doubt_only_where_there_is_doubt(
    account: ChannelAccount, pieces: PieceStore
) -> None:
    for key in "abc":
        hand_over(account, key=key)
    written, unwritten = pieces.claim(), pieces.claim()
    assert written is not None
    assert unwritten is not None
    pieces.abandon({written.pk})
    assert states() == ["maybe", "queued", "queued"]
    assert handover.outcome("a") == Receipt(accepted=False, error=handover.PERHAPS)
    pieces.claim()
    pieces.abandon(None)
    assert states() == ["maybe", "maybe", "queued"], "a process that is gone cannot say what it had written"


def test_a_report_settles_what_was_in_doubt(account: ChannelAccount, pieces: PieceStore) -> None:
    hand_over(account)
    pieces.claim()
    pieces.abandon(None)
    pieces.reported(report("00000000000000bb", number="8613800000001"))
    row = SmsPiece.objects.get()
    assert (row.state, row.reference, row.error) == ("delivered", "00000000000000bb", "")


def test_a_report_does_not_guess_between_two(account: ChannelAccount, pieces: PieceStore) -> None:
    for key in "ab":
        hand_over(account, key=key)
        pieces.claim()
    pieces.abandon(None)
    pieces.reported(report("00000000000000bb"))
    assert states() == ["maybe", "maybe"]


def test_reports_of_others_and_of_what_is_under_way_change_nothing(account: ChannelAccount, pieces: PieceStore) -> None:
    hand_over(account)
    claimed = pieces.claim()
    assert claimed is not None
    pieces.answered(claimed.pk, accepted())
    pieces.reported(report("00000000000000ff", status="UNDELIV"))
    pieces.reported(report("00000000000000aa", status="ACCEPTD", final=False))
    assert states() == ["accepted"]
    pieces.reported(report("00000000000000aa"))
    pieces.reported(report("00000000000000aa", status="UNDELIV"))
    assert states() == ["delivered"], "the first end is the end"


def test_yesterdays_words_are_not_sent_today_and_old_rows_go(account: ChannelAccount, pieces: PieceStore) -> None:
    hand_over(account)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert pieces.claim() is None
        assert hand_over(account) == Receipt(accepted=False, error="waited too long for the gateway")
        assert states() == ["failed"]
    with clock.at(clock.now() + timedelta(days=8)):
        pieces.tidy()
    assert states() == []


# --- what the citizen's thread says ---------------------------------------------------------------------


@pytest.fixture
def replied(account: ChannelAccount) -> Callable[[], tuple[Ticket, Message, OutboundMessage]]:
    """An agent's words to a citizen who writes short messages, handed over by the worker."""
    cast = factories.Cast()
    ticket = factories.ticket(contact=factories.contact("sms-cmpp", phone="13800000001"))
    contact = ticket.contact
    contact.account, contact.external_id = "demo", "13800000001"
    contact.save()
    said = lifecycle.reply(ticket=ticket, by=staff(cast.agent), version=ticket.version, text="您好")
    outbound.tell(ticket.ledger.order_by("-sequence")[0])
    jobs.run("deliver")

    def now() -> tuple[Ticket, Message, OutboundMessage]:
        said.refresh_from_db()
        return ticket, said, OutboundMessage.objects.get()

    return now


Replied = Callable[[], tuple[Ticket, Message, OutboundMessage]]


def test_handed_over_is_not_sent_and_accepted_is(replied: Replied, pieces: PieceStore) -> None:
    _ticket, said, row = replied()
    assert (row.state, said.delivery) == ("sending", "queued")
    claimed = pieces.claim()
    assert claimed is not None
    pieces.answered(claimed.pk, accepted())
    _ticket, said, row = replied()
    assert (row.state, row.reference, said.delivery) == ("sent", "00000000000000aa", "sent")


def test_the_sweep_hands_nothing_over_twice(replied: Replied, pieces: PieceStore) -> None:
    outbound.deliver(replied()[2].pk)
    OutboundMessage.objects.update(state="queued")
    outbound.deliver(replied()[2].pk)
    assert (states(), replied()[2].state) == (["queued"], "sending")
    claimed = pieces.claim()
    assert claimed is not None
    OutboundMessage.objects.update(state="queued")
    pieces.answered(claimed.pk, accepted())
    outbound.deliver(replied()[2].pk)
    assert (states(), replied()[2].state) == (["accepted"], "sent")


def test_an_accepted_message_that_never_arrived_is_told_to_the_desk(replied: Replied, pieces: PieceStore) -> None:
    claimed = pieces.claim()
    assert claimed is not None
    pieces.answered(claimed.pk, accepted())
    pieces.reported(report("00000000000000aa", status="UNDELIV"))
    ticket, said, row = replied()
    assert (row.state, row.error) == ("given_up", "not delivered: UNDELIV")
    assert (said.delivery, said.delivery_error) == ("failed", "not delivered: UNDELIV")
    line = ticket.ledger.order_by("-sequence")[0]
    assert (line.kind, line.data) == (
        "delivery_failed",
        {"channel": "sms-cmpp", "error": "not delivered: UNDELIV"},
    )


def test_perhaps_sent_is_told_to_the_desk_once_and_not_sent_again(replied: Replied, pieces: PieceStore) -> None:
    pieces.claim()
    pieces.abandon(None)
    pieces.abandon(None)
    ticket, said, row = replied()
    assert (row.state, said.delivery, said.delivery_error) == ("given_up", "failed", handover.PERHAPS)
    assert [line.kind for line in ticket.ledger.order_by("sequence")] == ["received", "replied", "delivery_failed"]
    assert pieces.claim() is None
    pieces.reported(report("00000000000000bb"))
    _ticket, said, row = replied()
    assert (row.state, said.delivery, said.delivery_error) == ("sent", "sent", "")


# --- in ------------------------------------------------------------------------------------------------


def uplink(text: str, message_id: str, **changes: Any) -> Uplink:
    fields: dict[str, Any] = {"coding": Coding.UCS2, "udhi": False} | changes
    content = fields.pop("content", text.encode("utf-16-be"))
    return Uplink(1, message_id, "8613800000001", "1065712345", content, **fields)


def part(text: str, reference: int, total: int, index: int, message_id: str) -> Uplink:
    header = bytes([5, 0, 3, reference, total, index])
    return uplink("", message_id, content=header + text.encode("utf-16-be"), udhi=True)


def texts() -> list[str]:
    return list(Ticket.objects.order_by("pk").values_list("text", flat=True))


def test_words_become_a_ticket_once(uplinks: UplinkStore) -> None:
    uplinks.keep(uplink("翠湖路垃圾桶满了", "a1"))
    uplinks.keep(uplink("翠湖路垃圾桶满了", "a1"))
    assert texts() == ["翠湖路垃圾桶满了"]
    ticket = Ticket.objects.get()
    assert (ticket.contact.external_id, ticket.contact.citizen.phone) == ("13800000001", "13800000001")
    assert InboundMessage.objects.get().external_id == "a1/1"


def test_without_ids_the_same_words_soon_after_are_the_same_and_later_are_not(uplinks: UplinkStore) -> None:
    uplinks.keep(uplink("路灯不亮", ""))
    uplinks.keep(uplink("路灯不亮", ""))
    uplinks.keep(uplink("路灯还不亮", ""))
    assert InboundMessage.objects.count() == 2
    with clock.at(clock.now() + timedelta(minutes=6)):
        uplinks.keep(uplink("路灯不亮", ""))
    assert InboundMessage.objects.count() == 3


def test_parts_in_any_order_become_one_message(uplinks: UplinkStore) -> None:
    uplinks.keep(part("丙", 9, 3, 3, "c"))
    uplinks.keep(part("甲", 9, 3, 1, "a"))
    uplinks.keep(part("甲", 9, 3, 1, "a"))
    assert texts() == []
    assert SmsPart.objects.filter(joined_at=None).count() == 2
    uplinks.keep(part("乙", 9, 3, 2, "b"))
    assert texts() == ["甲乙丙"]
    uplinks.keep(part("乙", 9, 3, 2, "b"))
    assert texts() == ["甲乙丙"]


def test_parts_that_share_one_id_are_told_apart(uplinks: UplinkStore) -> None:
    uplinks.keep(part("甲", 9, 2, 1, "same"))
    uplinks.keep(part("乙", 9, 2, 2, "same"))
    assert texts() == ["甲乙"]


def test_what_never_comes_is_said_in_its_place(uplinks: UplinkStore) -> None:
    uplinks.keep(part("甲", 9, 3, 1, "a"))
    uplinks.keep(part("丙", 9, 3, 3, "c"))
    uplinks.tidy()
    assert texts() == []
    with clock.at(clock.now() + timedelta(minutes=11)):
        uplinks.tidy()
        uplinks.tidy()
    assert texts() == ["甲［第2段短信没有收到］丙"]


def test_a_reference_used_anew_ends_the_old_message(uplinks: UplinkStore) -> None:
    uplinks.keep(part("甲", 9, 2, 1, "a"))
    uplinks.keep(part("子", 9, 2, 1, "d"))
    uplinks.keep(part("丑", 9, 2, 2, "e"))
    said = [message.text for message in Message.objects.order_by("pk")]
    assert said == ["甲［第2段短信没有收到］", "子丑"]


def test_a_part_repeated_under_a_new_number_is_the_same_part(uplinks: UplinkStore) -> None:
    uplinks.keep(part("甲", 9, 2, 1, "a"))
    uplinks.keep(part("甲", 9, 2, 1, "b"))
    uplinks.keep(part("乙", 9, 2, 2, "c"))
    assert texts() == ["甲乙"]


@pytest.mark.parametrize("number", ["", "ICBC", "138 0000", "13800000001\n", "号码"])
def test_a_sender_that_is_no_number_is_refused(uplinks: UplinkStore, number: str) -> None:
    with pytest.raises(Unacceptable, match="the sender is no number"):
        uplinks.keep(replace(uplink("您好", "a1"), number=number))
    assert SmsPart.objects.count() == 0


def test_what_the_inbox_does_not_take_is_refused_and_ends_no_link(uplinks: UplinkStore) -> None:
    with pytest.raises(Unacceptable, match="the inbox does not take it: TooLarge"):
        uplinks.keep(uplink("", "p1", content=b'"' * 40_000, coding=Coding.TEXT))
    assert (SmsPart.objects.count(), InboundMessage.objects.count()) == (0, 0)


def test_what_is_no_text_is_answered_politely(uplinks: UplinkStore) -> None:
    uplinks.keep(uplink("", "p1", content=b"\xff\xd8\xff", coding=Coding.BINARY))
    assert texts() == []
    told = OutboundMessage.objects.get()
    assert told.text == "抱歉，这种消息我们还看不了。请用文字、语音、图片或位置告诉我们。"


def test_when_it_cannot_be_kept_nothing_of_it_is(uplinks: UplinkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels_ingest.inbox.receive", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        uplinks.keep(uplink("路灯不亮", "a1"))
    assert SmsPart.objects.count() == 0
    monkeypatch.undo()
    uplinks.keep(uplink("路灯不亮", "a1"))
    assert texts() == ["路灯不亮"]


@pytest.mark.django_db(transaction=True)
def test_two_claimers_never_get_the_same_piece() -> None:
    account = ChannelAccount.objects.create(adapter="sms-cmpp", name="demo", settings="{}")
    for number in range(20):
        hand_over(account, key=f"k{number}")
    got: list[int] = []
    start = threading.Barrier(4)

    def claim_all() -> None:
        store = PieceStore(account.pk)
        start.wait(10)
        while (piece := store.claim()) is not None:
            got.append(piece.pk)
        connections.close_all()

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(got) == sorted(SmsPiece.objects.values_list("pk", flat=True))
    assert len(got) == 20


def test_settings_that_cannot_work_are_said_in_words(account: ChannelAccount) -> None:
    good = samples.account("sms-cmpp").options
    adapter = registry.get("sms-cmpp")
    assert adapter.problems(samples.PlainAccount("demo", good)) == []
    for change, words in (
        ({"port": "abc"}, "port: not a number"),
        ({"port": 70000}, "port: from 1 to 65535"),
        ({"sp_id": "12345"}, "sp_id: 6 letters or digits"),
        ({"version": "4.0"}, "version: 2.0 or 3.0"),
        ({"window": 0.5}, "window: from 1 to 1000"),
        ({"fee_type": "001"}, "fee_type: 2 letters or digits"),
        ({"source": "号码"}, "source: 1 to 21 letters or digits"),
    ):
        assert adapter.problems(samples.PlainAccount("demo", good | change)) == [words]
    smpp = samples.account("sms-smpp").options | {"password": "longer than eight"}
    assert registry.get("sms-smpp").problems(samples.PlainAccount("demo", smpp)) == [
        "password: 1 to 8 letters or digits"
    ]


def test_words_are_read_in_gb_too(uplinks: UplinkStore) -> None:
    uplinks.keep(uplink("", "g1", content="龙江镇路灯不亮".encode("gb18030"), coding=Coding.GB))
    assert texts() == ["龙江镇路灯不亮"]
    assert segments.read(uplink("x", "g2")).text == "x"


def test_the_doctor_says_how_a_link_stands(account: ChannelAccount) -> None:
    def told() -> tuple[str, str]:
        (finding,) = doctor._channels()
        return finding.state, finding.detail

    assert told() == ("broken", "no process holds its link: start `hotline sms`")
    row = SmsLinkStatus.objects.create(
        account=account, connected=True, detail="", since=clock.now(), seen_at=clock.now()
    )
    assert told() == ("ok", "configured")
    assert b'hotline_sms_link{account="sms-cmpp/demo"} 1.0' in generate_latest(FIGURES)
    SmsLinkStatus.objects.update(connected=False, detail="CMPP_CONNECT: 3 (authentication)")
    assert told() == ("broken", "not connected: CMPP_CONNECT: 3 (authentication)")
    with clock.at(row.seen_at + timedelta(seconds=61)):
        assert told() == ("broken", "no process holds its link: start `hotline sms`")
    account.settings = "{}"
    account.save()
    assert told() == ("broken", "host missing, port missing, source missing, sp_id missing, shared_secret missing")

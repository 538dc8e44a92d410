"""From ledger lines to citizens: told once, in the right words, on the right channel, to the end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels_ingest import outbound, registry, tasks
from channels_ingest.adapter import Adapter
from channels_ingest.messages import Notice, Receipt
from channels_ingest.models import ChannelAccount, OutboundMessage
from hotline.people.models import ContactPoint
from hotline.tickets import clock, closing, lifecycle, merging, queries, rulebook
from hotline.tickets.actors import CITIZEN, SYSTEM, staff
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import LedgerEntry, Message, Ticket
from hotline.tickets.states import State
from tests import factories
from tests.channels_ingest import jobs

pytestmark = pytest.mark.django_db
Sent = tuple[str, str, str]


class Carrier:
    """Stands in for the vendors: what was sent, and the receipts to give, the last one for ever."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.receipts: list[Receipt] = [Receipt(accepted=True, reference="ref")]

    def send(self, account: ChannelAccount, recipient: str, notice: Notice) -> Receipt:
        self.sent.append((account.adapter, recipient, notice.text))
        return self.receipts.pop(0) if len(self.receipts) > 1 else self.receipts[0]


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Carrier]:
    """Every adapter's sending goes to the carrier; the accounts of the demonstration exist."""
    stand_in = Carrier()
    for adapter in registry.all_adapters().values():
        if type(adapter).send is not Adapter.send:
            monkeypatch.setattr(adapter, "send", stand_in.send)
    for slug in ("wechat", "sms-aliyun"):
        ChannelAccount.objects.create(adapter=slug, name="demo")
    return stand_in


@pytest.fixture
def cast() -> factories.Cast:
    return factories.Cast()


def wechat_ticket() -> Ticket:
    """A ticket of a citizen who wrote on WeChat and has a phone."""
    return factories.ticket(contact=factories.contact("wechat"))


def tell_last(ticket: Ticket) -> OutboundMessage | None:
    """What the reaction to the newest line does."""
    return outbound.tell(LedgerEntry.objects.filter(ticket=ticket).order_by("-sequence")[0])


# --- words ----------------------------------------------------------------------------------------------


def test_whole_road_is_told_in_order(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP)
    ContactPoint.objects.filter(pk=ticket.contact_id).update(channel="wechat", external_id="openid")
    closing.close(ticket=ticket, by=SYSTEM, automatic=True)
    for entry in ticket.ledger.order_by("sequence"):
        outbound.tell(entry)
    kinds = list(OutboundMessage.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["received", "accepted", "dispatched", "review_passed", "closed"]
    assert jobs.run("deliver") == 5
    n, due = ticket.number, ticket.due_at
    assert due is not None
    answer = ticket.assignments.get(role="lead").public_answer
    invitation = "请回复数字评价：1非常满意 2满意 3基本满意 4不满意 5非常不满意。"
    assert [text for _, _, text in carrier.sent] == [
        f"您的诉求已收到，编号{n}，查询码{ticket.public_code}。我们会尽快受理。回复“CX”查进度，还有要补充的请接着说。",
        f"编号{n}的诉求已受理，我们会交给负责的单位办理。",
        f"编号{n}的诉求已交{cast.unit.name}办理，办理期限到{_day(ticket)}。承办单位可能会与您电话联系，请留意来电。",
        f"编号{n}的诉求已有答复：\n{answer}\n{invitation}",
        f"编号{n}的诉求已办结。{invitation}",
    ]
    assert {(slug, to) for slug, to, _ in carrier.sent} == {("wechat", "openid")}


def _day(ticket: Ticket) -> str:
    from django.utils import timezone

    assert ticket.due_at is not None
    local = timezone.localtime(ticket.due_at)
    return f"{local.month}月{local.day}日"


def test_rated_ticket_closes_without_another_invitation(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP)
    closing.rate(ticket=ticket, channel="web", satisfied=5)
    closing.close(ticket=ticket, by=SYSTEM, automatic=True)
    told = tell_last(ticket)
    assert told is not None
    assert told.text == f"编号{ticket.number}的诉求已办结。谢谢您的反映。"


def test_asking_refusing_replying_and_merging(carrier: Carrier, cast: factories.Cast) -> None:
    agent, ticket, other = staff(cast.agent), wechat_ticket(), wechat_ticket()
    lifecycle.request_info(ticket=ticket, by=agent, version=ticket.version, question="在哪条路？")
    asked = tell_last(ticket)
    lifecycle.reply(ticket=ticket, by=agent, version=ticket.version, text="我们马上看。")
    replied = tell_last(ticket)
    lifecycle.refuse(ticket=ticket, by=agent, version=ticket.version, reason="属于诉讼事项", door="人民法院")
    refused = tell_last(ticket)
    target = wechat_ticket()
    merging.merge(ticket=other, by=agent, version=other.version, into=target)
    merged = tell_last(other)
    assert asked is not None
    assert replied is not None
    assert refused is not None
    assert merged is not None
    n = ticket.number
    assert asked.text == f"为了办好编号{n}的诉求，想请您补充：在哪条路？\n直接回复就可以。"
    assert replied.text == "我们马上看。"
    assert refused.text == (
        f"编号{n}的诉求不属于12345热线的受理范围：属于诉讼事项。正确的渠道：人民法院。谢谢您的理解。"
    )
    assert merged.text == (
        f"编号{other.number}的诉求与其他市民反映的是同一件事，已合并办理。有了答复会告诉您，仍用这个编号查询进度。"
    )


def test_what_goes_into_ones_own_ticket_is_followed_by_its_number(carrier: Carrier, cast: factories.Cast) -> None:
    point = factories.contact("wechat")
    first, again = factories.ticket(contact=point), factories.ticket(contact=point)
    merging.merge(ticket=again, by=staff(cast.agent), version=again.version, into=first)
    told = tell_last(again)
    assert told is not None
    assert told.text == (
        f"编号{again.number}与编号{first.number}是同一件事，已合并办理，请以编号{first.number}查询进度。"
    )
    third = wechat_ticket()
    first.refresh_from_db()
    merging.merge(ticket=first, by=staff(cast.agent), version=first.version, into=third)
    assert tell_last(again) is None, "it went along; nothing new for the citizen"
    again.refresh_from_db()
    merging.unmerge(ticket=again, by=staff(cast.agent), version=again.version)
    told = tell_last(again)
    assert told is not None
    assert told.text == f"编号{again.number}的诉求不再与其他诉求合并，恢复单独办理，目前：已收到，等待受理。"


def test_an_answer_that_nobody_must_read_goes_out_at_once(
    carrier: Carrier, cast: factories.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(rulebook.book()), "needs_review", lambda self, ticket: False)
    ticket = cast.ticket_in(State.HANDLING)
    lifecycle.answer(ticket=ticket, by=staff(cast.clerk), version=ticket.version, public="路灯已修好。")
    assert ticket.state == State.FOLLOW_UP
    told = tell_last(ticket)
    assert told is not None
    assert told.text == (
        f"编号{ticket.number}的诉求已有答复：\n路灯已修好。\n"
        "请回复数字评价：1非常满意 2满意 3基本满意 4不满意 5非常不满意。"
    )


def test_an_answer_under_review_is_not_told_yet(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = cast.ticket_in(State.ANSWER_REVIEW)
    assert tell_last(ticket) is None
    assert outbound.tell_reporters(ticket.ledger.get(kind="answered")) is None
    assert not OutboundMessage.objects.filter(kind="answered").exists()


def test_a_citizen_who_reported_five_times_hears_the_answer_once_where_they_can_be_reached(
    carrier: Carrier, cast: factories.Cast
) -> None:
    ticket = cast.ticket_in(State.ACCEPTED)
    there, gone = factories.contact("wechat", phone=""), factories.contact("weibo", phone="")
    gone.citizen = there.citizen
    gone.save()
    reports = [factories.ticket(contact=point) for point in (there, there, there, gone, gone)]
    for report in [*reports, factories.ticket(contact=ticket.contact)]:
        merging.merge(ticket=report, by=staff(cast.agent), version=report.version, into=ticket)
        ticket.refresh_from_db()
    lifecycle.answer_directly(ticket=ticket, by=staff(cast.agent), version=ticket.version, public="已修好。")
    entry = ticket.ledger.get(kind="answered_directly")
    for _again in range(2):
        outbound.tell(entry)
        outbound.tell_reporters(entry)
    told = OutboundMessage.objects.filter(kind="answered_directly").order_by("pk")
    assert [(row.contact, row.ticket) for row in told] == [(ticket.contact, ticket), (there, reports[2])]
    assert told[1].text.startswith(f"编号{reports[2].number}的诉求已有答复：\n已修好。\n请回复数字评价")
    assert told[1].link.endswith(f"/t/{reports[2].public_code}/")


def test_the_number_at_the_emergency_service_is_told_when_it_is_known(carrier: Carrier, cast: factories.Cast) -> None:
    agent, ticket = staff(cast.agent), wechat_ticket()
    lifecycle.emergency(ticket=ticket, by=agent, version=ticket.version, service="119")
    first = tell_last(ticket)
    with pytest.raises(InvalidFields):
        lifecycle.emergency(ticket=ticket, by=agent, version=ticket.version, service="119")
    lifecycle.emergency(ticket=ticket, by=agent, version=ticket.version, service="119", reference="FS-0731")
    second = tell_last(ticket)
    assert first is not None
    assert second is not None
    n = ticket.number
    assert first.text == f"编号{n}的诉求情况紧急，已转119处理。请同时直接拨打119。"
    assert second.text == f"编号{n}的诉求在119的编号是FS-0731，向119询问时请报这个编号。"
    assert second.fields["short"] == f"编号{n}已转119，对方编号FS-0731。"
    assert list(queries.search(Ticket.objects.all(), "FS-0731", cast.agent)) == [ticket]
    assert not queries.search(Ticket.objects.all(), "FS-073", cast.agent).exists()


def test_a_matter_that_was_split_off_brings_its_own_number(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = wechat_ticket()
    piece = merging.Piece(text="还有公交车不准点")
    (child,) = merging.split(ticket=ticket, by=staff(cast.agent), version=ticket.version, pieces=[piece])
    told = tell_last(child)
    assert told is not None
    assert told.text == (
        f"您在编号{ticket.number}的诉求里还说了另一件事，已单独登记，编号{child.number}，"
        f"查询码{child.public_code}。两件事会分别办理、分别答复。"
    )
    assert tell_last(ticket) is None


def test_own_withdrawal_was_answered_at_once(carrier: Carrier, cast: factories.Cast) -> None:
    own, by_desk = wechat_ticket(), wechat_ticket()
    closing.withdraw(ticket=own, by=CITIZEN)
    assert tell_last(own) is None
    closing.withdraw(ticket=by_desk, by=staff(cast.agent), version=by_desk.version)
    assert tell_last(by_desk) is not None


def test_what_is_not_the_citizens_is_not_told(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = wechat_ticket()
    lifecycle.note(ticket=ticket, by=staff(cast.agent), version=ticket.version, text="内部")
    assert tell_last(ticket) is None
    assert OutboundMessage.objects.count() == 0


# --- channels --------------------------------------------------------------------------------------------


def test_told_once_however_often_the_reaction_runs(carrier: Carrier) -> None:
    ticket = wechat_ticket()
    assert tell_last(ticket) == tell_last(ticket)
    assert jobs.run("deliver") == 1
    outbound.deliver(OutboundMessage.objects.get().pk)
    assert len(carrier.sent) == 1


def test_citizen_of_our_pages_gets_a_short_message_when_a_number_is_known(carrier: Carrier) -> None:
    ticket = factories.ticket(contact=factories.contact("web", phone="13800000005"))
    tell_last(ticket)
    jobs.run("deliver")
    assert carrier.sent == [
        (
            "sms-aliyun",
            "13800000005",
            f"诉求已收到，编号{ticket.number}，查询码{ticket.public_code}。回复CX查进度。",
        )
    ]


@pytest.mark.parametrize("phone", ["", "0757-12345678"])
def test_citizen_of_our_pages_without_a_mobile_reads_it_there(carrier: Carrier, phone: str) -> None:
    tell_last(factories.ticket(contact=factories.contact("web", phone=phone)))
    jobs.run("deliver")
    told = OutboundMessage.objects.get()
    assert (told.state, told.reference, carrier.sent) == ("sent", "page", [])


def test_who_left_the_account_is_told_by_short_message(carrier: Carrier) -> None:
    contact = factories.contact("wechat", phone="13800000006")
    contact.reachable = False
    contact.save()
    tell_last(factories.ticket(contact=contact))
    jobs.run("deliver")
    assert [(slug, to) for slug, to, _ in carrier.sent] == [("sms-aliyun", "13800000006")]


@pytest.mark.parametrize(("hours", "by"), [(47, "weibo"), (49, "sms-aliyun")])
def test_who_was_silent_too_long_for_a_channel_without_templates_gets_a_short_message(
    carrier: Carrier, hours: int, by: str
) -> None:
    contact = factories.contact("weibo", phone="13800000006")
    ChannelAccount.objects.create(adapter="weibo", name=contact.account)
    contact.last_word_at = clock.now() - timedelta(hours=hours)
    contact.save()
    tell_last(factories.ticket(contact=contact))
    jobs.run("deliver")
    assert [slug for slug, _to, _text in carrier.sent] == [by]


def test_nobody_to_reach_is_given_up_in_the_open(carrier: Carrier) -> None:
    ticket = factories.ticket(contact=factories.contact("phone", phone=""))
    tell_last(ticket)
    jobs.run("deliver")
    line = ticket.ledger.order_by("-sequence")[0]
    assert (line.kind, line.data) == (
        "delivery_failed",
        {"channel": "phone", "error": "no way to reach this citizen"},
    )


# --- delivery ----------------------------------------------------------------------------------------------


def test_agents_words_show_that_they_arrived(carrier: Carrier, cast: factories.Cast) -> None:
    ticket = wechat_ticket()
    said = lifecycle.reply(ticket=ticket, by=staff(cast.agent), version=ticket.version, text="您好")
    tell_last(ticket)
    assert said.delivery == "queued"
    jobs.run("deliver")
    said.refresh_from_db()
    assert (said.delivery, said.delivery_error) == ("sent", "")


def test_trouble_is_retried_later_and_later_until_delivered(carrier: Carrier) -> None:
    carrier.receipts = [Receipt(False, error="busy", retry=True)] * 2 + [Receipt(True, reference="ok")]
    tell_last(wechat_ticket())
    waits = []
    while jobs.queued("deliver"):
        jobs.run("deliver")
        waits += [job.scheduled_at for job in jobs.queued("deliver")]
    told = OutboundMessage.objects.get()
    assert (told.state, told.attempts, told.reference, told.error) == ("sent", 3, "ok", "")
    gaps = [round((at - clock.now()).total_seconds(), -1) for at in waits]
    assert gaps == [30, 120]
    assert len(carrier.sent) == 3


def test_giving_up_marks_the_thread_and_the_ledger(carrier: Carrier, cast: factories.Cast) -> None:
    carrier.receipts = [Receipt(False, error="busy", retry=True)]
    ticket = wechat_ticket()
    said = lifecycle.reply(ticket=ticket, by=staff(cast.agent), version=ticket.version, text="您好")
    tell_last(ticket)
    while jobs.queued("deliver"):
        jobs.run("deliver")
    assert len(carrier.sent) == outbound.MOST_ATTEMPTS
    said.refresh_from_db()
    assert (said.delivery, said.delivery_error) == ("failed", "busy")
    kinds = list(ticket.ledger.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["received", "replied", "delivery_failed"]
    assert Message.objects.get(pk=said.pk).delivery == "failed"


def test_refusal_is_not_repeated(carrier: Carrier) -> None:
    carrier.receipts = [Receipt(False, error="number does not exist")]
    tell_last(wechat_ticket())
    jobs.run("deliver")
    assert jobs.queued("deliver") == []
    assert OutboundMessage.objects.get().state == "given_up"


def test_fault_of_an_adapter_is_one_more_attempt(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.get("wechat"), "send", lambda *_: 1 / 0)
    tell_last(wechat_ticket())
    jobs.run("deliver")
    told = OutboundMessage.objects.get()
    assert (told.state, told.error) == ("queued", "ZeroDivisionError")


def test_what_a_killed_worker_was_sending_is_taken_up_again(carrier: Carrier) -> None:
    tell_last(wechat_ticket())
    jobs.take("deliver")
    stuck = clock.now() - tasks.LEFT_UNDONE_AFTER - timedelta(seconds=1)
    OutboundMessage.objects.update(retry_at=stuck)
    tasks.sweep_channels.func(timestamp=0)
    tasks.sweep_channels.func(timestamp=0)
    assert jobs.run("deliver") == 1
    assert len(carrier.sent) == 1
    assert OutboundMessage.objects.get().state == "sent"


def test_words_of_a_channel_that_is_gone_do_not_hold_up_others(carrier: Carrier) -> None:
    gone, other = tell_last(wechat_ticket()), tell_last(wechat_ticket())
    assert gone is not None
    assert other is not None
    jobs.take("deliver")
    ContactPoint.objects.filter(pk=gone.contact_id).update(channel="withdrawn")
    before = clock.now() - tasks.LEFT_UNDONE_AFTER - timedelta(minutes=1)
    OutboundMessage.objects.filter(pk=gone.pk).update(state="sending", retry_at=before)
    OutboundMessage.objects.filter(pk=other.pk).update(retry_at=before + timedelta(seconds=1))
    tasks.sweep_channels.func(timestamp=0)
    assert jobs.take("deliver") == [{"outbound": other.pk}]


def test_what_a_killed_worker_has_perhaps_sent_is_marked_and_not_sent_again(
    carrier: Carrier, cast: factories.Cast
) -> None:
    ticket = wechat_ticket()
    said = lifecycle.reply(ticket=ticket, by=staff(cast.agent), version=ticket.version, text="您好")
    tell_last(ticket)
    jobs.take("deliver")
    stuck = clock.now() - tasks.LEFT_UNDONE_AFTER - timedelta(seconds=1)
    OutboundMessage.objects.update(state="sending", retry_at=stuck)
    tasks.sweep_channels.func(timestamp=0)
    tasks.sweep_channels.func(timestamp=0)
    assert (jobs.run("deliver"), carrier.sent) == (0, [])
    said.refresh_from_db()
    told = "perhaps sent: the worker ended before the answer was known"
    assert (OutboundMessage.objects.get().state, said.delivery, said.delivery_error) == ("given_up", "failed", told)
    assert list(ticket.ledger.filter(kind="delivery_failed").values_list("data__error", flat=True)) == [told]


def test_an_answer_that_never_came_is_marked_and_not_asked_again(carrier: Carrier) -> None:
    carrier.receipts = [Receipt(False, error="SendSms: ReadTimeout", retry=True, unsure=True)]
    tell_last(wechat_ticket())
    jobs.run("deliver")
    told = OutboundMessage.objects.get()
    assert (told.state, told.error, jobs.queued("deliver")) == ("given_up", "perhaps sent: SendSms: ReadTimeout", [])

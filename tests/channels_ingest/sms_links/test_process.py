"""The real process with a real database and real sockets: both protocols at once, killed, doubled, changed."""

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from channels_ingest import registry
from channels_ingest.messages import Notice
from channels_ingest.models import ChannelAccount
from channels_ingest.sms_links.models import SmsLinkStatus, SmsPiece
from hotline.tickets.models import Ticket
from tests.channels_ingest import samples
from tests.fakes.cmpp_gateway import CmppGateway
from tests.fakes.sms_gateway import PATIENCE
from tests.fakes.smsc import Smsc
from tests.processes import hotline

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.launcher]
WORDS = "翠湖路垃圾桶满了好几天，气味很大。" * 5


@pytest.fixture
def gateway() -> Iterator[CmppGateway]:
    with CmppGateway("901234", "demo-shared", 3) as running:
        yield running


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with Smsc("hotline", "demo1234") as running:
        yield running


def account_at(slug: str, port: int, **changes: object) -> ChannelAccount:
    options = {**samples.account(slug).options, "port": port, **changes}
    return ChannelAccount.objects.create(adapter=slug, name="demo", settings=json.dumps(options))


def say(account: ChannelAccount, key: str, text: str = "您好") -> None:
    registry.get(account.adapter).send(account, "13800000001", Notice("replied", text, key=key))


def until(condition: Callable[[], object], process: "subprocess.Popen[bytes] | None" = None) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        assert process is None or process.poll() is None, "the process has ended"
        time.sleep(0.02)


def states() -> Counter[str]:
    return Counter(SmsPiece.objects.values_list("state", flat=True))


@contextmanager
def holding(*accounts: ChannelAccount) -> Iterator["subprocess.Popen[bytes]"]:
    """`hotline sms`, once all accounts are connected."""
    with hotline("sms") as process:
        pks = [account.pk for account in accounts]
        until(lambda: SmsLinkStatus.objects.filter(account__in=pks, connected=True).count() == len(pks), process)
        yield process


def test_both_protocols_carry_words_both_ways_and_reports_back(gateway: CmppGateway, smsc: Smsc) -> None:
    cmpp, smpp = account_at("sms-cmpp", gateway.port), account_at("sms-smpp", smsc.port)
    with holding(cmpp, smpp) as process:
        say(cmpp, "a", WORDS)
        say(smpp, "b", WORDS)
        until(lambda: states() == {"accepted": 4}, process)
        for piece in SmsPiece.objects.filter(account=cmpp):
            gateway.kept(gateway.report(int(piece.reference, 16), "DELIVRD", "13800000001"))
        for piece in SmsPiece.objects.filter(account=smpp):
            smsc.kept(smsc.report(piece.reference, "UNDELIV", "8613800000001"))
        assert gateway.kept(gateway.deliver("8613800000007", "路灯不亮".encode("utf-16-be"))) == 0
        assert smsc.kept(smsc.deliver("8613800000008", "井盖坏了".encode("utf-16-be"))) == 0
        assert states() == {"delivered": 2, "failed": 2}
        assert set(Ticket.objects.values_list("text", flat=True)) == {"路灯不亮", "井盖坏了"}
    assert "".join(piece.text for piece in gateway.taken) == f"【云水市12345】{WORDS}"
    assert [piece.number for piece in smsc.taken] == ["8613800000001"] * 2
    assert (gateway.goodbyes, smsc.goodbyes, process.returncode) == (1, 1, 0)
    assert set(SmsLinkStatus.objects.values_list("connected", "detail")) == {(False, "stopped")}


def test_killed_with_pieces_in_every_state_it_loses_none_and_sends_none_twice(gateway: CmppGateway) -> None:
    account = account_at("sms-cmpp", gateway.port, window=4, rate=2000)
    for number in range(3):
        say(account, f"before{number}")
    with holding(account) as process:
        until(lambda: states() == {"accepted": 3}, process)
        gateway.holding = True
        for number in range(10):
            say(account, f"during{number}", f"第{number}条")
        gateway.until(lambda: len(gateway.taken) == 7)
        sequence = gateway.deliver("13800000009", bytes([5, 0, 3, 1, 2, 1]) + "路灯".encode("utf-16-be"), udhi=1)
        assert gateway.kept(sequence) == 0
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert states() == {"accepted": 3, "writing": 4, "queued": 6}
    gateway.drop()
    gateway.answer_held()
    with holding(account) as process:
        until(lambda: states() == {"accepted": 9, "maybe": 4}, process)
        sequence = gateway.deliver("13800000009", bytes([5, 0, 3, 1, 2, 2]) + "不亮".encode("utf-16-be"), udhi=1)
        assert gateway.kept(sequence) == 0
    words = Counter(piece.text for piece in gateway.taken[3:])
    assert words == {f"【云水市12345】第{number}条": 1 for number in range(10)}
    assert list(Ticket.objects.values_list("text", flat=True)) == ["路灯不亮"], "a part outlives the process"


def test_a_second_process_stands_by_and_takes_over(gateway: CmppGateway) -> None:
    account = account_at("sms-cmpp", gateway.port)
    with holding(account) as first, hotline("sms") as second:
        say(account, "a")
        until(lambda: states() == {"accepted": 1}, second)
        assert gateway.logins == [True]
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
        gateway.until(lambda: len(gateway.logins) == 2)
        say(account, "b")
        until(lambda: states() == {"accepted": 2}, second)
    assert len(gateway.taken) == 2


def test_changed_settings_make_a_new_link_and_wrong_ones_are_said(gateway: CmppGateway, smsc: Smsc) -> None:
    account = account_at("sms-cmpp", gateway.port)
    with holding(account) as process:
        account.settings = json.dumps({**account.options, "service_id": "54321"})
        account.save()
        gateway.until(lambda: gateway.goodbyes == 1 and len(gateway.logins) == 2)
        account.settings = json.dumps({**account.options, "sp_id": "1"})
        account.save()
        until(lambda: SmsLinkStatus.objects.get().detail == "sp_id: 6 letters or digits", process)
        account.active = False
        account.save()
    assert process.returncode == 0


def test_a_database_that_goes_away_costs_neither_the_link_nor_a_word(gateway: CmppGateway) -> None:
    account = account_at("sms-cmpp", gateway.port)
    with holding(account) as process:
        gateway.holding = True
        say(account, "a")
        gateway.until(lambda: len(gateway.taken) == 1)
        with locked_out():
            gateway.answer_held()
            sequence = gateway.deliver("8613800000007", "路灯不亮".encode("utf-16-be"))
            tests = gateway.ask(), gateway.ask()
            gateway.until(lambda: all(gateway.answered(0x80000008, test) is not None for test in tests))
            assert gateway.answered(0x80000005, sequence) is None
        assert gateway.kept(sequence) == 0
        say(account, "b")
        until(lambda: states() == {"accepted": 2}, process)
    assert gateway.logins == [True], "it never hung up"
    assert [ticket.text for ticket in Ticket.objects.all()] == ["路灯不亮"]


@contextmanager
def locked_out() -> Iterator[None]:
    """Nobody but us has a connection to the database, and nobody gets one."""
    connection.ensure_connection()
    ours = connection.connection.info.backend_pid
    params = {**connection.get_connection_params(), "dbname": "postgres", "autocommit": True}
    params = {name: value for name, value in params.items() if name not in ("pool", "cursor_factory", "context")}
    name = connection.settings_dict["NAME"]
    with psycopg.connect(**params) as beside:
        beside.execute(f'alter database "{name}" with allow_connections false')
        try:
            everybody = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> %s"
            beside.execute(everybody, [name, ours])
            yield
        finally:
            beside.execute(f'alter database "{name}" with allow_connections true')
            connection.close()
            connection.close_pool()  # what it still holds was ended too: whoever comes next shall not get it

"""Every process is killed and every way cut while citizens write and call: nothing acknowledged is lost or doubled.

`HOTLINE_FAULTS=1 pytest tests/launcher/test_faults.py -m launcher -s` prints what docs/operating.md tells.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import wave
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from channels_ingest import tasks
from channels_ingest.models import OutboundMessage
from channels_ingest.outbound import PAGE, PASSIVE, PERHAPS
from hotline.calls.models import PhoneCall
from hotline.people.models import Staff
from hotline.tickets import ledger
from hotline.tickets.models import LedgerEntry, Message
from tests.agent_console.test_feed import session_of
from tests.launcher.conftest import waiter
from tests.launcher.consoles import SLOWNESS, Console
from tests.launcher.crowd import Calls, Crowd
from tests.launcher.house import House, built, kill_a_backend

pytestmark = pytest.mark.skipif("HOTLINE_FAULTS" not in os.environ, reason="two minutes of faults: HOTLINE_FAULTS=1")
MARK = re.compile("登记[0-9a-f]+")
Found = TypeVar("Found")
PATIENCE = 240.0 * SLOWNESS
HELD_FOR = timedelta(seconds=30)
"""Longer than any vendor is waited for."""
SILENT_SECONDS = 6.0
"""Longer than a vendor waits for an answer, and than Redis is waited for."""


@dataclass
class Scene:
    """Everybody in the installation while it is broken."""

    house: House
    crowd: Crowd
    calls: Calls
    consoles: list[Console]

    def alive(self) -> bool:
        """Nobody has fallen over."""
        for one in (self.crowd, self.calls):
            assert one.failed is None, one.failed
        return True

    def through(self, name: str, fault: Callable[[], None], recovery: Callable[[], None]) -> None:
        """A fault with traffic on both sides of it; over when every console shows what was written afterwards."""
        self.more(4)
        refused, began = self.crowd.tally.refused.total(), time.monotonic()
        fault()
        recovery()
        asked(self.house.is_ready)
        after = asked(ledger.head)
        until(lambda: self.alive() and all(console.last > after for console in self.consoles))
        back = max(min(at for entry, at in console.seen_at.items() if entry > after) for console in self.consoles)
        refused = self.crowd.tally.refused.total() - refused
        print(f"{name:44}{back - began:8.1f} s{refused:8} refused", flush=True)

    def more(self, number: int) -> None:
        """So many further messages are acknowledged."""
        goal = len(self.crowd.kept) + number
        until(lambda: self.alive() and len(self.crowd.kept) >= goal)

    def sums(self) -> str:
        """What became of all that was written."""
        tally = self.crowd.tally
        sums = (
            f"{len(self.crowd.kept)} acknowledged, {tally.refused.total()} refused, {tally.resent.total()} sent again"
        )
        return f"{sums}: {dict(tally.reasons)}"


until = waiter(PATIENCE)


def asked(ask: Callable[[], Found]) -> Found:
    """What the database or a server says, as soon as it says anything but no."""
    found: list[Found] = []

    def answered() -> bool:
        try:
            found.append(ask())
        except Exception:  # it is being restarted
            connections.close_all()
            return False
        return bool(found[-1])

    until(answered)
    return found[-1]


@pytest.fixture(scope="module")
def scene(django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), built() as house:
        for process in house.processes:
            process.start()
        until(house.is_ready)
        people = [Staff.objects.get(username=name) for name in ("agent1", "lead1")]
        where = (house.web_address, f"127.0.0.1:{house.page.port}")
        consoles = [
            Console(f"{person.username}@{address}", address, session_of(person))
            for person, address in zip(people, where, strict=True)
        ]
        scene = Scene(house, Crowd(house), Calls(house, Staff.objects.get(username="agent2")), consoles)
        connections.close_all()
        for console in consoles:
            console.start()
        until(lambda: all(console.began is not None for console in consoles))
        for thread in (scene.crowd, scene.calls):
            thread.start()
        yield scene
        for console in consoles:
            console.leave()


def test_nothing_is_lost_or_doubled_whatever_falls(scene: Scene) -> None:
    kill_everything(scene)
    cut_everything(scene)
    scene.more(4)
    scene.crowd.enough()
    scene.calls.enough()
    come_to_rest(scene)
    print(scene.sums())
    every_acknowledged_message_is_in_one_ticket(scene)
    every_line_reached_every_console(scene)
    nothing_is_sent_twice(scene)
    every_call_has_its_sound(scene)


# --- what is done to it -------------------------------------------------------------------------------------


def kill_everything(scene: Scene) -> None:
    house = scene.house
    scene.through("worker, while a vendor has its words", lambda: kill_while_sending(house), house.worker.start)
    scene.through("PostgreSQL", house.database.kill, house.database.start)
    scene.through("a connection's process of PostgreSQL", lambda: kill_a_backend(house.database), lambda: None)
    scene.through("web", house.web.kill, house.web.start)
    scene.through("Valkey", house.valkey.process.kill, house.restart_valkey)
    scene.through("speech worker", house.speech.kill, house.speech.start)
    until(lambda: calls_going_on() > 0)
    scene.through("telephony, in a call", house.telephony.kill, house.telephony.start)


def calls_going_on() -> int:
    return PhoneCall.objects.filter(ended_at=None).exclude(answered_at=None).count()


def kill_while_sending(house: House) -> None:
    """The vendor has taken the words, and the worker never hears so."""
    house.vendors.sms.awake.clear()
    until(lambda: house.vendors.sms.waiting > 0)
    house.worker.kill()
    house.vendors.sms.awake.set()


def cut_everything(scene: Scene) -> None:
    house = scene.house
    ways = {
        "web – PostgreSQL": house.web_database,
        "web – Valkey": house.web_valkey,
        "worker – PostgreSQL": house.worker_database,
        "a console – web": house.page,
        "worker – vendor": house.vendors.way,
    }
    for name, way in ways.items():
        scene.through(f"{name} breaks", way.cut, way.mend)

    def silent() -> None:
        began = time.monotonic()
        for way in ways.values():
            way.silence()
        until(lambda: time.monotonic() - began > SILENT_SECONDS)

    def heard_again() -> None:
        for way in ways.values():
            way.mend()

    scene.through(f"all of these silent for {SILENT_SECONDS:g} s", silent, heard_again)


def come_to_rest(scene: Scene) -> None:
    """Everything has followed from what came in; what a killed worker was sending is looked at by the clock."""
    until(lambda: not any(scene.house.spool.glob("[0-9]*")))
    until(lambda: not LedgerEntry.objects.filter(announced_at=None).exists())
    until(nothing_waits_to_be_sent)
    until(lambda: not PhoneCall.objects.filter(recording="").exists())
    until(lambda: not LedgerEntry.objects.filter(announced_at=None).exists())


def nothing_waits_to_be_sent() -> bool:
    """The clock is put forward for words that a dead worker has in its hands, or whose job a cut connection ended."""
    now = timezone.now()
    waiting = OutboundMessage.objects.filter(state__in=("queued", "sending"))
    held = waiting.filter(retry_at__lt=now - HELD_FOR)
    if held.update(retry_at=now - tasks.LEFT_UNDONE_AFTER - timedelta(seconds=1)):
        tasks.sweep_channels.func(timestamp=0)
    return not waiting.exists()


# --- what must be true afterwards ----------------------------------------------------------------------------


def every_acknowledged_message_is_in_one_ticket(scene: Scene) -> None:
    inward = Message.objects.filter(direction=Message.Direction.IN)
    found = Counter(mark for text in inward.values_list("text", flat=True) for mark in MARK.findall(text))
    acknowledged = [spoken.mark for spoken in scene.crowd.kept]
    assert len(acknowledged) == len(set(acknowledged)) > 0
    assert {mark: found[mark] for mark in acknowledged if found[mark] != 1} == {}
    assert max(found.values()) == 1
    assert {spoken.channel for spoken in scene.crowd.kept} == set(scene.crowd.tally.sent)
    assert not list(scene.house.spool.glob("*.aside"))


def every_line_reached_every_console(scene: Scene) -> None:
    head = ledger.head()  # what the assistant still writes comes after it
    feeds = LedgerEntry.objects.filter(feed__lte=head).order_by("feed").values_list("feed", flat=True)
    assert list(feeds) == list(range(1, head + 1))
    for console in scene.consoles:
        until(lambda console=console: console.last >= head)  # type: ignore[misc]
        assert console.began is not None
        seen = [entry for entry in console.lines if entry <= head]
        assert seen == list(range(console.began + 1, head + 1)), console.name


def nothing_is_sent_twice(scene: Scene) -> None:
    vendors = scene.house.vendors
    by_key = Counter(sent.out_id for sent in vendors.sms.sent) + Counter(sent.context for sent in vendors.tencent.sent)
    by_words = Counter(
        [*((one.to, one.text) for one in vendors.wechat.sent), *((one.to, one.text) for one in vendors.weibo.sent)]
    )
    rows = OutboundMessage.objects.exclude(reference__in=(PASSIVE, PAGE)).select_related("account", "contact")
    marked = 0
    for row in rows:
        pushed = row.account is not None and row.account.adapter in ("wechat", "weibo")
        times = by_words[row.contact.external_id, row.text] if pushed else by_key[row.key]
        if row.state == "sent":
            assert times == 1, (row.key, row.account, times)
        else:
            assert (row.state, times <= 1, row.error.startswith(PERHAPS)) == ("given_up", True, True), row.error
            marked += 1
    assert max((*by_key.values(), *by_words.values())) == 1
    assert sum(by_key.values()) + sum(by_words.values()) >= len(rows) - marked > 0
    failures = LedgerEntry.objects.filter(kind="delivery_failed", data__error__startswith=PERHAPS)
    assert failures.count() == marked > 0
    print(f"{len(rows)} sent, {marked} of them marked as perhaps sent")


def every_call_has_its_sound(scene: Scene) -> None:
    rows = list(PhoneCall.objects.all())
    placed = scene.calls.tally.accepted["phone"]
    assert len(rows) >= placed > 0
    for row in rows:
        sound = scene.house.media / "recordings" / row.recording
        assert hashlib.sha256(sound.read_bytes()).hexdigest() == row.recording_sha256
        with wave.open(str(sound)) as there_is:
            seconds = there_is.getnframes() / there_is.getframerate()
        assert seconds == pytest.approx(row.recording_seconds, abs=0.01)
        assert (row.ticket_id is not None) == (row.answered_at is not None)
        if row.answered_at and row.ended_at and row.outcome == "completed":
            assert seconds > (row.ended_at - row.answered_at).total_seconds() - 0.5
    assert [row.outcome for row in rows].count("failed") >= 1  # the one that the kill broke off
    print(f"{len(rows)} calls, {sum(row.answered_at is not None for row in rows)} answered, all with their sound")

"""A link over a real socket with either protocol: window, pace, flow control, keep-alive, breaks, and nothing twice."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from channels_ingest.sms_links import link as linking
from channels_ingest.sms_links import segments
from channels_ingest.sms_links.cmpp_dialect import CmppAccount, CmppDialect
from channels_ingest.sms_links.cmpp_messages import Version
from channels_ingest.sms_links.dialect import Answered, Dialect, Piece, Reported, Unacceptable, Uplink
from channels_ingest.sms_links.link import Link, backoff
from channels_ingest.sms_links.options import LinkOptions
from channels_ingest.sms_links.session import Tuning
from channels_ingest.sms_links.smpp_dialect import SmppAccount, SmppDialect
from tests.fakes.cmpp_gateway import CmppGateway
from tests.fakes.sms_gateway import SmsGateway
from tests.fakes.smsc import Smsc

pytestmark = pytest.mark.asyncio
QUICK = Tuning(window=4, rate=1000, keep_alive=30, poll=0.02)


class Memory:
    """A keeper that lives as long as the test."""

    def __init__(self, count: int = 0) -> None:
        self.queue = [Piece(pk, f"1380000{pk:04d}", f"第{pk}条".encode("utf-16-be")) for pk in range(1, count + 1)]
        self.claimed: dict[int, Piece] = {}
        self.answers: list[tuple[int, str, str]] = []
        self.uplinks: list[Uplink] = []
        self.reports: list[Reported] = []
        self.maybe: set[int] = set()
        self.open = asyncio.Event()  # clear: the database is away
        self.open.set()

    async def claim(self) -> Piece | None:
        if not self.queue or not self.open.is_set():
            return None
        piece = self.queue.pop(0)
        self.claimed[piece.pk] = piece
        return piece

    async def answered(self, pk: int, answer: Answered) -> None:
        await self.open.wait()
        piece = self.claimed.pop(pk)
        self.answers.append((pk, answer.verdict.value, answer.error))
        if answer.verdict.value == "throttled":
            self.queue.insert(0, piece)

    async def refused_here(self, pk: int, why: str) -> None:
        self.claimed.pop(pk)
        self.answers.append((pk, "refused", why))

    async def received(self, uplink: Uplink) -> None:
        await self.open.wait()
        self.uplinks.append(uplink)

    async def reported(self, report: Reported) -> None:
        await self.open.wait()
        self.reports.append(report)

    async def abandon(self, written: set[int]) -> None:
        for pk, piece in self.claimed.items():
            if pk in written:
                self.maybe.add(pk)
            else:
                self.queue.append(piece)
        self.claimed.clear()


@pytest.fixture(params=["smpp", "cmpp2", "cmpp3"])
def gateway(request: pytest.FixtureRequest) -> Iterator[SmsGateway]:
    made: dict[str, Callable[[], SmsGateway]] = {
        "smpp": lambda: Smsc("hotline", "demo1234"),
        "cmpp2": lambda: CmppGateway("901234", "demo-shared", 2),
        "cmpp3": lambda: CmppGateway("901234", "demo-shared", 3),
    }
    with made[request.param]() as running:
        yield running


def dialect_for(gateway: SmsGateway, secret: str = "") -> Dialect:
    if isinstance(gateway, CmppGateway):
        version = {2: Version.V2, 3: Version.V3}[gateway._version]
        return CmppDialect(CmppAccount("901234", secret or "demo-shared", "1065712345", version))
    return SmppDialect(SmppAccount("hotline", secret or "demo1234", "12345"))


class Running:
    """A link under way, and what it said of itself."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.said: list[tuple[bool, str]] = []
        self.task: asyncio.Task[None]


@asynccontextmanager
async def linked(
    gateway: SmsGateway, keeper: Memory, tuning: Tuning = QUICK, secret: str = "", tls: bool = False
) -> AsyncIterator[Running]:
    """A running link; stopped in order at the end."""

    async def changed(connected: bool, detail: str) -> None:
        running.said.append((connected, detail))

    options = LinkOptions("127.0.0.1", gateway.port, tls=tls)
    link = Link("test", options, dialect_for(gateway, secret), keeper, changed)
    link._tuning = tuning
    running = Running(link)
    running.task = asyncio.create_task(link.run())
    try:
        yield running
    finally:
        await link.stop(running.task)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnecting waits a hundredth of the time."""
    monkeypatch.setattr(linking, "backoff", lambda failures: backoff(failures) / 100)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


async def probed(gateway: SmsGateway) -> None:
    """The link has answered a test: it has read everything that came before."""
    asked = await asyncio.to_thread(ask, gateway)
    probe = 0x80000008 if isinstance(gateway, CmppGateway) else 0x80000015
    await gated(gateway, lambda: gateway.answered(probe, asked) is not None)


async def gated(gateway: SmsGateway, condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(gateway.until, condition)


async def test_pieces_go_out_in_order_with_a_wish_for_a_report(gateway: SmsGateway) -> None:
    keeper = Memory(10)
    async with linked(gateway, keeper):
        await until(lambda: len(keeper.answers) == 10)
    assert [piece.number for piece in gateway.taken] == [f"1380000{n:04d}" for n in range(1, 11)]
    assert [piece.text for piece in gateway.taken] == [f"第{n}条" for n in range(1, 11)]
    assert {(piece.report_wanted, piece.header) for piece in gateway.taken} == {(True, b"")}
    assert {verdict for _pk, verdict, _error in keeper.answers} == {"accepted"}
    assert (gateway.goodbyes, keeper.maybe) == (1, set())


async def test_a_long_message_carries_its_header(gateway: SmsGateway) -> None:
    keeper, text = Memory(), "翠湖路垃圾桶满了好几天，气味很大。" * 6
    pieces = segments.cut(text, 77)
    keeper.queue = [Piece(n, "13800000001", content, n, len(pieces)) for n, content in enumerate(pieces, 1)]
    async with linked(gateway, keeper):
        await until(lambda: len(keeper.answers) == 2)
    assert [piece.header for piece in gateway.taken] == [bytes([5, 0, 3, 77, 2, 1]), bytes([5, 0, 3, 77, 2, 2])]
    assert "".join(piece.text for piece in gateway.taken) == text


async def test_no_more_than_the_window_is_unanswered(gateway: SmsGateway) -> None:
    keeper = Memory(9)
    gateway.holding = True
    async with linked(gateway, keeper):
        await gated(gateway, lambda: len(gateway.taken) == 4)
        for _ in range(20):  # time in which a fifth would have come
            await probed(gateway)
        assert (len(gateway.taken), len(keeper.claimed), len(keeper.queue)) == (4, 4, 5)
        gateway.answer_held()
        await until(lambda: len(keeper.answers) == 9)
    assert gateway.most_unanswered == 4


async def test_the_pace_is_kept(gateway: SmsGateway) -> None:
    keeper = Memory(6)
    began = asyncio.get_running_loop().time()
    async with linked(gateway, keeper, replace(QUICK, rate=20)):
        await until(lambda: len(keeper.answers) == 6)
    assert asyncio.get_running_loop().time() - began >= 5 / 20


async def test_flow_control_slows_down_and_loses_nothing(gateway: SmsGateway) -> None:
    gateway.instead.extend(["throttle", "throttle", "accept", "throttle"])
    keeper = Memory(2)
    async with linked(gateway, keeper, replace(QUICK, window=1, pause=0.1)):
        await until(lambda: len(keeper.answers) >= 1)
        began = asyncio.get_running_loop().time()
        await until(lambda: len(keeper.answers) >= 3)
        assert asyncio.get_running_loop().time() - began >= 0.29, "a pause, and one twice as long"
        await until(lambda: len(keeper.answers) == 5)
        assert asyncio.get_running_loop().time() - began < 0.29 + 0.5, "and a short one again after a success"
    answers = [(pk, verdict) for pk, verdict, _error in keeper.answers]
    again, done = "throttled", "accepted"
    assert answers == [(1, again), (1, again), (1, done), (2, again), (2, done)]


async def test_a_refusal_is_kept_with_its_code(gateway: SmsGateway) -> None:
    gateway.instead.append("refuse")
    keeper = Memory(2)
    async with linked(gateway, keeper):
        await until(lambda: len(keeper.answers) == 2)
    code = "CMPP_SUBMIT: 13" if isinstance(gateway, CmppGateway) else "submit_sm: 0xb"
    assert keeper.answers == [(1, "refused", code), (2, "accepted", "")]


async def test_what_the_protocol_cannot_carry_stops_nothing(gateway: SmsGateway) -> None:
    keeper = Memory(2)
    keeper.queue[0] = replace(keeper.queue[0], number="号" * 3)
    async with linked(gateway, keeper):
        await until(lambda: len(keeper.answers) == 2)
    assert [verdict for _pk, verdict, _error in keeper.answers] == ["refused", "accepted"]
    assert len(gateway.taken) == 1


async def test_a_break_leaves_what_was_unanswered_in_doubt_and_sends_the_rest_once(gateway: SmsGateway) -> None:
    gateway.instead.extend(["accept", "silent", "silent", "drop"])
    keeper = Memory(9)
    async with linked(gateway, keeper) as running:
        await until(lambda: len(keeper.answers) + len(keeper.maybe) == 9)
        assert (True, "") in running.said
        assert any(not connected for connected, _detail in running.said)
    numbers = [piece.number for piece in gateway.taken]
    assert len(numbers) == len(set(numbers)), "nothing is sent twice"
    assert {2, 3, 4} <= keeper.maybe
    assert {pk for pk, _verdict, _error in keeper.answers} | keeper.maybe == set(range(1, 10))
    assert len(gateway.logins) == 2


async def test_a_piece_without_an_answer_ends_the_session(gateway: SmsGateway) -> None:
    gateway.instead.append("silent")
    keeper = Memory(2)
    tuning = replace(QUICK, answer_within=0.1, keep_alive=0.1)
    async with linked(gateway, keeper, tuning) as running:
        await until(lambda: keeper.maybe)
        await until(lambda: running.said.count((True, "")) == 2)
    assert (keeper.maybe, (False, "no answer to a piece for 0.1 s") in running.said) == ({1}, True)


async def test_words_are_acknowledged_only_when_they_are_kept(gateway: SmsGateway) -> None:
    keeper = Memory()
    async with linked(gateway, keeper) as running:
        await until(lambda: running.said)
        keeper.open.clear()
        sequence = await asyncio.to_thread(deliver, gateway, "13800000001", "路灯不亮")
        await probed(gateway)
        early = gateway.answered(0x80000005, sequence)
        keeper.open.set()
        assert early is None, "the link lives, but the words are not kept"
        assert await asyncio.to_thread(kept, gateway, sequence) == 0
    assert [segments.read(uplink).text for uplink in keeper.uplinks] == ["路灯不亮"]


async def test_a_status_report_is_kept_and_acknowledged(gateway: SmsGateway) -> None:
    keeper = Memory()
    async with linked(gateway, keeper):
        if isinstance(gateway, CmppGateway):
            sequence = await asyncio.to_thread(gateway.report, 0xABC, "DELIVRD", "13800000001")
        else:
            assert isinstance(gateway, Smsc)
            sequence = await asyncio.to_thread(gateway.report, "m7", "DELIVRD", "13800000001")
        assert await asyncio.to_thread(kept, gateway, sequence) == 0
    (report,) = keeper.reports
    reference = "0000000000000abc" if isinstance(gateway, CmppGateway) else "m7"
    assert (report.reference, report.delivered) == (reference, True)


async def test_a_body_that_cannot_be_read_is_refused_and_the_link_goes_on(
    gateway: SmsGateway, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Memory()
    async with linked(gateway, keeper) as running:
        header = 12 if isinstance(gateway, CmppGateway) else 16
        bad = struct.pack(">4I", 24, 5, 99, 99) if header == 12 else struct.pack(">4I", 24, 5, 0, 99)
        await asyncio.to_thread(gateway.write, bad + b"\xff" * 8)
        await gated(gateway, lambda: any(status for _command, status, _sequence in gateway.said))
        sequence = await asyncio.to_thread(deliver, gateway, "13800000001", "还在")
        assert await asyncio.to_thread(kept, gateway, sequence) == 0
        assert running.said == [(True, "")]
    assert "refused: " in caplog.text
    assert [segments.read(uplink).text for uplink in keeper.uplinks] == ["还在"]


async def test_words_that_cannot_be_kept_are_refused_and_the_link_goes_on(
    gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Memory()

    async def refuse(uplink: Uplink) -> None:
        raise Unacceptable("the sender is no number")

    monkeypatch.setattr(keeper, "received", refuse)
    async with linked(gateway, keeper) as running:
        sequence = await asyncio.to_thread(deliver, gateway, "ICBC", "您好")
        assert await asyncio.to_thread(kept, gateway, sequence) in (1, 0xC4)
        assert running.said == [(True, "")]


async def test_a_fault_of_ours_ends_the_session_and_not_the_link(
    gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Memory()
    monkeypatch.setattr(keeper, "received", lambda uplink: 1 / 0)
    async with linked(gateway, keeper) as running:
        await asyncio.to_thread(deliver, gateway, "13800000001", "您好")
        await until(lambda: running.said.count((True, "")) == 2)
    assert running.said[1] == (False, "ZeroDivisionError")
    assert "ended by a fault" in caplog.text


@pytest.mark.parametrize("length", [0, 3, 2**31])
async def test_a_length_that_cannot_be_ends_the_session_and_another_begins(gateway: SmsGateway, length: int) -> None:
    keeper = Memory()
    async with linked(gateway, keeper) as running:
        await asyncio.to_thread(gateway.write, struct.pack(">I", length) * 4)
        await until(lambda: running.said.count((True, "")) == 2)
    assert (False, f"a PDU of {length} octets cannot be") in running.said


async def test_a_silent_link_is_tested_and_kept(gateway: SmsGateway) -> None:
    keeper = Memory()
    async with linked(gateway, keeper, replace(QUICK, keep_alive=0.04)) as running:
        await gated(gateway, lambda: gateway.tests >= 5)
        assert running.said == [(True, "")]


async def test_a_dead_link_is_left(gateway: SmsGateway) -> None:
    gateway.deaf = True
    keeper = Memory()
    async with linked(gateway, keeper, replace(QUICK, keep_alive=0.04)) as running:
        await until(lambda: (False, "silent") in running.said)
        await until(lambda: running.said.count((True, "")) == 2)


async def test_a_gateway_that_says_goodbye_is_answered_and_called_again(gateway: SmsGateway) -> None:
    keeper = Memory()
    async with linked(gateway, keeper) as running:
        await until(lambda: running.said)
        await asyncio.to_thread(end, gateway)
        await until(lambda: running.said.count((True, "")) == 2)
    assert (False, "the gateway ended the session") in running.said


async def test_a_wrong_secret_is_said_and_never_shown(gateway: SmsGateway, caplog: pytest.LogCaptureFixture) -> None:
    async with linked(gateway, Memory(1), secret="wrong-01") as running:
        await until(lambda: len(gateway.logins) >= 2)
    refused = "CMPP_CONNECT: 3 (authentication)" if isinstance(gateway, CmppGateway) else "bind_transceiver: 0xe"
    assert set(running.said) == {(False, refused)}
    assert (set(gateway.logins), gateway.taken) == ({False}, [])
    assert "wrong-01" not in caplog.text


async def test_the_answers_that_are_due_are_waited_for_at_the_end(gateway: SmsGateway) -> None:
    gateway.holding = True
    keeper = Memory(4)
    async with linked(gateway, keeper) as running:
        await gated(gateway, lambda: len(gateway.taken) == 4)
        ending = asyncio.create_task(running.link.stop(running.task))
        await asyncio.sleep(0)
        gateway.answer_held()
        await ending
    assert (sorted(pk for pk, _verdict, _error in keeper.answers), keeper.maybe) == ([1, 2, 3, 4], set())
    assert gateway.goodbyes == 1


async def test_an_encrypted_link_trusts_only_a_known_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, certificate = Memory(1), self_signed(tmp_path)
    with Smsc("hotline", "demo1234") as gateway:
        gateway.encrypt(certificate)
        async with linked(gateway, keeper, tls=True) as running:
            await until(lambda: running.said)
            assert "CERTIFICATE_VERIFY_FAILED" in running.said[0][1]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with linked(gateway, keeper, tls=True):
            await until(lambda: keeper.answers)
    assert keeper.answers == [(1, "accepted", "")]


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "gateway.pem"
    path.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    return path


async def test_waiting_grows_and_never_in_step() -> None:
    waits = [[backoff(failures) for _ in range(50)] for failures in range(12)]
    assert all(2 / 3 * 2**n <= wait <= 4 / 3 * 2**n for n, some in enumerate(waits[:6]) for wait in some)
    assert all(40 <= wait <= 80 for some in waits[6:] for wait in some)
    assert len(set(waits[3])) > 1


def deliver(gateway: SmsGateway, number: str, text: str) -> int:
    assert isinstance(gateway, CmppGateway | Smsc)
    return gateway.deliver(number, text.encode("utf-16-be"))


def ask(gateway: SmsGateway) -> int:
    assert isinstance(gateway, CmppGateway | Smsc)
    return gateway.ask()


def end(gateway: SmsGateway) -> None:
    assert isinstance(gateway, CmppGateway | Smsc)
    gateway.end()


def kept(gateway: SmsGateway, sequence: int) -> int:
    assert isinstance(gateway, CmppGateway | Smsc)
    return gateway.kept(sequence)

"""CMPP on the wire: the bytes of other implementations, every message there and back, and nothing else let in."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.sms_links import cmpp
from channels_ingest.sms_links.cmpp_dialect import CmppAccount, CmppDialect
from channels_ingest.sms_links.cmpp_messages import (
    Command,
    Connect,
    ConnectResp,
    Deliver,
    DeliverResp,
    Message,
    Plain,
    StatusReport,
    Submit,
    SubmitResp,
    Version,
)
from channels_ingest.sms_links.dialect import (
    Answered,
    Coding,
    Goodbye,
    Heard,
    LoginRefused,
    Malformed,
    Probe,
    Reported,
    Uplink,
    Verdict,
)

V2, V3 = Version.V2, Version.V3
WORDS = "翠湖路".encode("utf-16-be")


def octets(*parts: str | bytes) -> bytes:
    """Hexadecimal where it is text, as it is where it is bytes."""
    return b"".join(bytes.fromhex(part) if isinstance(part, str) else part for part in parts)


# What the packages pycmpp 2.0.2 (CMPP 2.0) and cmppy 0.3 (CMPP 3.0) wrote when asked for these messages.
FOREIGN_LOGIN = octets("00000027 00000001 00000001", b"901234", "b814a30347d2df7f39825db0dacbda65", "21", "42d28d58")
FOREIGN_SUBMIT_2 = octets(
    "000000a5 00000004 00000002 0000000000000000 01 01 01 00", b"12345".ljust(10, b"\0"), "02", bytes(21),
    "00 00 08", b"90123401000000", bytes(34), b"1065712345".ljust(21, b"\0"), "01",
    b"13800000001".ljust(21, b"\0"), "06", "7fe06e568def", bytes(8),
)  # fmt: skip
FOREIGN_SUBMIT_3 = octets(
    "000000c9 00000004 00000003 0000000000000000 01 01 01 00", b"12345".ljust(10, b"\0"), "02", bytes(33),
    "00 00 08", b"901234010\0\0\0\0\0", bytes(34), b"1065712345".ljust(21, b"\0"), "01",
    b"13800000001".ljust(32, b"\0"), "00 06", "7fe06e568def", bytes(20),
)  # fmt: skip
SUBMIT = Submit(("13800000001",), WORDS, 8, "1065712345", "901234", service="12345")


def test_the_login_is_what_another_client_writes() -> None:
    proof = cmpp.authenticator("901234", "demo-shared", 1121095000)
    assert cmpp.encode(Connect("901234", proof, 0x21, 1121095000), 1, V2) == FOREIGN_LOGIN


def test_a_piece_of_2_0_is_what_another_client_writes() -> None:
    sequence, read = cmpp.decode(FOREIGN_SUBMIT_2, V2)
    assert (sequence, read) == (
        2,
        Submit(("13800000001",), WORDS, 8, "1065712345", "901234", service="12345", fee_code="000000"),
    )
    assert cmpp.encode(read, sequence, V2) == FOREIGN_SUBMIT_2


def test_a_piece_of_3_0_is_what_another_client_writes() -> None:
    assert cmpp.decode(FOREIGN_SUBMIT_3, V3) == (3, SUBMIT)
    assert cmpp.encode(SUBMIT, 3, V3) == FOREIGN_SUBMIT_3


def test_words_of_a_citizen_in_both_widths() -> None:
    """Laid out by hand from 7.4.5.1."""
    head = octets("b4c5530000010000", b"900001".ljust(21, b"\0"), bytes(10), "00 00 00")
    words = b"This is a test MO."
    v2 = head + b"13412340000".ljust(21, b"\0") + b"\0" + bytes([18]) + words + bytes(8)
    v3 = head + b"13412340000".ljust(32, b"\0") + b"\0\0" + bytes([18]) + words + bytes(20)
    message = Deliver(0xB4C5530000010000, "900001", "13412340000", words, 0)
    assert cmpp.encode(message, 5, V2) == octets("00000067 00000005 00000005", v2)
    assert cmpp.encode(message, 1, V3) == octets("0000007f 00000005 00000001", v3)
    assert cmpp.decode(octets("0000007f 00000005 00000001", v3), V3) == (1, message)


def test_a_status_report_in_both_widths() -> None:
    report = StatusReport(0xB2B9DA8000010000, "DELIVRD", "2611210950", "2611210951", "13800000001", 7)
    for version, length in ((V2, 60), (V3, 71)):
        content = cmpp.encode_report(report, version)
        assert len(content) == length
        assert cmpp.decode_report(content) == report
    with pytest.raises(Malformed, match="a status report of 61 octets"):
        cmpp.decode_report(bytes(61))


# --- there and back ------------------------------------------------------------------------------------


def text(width: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=width)


octet, long = st.integers(0, 255), st.integers(0, 2**64 - 1)
coded = st.tuples(st.binary(max_size=140), st.sampled_from([0, 4, 8, 15]))
submits = st.builds(
    lambda numbers, coded, **rest: Submit(tuple(numbers), *coded, **rest),
    st.lists(text(21), min_size=1, max_size=5),
    coded,
    source=text(21),
    sp=text(6),
    total=octet,
    index=octet,
    report=octet,
    level=octet,
    service=text(10),
    fee_user=octet,
    fee_number=text(21),
    fee_type=text(2),
    fee_code=text(6),
    udhi=octet,
    valid_until=text(17),
    send_at=text(17),
    link=text(8),
    message_id=long,
)
delivers = st.builds(
    lambda coded, **rest: Deliver(content=coded[0], format=coded[1], **rest),
    coded,
    message_id=long,
    service_number=text(21),
    number=text(21),
    service=text(10),
    udhi=octet,
    report=octet,
    link=text(8),
)
small = st.one_of(
    st.builds(Connect, text(6), st.binary(min_size=16, max_size=16), octet, st.integers(0, 2**32 - 1)),
    st.builds(ConnectResp, octet, st.binary(min_size=16, max_size=16), octet),
    st.builds(SubmitResp, long, octet),
    st.builds(DeliverResp, long, octet),
    st.sampled_from(
        [Plain(command) for command in Command if command & 0xF in (Command.TERMINATE, Command.ACTIVE_TEST)]
    ),
)


@given(st.one_of(submits, delivers, small), st.integers(0, 2**32 - 1), st.sampled_from(Version))
def test_every_message_comes_back_as_it_was(message: Message, sequence: int, version: Version) -> None:
    assert cmpp.decode(cmpp.encode(message, sequence, version), version) == (sequence, message)


@given(st.one_of(submits, delivers, small), st.sampled_from(Version), st.integers(1, 30))
def test_a_message_cut_short_is_refused_in_words(message: Message, version: Version, missing: int) -> None:
    whole = cmpp.encode(message, 9, version)
    body = whole[12:-missing] if missing < len(whole) - 12 else b""
    if body == whole[12:]:
        return
    cut = struct.pack(">I", 12 + len(body)) + whole[4:12] + body
    with pytest.raises(Malformed) as caught:
        cmpp.decode(cut, version)
    assert caught.value.sequence == 9
    assert str(caught.value)


@given(st.binary(max_size=400), st.sampled_from(Version))
def test_any_octets_are_read_or_refused(pdu: bytes, version: Version) -> None:
    with suppress(Malformed):
        cmpp.decode(pdu, version)


@given(st.binary(max_size=300), st.sampled_from([*Command, 0x6, 0x77]), st.sampled_from(Version))
def test_any_body_is_read_or_refused(body: bytes, command: int, version: Version) -> None:
    dialect = CmppDialect(CmppAccount("901234", "demo-shared", "1065712345", version))
    pdu = struct.pack(">III", 12 + len(body), command, 1) + body
    try:
        dialect.read(pdu)
    except Malformed as fault:
        dialect.refuse(fault)


def test_what_does_not_fit_is_not_written() -> None:
    for message, why in (
        (Submit(("1" * 22,), b"", 8, "1", "901234"), "22 characters in a field of 21"),
        (Submit(("1",), bytes(141), 8, "1", "901234"), "141 octets of content, at most 140"),
        (Submit((), b"", 8, "1", "901234"), "0 numbers in one SUBMIT"),
        (Submit(("1",) * 100, b"", 8, "1", "901234"), "100 numbers in one SUBMIT"),
    ):
        with pytest.raises(ValueError, match=why):
            cmpp.encode(message, 1, V2)


# --- as a dialect ------------------------------------------------------------------------------------------


@pytest.fixture(params=[V2, V3], ids=["2.0", "3.0"])
def dialect(request: pytest.FixtureRequest) -> CmppDialect:
    return CmppDialect(CmppAccount("901234", "demo-shared", "1065712345", request.param))


def version_of(dialect: CmppDialect) -> Version:
    return dialect._account.version


def heard(dialect: CmppDialect, message: Message) -> object:
    return dialect.read(cmpp.encode(message, 7, version_of(dialect)))


def test_what_a_gateway_says_is_understood(dialect: CmppDialect) -> None:
    assert heard(dialect, SubmitResp(0xABC, 0)) == Answered(7, Verdict.ACCEPTED, "0000000000000abc")
    assert heard(dialect, SubmitResp(0, 8)) == Answered(7, Verdict.THROTTLED, error="CMPP_SUBMIT: 8")
    assert heard(dialect, SubmitResp(0, 13)) == Answered(7, Verdict.REFUSED, error="CMPP_SUBMIT: 13")
    assert heard(dialect, Plain(Command.ACTIVE_TEST)) == Probe(7)
    assert heard(dialect, Plain(Command.ACTIVE_TEST_RESP)) == Heard(7)
    assert heard(dialect, Plain(Command.TERMINATE)) == Goodbye(7)
    words = Deliver(0xABC, "1065712345", "13800000001", WORDS, 8)
    assert heard(dialect, words) == Uplink(7, "0000000000000abc", "13800000001", "1065712345", WORDS, Coding.UCS2)


@pytest.mark.parametrize(
    ("status", "delivered", "final"),
    [
        ("DELIVRD", True, True),
        ("UNDELIV", False, True),
        ("EXPIRED", False, True),
        ("MA:0001", False, True),
        ("ACCEPTD", False, False),
    ],
)
def test_status_reports_are_told_apart(dialect: CmppDialect, status: str, delivered: bool, final: bool) -> None:
    report = StatusReport(0xDEF, status, "2611210950", "2611210951", "13800000001")
    content = cmpp.encode_report(report, version_of(dialect))
    message = Deliver(0xABC, "1065712345", "13800000001", content, 0, report=1)
    assert heard(dialect, message) == Reported(
        7, "0000000000000abc", "0000000000000def", "13800000001", status, delivered, final
    )


def test_a_report_that_cannot_be_read_is_refused_by_its_number(dialect: CmppDialect) -> None:
    message = Deliver(0xABC, "1065712345", "13800000001", b"short", 0, report=1)
    with pytest.raises(Malformed, match="a status report of 5 octets") as caught:
        heard(dialect, message)
    answer = dialect.refuse(caught.value)
    assert cmpp.decode(answer, version_of(dialect)) == (7, DeliverResp(0xABC, 1))


def test_a_login_is_refused_in_words(dialect: CmppDialect) -> None:
    dialect.hello(1)
    no = cmpp.encode(ConnectResp(3, bytes(16), 0x30), 1, version_of(dialect))
    with pytest.raises(LoginRefused, match=r"^CMPP_CONNECT: 3 \(authentication\)$"):
        dialect.welcome(no)
    with pytest.raises(Malformed):
        dialect.welcome(cmpp.encode(Plain(Command.ACTIVE_TEST), 1, version_of(dialect)))


def test_a_gateway_that_does_not_know_the_secret_is_told(
    dialect: CmppDialect, caplog: pytest.LogCaptureFixture
) -> None:
    _sequence, hello = cmpp.decode(dialect.hello(1), version_of(dialect))
    assert isinstance(hello, Connect)
    right = cmpp.gateway_authenticator(0, hello.authenticator, "demo-shared", version_of(dialect))
    dialect.welcome(cmpp.encode(ConnectResp(0, right, 0x30), 1, version_of(dialect)))
    assert caplog.text == ""
    dialect.welcome(cmpp.encode(ConnectResp(0, bytes(16), 0x30), 1, version_of(dialect)))
    assert "did not prove" in caplog.text
    assert "demo-shared" not in caplog.text

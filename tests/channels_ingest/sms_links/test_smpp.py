"""SMPP on the wire: read by another library, and what a message centre says is understood or refused in words."""

import struct

import pytest
import smpp34
from aiosmpplib import BindTransceiver, EnquireLink, SubmitSm
from aiosmpplib.protocol import SmppMessage
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.sms_links import segments
from channels_ingest.sms_links.dialect import (
    Answered,
    Coding,
    Goodbye,
    Heard,
    LoginRefused,
    Malformed,
    Piece,
    Probe,
    Reported,
    Uplink,
    Verdict,
)
from channels_ingest.sms_links.smpp_dialect import SmppAccount, SmppDialect

ACCOUNT = SmppAccount("hotline", "demo1234", "12345", "VMA")
RESP = 0x80000000


@pytest.fixture
def dialect() -> SmppDialect:
    return SmppDialect(ACCOUNT)


def pdu(command: int, body: bytes = b"", status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">4I", 16 + len(body), command, status, sequence) + body


def test_another_library_reads_our_login_and_our_test(dialect: SmppDialect) -> None:
    hello = dialect.hello(1)
    read = BindTransceiver.from_pdu(hello, SmppMessage.parse_header(hello))
    assert read == BindTransceiver(sequence_num=1, system_id="hotline", password="demo1234", system_type="VMA")
    assert hello == read.pdu()
    assert dialect.test(2) == EnquireLink(sequence_num=2).pdu()


def test_another_library_reads_our_pieces(dialect: SmppDialect) -> None:
    text = "翠湖路垃圾桶满了。" * 10
    for index, content in enumerate(segments.cut(text, 9), 1):
        written = dialect.submit(index, Piece(1, "8613800000001", content, index, 2))
        read = SubmitSm.from_pdu(written, SmppMessage.parse_header(written))
        assert isinstance(read, SubmitSm)
        assert (read.destination.number, read.source.number) == ("8613800000001", "12345")
        assert (read.esm_class, read.registered_delivery, read.encoding) == (0x40, 1, "ucs2")
        assert read.get_segmentation_data() == (9, index, 2)
        assert read.short_message == (text[:67], text[67:])[index - 1]


def test_what_a_message_centre_says_is_understood(dialect: SmppDialect) -> None:
    assert dialect.read(pdu(RESP | 4, b"m1\0")) == Answered(7, Verdict.ACCEPTED, "m1")
    assert dialect.read(pdu(RESP | 4, b"", 0x58)) == Answered(7, Verdict.THROTTLED, error="submit_sm: 0x58")
    assert dialect.read(pdu(RESP | 4, b"\0", 0x14)) == Answered(7, Verdict.THROTTLED, error="submit_sm: 0x14")
    assert dialect.read(pdu(RESP | 4, b"", 0x40B)) == Answered(7, Verdict.REFUSED, error="submit_sm: 0x40b")
    assert dialect.read(pdu(RESP, b"", 3)) == Answered(7, Verdict.REFUSED, error="submit_sm: 0x3")
    assert dialect.read(pdu(0x15)) == Probe(7)
    assert dialect.read(pdu(RESP | 0x15)) == Heard(7)
    assert dialect.read(pdu(6)) == Goodbye(7)


def deliver(content: bytes, **fields: object) -> bytes:
    return smpp34.DeliverSm("8613800000001", "12345", content, sequence_number=7, **fields).encode()  # type: ignore[arg-type]


def test_words_of_a_citizen(dialect: SmppDialect) -> None:
    words = "路灯".encode("utf-16-be")
    plain = Uplink(7, "", "8613800000001", "12345", words, Coding.UCS2)
    assert dialect.read(deliver(words, data_coding=8)) == plain
    payload = [smpp34.Tlv(0x0424, words)]
    assert dialect.read(deliver(b"", data_coding=8, tlvs=payload)) == plain
    sar = [smpp34.Tlv(0x020C, b"\1\2"), smpp34.Tlv(0x020E, b"\2"), smpp34.Tlv(0x020F, b"\1")]
    told = dialect.read(deliver(words, data_coding=8, tlvs=sar))
    assert isinstance(told, Uplink)
    assert told.part == (0x102, 2, 1)


def test_receipts_in_words_and_in_parameters(dialect: SmppDialect) -> None:
    words = b"id:m1 sub:001 dlvrd:001 submit date:2611210950 done date:2611210951 stat:DELIVRD err:000 Text:id:x"
    assert dialect.read(deliver(words, esm_class=4)) == Reported(7, "", "m1", "8613800000001", "DELIVRD", True)
    tlvs = [smpp34.Tlv(0x001E, b"m2\0"), smpp34.Tlv(0x0427, b"\5")]
    assert dialect.read(deliver(b"", esm_class=4, tlvs=tlvs)) == Reported(
        7, "", "m2", "8613800000001", "UNDELIV", False
    )
    under_way = dialect.read(deliver(b"id:m3 stat:ENROUTE", esm_class=4))
    assert under_way == Reported(7, "", "m3", "8613800000001", "ENROUTE", False, final=False)


def test_what_cannot_be_read_is_refused_in_words_and_by_its_number(dialect: SmppDialect) -> None:
    for bad, why, answer in (
        (pdu(5, b"\0\1\1138"), "deliver_sm: ESME_RINVPARLEN", pdu(RESP | 5, b"\0", 0xC4)),
        (deliver(b"hello", esm_class=4), "a delivery receipt without an id or a state", pdu(RESP | 5, b"\0", 0xC4)),
        (pdu(0x103), "command 0x00000103 is not spoken here", pdu(RESP, b"", 3)),
    ):
        with pytest.raises(Malformed, match=why) as caught:
            dialect.read(bad)
        assert dialect.refuse(caught.value) == answer


def test_a_login_is_refused_in_words(dialect: SmppDialect) -> None:
    dialect.welcome(pdu(RESP | 9, b"SMSC\0"))
    with pytest.raises(LoginRefused, match=r"^bind_transceiver: 0xe$"):
        dialect.welcome(pdu(RESP | 9, b"", 0xE))
    with pytest.raises(Malformed):
        dialect.welcome(pdu(0x15))


@given(
    st.binary(max_size=300),
    st.sampled_from([0, RESP, 4, 5, 6, 9, 0x15, 0x103, RESP | 4, RESP | 5]),
    st.integers(0, 2**32 - 1),
)
def test_any_body_is_read_or_refused(body: bytes, command: int, status: int) -> None:
    dialect = SmppDialect(ACCOUNT)
    try:
        dialect.read(pdu(command, body, status))
    except Malformed as fault:
        dialect.refuse(fault)

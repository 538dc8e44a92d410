"""SMPP 3.4 as one account speaks it: the kept library `smpp34` reads and writes the long PDUs, the link does the rest.

Its own client is not used: it acknowledges a deliver_sm before anybody could keep it. Section numbers are those of
"Short Message Peer to Peer Protocol Specification v3.4", issue 1.2.
"""

import re
import struct
from dataclasses import dataclass

import smpp34

from channels_ingest.sms_links.dialect import (
    Answered,
    Coding,
    Event,
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

HEADER = struct.Struct(">IIII")  # 3.2: command_length, command_id, command_status, sequence_number
RESPONSE = 0x80000000
GENERIC_NACK = RESPONSE
SUBMIT_SM, DELIVER_SM, UNBIND, BIND_TRANSCEIVER, ENQUIRE_LINK = 0x4, 0x5, 0x6, 0x9, 0x15
SUBMIT_RESP = RESPONSE | SUBMIT_SM
INTERFACE_VERSION = 0x34
LONGEST_ADDRESS = 20  # 4.4.1: destination_addr without its final zero
UDHI = 0x40  # 5.2.12: esm_class, GSM specific features
MESSAGE_TYPE, RECEIPT = 0x3C, 0x04  # 5.2.12: bits 5-2, an SMSC delivery receipt
UCS2 = 0x08
# 5.2.19; 0 is the gateway's default alphabet, of which letters and digits are those of ASCII; 15 is used in China.
CODINGS = {0: Coding.TEXT, 1: Coding.TEXT, 3: Coding.LATIN, 8: Coding.UCS2, 15: Coding.GB}
THROTTLED = frozenset({0x14, 0x58})  # 5.1.3: ESME_RMSGQFUL, ESME_RTHROTTLED
INVALID_COMMAND = 0x3  # ESME_RINVCMDID
CANNOT_READ = 0xC4  # ESME_RINVOPTPARAMVAL
# 5.3.2: optional parameters
RECEIPTED_MESSAGE_ID, MESSAGE_PAYLOAD, MESSAGE_STATE = 0x001E, 0x0424, 0x0427
SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM = 0x020C, 0x020E, 0x020F
# 5.2.28: message_state; 1 and 6 are still under way.
STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
UNDER_WAY = frozenset({"ENROUTE", "ACCEPTD", "BUFFRED", "BUFFERD"})
# Appendix B: "id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:… done date:… stat:DDDDDDD err:E Text:…"
RECEIPT_ID = re.compile(rb"\bid:(\S+)", re.IGNORECASE)
RECEIPT_STAT = re.compile(rb"\bstat:(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SmppAccount:
    """What the gateway's operator gave."""

    system_id: str
    password: str
    source: str
    system_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    number_ton: int = 0
    number_npi: int = 0


class SmppDialect:
    """A transceiver session of an ESME (us) with an SMSC."""

    header_bytes = HEADER.size

    def __init__(self, account: SmppAccount) -> None:
        self._account = account

    def hello(self, sequence: int) -> bytes:
        account = self._account
        names = b"".join(_c_string(text) for text in (account.system_id, account.password, account.system_type))
        return _pdu(BIND_TRANSCEIVER, sequence, names + bytes([INTERFACE_VERSION, 0, 0]) + b"\0")

    def welcome(self, pdu: bytes) -> None:
        _length, command, status, _sequence = _header(pdu)
        if command not in (RESPONSE | BIND_TRANSCEIVER, GENERIC_NACK):
            raise Malformed("the first words of the gateway are no answer to bind_transceiver")
        if status:
            raise LoginRefused(f"bind_transceiver: {status:#x}")

    def submit(self, sequence: int, piece: Piece) -> bytes:
        account = self._account
        if not piece.number.isascii() or len(piece.number) > LONGEST_ADDRESS:
            raise ValueError(f"not a number of at most {LONGEST_ADDRESS} digits")
        pdu = smpp34.SubmitSm(
            account.source,
            piece.number,
            piece.content,
            source_addr_ton=account.source_ton,
            source_addr_npi=account.source_npi,
            dest_addr_ton=account.number_ton,
            dest_addr_npi=account.number_npi,
            esm_class=UDHI if piece.total > 1 else 0,
            registered_delivery=1,
            data_coding=UCS2,
            sequence_number=sequence,
        )
        return pdu.encode()

    def test(self, sequence: int) -> bytes:
        return _pdu(ENQUIRE_LINK, sequence)

    def goodbye(self, sequence: int) -> bytes:
        return _pdu(UNBIND, sequence)

    def read(self, pdu: bytes) -> Event:
        _length, command, status, sequence = _header(pdu)
        if command == DELIVER_SM:
            return _delivered(_decoded(pdu, sequence))
        if command in (SUBMIT_RESP, GENERIC_NACK):
            return _answered(sequence, status, pdu[HEADER.size :])
        if command == ENQUIRE_LINK:
            return Probe(sequence)
        if command == UNBIND:
            return Goodbye(sequence)
        if command & RESPONSE:
            return Heard(sequence)
        raise Malformed(f"command {command:#010x} is not spoken here", command=command, sequence=sequence)

    def answer(self, event: Uplink | Reported | Probe | Goodbye) -> bytes:
        match event:
            case Probe():
                return _pdu(RESPONSE | ENQUIRE_LINK, event.sequence)
            case Goodbye():
                return _pdu(RESPONSE | UNBIND, event.sequence)
            case _:
                return _pdu(RESPONSE | DELIVER_SM, event.sequence, b"\0")

    def refuse(self, fault: Malformed) -> bytes:
        if fault.command & RESPONSE:
            return b""
        if fault.command == DELIVER_SM:
            return _pdu(RESPONSE | DELIVER_SM, fault.sequence, b"\0", CANNOT_READ)
        return _pdu(GENERIC_NACK, fault.sequence, status=INVALID_COMMAND)


def _pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return HEADER.pack(HEADER.size + len(body), command, status, sequence) + body


def _c_string(text: str) -> bytes:
    return text.encode("ascii") + b"\0"


def _header(pdu: bytes) -> tuple[int, int, int, int]:
    if len(pdu) < HEADER.size:
        raise Malformed(f"{len(pdu)} octets are less than a header")
    length, command, status, sequence = HEADER.unpack_from(pdu)
    if length != len(pdu):
        raise Malformed(f"{len(pdu)} octets, the header says {length}", command=command, sequence=sequence)
    return length, command, status, sequence


def _decoded(pdu: bytes, sequence: int) -> smpp34.DeliverSm:
    try:
        found = smpp34.decode(pdu)
    except smpp34.SmppError as error:
        raise Malformed(f"deliver_sm: {error}", command=DELIVER_SM, sequence=sequence) from None
    assert isinstance(found, smpp34.DeliverSm)
    return found


def _answered(sequence: int, status: int, body: bytes) -> Answered:
    if status == 0:
        return Answered(sequence, Verdict.ACCEPTED, body.split(b"\0", 1)[0].decode("ascii", "replace"))
    verdict = Verdict.THROTTLED if status in THROTTLED else Verdict.REFUSED
    return Answered(sequence, verdict, error=f"submit_sm: {status:#x}")


def _delivered(pdu: smpp34.DeliverSm) -> Uplink | Reported:
    tlvs = {tlv.tag: tlv.value for tlv in pdu.tlvs}
    content = pdu.short_message or tlvs.get(MESSAGE_PAYLOAD, b"")
    if pdu.esm_class & MESSAGE_TYPE == RECEIPT:
        return _reported(pdu, content, tlvs)
    return Uplink(
        pdu.sequence_number,
        message_id="",
        number=pdu.source_addr,
        service_number=pdu.destination_addr,
        content=content,
        coding=CODINGS.get(pdu.data_coding, Coding.BINARY),
        udhi=bool(pdu.esm_class & UDHI),
        part=_part(tlvs),
    )


def _part(tlvs: dict[int, bytes]) -> tuple[int, int, int] | None:
    """5.3.2.22-24: a long message told by three optional parameters instead of a header."""
    tags = (SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM)
    found = [int.from_bytes(tlvs[tag], "big") for tag in tags if tag in tlvs]
    return (found[0], found[1], found[2]) if len(found) == len(tags) else None


def _reported(pdu: smpp34.DeliverSm, content: bytes, tlvs: dict[int, bytes]) -> Reported:
    """The parameters where the gateway gives them (5.3.2.12, 5.3.2.35), else the words of appendix B."""
    named, said = RECEIPT_ID.search(content), RECEIPT_STAT.search(content)
    reference = tlvs.get(RECEIPTED_MESSAGE_ID, named[1] if named else b"").split(b"\0", 1)[0]
    state = tlvs.get(MESSAGE_STATE, b"")
    status = STATES.get(state[0], "") if state else ""
    status = status or (said[1].decode("ascii", "replace").upper() if said else "")
    if not reference or not status:
        why = "a delivery receipt without an id or a state"
        raise Malformed(why, command=DELIVER_SM, sequence=pdu.sequence_number)
    return Reported(
        pdu.sequence_number,
        message_id="",
        reference=reference.decode("ascii", "replace"),
        number=pdu.source_addr,
        status=status[:10],
        delivered=status == "DELIVRD",
        final=status not in UNDER_WAY,
    )

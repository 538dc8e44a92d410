"""CMPP 2.0 and 3.0 on the wire: frozen values in, bytes out, and back; malformed bytes are refused in words.

Numbers are big-endian, strings are padded with zeros on the right (7.1, 7.2 of CMPP V2.0).
"""

import hashlib
import struct

from channels_ingest.sms_links.cmpp_messages import (
    HEADER,
    MOST_ASCII,
    MOST_NUMBERS,
    MOST_OCTETS,
    WIDTHS,
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
    Widths,
)
from channels_ingest.sms_links.dialect import Malformed


def authenticator(source: str, secret: str, timestamp: int) -> bytes:
    """7.4.1.1: MD5(Source_Addr + 9 zero octets + shared secret + timestamp as ten digits)."""
    return _md5(source.encode("ascii"), bytes(9), secret.encode(), f"{timestamp:010d}".encode())


def gateway_authenticator(status: int, ours: bytes, secret: str, version: Version) -> bytes:
    """7.4.1.2: MD5(Status + AuthenticatorSource + shared secret); the status is as wide as in the answer."""
    return _md5(struct.pack(f">{WIDTHS[version].result}", status), ours, secret.encode())


def _md5(*parts: bytes) -> bytes:
    return hashlib.md5(b"".join(parts), usedforsecurity=False).digest()  # the protocol knows no other


# --- writing ---------------------------------------------------------------------------------------


def encode(message: Message, sequence: int, version: Version) -> bytes:
    """The whole PDU; ValueError when a field does not fit."""
    command, body = _body(message, WIDTHS[version])
    return HEADER.pack(HEADER.size + len(body), command, sequence) + body


def _body(message: Message, widths: Widths) -> tuple[Command, bytes]:
    match message:
        case Plain(command):
            return command, b"\0" if command == Command.ACTIVE_TEST_RESP else b""
        case Submit():
            return Command.SUBMIT, _submit(message, widths)
        case Deliver():
            return Command.DELIVER, _deliver(message, widths)
        case SubmitResp(message_id, result):
            return Command.SUBMIT_RESP, struct.pack(f">Q{widths.result}", message_id, result)
        case DeliverResp(message_id, result):
            return Command.DELIVER_RESP, struct.pack(f">Q{widths.result}", message_id, result)
        case Connect(source, proof, version, timestamp):
            return Command.CONNECT, struct.pack(">6s16sBI", _octets(source, 6), proof, version, timestamp)
        case ConnectResp(status, proof, version):
            return Command.CONNECT_RESP, struct.pack(f">{widths.result}16sB", status, proof, version)


def _submit(message: Submit, widths: Widths) -> bytes:
    if not 0 < len(message.numbers) < MOST_NUMBERS:
        raise ValueError(f"{len(message.numbers)} numbers in one SUBMIT")
    _require_length(message.content, message.format)
    fee = _octets(message.fee_number, widths.number) + bytes(len(widths.type))
    return b"".join(
        (
            struct.pack(">Q4B", message.message_id, message.total, message.index, message.report, message.level),
            _octets(message.service, 10) + bytes([message.fee_user]) + fee,
            bytes([0, message.udhi, message.format]),
            _octets(message.sp, 6) + _octets(message.fee_type, 2) + _octets(message.fee_code, 6),
            _octets(message.valid_until, 17) + _octets(message.send_at, 17) + _octets(message.source, 21),
            bytes([len(message.numbers)]),
            *(_octets(number, widths.number) for number in message.numbers),
            bytes(len(widths.type)) + bytes([len(message.content)]) + message.content,
            _octets(message.link, widths.tail),
        )
    )


def _deliver(message: Deliver, widths: Widths) -> bytes:
    _require_length(message.content, message.format)
    return b"".join(
        (
            struct.pack(">Q", message.message_id),
            _octets(message.service_number, 21) + _octets(message.service, 10),
            bytes([0, message.udhi, message.format]),
            _octets(message.number, widths.number) + bytes(len(widths.type)),
            bytes([message.report, len(message.content)]) + message.content,
            _octets(message.link, widths.tail),
        )
    )


def encode_report(report: StatusReport, version: Version) -> bytes:
    """The content of a status report: 60 octets in V2.0, 71 in V3.0."""
    head = struct.pack(">Q", report.message_id) + _octets(report.status, 7)
    times = _octets(report.submitted, 10) + _octets(report.done, 10)
    return head + times + _octets(report.number, WIDTHS[version].number) + struct.pack(">I", report.sequence)


def _octets(text: str, width: int) -> bytes:
    raw = text.encode("ascii")
    if len(raw) > width:
        raise ValueError(f"{len(raw)} characters in a field of {width}")
    return raw.ljust(width, b"\0")


def _require_length(content: bytes, format: int) -> None:
    most = MOST_OCTETS if format else MOST_ASCII
    if len(content) > most:
        raise ValueError(f"{len(content)} octets of content, at most {most}")


# --- reading ---------------------------------------------------------------------------------------


class _Reader:
    """Takes fields off a body, one after another."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def take(self, count: int) -> bytes:
        found = self._body[self._at : self._at + count]
        if len(found) < count:
            raise Malformed(f"ends after {len(self._body)} octets of body, {self._at + count} were needed")
        self._at += count
        return found

    def number(self, code: str) -> int:
        value: int = struct.unpack(f">{code}", self.take(struct.calcsize(code)))[0]
        return value

    def text(self, width: int) -> str:
        raw = self.take(width).split(b"\0", 1)[0]
        if not raw.isascii():
            raise Malformed("a field of letters and digits holds other octets")
        return raw.decode("ascii")

    def done(self) -> None:
        if self._at != len(self._body):
            raise Malformed(f"{len(self._body) - self._at} octets more than its fields")


def decode(pdu: bytes, version: Version) -> tuple[int, Message]:
    """(sequence, message); Malformed with the sequence to answer when the body cannot be read."""
    if len(pdu) < HEADER.size:
        raise Malformed(f"{len(pdu)} octets are less than a header")
    length, command, sequence = HEADER.unpack_from(pdu)
    message_id = pdu[12:20].hex() if command in (Command.DELIVER, Command.SUBMIT) else ""
    try:
        if length != len(pdu):
            raise Malformed(f"{len(pdu)} octets, the header says {length}")
        reader = _Reader(pdu[HEADER.size :])
        message = _message(command, reader, WIDTHS[version])
        reader.done()
    except Malformed as fault:
        raise Malformed(str(fault), command=command, sequence=sequence, message_id=message_id) from None
    return sequence, message


def _message(command: int, reader: _Reader, widths: Widths) -> Message:
    match command:
        case Command.SUBMIT:
            return _read_submit(reader, widths)
        case Command.DELIVER:
            return _read_deliver(reader, widths)
        case Command.SUBMIT_RESP:
            return SubmitResp(reader.number("Q"), reader.number(widths.result))
        case Command.DELIVER_RESP:
            return DeliverResp(reader.number("Q"), reader.number(widths.result))
        case Command.CONNECT:
            return Connect(reader.text(6), reader.take(16), reader.number("B"), reader.number("I"))
        case Command.CONNECT_RESP:
            return ConnectResp(reader.number(widths.result), reader.take(16), reader.number("B"))
        case Command.ACTIVE_TEST_RESP:
            reader.take(1)
        case Command.TERMINATE | Command.TERMINATE_RESP | Command.ACTIVE_TEST:
            pass
        case _:
            raise Malformed(f"command {command:#010x} is not spoken here")
    return Plain(Command(command))


def _read_submit(reader: _Reader, widths: Widths) -> Submit:
    message_id, total, index = reader.number("Q"), reader.number("B"), reader.number("B")
    report, level, service = reader.number("B"), reader.number("B"), reader.text(10)
    fee_user, fee_number = reader.number("B"), reader.text(widths.number)
    reader.take(len(widths.type) + 1)  # Fee_terminal_type, TP_pId
    udhi, format, sp = reader.number("B"), reader.number("B"), reader.text(6)
    fee_type, fee_code, valid_until, send_at = reader.text(2), reader.text(6), reader.text(17), reader.text(17)
    source = reader.text(21)
    numbers = tuple(reader.text(widths.number) for _ in range(reader.number("B")))
    reader.take(len(widths.type))  # Dest_terminal_type
    content, link = reader.take(reader.number("B")), reader.text(widths.tail)
    return Submit(
        numbers, content, format, source, sp, total, index, report, level, service, fee_user, fee_number,
        fee_type, fee_code, udhi, valid_until, send_at, link, message_id,
    )  # fmt: skip


def _read_deliver(reader: _Reader, widths: Widths) -> Deliver:
    message_id, service_number, service = reader.number("Q"), reader.text(21), reader.text(10)
    reader.take(1)  # TP_pid
    udhi, format, number = reader.number("B"), reader.number("B"), reader.text(widths.number)
    reader.take(len(widths.type))  # Src_terminal_type
    report, content = reader.number("B"), reader.take(reader.number("B"))
    link = reader.text(widths.tail)
    return Deliver(message_id, service_number, number, content, format, service, udhi, report, link)


def decode_report(content: bytes) -> StatusReport:
    """The content of a status report, as wide as its gateway writes it (V3.0 gateways may keep V2.0's width)."""
    width = len(content) - 39
    if width not in {widths.number for widths in WIDTHS.values()}:
        raise Malformed(f"a status report of {len(content)} octets")
    reader = _Reader(content)
    return StatusReport(
        reader.number("Q"), reader.text(7), reader.text(10), reader.text(10), reader.text(width), reader.number("I")
    )

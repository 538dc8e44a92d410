"""A message centre (SMSC) speaking SMPP 3.4; it reads with the library aiosmpplib, which the product does not use."""

import struct

from aiosmpplib import BindTransceiver, SubmitSm
from aiosmpplib.protocol import PduHeader, SmppMessage
from aiosmpplib.state import SAR_MSG_REF_NUM, SAR_SEGMENT_SEQNUM, SAR_TOTAL_SEGMENTS

from tests.fakes.sms_gateway import Caller, SmsGateway, Taken

GENERIC_NACK, SUBMIT, DELIVER, UNBIND, BIND_TRX, ENQUIRE = 0x80000000, 0x4, 0x5, 0x6, 0x9, 0x15
RESP = 0x80000000
STATUSES = {"accept": 0, "throttle": 0x58, "refuse": 0xB}
WRONG_PASSWORD = 0xE


class Smsc(SmsGateway):
    """Checks who binds; its message ids are m1, m2, m3 …"""

    def __init__(self, system_id: str, password: str) -> None:
        super().__init__()
        self._system_id, self._password = system_id, password

    def serve(self, caller: Caller) -> None:
        while True:
            head = caller.read(16)
            length, command, status, sequence = struct.unpack(">4I", head)
            pdu = head + caller.read(length - 16)
            if command == BIND_TRX:
                self._bind(caller, pdu)
            elif not caller.logged_in:
                return
            elif command == SUBMIT:
                self._submit(caller, pdu)
            elif command == ENQUIRE:
                self.note(lambda: setattr(self, "tests", self.tests + 1))
                if not self.deaf:
                    caller.write(_pdu(RESP | ENQUIRE, sequence))
            elif command == UNBIND:
                self.note(lambda: setattr(self, "goodbyes", self.goodbyes + 1))
                caller.write(_pdu(RESP | UNBIND, sequence))
                return
            else:
                self.note(lambda row=(command, status, sequence): self.said.append(row))  # type: ignore[misc]

    def deliver(self, number: str, content: bytes, *, coding: int = 8, esm_class: int = 0, tlvs: bytes = b"") -> int:
        """A citizen's words on their way to the client; returns the sequence number."""
        sequence = self.next_number()
        body = (
            b"\0" + b"\1\1" + number.encode() + b"\0" + b"\0\1" + b"12345\0"
            + bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(content)]) + content + tlvs
        )  # fmt: skip
        self.write(_pdu(DELIVER, sequence, body))
        return sequence

    def report(self, reference: str, status: str, number: str) -> int:
        """What became of a piece, in the words of the specification's appendix B."""
        words = (
            f"id:{reference} sub:001 dlvrd:001 submit date:2611210950 done date:2611210951 stat:{status} err:000 Text:"
        )
        return self.deliver(number, words.encode(), coding=0, esm_class=0x04)

    def ask(self) -> int:
        """Is the client there?"""
        sequence = self.next_number()
        self.write(_pdu(ENQUIRE, sequence))
        return sequence

    def end(self) -> None:
        """End the session."""
        self.write(_pdu(UNBIND, self.next_number()))

    def kept(self, sequence: int) -> int:
        """Wait for the client's answer to a deliver_sm; its status."""
        self.until(lambda: self.answered(RESP | DELIVER, sequence) is not None)
        return self.answered(RESP | DELIVER, sequence) or 0

    def _bind(self, caller: Caller, pdu: bytes) -> None:
        found = BindTransceiver.from_pdu(pdu, _header(pdu))
        assert isinstance(found, BindTransceiver)
        good = (found.system_id, found.password) == (self._system_id, self._password)
        caller.write(_pdu(RESP | BIND_TRX, found.sequence_num, b"SMSC\0", 0 if good else WRONG_PASSWORD))
        caller.logged_in = good
        self.note(lambda: self.logins.append(good))

    def _submit(self, caller: Caller, pdu: bytes) -> None:
        found = SubmitSm.from_pdu(pdu, _header(pdu))
        assert isinstance(found, SubmitSm)
        parts = {option.tag: option.value for option in found.optional_params or []}
        place = [parts.get(tag) for tag in (SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM)]
        header = bytes([5, 0, 3, *(int(value) for value in place if value is not None)]) if parts else b""
        wanted = found.registered_delivery == 1
        piece = Taken(found.destination.number, found.source.number, found.short_message, header, wanted)
        message_id = f"m{self.next_number()}".encode()

        def answer(fate: str) -> None:
            body = message_id + b"\0" if fate == "accept" else b""
            caller.write(_pdu(RESP | SUBMIT, found.sequence_num, body, STATUSES[fate]))

        self.take(caller, piece, answer)


def _header(pdu: bytes) -> PduHeader:
    return SmppMessage.parse_header(pdu)


def _pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return struct.pack(">4I", 16 + len(body), command, status, sequence) + body

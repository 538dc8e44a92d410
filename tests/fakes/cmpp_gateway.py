"""An operator's gateway (ISMG) that speaks CMPP 2.0 or 3.0; written from the specification, apart from the product."""

import hashlib
import struct
from dataclasses import dataclass

from tests.fakes.sms_gateway import Caller, SmsGateway, Taken, split

CONNECT, TERMINATE, SUBMIT, DELIVER, ACTIVE_TEST = 1, 2, 4, 5, 8
RESP = 0x80000000
RESULTS = {"accept": 0, "throttle": 8, "refuse": 13}


@dataclass(frozen=True)
class Layout:
    """Where the fields are: V3.0 has longer numbers, a type behind each, wider results, a LinkID."""

    number: int
    type: int
    result: str
    tail: int


LAYOUTS = {2: Layout(21, 0, "B", 8), 3: Layout(32, 1, "I", 20)}


class CmppGateway(SmsGateway):
    """Checks who logs in; gives every piece a Msg_Id of its own."""

    def __init__(self, sp: str, secret: str, version: int) -> None:
        super().__init__()
        self._sp, self._secret, self._version = sp, secret, version
        self._layout = LAYOUTS[version]

    def serve(self, caller: Caller) -> None:
        while True:
            length, command, sequence = struct.unpack(">III", caller.read(12))
            body = caller.read(length - 12)
            if command == CONNECT:
                self._connect(caller, sequence, body)
            elif not caller.logged_in:
                return
            elif command == SUBMIT:
                self._submit(caller, sequence, body)
            elif command == ACTIVE_TEST:
                self.note(lambda: setattr(self, "tests", self.tests + 1))
                if not self.deaf:
                    caller.write(self._pdu(RESP | ACTIVE_TEST, sequence, b"\0"))
            elif command == TERMINATE:
                self.note(lambda: setattr(self, "goodbyes", self.goodbyes + 1))
                caller.write(self._pdu(RESP | TERMINATE, sequence))
                return
            else:
                status = struct.unpack(f">{self._layout.result}", body[8:])[0] if command == RESP | DELIVER else 0
                self.note(lambda row=(command, status, sequence): self.said.append(row))  # type: ignore[misc]

    def deliver(self, number: str, content: bytes, *, format: int = 8, udhi: int = 0, message_id: int = 0) -> int:
        """A citizen's words on their way to the client; returns the sequence number."""
        return self._deliver(number, content, format, udhi, 0, message_id or self.next_number())

    def report(self, reference: int, status: str, number: str) -> int:
        """What became of a piece."""
        content = (
            struct.pack(">Q7s", reference, status.encode())
            + b"2611210950" * 2
            + number.encode().ljust(self._layout.number, b"\0")
            + struct.pack(">I", 7)
        )
        return self._deliver(number, content, 0, 0, 1, self.next_number())

    def ask(self) -> int:
        """Is the client there?"""
        sequence = self.next_number()
        self.write(self._pdu(ACTIVE_TEST, sequence))
        return sequence

    def end(self) -> None:
        """End the session."""
        self.write(self._pdu(TERMINATE, self.next_number()))

    def kept(self, sequence: int) -> int:
        """Wait for the client's answer to a DELIVER; its result."""
        self.until(lambda: self.answered(RESP | DELIVER, sequence) is not None)
        return self.answered(RESP | DELIVER, sequence) or 0

    def _deliver(self, number: str, content: bytes, format: int, udhi: int, report: int, message_id: int) -> int:
        layout, sequence = self._layout, self.next_number()
        body = struct.pack(
            f">Q21s10s3B{layout.number}s{layout.type}x2B",
            message_id,
            b"1065712345",
            b"12345",
            0,
            udhi,
            format,
            number.encode(),
            report,
            len(content),
        )
        self.write(self._pdu(DELIVER, sequence, body + content + bytes(layout.tail)))
        return sequence

    def _connect(self, caller: Caller, sequence: int, body: bytes) -> None:
        source, proof, version, timestamp = struct.unpack(">6s16sBI", body)
        right = hashlib.md5(self._sp.encode() + bytes(9) + self._secret.encode() + b"%010d" % timestamp).digest()
        good = source == self._sp.encode() and proof == right and version >> 4 == self._version
        status = struct.pack(f">{self._layout.result}", 0 if good else 3)
        ours = hashlib.md5(status + proof + self._secret.encode()).digest()
        caller.write(self._pdu(RESP | CONNECT, sequence, status + ours + bytes([version])))
        caller.logged_in = good
        self.note(lambda: self.logins.append(good))

    def _submit(self, caller: Caller, sequence: int, body: bytes) -> None:
        layout = self._layout
        at = 8 + 4 + 10 + 1 + layout.number + layout.type + 1
        udhi = body[at]
        at += 2 + 6 + 2 + 6 + 17 + 17
        source = body[at : at + 21]
        assert body[at + 21] == 1, "one number in each SUBMIT"
        at += 22
        number = body[at : at + layout.number]
        at += layout.number + layout.type
        content = body[at + 1 : at + 1 + body[at]]
        assert len(body) == at + 1 + body[at] + layout.tail
        header, text = split(content, bool(udhi))
        if udhi:
            assert (body[8], body[9]) == (header[4], header[5]), "Pk_total, Pk_number tell what the header tells"
        piece = Taken(_text(number), _text(source), text, header, body[10] == 1)
        message_id = self.next_number()

        def answer(fate: str) -> None:
            result = struct.pack(f">Q{layout.result}", message_id, RESULTS[fate])
            caller.write(self._pdu(RESP | SUBMIT, sequence, result))

        self.take(caller, piece, answer)

    @staticmethod
    def _pdu(command: int, sequence: int, body: bytes = b"") -> bytes:
        return struct.pack(">III", 12 + len(body), command, sequence) + body


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode("ascii")

"""The messages of CMPP 2.0 and 3.0 (中国移动通信互联网短信网关接口协议) as frozen values.

Section numbers are those of CMPP V2.0 (China Mobile, April 2002); V3.0 has the same messages with wider fields.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct(">III")  # 7.3: Total_Length, Command_Id, Sequence_Id
MOST_NUMBERS = 100  # 7.4.3.1: DestUsr_tl is less than 100
MOST_OCTETS, MOST_ASCII = 140, 160  # 7.4.3.1: Msg_Length, for any format and for Msg_Fmt = 0
RESPONSE = 0x80000000


class Version(IntEnum):
    """The version octet of CONNECT: major in the high four bits, minor in the low four."""

    V2 = 0x20
    V3 = 0x30


class Command(IntEnum):
    """Command_Id (7.4 and 9.1); an answer has the highest bit set."""

    CONNECT = 0x1
    TERMINATE = 0x2
    SUBMIT = 0x4
    DELIVER = 0x5
    ACTIVE_TEST = 0x8
    CONNECT_RESP = RESPONSE | CONNECT
    TERMINATE_RESP = RESPONSE | TERMINATE
    SUBMIT_RESP = RESPONSE | SUBMIT
    DELIVER_RESP = RESPONSE | DELIVER
    ACTIVE_TEST_RESP = RESPONSE | ACTIVE_TEST


@dataclass(frozen=True, slots=True)
class Widths:
    """What V3.0 made wider: numbers, results, and the tail of a message."""

    number: int
    type: str  # struct code of Fee_terminal_type, Dest_terminal_type, Src_terminal_type: V3.0 only
    result: str
    tail: int  # Reserve in V2.0, LinkID in V3.0


WIDTHS = {Version.V2: Widths(21, "", "B", 8), Version.V3: Widths(32, "B", "I", 20)}


@dataclass(frozen=True, slots=True)
class Connect:
    """7.4.1.1: `authenticator` proves the secret without telling it; `timestamp` is MMDDHHMMSS as a number."""

    source: str
    authenticator: bytes
    version: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class ConnectResp:
    """7.4.1.2: 0 right, 1 structure, 2 source address, 3 authentication, 4 version too high, 5 other."""

    status: int
    authenticator: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Submit:
    """7.4.3.1: one message to one or more numbers."""

    numbers: tuple[str, ...]
    content: bytes
    format: int
    source: str
    sp: str
    total: int = 1
    index: int = 1
    report: int = 1
    level: int = 0
    service: str = ""
    fee_user: int = 2
    fee_number: str = ""
    fee_type: str = "01"
    fee_code: str = "0"
    udhi: int = 0
    valid_until: str = ""
    send_at: str = ""
    link: str = ""
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class SubmitResp:
    """7.4.3.2: `result` 0 right, 8 flow control, the rest are refusals (V3.0 has more of them)."""

    message_id: int
    result: int


@dataclass(frozen=True, slots=True)
class Deliver:
    """7.4.5.1: words of a citizen, or (`report` = 1) what became of a message of ours."""

    message_id: int
    service_number: str
    number: str
    content: bytes
    format: int
    service: str = ""
    udhi: int = 0
    report: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class DeliverResp:
    """7.4.5.2: 0 right, 1 structure …"""

    message_id: int
    result: int = 0


@dataclass(frozen=True, slots=True)
class Plain:
    """A message without a body: TERMINATE, ACTIVE_TEST and their answers (7.4.2, 7.4.7)."""

    command: Command


Message = Connect | ConnectResp | Submit | SubmitResp | Deliver | DeliverResp | Plain


@dataclass(frozen=True, slots=True)
class StatusReport:
    """7.4.5.1, the content of a DELIVER with Registered_Delivery = 1."""

    message_id: int
    status: str
    submitted: str
    done: str
    number: str
    sequence: int = 0

"""CMPP as one account speaks it: what a link sends becomes PDUs, what comes in becomes events."""

import hmac
import logging
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from channels_ingest.sms_links import cmpp
from channels_ingest.sms_links.cmpp_messages import (
    HEADER,
    Command,
    Connect,
    ConnectResp,
    Deliver,
    DeliverResp,
    Message,
    Plain,
    Submit,
    SubmitResp,
    Version,
)
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

log = logging.getLogger(__name__)
BEIJING = ZoneInfo("Asia/Shanghai")
LOGIN_ERRORS = {1: "structure", 2: "source address", 3: "authentication", 4: "version too high"}
FLOW_CONTROL = 8
UCS2 = 8
CODINGS = {0: Coding.TEXT, 8: Coding.UCS2, 15: Coding.GB}
DELIVERED = "DELIVRD"
# 7.4.5.1: everything else in the table of Stat is an end; these two say that it is still under way.
UNDER_WAY = frozenset({"ACCEPTD", "ENROUTE"})
BAD_STRUCTURE = 1


@dataclass(frozen=True, slots=True)
class CmppAccount:
    """What the operator (运营商) gave: 企业代码, 共享密钥, 接入号, 业务代码, and who pays."""

    sp: str
    secret: str
    source: str
    version: Version = Version.V2
    service: str = ""
    fee_user: int = 2
    fee_type: str = "01"
    fee_code: str = "0"


class CmppDialect:
    """CMPP 2.0 or 3.0 between an SP (us) and its gateway (ISMG)."""

    header_bytes = HEADER.size

    def __init__(self, account: CmppAccount) -> None:
        self._account = account
        self._proof = b""

    def hello(self, sequence: int) -> bytes:
        account = self._account
        timestamp = int(datetime.now(BEIJING).strftime("%m%d%H%M%S"))
        self._proof = cmpp.authenticator(account.sp, account.secret, timestamp)
        return self._encode(Connect(account.sp, self._proof, account.version, timestamp), sequence)

    def welcome(self, pdu: bytes) -> None:
        _sequence, message = cmpp.decode(pdu, self._account.version)
        if not isinstance(message, ConnectResp):
            raise Malformed("the first words of the gateway are no answer to CONNECT")
        if message.status:
            raise LoginRefused(f"CMPP_CONNECT: {message.status} ({LOGIN_ERRORS.get(message.status, 'other')})")
        account = self._account
        right = cmpp.gateway_authenticator(message.status, self._proof, account.secret, account.version)
        if not hmac.compare_digest(right, message.authenticator):  # many gateways leave it empty
            log.warning("the gateway of %s did not prove that it knows the secret", account.sp)

    def submit(self, sequence: int, piece: Piece) -> bytes:
        account = self._account
        message = Submit(
            numbers=(piece.number,),
            content=piece.content,
            format=UCS2,
            source=account.source,
            sp=account.sp,
            total=piece.total,
            index=piece.index,
            service=account.service,
            fee_user=account.fee_user,
            fee_type=account.fee_type,
            fee_code=account.fee_code,
            udhi=int(piece.total > 1),
        )
        return self._encode(message, sequence)

    def test(self, sequence: int) -> bytes:
        return self._encode(Plain(Command.ACTIVE_TEST), sequence)

    def goodbye(self, sequence: int) -> bytes:
        return self._encode(Plain(Command.TERMINATE), sequence)

    def read(self, pdu: bytes) -> Event:
        sequence, message = cmpp.decode(pdu, self._account.version)
        match message:
            case SubmitResp(message_id, result):
                return _answered(sequence, message_id, result)
            case Deliver():
                return _delivered(sequence, message)
            case Plain(Command.ACTIVE_TEST):
                return Probe(sequence)
            case Plain(Command.TERMINATE):
                return Goodbye(sequence)
            case Plain():
                return Heard(sequence)
            case _:
                raise Malformed(f"{type(message).__name__} is not for us", sequence=sequence)

    def answer(self, event: Uplink | Reported | Probe | Goodbye) -> bytes:
        match event:
            case Probe():
                return self._encode(Plain(Command.ACTIVE_TEST_RESP), event.sequence)
            case Goodbye():
                return self._encode(Plain(Command.TERMINATE_RESP), event.sequence)
            case _:
                return self._encode(DeliverResp(int(event.message_id, 16)), event.sequence)

    def refuse(self, fault: Malformed) -> bytes:
        if fault.command != Command.DELIVER or not fault.message_id:
            return b""
        return self._encode(DeliverResp(int(fault.message_id, 16), BAD_STRUCTURE), fault.sequence)

    def _encode(self, message: Message, sequence: int) -> bytes:
        return cmpp.encode(message, sequence, self._account.version)


def _answered(sequence: int, message_id: int, result: int) -> Answered:
    if result == 0:
        return Answered(sequence, Verdict.ACCEPTED, f"{message_id:016x}")
    verdict = Verdict.THROTTLED if result == FLOW_CONTROL else Verdict.REFUSED
    return Answered(sequence, verdict, error=f"CMPP_SUBMIT: {result}")


def _delivered(sequence: int, message: Deliver) -> Uplink | Reported:
    message_id = f"{message.message_id:016x}"
    if not message.report:
        coding = CODINGS.get(message.format, Coding.BINARY)
        udhi = bool(message.udhi & 1)
        words = (message.number, message.service_number, message.content, coding, udhi)
        return Uplink(sequence, message_id, *words)
    try:
        report = cmpp.decode_report(message.content)
    except Malformed as fault:
        raise Malformed(str(fault), command=Command.DELIVER, sequence=sequence, message_id=message_id) from None
    status = report.status
    return Reported(
        sequence,
        message_id,
        reference=f"{report.message_id:016x}",
        number=report.number,
        status=status,
        delivered=status == DELIVERED,
        final=status not in UNDER_WAY,
    )

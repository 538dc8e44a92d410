"""What aiosipua's user agent lacks: each message handled once, keys by INFO, calls forgotten when they are over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiosipua import SipUAC, SipUAS, parse_sdp
from aiosipua.message import SipRequest, SipResponse, missing_required_headers

from channels_ingest.telephony.sip_transport import Address, SipTransport

_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_SIGNAL = re.compile(r"(?:Signal\s*=\s*)?([0-9A-D*#])", re.IGNORECASE)
_KEY_TYPES = ("application/dtmf-relay", "application/dtmf")


class UserAgent(SipUAS):
    """aiosipua's server, told once of each message and of keys by INFO."""

    def __init__(self, transport: SipTransport, uac: SipUAC, **options: Any) -> None:
        super().__init__(transport, uac=uac, retransmit_2xx=True, **options)
        self._network = transport
        self.on_key: Callable[[str, str], None] = lambda call_id, key: None
        self.on_answer_to_refer: Callable[[str, int], None] = lambda call_id, status: None
        self._handlers["INFO"] = self._handle_info

    def forget(self, call_id: str) -> None:
        """A call is over, whoever ended it."""
        call = self._calls.pop(call_id, None)
        if call is not None:
            call._stop_retransmissions()
            self._remove_invite_transaction(call.invite)
        if self.uac is not None:
            self.uac.remove_call(call_id)

    def _on_message(self, msg: SipRequest | SipResponse, addr: Address) -> None:
        if not self._network.is_news(msg, addr):
            return
        if isinstance(msg, SipResponse) and msg.cseq is not None and msg.cseq.method.upper() == "REFER":
            self.on_answer_to_refer(msg.call_id or "", msg.status_code)
        if isinstance(msg, SipRequest) or _has_readable_offer(msg):
            super()._on_message(msg, addr)

    def _handle_request(self, request: SipRequest, addr: Address) -> None:
        if missing_required_headers(request) or request.method.upper() == "ACK" or _has_readable_offer(request):
            super()._handle_request(request, addr)
        else:
            self._send_error(request, 400, "Bad Request")

    def _handle_info(self, request: SipRequest, addr: Address) -> None:
        call_id = request.call_id or ""
        _, dialog = self._find_dialog(call_id)
        if dialog is None:
            self._send_error(request, 481, "Call/Transaction Does Not Exist")
            return
        if not self._validate_in_dialog(dialog, request):
            return
        self.transport.send_reply(dialog.create_response(request, 200, "OK"))
        found = _SIGNAL.match(request.text.strip()) if request.content_type in _KEY_TYPES else None
        if found is not None:
            self.on_key(call_id, found.group(1).upper())


def _has_readable_offer(msg: SipRequest | SipResponse) -> bool:
    """aiosipua leaves the errors of its parser to whoever handles the message."""
    if msg.content_type != "application/sdp":
        return True
    try:
        parse_sdp(msg.text)
    except ValueError:
        return False
    return True


def number_of(request: SipRequest, *headers: str) -> str:
    """The first number that one of these headers names; "" for a withheld one."""
    for header in headers:
        value = request.get_header(header) or ""
        found = re.search(r"(?:sips?|tel):([^@;>]+)", value)
        if found and _NUMBER.fullmatch(number := re.sub(r"[-. ()]", "", found.group(1))):
            return number
    return ""

"""Aliyun short messages (阿里云短信): SmsUp pushes JSON arrays, unsigned, and tries three times."""

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import UNREADABLE, Account, checked, required_text
from channels_ingest.errors import BadPayload
from channels_ingest.messages import Answer, Inbound, Reply, Sender, WebRequest
from channels_ingest.sms import SmsAdapter, beijing_time, plain_number

log = logging.getLogger(__name__)


class SmsAliyun(SmsAdapter):
    """[{phone_number, content, send_time, dest_code, sequence_id, sign_name?}, …]"""

    slug = "sms-aliyun"
    label = _("SMS (Aliyun)")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        rows = json.loads(request.body.decode("utf-8"))
        if not isinstance(rows, list) or not rows:
            raise BadPayload("SmsUp sends an array")
        found = [message for row in rows if (message := self._read(row)) is not None]
        if not found:
            raise BadPayload("none of its messages can be read")
        return found

    def _read(self, row: dict[str, Any]) -> Inbound | None:
        """None for one that cannot be read: refused with it, the others would be lost after the third try."""
        try:
            return checked(self._inbound(row))
        except (BadPayload, *UNREADABLE) as error:
            log.error("a message of a push cannot be read and is left out: %s", type(error).__name__)
            return None

    def _inbound(self, row: dict[str, Any]) -> Inbound:
        number = plain_number(required_text(row, "phone_number"))
        return Inbound(
            external_id=required_text(row, "sequence_id"),
            sender=Sender(number, phone=number),
            kind="text",
            text=required_text(row, "content"),
            sent_at=beijing_time(row.get("send_time") or ""),
            extra={"dest_code": str(row.get("dest_code") or "")},
        )

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b'{"code":0,"msg":"\xe6\x88\x90\xe5\x8a\x9f"}', "application/json; charset=utf-8")

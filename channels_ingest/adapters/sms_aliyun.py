"""Aliyun short messages (阿里云短信): SmsUp pushes JSON arrays, unsigned, and tries three times."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Account, required_text
from channels_ingest.errors import BadPayload
from channels_ingest.messages import Answer, Inbound, Reply, Sender, WebRequest
from channels_ingest.sms import SmsAdapter, beijing_time, plain_number


class SmsAliyun(SmsAdapter):
    """[{phone_number, content, send_time, dest_code, sequence_id, sign_name?}, …]"""

    slug = "sms-aliyun"
    label = _("SMS (Aliyun)")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        rows = json.loads(request.body.decode("utf-8"))
        if not isinstance(rows, list) or not rows:
            raise BadPayload("SmsUp sends an array")
        return [self._inbound(row) for row in rows]

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

"""Tencent short messages (腾讯云短信): one JSON object a push, unsigned and without a message id."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Account, required_text
from channels_ingest.errors import BadPayload
from channels_ingest.messages import Answer, Inbound, Reply, Sender, WebRequest
from channels_ingest.sms import SmsAdapter, digest, plain_number


class SmsTencent(SmsAdapter):
    """{extend, mobile, nationcode, sign, text, time}; the same number, second and words are one message."""

    slug = "sms-tencent"
    label = _("SMS (Tencent Cloud)")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        row = json.loads(request.body.decode("utf-8"))
        if not isinstance(row, dict):
            raise BadPayload("a push is one object")
        number, seconds = plain_number(required_text(row, "mobile")), int(row["time"])
        text = required_text(row, "text")
        if not number:
            raise BadPayload("no number")
        return [
            Inbound(
                external_id=digest(number, str(seconds), text),
                sender=Sender(number, phone=number),
                kind="text",
                text=text,
                sent_at=datetime.fromtimestamp(seconds, UTC),
                extra={"extend": str(row.get("extend") or ""), "nationcode": str(row.get("nationcode") or "")},
            )
        ]

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b'{"result":0,"errmsg":"OK"}', "application/json; charset=utf-8")

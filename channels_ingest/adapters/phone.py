"""The telephone (电话): what an agent types during a call, or the exchange hands over."""

import json
from collections.abc import Sequence

from channels_ingest.adapter import Account, Adapter, Capabilities
from channels_ingest.errors import BadSignature
from channels_ingest.forms import REQUEST_TYPES, Fields
from channels_ingest.messages import Answer, Inbound, Reply, Sender, WebRequest


class Phone(Adapter):
    """{call, caller, text, name?, type?, place?, occurred_at?}; the caller is told later by short message."""

    slug = "phone"
    label = "电话"
    capabilities = Capabilities(max_body=256 * 1024)
    webhook = False

    def verify(self, request: WebRequest, account: Account) -> None:
        if request.vouched_by not in ("desk", "exchange"):
            raise BadSignature("not from the desk or the exchange")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        fields = Fields(json.loads(request.body.decode("utf-8")))
        caller = fields.text("caller", longest=20)
        call = fields.text("call", longest=64, required=True)
        message = Inbound(
            external_id=call,
            sender=Sender(caller or f"withheld:{call}", name=fields.text("name", longest=40), phone=caller),
            kind="text",
            text=fields.text("text", longest=5000),
            sent_at=request.received_at,
            place=fields.place("place"),
            whole=True,
            extra={"type": fields.choice("type", REQUEST_TYPES), "occurred_at": fields.moment("occurred_at")},
        )
        fields.done()
        return [message]

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b"", status=204)

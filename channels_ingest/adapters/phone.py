"""The telephone (电话): what the exchange hands over of a call."""

import json
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from channels_ingest import incoming
from channels_ingest.adapter import Account, Adapter, Capabilities
from channels_ingest.errors import BadSignature
from channels_ingest.forms import REQUEST_TYPES, Fields
from channels_ingest.messages import Answer, Inbound, Media, Reply, Sender, WebRequest


class Phone(Adapter):
    """{call, caller?, agent?, text?, recording?, awaited?, name?, type?, place?, occurred_at?}; told by short message.

    `recording` names sound that was put into channels_ingest.incoming before; `awaited` says that the call
    goes on and its sound comes when it is over; `agent` is who answered, or typed it.
    """

    slug = "phone"
    label = _("Telephone")
    capabilities = Capabilities(max_body=256 * 1024)
    webhook = False
    media_at_hand = True

    def verify(self, request: WebRequest, account: Account) -> None:
        if request.vouched_by != "exchange":
            raise BadSignature("not from the exchange")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        fields = Fields(json.loads(request.body.decode("utf-8")))
        caller = fields.text("caller", longest=20)
        call = fields.text("call", longest=64, required=True)
        recording = fields.text("recording", longest=32)
        awaited = fields.data.get("awaited") is True
        message = Inbound(
            external_id=call,
            sender=Sender(caller or f"withheld:{call}", name=fields.text("name", longest=40), phone=caller),
            kind="voice" if recording or awaited else "text",
            text=fields.text("text", longest=5000),
            media=(Media("voice", recording, filename="call.mp3", awaited=awaited),) if recording or awaited else (),
            sent_at=request.received_at,
            place=fields.place("place"),
            whole=True,
            extra={
                "agent": fields.text("agent", longest=150),
                "type": fields.choice("type", REQUEST_TYPES),
                "occurred_at": fields.moment("occurred_at"),
            },
        )
        fields.done()
        return [message]

    def fetch_media(self, account: Account, media: Media) -> Media:
        return replace(media, content=incoming.take(media.reference))

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b"", status=204)

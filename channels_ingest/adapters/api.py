"""The open interface (开放接口): apps, self-service terminals and other systems send requests as JSON."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Account, Adapter, Capabilities
from channels_ingest.errors import BadSignature
from channels_ingest.forms import MOST_FILES, REQUEST_TYPES, Fields
from channels_ingest.messages import Answer, Inbound, Media, Reply, Sender, WebRequest
from channels_ingest.phone_numbers import digits_of


class OpenInterface(Adapter):
    """POST /api/v1/requests; an API key has vouched for the request before it comes here."""

    slug = "api"
    label = _("Open interface")
    capabilities = Capabilities(followed_on_page=True, max_body=16 * 1024 * 1024)
    webhook = False
    media_at_hand = True

    def verify(self, request: WebRequest, account: Account) -> None:
        if not request.vouched_by.startswith("key:"):
            raise BadSignature("no API key")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        fields = Fields(json.loads(request.body.decode("utf-8")))
        person = fields.inner("sender")
        source = fields.text("channel", longest=40, required=True)
        external_id = fields.text("external_id", longest=120, required=True)
        written, wechat = person.text("phone", longest=20), person.text("wechat", longest=64)
        phone = digits_of(written) or written  # a number of another country stays as it is
        message = Inbound(
            external_id=f"{source}:{external_id}",
            sender=Sender(
                id=phone or wechat or f"{source}:{external_id}"[:128],
                name=person.text("name", longest=40),
                phone=phone,
            ),
            kind="text",
            text=fields.text("text", longest=5000, required=True),
            sent_at=request.received_at,
            media=fields.files("attachments", most=MOST_FILES),
            place=fields.place("place"),
            whole=True,
            extra={
                "source": source,
                "type": fields.choice("type", REQUEST_TYPES),
                "occurred_at": fields.moment("occurred_at"),
                "enterprise": person.flag("enterprise"),
            },
        )
        fields.done(sender=person)
        return [message]

    def fetch_media(self, account: Account, media: Media) -> Media:
        return media

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b"", status=204)

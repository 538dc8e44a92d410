"""Our own citizen pages (网页): the ask form and the chat, spoken as JSON that the pages' views make."""

import json
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from channels_ingest import incoming
from channels_ingest.adapter import Account, Adapter, Capabilities
from channels_ingest.errors import BadSignature
from channels_ingest.forms import MOST_FILES, REQUEST_TYPES, Fields
from channels_ingest.messages import Answer, Inbound, Media, Reply, Sender, WebRequest


class Web(Adapter):
    """{submission, visitor, text, name, phone, type, place, occurred_at, confidential, enterprise, chat, files}"""

    slug = "web"
    label = _("Web page")
    capabilities = Capabilities(passive_reply=True, followed_on_page=True, max_body=256 * 1024)
    webhook = False
    media_at_hand = True

    def verify(self, request: WebRequest, account: Account) -> None:
        if request.vouched_by != "form":
            raise BadSignature("not from a page of ours")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        fields = Fields(json.loads(request.body.decode("utf-8")))
        visitor = fields.text("visitor", longest=100, required=True)
        message = Inbound(
            # Named after the visitor as well, so that nobody can read another's answer by its number.
            external_id=f"{visitor}:{fields.text('submission', longest=90, required=True)}",
            sender=Sender(visitor, name=fields.text("name", longest=40), phone=fields.text("phone", longest=20)),
            kind="text",
            text=fields.text("text", longest=5000),
            sent_at=request.received_at,
            place=fields.place("place"),
            media=uploads(fields),
            whole=fields.data.get("chat") is not True,
            extra={
                "type": fields.choice("type", REQUEST_TYPES),
                "occurred_at": fields.moment("occurred_at"),
                "confidential": fields.data.get("confidential") is True,
                "enterprise": fields.flag("enterprise"),
            },
        )
        fields.done()
        return [message]

    def fetch_media(self, account: Account, media: Media) -> Media:
        content = incoming.take(media.reference)
        return replace(media, content=content)

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        reply = replies[0][1]
        words = json.dumps({"reply": reply.text if reply else ""}, ensure_ascii=False)
        return Answer(words.encode(), "application/json; charset=utf-8")


def uploads(fields: Fields) -> tuple[Media, ...]:
    """Files that the page has already taken in (see channels_ingest.incoming): [{upload, filename}]."""
    rows = fields.data.get("files") or []
    if len(rows) > MOST_FILES:
        fields.errors["files"] = f"at most {MOST_FILES} files"
        return ()
    return tuple(Media("file", row["upload"], filename=row["filename"][:120]) for row in rows)

"""What every SMS number behind a protocol link shares: words go out as rows, words come in from the link's process."""

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from channels_ingest.adapter import Account, Adapter, Capabilities, required_text
from channels_ingest.errors import BadPayload, BadSignature
from channels_ingest.messages import Answer, Inbound, Notice, Receipt, Reply, Sender, WebRequest
from channels_ingest.models import ChannelAccount
from channels_ingest.sms import plain_number
from channels_ingest.sms_links import handover
from channels_ingest.sms_links.dialect import Dialect
from channels_ingest.sms_links.models import SmsLinkStatus
from channels_ingest.sms_links.options import link_options


class LinkAdapter(Adapter):
    """{id, number, text, service_number?, readable?}, handed over by `hotline sms`."""

    capabilities = Capabilities(push=True, sends_once=True, short_messages=True, max_text=500)
    webhook = False

    @abstractmethod
    def dialect(self, options: Mapping[str, Any]) -> Dialect:
        """The protocol as this account speaks it; ValueError naming the setting that is wrong."""

    def problems(self, account: Account) -> list[str]:
        try:
            link_options(account.options)
            self.dialect(account.options)
        except ValueError as error:
            return [str(error)]
        return []

    def outages(self, account: Account) -> list[str]:
        assert isinstance(account, ChannelAccount)
        row = SmsLinkStatus.objects.filter(account=account).first()
        if row is None or not row.held:
            return ["no process holds its link: start `hotline sms`"]
        return [] if row.connected else [f"not connected: {row.detail}"]

    def verify(self, request: WebRequest, account: Account) -> None:
        if request.vouched_by != "link":
            raise BadSignature("not from a link of ours")

    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        row = json.loads(request.body.decode("utf-8"))
        number, text = plain_number(required_text(row, "number")), required_text(row, "text")
        if not number:
            raise BadPayload("no number")
        return [
            Inbound(
                external_id=required_text(row, "id"),
                sender=Sender(number, phone=number),
                kind="text" if row.get("readable", True) else "unknown",
                text=text,
                sent_at=request.received_at,
                extra={"service_number": str(row.get("service_number") or "")},
            )
        ]

    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        return Answer(b"", status=204)

    def send(self, account: Account, recipient: str, notice: Notice) -> Receipt:
        assert isinstance(account, ChannelAccount)
        return handover.hand_over(account, recipient, notice)

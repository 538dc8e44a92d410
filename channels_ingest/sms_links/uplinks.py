"""Citizens' messages on their way in: known again when repeated, long ones put together, then into the inbox."""

import hashlib
import json
import logging
import re
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from channels_ingest import inbox, registry
from channels_ingest.errors import Refused
from channels_ingest.messages import WebRequest
from channels_ingest.models import ChannelAccount
from channels_ingest.sms import plain_number
from channels_ingest.sms_links import segments
from channels_ingest.sms_links.dialect import Coding, Unacceptable, Uplink
from channels_ingest.sms_links.models import SmsPart
from hotline.people.sealing import fingerprint
from hotline.tickets import clock

log = logging.getLogger(__name__)
WAIT_FOR_PARTS = timedelta(minutes=10)
# A protocol without message ids: the same words of the same number within this time are the same message again.
REPEATED_WITHIN = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
NUMBER = re.compile(r"\+?[0-9]{3,20}")
MISSING = "［第{}段短信没有收到］"


class UplinkStore:
    """The parts that come in over one account's link."""

    def __init__(self, account: ChannelAccount) -> None:
        self._account = account

    @transaction.atomic
    def keep(self, uplink: Uplink) -> None:
        """Keep a part; with the last one, the message goes into the inbox in the same transaction."""
        if not NUMBER.fullmatch(uplink.number):
            raise Unacceptable("the sender is no number")
        part = segments.read(uplink)
        external_id = self._external_id(uplink, part)
        parts = SmsPart.objects.filter(account=self._account)
        if not external_id or parts.filter(external_id=external_id).exists():
            return
        row = SmsPart(
            account=self._account,
            external_id=external_id,
            number=uplink.number,
            service_number=uplink.service_number[:32],
            text=part.text,
            readable=uplink.coding is not Coding.BINARY,
            reference=part.reference,
            total=part.total,
            index=part.index,
            received_at=clock.now(),
        )
        try:
            self._join([row]) if part.total == 1 else self._add(row)
        except Refused as why:  # it would come again and again, and end the link each time
            raise Unacceptable(f"the inbox does not take it: {type(why).__name__}") from why

    def _external_id(self, uplink: Uplink, part: segments.Part) -> str:
        """The gateway's number for it; without one, its words and when they first came. Empty: it came before."""
        if uplink.message_id:
            return f"{uplink.message_id}/{part.index}"
        words = "\x1f".join((uplink.number, uplink.service_number, uplink.coding.name, uplink.content.hex()))
        digest = hashlib.sha256(words.encode()).hexdigest()[:40]
        since = clock.now() - REPEATED_WITHIN
        same = SmsPart.objects.filter(
            account=self._account, external_id__startswith=f"{digest}/", received_at__gte=since
        )
        return "" if same.exists() else f"{digest}/{clock.now().timestamp():.6f}"

    def _add(self, row: SmsPart) -> None:
        group = self._group(row)
        if any((other.index, other.text) == (row.index, row.text) for other in group):
            return  # the gateway gave a repeated part a new number
        if any(other.index == row.index for other in group):  # the reference was used anew: the old one ends here
            self._join(group)
            group = []
        row.save()
        group = sorted([*group, row], key=lambda one: one.index)
        if len(group) == row.total:
            self._join(group)

    def _group(self, row: SmsPart) -> list[SmsPart]:
        """The parts that wait for this one, locked."""
        waiting = SmsPart.objects.select_for_update().filter(
            account=self._account,
            number_fingerprint=fingerprint(plain_number(row.number)),
            reference=row.reference,
            total=row.total,
            joined_at=None,
        )
        return list(waiting.order_by("index"))

    def _join(self, group: list[SmsPart]) -> None:
        """Into the inbox with what there is; what is missing is said in its place."""
        first = group[0]
        texts = {row.index: row.text for row in group}
        whole = "".join(texts.get(index, MISSING.format(index)) for index in range(1, first.total + 1))
        form = {
            "id": first.external_id,
            "number": first.number,
            "service_number": first.service_number,
            "text": whole,
            "readable": all(row.readable for row in group),
        }
        request = WebRequest(
            method="POST",
            query={},
            headers={"content-type": "application/json"},
            body=json.dumps(form, ensure_ascii=False).encode(),
            remote_ip="",
            received_at=clock.now(),
            vouched_by="link",
        )
        for row in group:
            row.joined_at = clock.now()
            row.save()
        inbox.receive(registry.get(self._account.adapter), self._account, request)

    def tidy(self) -> None:
        """Give up waiting for parts that do not come; forget parts long joined."""
        before = clock.now() - WAIT_FOR_PARTS
        for pk in self._waiting().filter(received_at__lt=before).values_list("pk", flat=True):
            try:
                self._give_up_waiting(pk)
            except Refused:  # a row that resists is seen here, and ends no link
                log.exception("part %s could not be given to the inbox", pk)
        SmsPart.objects.filter(account=self._account, joined_at__lt=clock.now() - KEPT_FOR).delete()

    @transaction.atomic
    def _give_up_waiting(self, pk: int) -> None:
        row = self._waiting().filter(pk=pk).first()  # an earlier one of its group may have taken it along
        if row is not None and (group := self._group(row)):
            log.warning("%s of %s parts of a message came", len(group), row.total)
            self._join(group)

    def _waiting(self) -> QuerySet[SmsPart]:
        return SmsPart.objects.filter(account=self._account, joined_at=None)

"""What a link keeps in the database: each step is one short transaction, and may be repeated without harm."""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from channels_ingest import outbound
from channels_ingest.sms import plain_number
from channels_ingest.sms_links import handover
from channels_ingest.sms_links.dialect import Answered, Piece, Reported, Verdict
from channels_ingest.sms_links.models import SmsPiece
from hotline.people.sealing import fingerprint
from hotline.tickets import clock

log = logging.getLogger(__name__)
State = SmsPiece.State
MOST_THROTTLED = 50
REPORTS_WITHIN = timedelta(days=3)
KEPT_FOR = timedelta(days=7)
UNFINISHED = (State.QUEUED, State.WRITING)
BROKEN = "another part of the message failed"


class PieceStore:
    """The pieces of one account on their way out."""

    def __init__(self, account_pk: int) -> None:
        self._account_pk = account_pk

    @property
    def _pieces(self) -> QuerySet[SmsPiece]:
        return SmsPiece.objects.filter(account_id=self._account_pk)

    @transaction.atomic
    def claim(self) -> Piece | None:
        """The next piece, marked as being written before a byte of it is."""
        since = clock.now() - handover.STALE_AFTER
        queued = self._pieces.filter(state=State.QUEUED, created_at__gte=since).order_by("pk")
        row = queued.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.state, row.written_at = State.WRITING, clock.now()
        row.save(update_fields=["state", "written_at"])
        return Piece(row.pk, row.number, bytes(row.content), row.index, row.total)

    @transaction.atomic
    def answered(self, pk: int, answer: Answered) -> None:
        """Keep what the gateway said to a piece, and what that means for the message."""
        row = self._pieces.select_for_update().get(pk=pk)
        if row.state not in (State.WRITING, State.MAYBE):
            return
        if answer.verdict is Verdict.ACCEPTED:
            row.state, row.reference, row.error = State.ACCEPTED, answer.reference[:65], ""
        elif answer.verdict is Verdict.THROTTLED and row.throttled < MOST_THROTTLED:
            row.state, row.throttled, row.error = State.QUEUED, row.throttled + 1, answer.error[:100]
        else:
            self._fail(row, answer.error)
        row.save()
        self._settle(row.key)

    def refused_here(self, pk: int, why: str) -> None:
        """A piece that the protocol cannot carry: it was never written."""
        self.answered(pk, Answered(0, Verdict.REFUSED, error=why))

    @transaction.atomic
    def reported(self, report: Reported) -> None:
        """Keep a status report; one that names no piece of ours may still speak of a piece perhaps sent."""
        if not report.final:
            return
        row = self._reported_piece(report)
        if row is None:
            log.info("a status report (%s) that belongs to no message of ours", report.status)
            return
        row.reference = row.reference or report.reference[:65]
        if report.delivered:
            row.state, row.error, row.finished_at = State.DELIVERED, "", clock.now()
        else:
            self._fail(row, f"not delivered: {report.status}")
        row.save()
        self._settle(row.key)

    def _reported_piece(self, report: Reported) -> SmsPiece | None:
        known = self._pieces.select_for_update().filter(reference=report.reference[:65])
        if row := known.filter(state__in=(State.ACCEPTED, State.DELIVERED, State.FAILED)).first():
            return row if row.state == State.ACCEPTED else None
        doubtful = self._pieces.select_for_update().filter(
            number_fingerprint=fingerprint(plain_number(report.number)),
            state=State.MAYBE,
            written_at__gte=clock.now() - REPORTS_WITHIN,
        )
        found = list(doubtful[:2])
        return found[0] if len(found) == 1 else None

    def _fail(self, row: SmsPiece, error: str) -> None:
        """A message that lacks a part is no message: what is still queued of it stays here."""
        row.state, row.error, row.finished_at = State.FAILED, error[:100], clock.now()
        rest = self._pieces.filter(key=row.key, state=State.QUEUED).exclude(pk=row.pk)
        rest.update(state=State.FAILED, error=BROKEN, finished_at=clock.now())

    def _settle(self, key: str) -> None:
        receipt = handover.outcome(key)
        if not receipt.handed_over:
            outbound.settle(key, receipt)

    @transaction.atomic
    def abandon(self, written: Collection[int] | None) -> None:
        """The session is over: written and unanswered is perhaps sent, claimed and unwritten is queued again.

        None: the process that wrote them is gone, so nobody knows which of them were written.
        """
        left = self._pieces.select_for_update().filter(state=State.WRITING)
        for row in left:
            if written is None or row.pk in written:
                row.state, row.error = State.MAYBE, handover.PERHAPS
            else:
                row.state = State.QUEUED
            row.save(update_fields=["state", "error"])
        for key in {row.key for row in left}:
            self._settle(key)

    def tidy(self) -> None:
        """Forget what is long finished."""
        old = self._pieces.exclude(state__in=UNFINISHED)
        old.filter(created_at__lt=clock.now() - KEPT_FOR).delete()

"""Background work of the channels: retrying, sending, fetching, transcribing; every job may run twice."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from hotline.away import AWAY

log = logging.getLogger(__name__)
FETCH_ATTEMPTS = 5
LEFT_UNDONE_AFTER = timedelta(minutes=5)
AT_ONCE = 500
CATCH_UP_PRIORITY = -20


@app.task(queue="default")
def process_inbound(inbound: int) -> None:
    """Process a kept message that could not be processed when it came."""
    from channels_ingest import inbox

    inbox.retry(inbound)


@app.task(queue="default")
def deliver(outbound: int) -> None:
    """Send one queued message to its citizen."""
    from channels_ingest import outbound as sending

    sending.deliver(outbound)


FETCH_RETRY = RetryStrategy(max_attempts=FETCH_ATTEMPTS, exponential_wait=4)


class UntilThereIsRoom(BaseRetryStrategy):
    """A full disk is tried for as long as vendors keep a file, some three days; all else as ever."""

    LONGEST_WAIT = 20 * 60
    ATTEMPTS = 220

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None for never."""
        if not isinstance(exception, OSError):
            return FETCH_RETRY.get_retry_decision(exception=exception, job=job)
        if job.attempts >= self.ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": min(4 ** (job.attempts + 1), self.LONGEST_WAIT)})


@app.task(queue="default", retry=UntilThereIsRoom(), pass_context=True)
def fetch_media(context: JobContext, inbound: int, index: int, message: int) -> None:
    """Fetch file `index` of a kept message from the vendor and attach it to its utterance."""
    from channels_ingest import fetching

    tries = context.job.attempts
    given_up = tries >= UntilThereIsRoom.ATTEMPTS - 1
    fetching.fetch(inbound, index, message, last_try=tries >= FETCH_ATTEMPTS - 1, no_room_any_more=given_up)


@app.task(queue="speech", retry=FETCH_RETRY)
def transcribe(message: int) -> None:
    """Turn the voice of an utterance into text."""
    from channels_ingest import fetching

    fetching.transcribe(message)


@app.task(queue="speech", retry=FETCH_RETRY)
def finish_call(call: str) -> None:
    """See to the words and the copy of a call that is over and whose recording is whole."""
    from channels_ingest.telephony import refining

    refining.finish(UUID(call))


@app.task(queue="speech", retry=FETCH_RETRY)
def transcribe_call(call: str) -> None:
    """Turn the recording of a call into text, side by side."""
    from channels_ingest.telephony import refining

    refining.transcribe(UUID(call))


@app.task(queue="default", retry=FETCH_RETRY)
def open_call_ticket(call: str) -> None:
    """Make the ticket of a call whose words were written down without one."""
    from channels_ingest.telephony import book

    book.open_later(UUID(call))


@app.periodic(cron="30 17 * * *")  # UTC: half past one at night in China
@app.task(queue="speech", queueing_lock="catch-up-calls")  # where the models are
def catch_up_calls(timestamp: int) -> None:
    """Take up calls that nobody made a ticket of or turned into text: the machine was busy, or had no model then."""
    from channels_ingest.telephony import book, refining

    for call in book.without_ticket().values_list("uuid", flat=True)[:AT_ONCE]:
        defer_once(open_call_ticket, f"ticket:{call}", priority=CATCH_UP_PRIORITY, call=str(call))
    for call in refining.left_over().values_list("uuid", flat=True)[:AT_ONCE]:
        defer_once(finish_call, f"finish:{call}", priority=CATCH_UP_PRIORITY, call=str(call))


@app.periodic(cron="0 18 * * *")  # UTC: two o'clock at night in China
@app.task(queue="default", queueing_lock="delete-old-sound")
def delete_old_sound(timestamp: int) -> None:
    """Delete the sound of calls that is older than the rule lets it be."""
    from channels_ingest.telephony import retention

    retention.delete_old_sound()


@app.periodic(cron="30 18 * * *")  # UTC: half past two at night in China
@app.task(queue="default", queueing_lock="forget-uploads")
def forget_uploads(timestamp: int) -> None:
    """Delete files that citizens chose for forms which they never handed in."""
    from channels_ingest import inbox

    inbox.forget_uploads()


def defer_once(task: Task[..., Any, Any], lock: str, *, priority: int, **arguments: str) -> None:
    """Send a job unless the same one is waiting already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=lock, priority=priority).defer(**arguments)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default", queueing_lock="sweep-channels")
def sweep_channels(timestamp: int) -> None:
    """Take up again what a killed process left undone: kept messages, and words that were being sent."""
    from channels_ingest import outbound
    from channels_ingest.models import InboundMessage, OutboundMessage
    from hotline.tickets import clock

    before = clock.now() - LEFT_UNDONE_AFTER
    failed = InboundMessage.objects.filter(state=InboundMessage.State.FAILED, retry_at__lt=before)
    for pk in failed.values_list("pk", flat=True)[:AT_ONCE]:
        with suppress(AlreadyEnqueued), transaction.atomic():
            process_inbound.configure(queueing_lock=f"inbound:{pk}").defer(inbound=pk)
    unsent = OutboundMessage.objects.filter(state__in=["queued", "sending"], retry_at__lt=before)
    for pk in unsent.order_by("retry_at").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            taken_up = outbound.take_up(pk)
        except AWAY:
            raise
        except Exception:  # one that cannot be taken up, of a channel that is gone say, does not hold up the rest
            log.exception("message %s to a citizen cannot be taken up", pk)
            continue
        if taken_up:
            with suppress(AlreadyEnqueued), transaction.atomic():
                deliver.configure(queueing_lock=f"outbound:{pk}").defer(outbound=pk)

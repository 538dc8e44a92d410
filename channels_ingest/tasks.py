"""Background work of the channels: retrying, sending, fetching, transcribing; every job may run twice."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

FETCH_ATTEMPTS = 5
LEFT_UNDONE_AFTER = timedelta(minutes=5)
AT_ONCE = 500


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


@app.task(queue="default", retry=FETCH_RETRY, pass_context=True)
def fetch_media(context: JobContext, inbound: int, index: int, message: int) -> None:
    """Fetch file `index` of a kept message from the vendor and attach it to its utterance."""
    from channels_ingest import fetching

    fetching.fetch(inbound, index, message, last_try=context.job.attempts >= FETCH_ATTEMPTS - 1)


@app.task(queue="speech", retry=FETCH_RETRY)
def transcribe(message: int) -> None:
    """Turn the voice of an utterance into text."""
    from channels_ingest import fetching

    fetching.transcribe(message)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default", queueing_lock="sweep-channels")
def sweep_channels(timestamp: int) -> None:
    """Take up again what a killed process left undone: kept messages, and words that were being sent."""
    from channels_ingest.models import InboundMessage, OutboundMessage
    from hotline.tickets import clock

    before = clock.now() - LEFT_UNDONE_AFTER
    failed = InboundMessage.objects.filter(state=InboundMessage.State.FAILED, retry_at__lt=before)
    for pk in failed.values_list("pk", flat=True)[:AT_ONCE]:
        with suppress(AlreadyEnqueued), transaction.atomic():
            process_inbound.configure(queueing_lock=f"inbound:{pk}").defer(inbound=pk)
    unsent = OutboundMessage.objects.filter(state__in=["queued", "sending"], retry_at__lt=before)
    for pk in unsent.values_list("pk", flat=True)[:AT_ONCE]:
        OutboundMessage.objects.filter(pk=pk, state="sending").update(state="queued")
        with suppress(AlreadyEnqueued), transaction.atomic():
            deliver.configure(queueing_lock=f"outbound:{pk}").defer(outbound=pk)

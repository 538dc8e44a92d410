"""Background work of the ledger: what follows each line, and the clock that repeats what was left undone."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hotline.tickets import ledger
from hotline.tickets.proof import anchoring

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(queue="default", retry=RETRY)
def react(entry: int) -> None:
    """What follows from ledger line `entry`; one at a time for each ticket, in order."""
    ledger.follow(entry)


@app.periodic(cron="* * * * *")
@app.task(queue="default", queueing_lock="sweep-ledger")
def sweep_ledger(timestamp: int) -> None:
    """Repeat what a killed process left undone: lines that were never numbered or never followed."""
    ledger.announce()
    for entry in ledger.left_undone():
        try:
            react.configure(queueing_lock=f"ledger:{entry.pk}").defer(entry=entry.pk)
        except AlreadyEnqueued:
            continue  # the sweep of an earlier minute is still waiting its turn


@app.periodic(cron="15 17 * * *")  # UTC: a quarter past one at night in China
@app.task(queue="default", queueing_lock="anchor-ledger")
def anchor_ledger(timestamp: int) -> None:
    """Anchor what the day has written."""
    ledger.announce()
    anchoring.anchor_ledger()

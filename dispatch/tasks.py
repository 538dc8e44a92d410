"""The clock: once a minute, what is due is done. No timers per ticket; due moments are read by index."""

from procrastinate.contrib.django import app

from dispatch import clocks, moving


@app.periodic(cron="* * * * *")
@app.task(queue="default", queueing_lock="sweep-clocks")
def sweep_clocks(timestamp: int) -> None:
    """Do all that has fallen due since the last sweep."""
    clocks.sweep()


@app.periodic(cron="* * * * *")
@app.task(queue="default", queueing_lock="write-moves", lock="write-moves")
def write_moves(timestamp: int) -> None:
    """Write the moves of a changed rule or calendar that are not in their ledgers yet."""
    moving.write_moves()

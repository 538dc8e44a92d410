"""The clock: once a minute, what is due is done. No timers per ticket; due moments are read by index."""

from procrastinate.contrib.django import app

from dispatch import clocks


@app.periodic(cron="* * * * *")
@app.task(queue="default", queueing_lock="sweep-clocks")
def sweep_clocks(timestamp: int) -> None:
    """Sign for units that are late, close what was left unrated."""
    clocks.sign_overdue()
    clocks.close_unrated()

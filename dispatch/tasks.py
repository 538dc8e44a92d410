"""The clock: once a minute, what is due is done. No timers per ticket; due moments are read by index."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from dispatch import clocks, crowds, moving, promises, rule_changes
from dispatch.learning import asking
from dispatch.models import RuleChange, Study, Training
from dispatch.scoring import fold
from dispatch.studies import asking as studies
from hotline.tickets.errors import NotAllowed

log = logging.getLogger(__name__)


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


@app.periodic(cron="20 * * * *")
@app.task(queue="default", queueing_lock="chase-promises", lock="chase-promises")
def chase_promises(timestamp: int) -> None:
    """Remind of promises whose day has passed."""
    promises.chase()


@app.periodic(cron="*/15 * * * *")
@app.task(queue="default", queueing_lock="fold-scores", lock="fold-scores")
def fold_scores(timestamp: int) -> None:
    """Keep the scores by day: what came in since is counted on demand, so the more often, the less that is."""
    fold.fold()


@app.task(queue="default")
def reckon_change(change: int) -> None:
    """Work out what a proposed change of rules would move."""
    rule_changes.reckon(RuleChange.objects.select_related("by").get(pk=change))


@app.task(queue="default")
def make_change(change: int, open_tickets: bool) -> None:
    """Make a change of rules that was confirmed."""
    rule_changes.make(RuleChange.objects.select_related("by").get(pk=change), open_tickets=open_tickets)


@app.periodic(cron="20 18 * * *")  # UTC: twenty past two at night in China
@app.task(queue="default", queueing_lock="train-nightly")
def train_nightly(timestamp: int) -> None:
    """Ask for the night's training; one asked for by hand a moment ago will do."""
    try:
        asking.ask()
    except NotAllowed:
        log.info("a training waits or runs already")


@app.task(queue="default", lock="train-models")
def train_models(training: int) -> None:
    """Train what was asked for."""
    asking.run_apart(Training.objects.get(pk=training))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default", queueing_lock="look-for-crowds", lock="look-for-crowds")
def look_for_crowds(timestamp: int) -> None:
    """Tell of places that far more people than usual report."""
    crowds.look(timezone.now())


@app.periodic(cron="50 18 * * *")  # UTC: ten to three at night in China
@app.task(queue="default", queueing_lock="hot-issues-nightly")
def hot_issues_nightly(timestamp: int) -> None:
    """Ask for the hot issues of the last days; those somebody asked for a moment ago will do."""
    try:
        studies.ask_nightly()
    except NotAllowed:
        log.info("hot issues are being worked out already")


@app.task(queue="default", lock="work-out")
def work_out(study: int) -> None:
    """Work out what was asked for."""
    studies.run_apart(Study.objects.get(pk=study))

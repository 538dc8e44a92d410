"""Asking for a training: by the night or by a supervisor; the worker runs it in a process of its own.

Of its own, because training would hold up the worker's other jobs for minutes, and because a process that
is killed (out of memory, a machine that stops) takes nothing else with it.
"""

import subprocess
import sys
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dispatch.models import Training
from hotline.people.models import Staff
from hotline.tickets import clock
from hotline.tickets.errors import NotAllowed

GIVEN_UP_AFTER = timedelta(hours=6)
"""A training that still runs then was killed together with its worker."""
State = Training.State


@transaction.atomic
def ask(by: Staff | None = None) -> Training:
    """Queue a training; raises NotAllowed while one waits or runs."""
    since = clock.now() - GIVEN_UP_AFTER
    if Training.objects.filter(state__in=[State.WAITING, State.RUNNING], asked_at__gte=since).exists():
        raise NotAllowed(_("A training waits or runs already."))
    Training.objects.filter(state=State.WAITING).update(state=State.FAILED, error="interrupted", ended_at=clock.now())
    training = Training.objects.create(by=by, asked_at=clock.now())
    app.configure_task("dispatch.tasks.train_models").defer(training=training.pk)
    return training


def run_apart(training: Training) -> None:
    """Run it in a process of its own, and say so when that one did not come to its end."""
    command = [sys.executable, "-m", "hotline.cli", "retrain", "--training", str(training.pk)]
    try:
        longest = GIVEN_UP_AFTER.total_seconds()
        ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=longest)
        how = f"ended with status {ended.returncode}"
    except subprocess.TimeoutExpired:  # it was killed: a training that hangs would hold every later one
        how = f"killed after {GIVEN_UP_AFTER}"
    unfinished = Training.objects.filter(pk=training.pk, state__in=[State.WAITING, State.RUNNING])
    unfinished.update(state=State.FAILED, error=how, ended_at=clock.now())

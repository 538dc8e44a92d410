"""Asking for a training: by the night or by a supervisor; the worker runs it in a process of its own."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dispatch import apart
from dispatch.models import Training
from hotline.people.models import Staff
from hotline.tickets import clock
from hotline.tickets.alone import wait_turn
from hotline.tickets.errors import NotAllowed

GIVEN_UP_AFTER = timedelta(hours=6)
"""A training that still runs then was killed together with its worker."""
State = Training.State


@transaction.atomic
def ask(by: Staff | None = None) -> Training:
    """Queue a training; raises NotAllowed while one waits or runs."""
    wait_turn("ask-training")
    since = clock.now() - GIVEN_UP_AFTER
    if Training.objects.filter(state__in=[State.WAITING, State.RUNNING], asked_at__gte=since).exists():
        raise NotAllowed(_("A training waits or runs already."))
    Training.objects.filter(state=State.WAITING).update(state=State.FAILED, error="interrupted", ended_at=clock.now())
    training = Training.objects.create(by=by, asked_at=clock.now())
    app.configure_task("dispatch.tasks.train_models").defer(training=training.pk)
    return training


def run_apart(training: Training) -> None:
    """Run it in a process of its own, and say so when that one did not come to its end."""
    how = apart.run("retrain", "--training", str(training.pk), longest=GIVEN_UP_AFTER)
    unfinished = Training.objects.filter(pk=training.pk, state__in=[State.WAITING, State.RUNNING])
    unfinished.update(state=State.FAILED, error=how, ended_at=clock.now())

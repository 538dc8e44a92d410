"""Asking for a study: by a supervisor or, of hot issues, by the night; one of a kind at a time."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dispatch import apart
from dispatch.calendar import day_of
from dispatch.models import Study
from hotline.people.models import Staff
from hotline.tickets import clock
from hotline.tickets.alone import wait_turn
from hotline.tickets.errors import NotAllowed

GIVEN_UP_AFTER = timedelta(hours=2)
"""A study that still runs then was killed together with its worker."""
KEPT = timedelta(days=365)
NIGHTLY = 30
"""Days of which the night looks for the hot issues."""
Kind, State = Study.Kind, Study.State


@transaction.atomic
def ask(
    kind: Study.Kind,
    since: date,
    until: date,
    *,
    change: dict[str, Any] | None = None,
    title: str = "",
    by: Staff | None = None,
) -> Study:
    """Queue a study of the days, both included; raises NotAllowed while one of its kind waits or runs."""
    wait_turn(f"ask-study:{kind}")
    unfinished = Study.objects.filter(kind=kind, state__in=[State.WAITING, State.RUNNING])
    if unfinished.filter(asked_at__gte=clock.now() - GIVEN_UP_AFTER).exists():
        raise NotAllowed(_("One is being worked out already."))
    unfinished.update(state=State.FAILED, error="interrupted", ended_at=clock.now())
    Study.objects.filter(kind=kind, asked_at__lt=clock.now() - KEPT).delete()
    study = Study.objects.create(
        kind=kind, since=since, until=until, change=change or {}, title=title, by=by, asked_at=clock.now()
    )
    app.configure_task("dispatch.tasks.work_out").defer(study=study.pk)
    return study


def ask_nightly() -> Study:
    """The hot issues of the days up to yesterday."""
    yesterday = day_of(clock.now()) - timedelta(days=1)
    return ask(Kind.HOT_ISSUES, yesterday - timedelta(days=NIGHTLY - 1), yesterday)


def run_apart(study: Study) -> None:
    """Run it in a process of its own, and say so when that one did not come to its end."""
    how = apart.run("study", str(study.pk), longest=GIVEN_UP_AFTER)
    unfinished = Study.objects.filter(pk=study.pk, state__in=[State.WAITING, State.RUNNING])
    unfinished.update(state=State.FAILED, error=how, ended_at=clock.now())

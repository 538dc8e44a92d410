"""Doing a study: its period, how far it has come, and what it found, kept to be shown."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from dispatch.calendar import start_of
from dispatch.models import Study
from dispatch.studies import hot, replayed
from hotline.tickets import clock

State = Study.State
Tell = Callable[[int, int], None]
"""Called with how many steps are done, and of how many."""
WORKS: dict[str, Callable[[Study, datetime, datetime, Tell], dict[str, Any]]] = {
    Study.Kind.HOT_ISSUES: hot.work_out,
    Study.Kind.REPLAY: replayed.work_out,
}


def run(study: Study) -> None:
    """Work it out; what cannot be taken (a file, a version, a change gone stale) ends it with the reason."""
    study.state = State.RUNNING
    study.save(update_fields=["state"])
    try:
        study.found = WORKS[study.kind](study, *period(study), _teller(study))
    except replayed.CANNOT as refused:
        study.state, study.error = State.FAILED, str(refused) or type(refused).__name__
    else:
        study.state = State.DONE
    study.ended_at = clock.now()
    study.save(update_fields=["state", "found", "error", "ended_at"])


def period(study: Study) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last one's end, by the city's clocks."""
    return start_of(study.since), start_of(study.until + timedelta(days=1))


def _teller(study: Study) -> Tell:
    """Says it over a connection of its own: a replay's transaction, rolled back at its end, would hide it."""

    def write(done: int, steps: int) -> None:
        Study.objects.filter(pk=study.pk).update(done=done, steps=steps)
        connection.close()

    def tell(done: int, steps: int) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, done, steps).result()

    return tell

"""What people decided of any kind: type and matter from the labels, the unit from the history of dispatches."""

from datetime import datetime

from dispatch import history
from dispatch.learning import labels
from dispatch.learning.labels import Case
from dispatch.models import Taught


def of(name: Taught, since: datetime, until: datetime) -> list[Case]:
    """The decided tickets of the period, oldest first."""
    if name != Taught.DEPARTMENT:
        return labels.decided(name, since, until)
    rows = history.decided(since, until)
    return [Case(number=number, at=at, text=text, label=unit) for number, text, at, unit in rows]

"""Fills an empty database with the city and its sixty days, in one transaction."""

import os
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dispatch import calendar, copied, prints, routing, similar
from dispatch.scoring import fold
from hotline.demo.city.catalogue import load_catalogue
from hotline.demo.city.history import History
from hotline.demo.city.scenario import Author
from hotline.tickets import ledger
from hotline.tickets.models import Message, Ticket
from hotline.tickets.states import State

DEFAULT_PASSWORD = "hotline-demo"


def load_city(*, now: datetime | None = None, password: str | None = None) -> None:
    """See `hotline.demo.city.load`."""
    with transaction.atomic():
        load_catalogue(password or os.environ.get("HOTLINE_DEMO_PASSWORD") or DEFAULT_PASSWORD)
        if Ticket.objects.exists():
            return
        moment = now or timezone.now()
        stories = Author(moment, calendar.current().is_working).stories()
        with ledger.telling_the_past():
            History.prepare(stories).play(stories, moment)
        # Whatever was said to a citizen in these days has long arrived.
        Message.objects.filter(delivery=Message.Delivery.QUEUED).update(delivery=Message.Delivery.SENT)
    ledger.number_pending()
    fold.fold()
    similar.keep_missing()
    copied.keep_missing()
    prints.take_missing()
    _read_what_waits()


def _read_what_waits() -> None:
    """The assistant reads what nobody has taken up yet, as it would have on arrival."""
    if routing.understander() is not None:
        for ticket in Ticket.objects.filter(state=State.RECEIVED):
            routing.suggest(ticket)

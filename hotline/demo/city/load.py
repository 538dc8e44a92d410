"""Fills an empty database with the city and its sixty days, in one transaction."""

import os
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dispatch import calendar
from hotline.demo.city.catalogue import load_catalogue
from hotline.demo.city.history import History
from hotline.demo.city.scenario import Author
from hotline.tickets import ledger
from hotline.tickets.models import Message, Ticket

DEFAULT_PASSWORD = "hotline-demo"


def load_city(*, now: datetime | None = None, password: str | None = None) -> None:
    """See `hotline.demo.city.load`."""
    with transaction.atomic():
        load_catalogue(password or os.environ.get("HOTLINE_DEMO_PASSWORD") or DEFAULT_PASSWORD)
        if Ticket.objects.exists():
            return
        stories = Author(now or timezone.now(), calendar.current().is_working).stories()
        with ledger.history():
            History.prepare(stories).play(stories)
        Message.objects.filter(direction=Message.Direction.OUT).update(delivery=Message.Delivery.SENT)
    ledger.number_pending()

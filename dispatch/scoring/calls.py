"""What counts of telephone calls: how many came, were answered, and how soon; of the centre itself, in one query.

A call to us counts on the day it came, as soon as it was answered or is over. The whole of 接通率 is every call of the
opening hours, whether our queue had it or the exchange's; who called after hours is set aside. A caller waits from
the moment at which the call is offered to agents.
"""

from datetime import date, timedelta

from django.db.models import Count as Rows
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from dispatch.calendar import start_of
from dispatch.models import Measure, PolicyKey
from dispatch.rules import rules
from dispatch.scoring.fold import Count
from hotline.calls.models import PhoneCall
from hotline.calls.states import Outcome

_LATE = Q(outcome=Outcome.AFTER_HOURS)
_ANSWERED = Q(answered_at__isnull=False)
_ABANDONED = Q(answered_at=None, outcome__in=[Outcome.ABANDONED_QUEUE, Outcome.ABANDONED_RINGING])


def counts(first: date, last: date) -> list[Count]:
    """What counted on the days from `first` to `last`, up to this moment."""
    soon = timedelta(seconds=rules().figure(PolicyKey.PHONE_ANSWER, last))
    offered = Coalesce(F("queued_at"), F("started_at"))
    calls = PhoneCall.objects.filter(
        _ANSWERED | Q(ended_at__isnull=False),
        direction=PhoneCall.Direction.IN,
        started_at__gte=start_of(first),
        started_at__lt=start_of(last + timedelta(days=1)),
    )
    found = calls.aggregate(
        all=Rows("started_at", filter=~_LATE),
        late=Rows("started_at", filter=_LATE),
        connected=Rows("started_at", filter=_ANSWERED & ~_LATE),
        abandoned=Rows("started_at", filter=_ABANDONED),
        answered=Rows("started_at", filter=_ANSWERED),
        soon=Rows("started_at", filter=_ANSWERED & Q(answered_at__lte=offered + soon)),
    )
    return [
        Count(None, Measure.CALLS, found["all"], found["late"]),
        Count(None, Measure.CALLS_CONNECTED, found["connected"], 0),
        Count(None, Measure.CALLS_ABANDONED, found["abandoned"], 0),
        Count(None, Measure.CALLS_ANSWERED, found["answered"], 0),
        Count(None, Measure.ANSWERED_SOON, found["soon"], 0),
    ]

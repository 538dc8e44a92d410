"""The hotline's day so far beside its usual day: what a wallboard shows, in a fixed number of queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import ExtractHour
from django.utils import timezone

from hotline.people.models import Area, Level
from hotline.tickets.models import Matter, Ticket
from hotline.tickets.states import State

USUAL_DAYS = 28
"""Four whole weeks, so that every weekday weighs the same."""
USUAL_KEPT = 3600
"""Seconds: the usual day is made of whole days, so it changes at midnight only."""
SHOWN = 6
PLACE_LEVELS = frozenset({Level.CITY, Level.DISTRICT, Level.STREET})


@dataclass(frozen=True, slots=True)
class Hot:
    """A matter or a place: how many today, and how many are usual by this time of the day."""

    code: str
    name: str
    count: int
    usual: float


@dataclass(frozen=True, slots=True)
class Usual:
    """Means of a day over the last four weeks: by hour, by matter and by area."""

    hours: list[float]
    matters: dict[int, float]
    areas: dict[int, float]

    def share_until(self, now: datetime) -> float:
        """The part of a usual day's requests that has come by the time of `now`; 0 without any."""
        local = timezone.localtime(now)
        whole, part = sum(self.hours), local.minute / 60
        so_far = sum(self.hours[: local.hour]) + self.hours[local.hour] * part
        return so_far / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Today:
    """What has come since midnight."""

    received: int
    usual: float
    hours: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    matters: list[Hot]
    places: list[Hot]
    waiting: int
    waiting_since: datetime | None


def today(now: datetime) -> Today:
    """The day until `now`."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tickets = Ticket.objects.filter(created_at__gte=midnight, created_at__lte=now).order_by()
    usual = usual_before(midnight)
    share = usual.share_until(now)
    hours = _by(tickets, "hour")
    waiting = Ticket.objects.filter(state=State.RECEIVED).aggregate(count=Count("pk"), since=Min("created_at"))
    return Today(
        received=sum(hours.values()),
        usual=round(sum(usual.hours) * share, 1),
        hours=[{"hour": n, "count": hours.get(n, 0), "usual": round(usual.hours[n], 2)} for n in range(24)],
        channels=_tally(_by(tickets, "channel")),
        matters=_hottest_matters(_by(tickets, "matter"), usual.matters, share),
        places=_hottest_places(_by(tickets, "area"), usual.areas, share),
        waiting=waiting["count"],
        waiting_since=waiting["since"],
    )


def usual_before(midnight: datetime) -> Usual:
    """The mean day of the four weeks that end at `midnight`; counted once and kept."""
    key = f"usual-day:{midnight.date()}"
    kept: Usual | None = cache.get(key)
    if kept is None:
        kept = _count_usual(midnight)
        cache.set(key, kept, USUAL_KEPT)
    return kept


def _count_usual(midnight: datetime) -> Usual:
    begin = midnight - timedelta(days=USUAL_DAYS)
    tickets = Ticket.objects.filter(created_at__gte=begin, created_at__lt=midnight).order_by()
    hours = _by(tickets, "hour")
    matters, areas = _means(_by(tickets, "matter")), _means(_by(tickets, "area"))
    return Usual([hours.get(hour, 0) / USUAL_DAYS for hour in range(24)], matters, areas)


def _means(counts: Mapping[Any, int]) -> dict[int, float]:
    return {key: count / USUAL_DAYS for key, count in counts.items()}


def _by(tickets: QuerySet[Ticket], field: str) -> dict[Any, int]:
    """How many tickets have each value of `field`, those without one left out."""
    keyed = tickets.annotate(key=ExtractHour("created_at") if field == "hour" else F(field)).filter(key__isnull=False)
    return dict(keyed.values_list("key").annotate(Count("pk")))


def _tally(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"code": code, "count": count} for code, count in ordered]


def _hottest_matters(counts: Mapping[int, int], usual: Mapping[int, float], share: float) -> list[Hot]:
    named = Matter.objects.in_bulk(counts)
    found = (
        Hot(named[pk].code, named[pk].name, count, round(usual.get(pk, 0) * share, 1)) for pk, count in counts.items()
    )
    return _hottest(found)


def _hottest_places(counts: Mapping[int, int], usual: Mapping[int, float], share: float) -> list[Hot]:
    """By street or town, whichever point inside it was named."""
    areas = Area.objects.select_related("parent__parent__parent").in_bulk({*counts, *usual})
    here, before = _raised(counts, areas), _raised(usual, areas)
    found = (Hot(a.code, a.name, int(count), round(before.get(a, 0) * share, 1)) for a, count in here.items())
    return _hottest(found)


def _raised(counts: Mapping[int, float], areas: Mapping[int, Area]) -> dict[Area, float]:
    """The counts of points and villages given to the street or town around them."""
    raised: dict[Area, float] = {}
    for pk, count in counts.items():
        area = areas[pk]
        while area.level not in PLACE_LEVELS and area.parent is not None:
            area = area.parent
        raised[area] = raised.get(area, 0) + count
    return raised


def _hottest(found: Iterator[Hot]) -> list[Hot]:
    """The most frequent first, the greater rise before the smaller."""
    return sorted(found, key=lambda hot: (-hot.count, hot.usual, hot.code))[:SHOWN]

"""Crowds: many different people report one place, far more than usual there; told once for each event.

How many are usual is the place's own history, drawn towards what the city's places have on average where
there is little of it (Gamma–Poisson); the chance of so many by accident decides, with figures from the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from scipy.special import betainc

from dispatch.calendar import day_of
from dispatch.models import CrowdAlarm, PolicyKey, TicketPrint
from dispatch.rules import rules
from dispatch.understanding import gazetteer
from hotline.tickets import facts, merging
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

HISTORY = timedelta(days=56)
SHAPE = 0.5
"""Of the Gamma over places: most have next to none, a few have many."""

_PERSON = Case(
    When(ticket__citizen__phone_fingerprint="", ticket__contact__channel__in=("web", "phone"), then=Value(0)),
    default=F("ticket__citizen"),
    output_field=BigIntegerField(),
)
"""Forms without a telephone and callers who withhold theirs may all be one person, and count as one."""

Site = tuple[str, str]
"""The name and the district of a place's key."""
Reports = Any
"""A queryset of dictionaries with more and more columns, which no type of a row can follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The centre's figures: how many people, within how many hours, at what odds."""

    people: int
    hours: int
    odds: int

    @classmethod
    def on(cls, moment: datetime) -> "Figures":
        """Those in force."""
        day, book = day_of(moment), rules()
        people, hours, odds = PolicyKey.CROWD_PEOPLE, PolicyKey.CROWD_HOURS, PolicyKey.CROWD_ODDS
        return cls(people=book.figure(people, day), hours=book.figure(hours, day), odds=book.figure(odds, day))


@dataclass(frozen=True, slots=True)
class Crowd:
    """People at one place in the window, how many are usual, and the chance of so many by accident."""

    site: Site
    people: int
    usual: float
    chance: float
    newest: int
    matter: int | None = None
    of_matter: int = 0


def look(now: datetime) -> list[CrowdAlarm]:
    """Open an alarm for each new crowd and tell of it, keep those that go on, close those that are over."""
    figures = Figures.on(now)
    crowds = {crowd.site: crowd for crowd in seen(now, figures)}
    loud = {site for site, crowd in crowds.items() if crowd.chance * figures.odds <= 1}
    going_on = {(alarm.place, alarm.district): alarm for alarm in CrowdAlarm.objects.filter(closed_at=None)}
    for site, alarm in going_on.items():
        crowd = crowds.get(site) or _by_now(site, crowds, going_on)
        _go_on(alarm, crowd, now)
        if crowd:
            loud.discard(crowd.site)
    return [_raise(crowds[site], figures, now) for site in sorted(loud)]


def _by_now(site: Site, crowds: Mapping[Site, Crowd], going_on: Mapping[Site, CrowdAlarm]) -> Crowd | None:
    """The crowd of a place of which nobody had said the district until now."""
    place, district = site
    named = (crowd for at, crowd in crowds.items() if at[0] == place and at not in going_on)
    return None if district else next(named, None)


def seen(now: datetime, figures: Figures) -> list[Crowd]:
    """Places that enough different people reported within the window; whoever writes ten times is one."""
    since = now - timedelta(hours=figures.hours)
    districts = _districts(since, now, figures.people)
    here = _people(_reports(since, now, districts)).filter(people__gte=figures.people)
    found = {(row["place"], row["where"]): row for row in here}
    if not found:
        return []
    windows = HISTORY / timedelta(hours=figures.hours)
    before, average = _history(_reports(since - HISTORY, since, districts), list(found), windows)
    leading = _leading(_reports(since, now, districts), list(found))
    crowds = []
    for site, row in found.items():
        shape, rate = SHAPE + before.get(site, 0), SHAPE / average + windows
        chance = _tail(row["people"], shape, rate)
        matter = leading.get(site, (None, 0))
        crowds.append(Crowd(site, row["people"], round(shape / rate, 3), chance, row["newest"], *matter))
    return crowds


def _placed(since: datetime, until: datetime) -> QuerySet[TicketPrint]:
    """Tickets with a place. What the desk split off is nobody's report."""
    reported = TicketPrint.objects.filter(~Q(place=""), created_at__gt=since, created_at__lte=until)
    return reported.filter(ticket__split_from=None).exclude(ticket__state=State.WITHDRAWN).order_by()


def _districts(since: datetime, until: datetime, people: int) -> dict[str, str]:
    """The district of places that so many people reported where only one is said: who leaves it out means that."""
    there = _placed(since, until).values("place")
    told = there.annotate(
        people=Count(_PERSON, distinct=True),
        districts=Count("district", distinct=True, filter=~Q(district="")),
        only=Max("district"),
    )
    return dict(told.filter(people__gte=people, districts=1).values_list("place", "only"))


def _reports(since: datetime, until: datetime, districts: Mapping[str, str]) -> Reports:
    """The reports of each place and district (`where`)."""
    left_out = [When(place=place, district="", then=Value(only)) for place, only in districts.items()]
    placed = _placed(since, until).annotate(where=Case(*left_out, default=F("district")))
    return placed.values("place", "where")


def _people(reports: Reports) -> Reports:
    """By place: different people, and the newest ticket."""
    return reports.annotate(people=Count(_PERSON, distinct=True), newest=Max("ticket"))


def _history(reports: Reports, sites: list[Site], windows: float) -> tuple[dict[Site, int], float]:
    """People who reported each of the places before, and the mean of all places in one window."""
    every = _people(reports)
    city = every.aggregate(of_all=Sum("people"), places=Count("place"))
    mean = max(city["of_all"] or 0, 1) / max(city["places"], 1) / windows
    found = every.filter(place__in={place for place, _district in sites})
    return {(row["place"], row["where"]): row["people"] for row in found}, mean


def _leading(reports: Reports, sites: list[Site]) -> dict[Site, tuple[int, int]]:
    """The matter that most of the people at each place report, and how many do; what one reports leads nothing."""
    there = reports.filter(place__in={place for place, _district in sites}, ticket__matter__isnull=False)
    counted = there.annotate(matter=F("ticket__matter"), people=Count(_PERSON, distinct=True)).filter(people__gt=1)
    leading: dict[Site, tuple[int, int]] = {}
    for row in counted.order_by("-people", "matter"):
        leading.setdefault((row["place"], row["where"]), (row["matter"], row["people"]))
    return leading


def _tail(count: int, shape: float, rate: float) -> float:
    """The chance of `count` or more in one window, the rate being Gamma(shape, rate): a negative binomial's tail."""
    return float(betainc(count, shape, 1 / (1 + rate)))


@transaction.atomic
def _raise(crowd: Crowd, figures: Figures, now: datetime) -> CrowdAlarm:
    ticket = Ticket.objects.select_related("area").get(pk=crowd.newest)
    name = name_of(crowd.site, ticket)
    alarm = CrowdAlarm.objects.create(
        place=crowd.site[0],
        district=crowd.site[1],
        name=name,
        ticket=ticket,
        people=crowd.people,
        matter_id=crowd.matter,
        of_matter=crowd.of_matter,
        usual=crowd.usual,
        hours=figures.hours,
        chance=crowd.chance,
        opened_at=now,
        seen_at=now,
    )
    fact = facts.CrowdNoticed(place=name, people=crowd.people, usual=crowd.usual, hours=figures.hours)
    merging.notice_crowd(ticket=ticket, fact=fact)
    return alarm


def _go_on(alarm: CrowdAlarm, crowd: Crowd | None, now: datetime) -> None:
    """The same event grows without another word, and is over when too few people are left in the window."""
    if crowd is None:
        alarm.closed_at = now
        alarm.save(update_fields=["closed_at"])
    else:
        row = CrowdAlarm.objects.filter(pk=alarm.pk)
        row.update(
            people=max(alarm.people, crowd.people),
            matter=crowd.matter,
            of_matter=crowd.of_matter,
            ticket=crowd.newest,
            district=crowd.site[1],
            seen_at=now,
        )


def name_of(site: Site, ticket: Ticket) -> str:
    """The place as people know it: its name in the gazetteer, with the district; else as it was said."""
    places = gazetteer()
    parts = site[0].split("×")
    named = [entry.name if (entry := places.entry(part)) else part for part in parts]
    district = places.entry(site[1])
    return (district.name if district else site[1].upper()) + "与".join(named) + ("路口" if len(parts) > 1 else "")


def open_alarms() -> list[CrowdAlarm]:
    """Crowds that go on, the newest first."""
    return list(CrowdAlarm.objects.filter(closed_at=None).select_related("matter").order_by(F("opened_at").desc()))

"""企业诉求直达: the unit that an enterprise's request goes to at once, whatever the catalogue says of citizens'."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dispatch.models import EnterpriseRoute
from hotline.people.models import Area
from hotline.tickets.models import Ticket
from hotline.tickets.models.dated import counts_on


@dataclass(frozen=True, slots=True)
class Straight:
    """The route of a request, and how sure it is (0–1): certain, unless its matter was only read out of the words."""

    route: EnterpriseRoute
    confidence: float


def straight(ticket: Ticket, read: Mapping[str, Any]) -> Straight | None:
    """Where an enterprise's request goes at once; `read` is what the assistant made of it, empty without a model."""
    if not ticket.enterprise:
        return None
    matter, sure = matter_of(ticket, read)
    route = direct_route(matter, _area_of(ticket, read), timezone.localdate())
    if route is None:
        return None
    return Straight(route, 1.0 if route.matter is None else sure)


def matter_of(ticket: Ticket, read: Mapping[str, Any]) -> tuple[str, float]:
    """The code of the matter that the record names, else the assistant unless it abstains; and how sure that is."""
    if ticket.matter:
        return ticket.matter.code, 1.0
    if read and read["matter"] and not read["abstain"]:
        return read["matter"][0]["code"], read["matter"][0]["confidence"]
    return "", 0.0


def _area_of(ticket: Ticket, read: Mapping[str, Any]) -> Area | None:
    place = read.get("place") or {}
    return ticket.area or Area.objects.filter(code=place.get("area")).first()


def direct_route(matter: str, area: Area | None, on: date) -> EnterpriseRoute | None:
    """The route in force: one for the matter before its field's, that before any; the nearest area first."""
    around = [place.pk for place in area.ancestors(include_self=True)] if area else []
    routes = (
        EnterpriseRoute.objects.filter(counts_on(on))
        .filter(Q(matter=None) | Q(matter__code=matter) | Q(matter__leaves__code=matter))
        .filter(Q(area=None) | Q(area__in=around), department__active=True)
        .select_related("department", "matter")
    )

    def nearness(route: EnterpriseRoute) -> tuple[int, int, date]:
        exact = 0 if route.matter is None else 2 if route.matter.code == matter else 1
        return exact, around.index(route.area_id) + 1 if route.area_id else 0, route.from_date

    return max(routes, key=nearness, default=None)

"""企业诉求直达: the unit that an enterprise's request goes to at once, whatever the catalogue says of citizens'."""

from datetime import date

from django.db.models import Q

from dispatch.models import EnterpriseRoute
from hotline.people.models import Area


def direct_route(matter: str, area: Area | None, on: date) -> EnterpriseRoute | None:
    """The route in force: one for the matter before its field's, that before any; the nearest area first."""
    around = [place.pk for place in area.ancestors(include_self=True)] if area else []
    routes = (
        EnterpriseRoute.objects.filter(Q(to_date=None) | Q(to_date__gte=on), from_date__lte=on)
        .filter(Q(matter=None) | Q(matter__code=matter) | Q(matter__leaves__code=matter))
        .filter(Q(area=None) | Q(area__in=around), department__active=True)
        .select_related("department", "matter")
    )

    def nearness(route: EnterpriseRoute) -> tuple[int, int, date]:
        exact = 0 if route.matter is None else 2 if route.matter.code == matter else 1
        return exact, around.index(route.area_id) + 1 if route.area_id else 0, route.from_date

    return max(routes, key=nearness, default=None)

"""GET /promises: what units' answers promise for a day; how many are open, late, kept and broken, by unit."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, SeesAll, reader
from hotline.api.pagination import Pages
from hotline.api.schema import PROBLEM
from hotline.people.models import Staff
from hotline.people.roles import Role
from hotline.tickets import access, confiding
from hotline.tickets.models import Promise

LATELY = timedelta(days=365)


class PromiseOut(serializers.Serializer[Promise]):
    """One promise; `kept` is null until somebody has said whether it was."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="assignment.department.code")
    department_name = serializers.CharField(source="assignment.department.name")
    words = serializers.CharField()
    due_on = serializers.DateField()
    late = serializers.SerializerMethodField()
    made_at = serializers.DateTimeField()
    chased_at = serializers.DateTimeField(allow_null=True)
    kept = serializers.BooleanField(allow_null=True)
    note = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_late(self, promise: Promise) -> bool:
        """Whether its day has passed and it is not settled."""
        return promise.settled_at is None and promise.due_on < timezone.localdate()


class PromiseRow(PromiseOut):
    """The same with its ticket, for lists."""

    number = serializers.CharField(source="ticket.number")
    title = serializers.CharField(source="ticket.title")

    def to_representation(self, promise: Promise) -> dict[str, Any]:
        """Without what tells who a protected citizen is, for those who may not know."""
        row = super().to_representation(promise)
        shown: dict[str, Any] = confiding.veiled(row, reader(self.context["request"]), promise.ticket)
        return shown


class Standing(TextChoices):
    """How a promise stands."""

    OPEN = "open"
    LATE = "late"
    KEPT = "kept"
    BROKEN = "broken"


class PromiseFilter(filters.FilterSet):
    """`state`: one standing; without it those not settled. `late=true`: only those whose day has passed."""

    late = filters.BooleanFilter(method="by_day")
    state = filters.ChoiceFilter(choices=Standing.choices, method="by_state")

    class Meta:
        model = Promise
        fields: list[str] = []

    def by_day(self, promises: QuerySet[Promise], _name: str, late: bool) -> QuerySet[Promise]:
        """Before today, or from today on."""
        return promises.filter(stands(Standing.LATE if late else Standing.OPEN))

    def by_state(self, promises: QuerySet[Promise], _name: str, state: str) -> QuerySet[Promise]:
        """Of one standing."""
        return promises.filter(stands(Standing(state)))

    def filter_queryset(self, queryset: QuerySet[Promise]) -> QuerySet[Promise]:
        """Settled ones are asked for by name."""
        if not self.form.cleaned_data["state"]:
            queryset = queryset.filter(settled_at=None)
        return super().filter_queryset(queryset)


def stands(standing: Standing) -> Q:
    """Promises of that standing, today."""
    if standing in (Standing.KEPT, Standing.BROKEN):
        return Q(kept=standing == Standing.KEPT)
    today = timezone.localdate()
    return Q(settled_at=None) & (Q(due_on__lt=today) if standing == Standing.LATE else Q(due_on__gte=today))


def promises_of(staff: Staff) -> QuerySet[Promise, Any]:
    """Of tickets that the asker may see."""
    return Promise.objects.filter(ticket__in=access.visible_to(staff))


class Promises(Base, generics.ListAPIView[Promise]):
    """A unit's own promises, or all for the hotline; newest first."""

    serializer_class = PromiseRow
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = PromiseFilter
    queryset = Promise.objects.none()

    def get_queryset(self) -> QuerySet[Promise, Any]:
        """Of tickets that the asker may see."""
        staff = reader(self.request)
        found = promises_of(staff)
        if staff.role == Role.DEPARTMENT:
            found = found.filter(assignment__department__in=access.unit_ids(staff))
        return found.select_related("ticket__citizen", "assignment__department")


class TotalsOut(serializers.Serializer[Any]):
    """How many promises stand how; those settled count for the year in which they were."""

    open = serializers.IntegerField(source="open_count")
    late = serializers.IntegerField(source="late_count")
    kept = serializers.IntegerField(source="kept_count")
    broken = serializers.IntegerField(source="broken_count")


class UnitTotalsOut(TotalsOut):
    """The same of one unit."""

    department = serializers.CharField(source="assignment__department__code")
    department_name = serializers.CharField(source="assignment__department__name")


class AllTotalsOut(TotalsOut):
    """The whole, and the units, those with the most late and broken first."""

    by_department = UnitTotalsOut(many=True)


class PromiseTotals(Base):
    """GET /promises/totals."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: AllTotalsOut, 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Settled ones of the last year."""
        staff = reader(request)
        counted = Q(settled_at=None) | Q(settled_at__gte=timezone.now() - LATELY)
        counts = {f"{standing}_count": Count("pk", filter=stands(standing)) for standing in Standing}
        names = ("assignment__department__code", "assignment__department__name")
        found = promises_of(staff).filter(counted).order_by().values(*names).annotate(**counts)
        rows = sorted(
            found, key=lambda row: (-row["late_count"] - row["broken_count"], -row["open_count"], row[names[0]])
        )
        whole = {name: sum(row[name] for row in rows) for name in counts}
        return Response(AllTotalsOut({**whole, "by_department": rows}).data)

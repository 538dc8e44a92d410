"""GET /promises: what units' answers promise for a day and nobody has settled yet."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, serializers

from hotline.api.base import Base, reader
from hotline.api.pagination import Pages
from hotline.people.roles import Role
from hotline.tickets import access, confiding
from hotline.tickets.models import Promise


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


class PromiseFilter(filters.FilterSet):
    """`late=true`: only those whose day has passed."""

    late = filters.BooleanFilter(method="by_day")

    class Meta:
        model = Promise
        fields: list[str] = []

    def by_day(self, promises: QuerySet[Promise], _name: str, late: bool) -> QuerySet[Promise]:
        """Before today, or from today on."""
        today = timezone.localdate()
        return promises.filter(due_on__lt=today) if late else promises.filter(due_on__gte=today)


class Promises(Base, generics.ListAPIView[Promise]):
    """Promises not settled: a unit's own, or all for the hotline; newest first."""

    serializer_class = PromiseRow
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = PromiseFilter
    queryset = Promise.objects.none()

    def get_queryset(self) -> QuerySet[Promise, Any]:
        """Of tickets that the asker may see."""
        staff = reader(self.request)
        found = Promise.objects.filter(settled_at=None, ticket__in=access.visible_to(staff))
        if staff.role == Role.DEPARTMENT:
            found = found.filter(assignment__department__in=access.unit_ids(staff))
        return found.select_related("ticket__citizen", "assignment__department")

"""GET /audit/personal-data: who read whose personal data, for the auditor."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from hotline.api.base import Base, IsStaff, reader
from hotline.api.pagination import Pages
from hotline.people.models import PersonalDataRead
from hotline.people.roles import Role


class IsAuditor(BasePermission):
    """Those who watch the watchers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Auditors, and administrators who must answer to them."""
        return reader(request).role in (Role.AUDITOR, Role.ADMIN)


class ReadOut(serializers.Serializer[PersonalDataRead]):
    """One reading; whose it was is told by the ticket's number alone."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    what = serializers.ChoiceField(PersonalDataRead.What.choices)
    what_label = serializers.CharField(source="get_what_display")
    staff = serializers.CharField(source="staff.username")
    staff_name = serializers.CharField(source="staff.__str__")
    role = serializers.CharField(source="staff.role")
    department = serializers.CharField(source="staff.department.code", default=None, allow_null=True)
    ticket = serializers.CharField(source="ticket_number")
    reason = serializers.CharField()


class ReadFilter(filters.FilterSet):
    """Every parameter narrows; days are included."""

    what = filters.MultipleChoiceFilter(choices=PersonalDataRead.What.choices)
    staff = filters.CharFilter(field_name="staff__username")
    ticket = filters.CharFilter(field_name="ticket_number")
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte")
    until = filters.DateFilter(field_name="at", lookup_expr="date__lte")

    class Meta:
        model = PersonalDataRead
        fields: list[str] = []


class PersonalDataReads(Base, generics.ListAPIView[PersonalDataRead]):
    """Readings of personal data, newest first."""

    permission_classes = [IsStaff, IsAuditor]
    serializer_class = ReadOut
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = ReadFilter

    def get_queryset(self) -> QuerySet[PersonalDataRead, Any]:
        """All of them."""
        return PersonalDataRead.objects.select_related("staff__department")

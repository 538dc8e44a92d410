"""The catalogues that forms choose from: units, matters, areas, closed lists of reasons."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base, MayRead
from hotline.api.pagination import OnePage
from hotline.api.rows import matter_path
from hotline.api.schema import PROBLEM, page_of
from hotline.people.models import Area, Department, Level
from hotline.tickets.models import List, ListEntry, Matter


class DepartmentOut(serializers.Serializer[Department]):
    """A unit."""

    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]
    level = serializers.CharField()
    kind = serializers.CharField()


class AreaOut(serializers.Serializer[Area]):
    """A place of the city."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]


class MatterOut(serializers.Serializer[Matter]):
    """An item of the catalogue; fields have no parent."""

    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]
    path = serializers.SerializerMethodField()
    type_hint = serializers.CharField()

    def get_path(self, matter: Matter) -> str:
        """As 「市容环卫 / 噪音扰民」."""
        return matter_path(matter)


class Whole(Base, generics.ListAPIView[Any]):
    """A catalogue is small enough to be read whole."""

    permission_classes = [MayRead]
    pagination_class = OnePage


class Departments(Whole):
    """Units that take tickets."""

    serializer_class = DepartmentOut

    def get_queryset(self) -> QuerySet[Department]:
        """Those in being."""
        units = Department.objects.without_tree_fields().filter(active=True)
        return units.select_related("parent").order_by("code")


class Areas(Whole):
    """The areas of the city down to its communities; single points are left to the search of places."""

    serializer_class = AreaOut

    def get_queryset(self) -> QuerySet[Area]:
        """By code."""
        areas = Area.objects.without_tree_fields().exclude(level=Level.POI)
        return areas.select_related("parent").order_by("code")


class Matters(Whole):
    """The two-level catalogue of matters."""

    serializer_class = MatterOut

    def get_queryset(self) -> QuerySet[Matter]:
        """By code."""
        return Matter.objects.in_use().select_related("parent")


class ReasonOut(serializers.Serializer[ListEntry]):
    """An entry of a closed list: its words, by which rule, and for refusals the right door."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    basis = serializers.CharField()
    door = serializers.CharField()


class ReasonsAsked(serializers.Serializer[Any]):
    """Which closed list; the reasons for a return when not said."""

    list = serializers.ChoiceField(List.choices, default=List.RETURN)


class Reasons(Base):
    """The closed lists of reasons and levels, as far as they are in force today."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[ReasonsAsked], responses={200: page_of(ReasonOut), 422: PROBLEM})
    def get(self, request: Request) -> Response:
        """The entries in their order."""
        asked = ReasonsAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        entries = ListEntry.objects.in_force(asked.validated_data["list"])
        return Response({"results": ReasonOut(entries, many=True).data, "next": None})  # type: ignore[arg-type]

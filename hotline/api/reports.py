"""Figures for those who supervise: load by unit, channel and state, and the rates with their intervals."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.asker import Asker
from hotline.api.base import Base, MayRead, reader
from hotline.api.schema import PROBLEM, page_of
from hotline.people.models import Department
from hotline.tickets import access, queries, rates, reach
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

USUAL_PERIOD = timedelta(days=30)
EARLIEST_DAY, LATEST_DAY = date(1970, 1, 1), date(2999, 12, 31)


class RateOut(serializers.Serializer[Any]):
    """One rate, its formula in words and its 95 % interval; null without a single case."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    formula = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class UnitRateOut(RateOut):
    """A rate of one unit, or of all (null)."""

    department = serializers.CharField(allow_null=True)
    department_name = serializers.CharField(allow_null=True)


class RatesAsked(serializers.Serializer[Any]):
    """Days of receipt, both included; the last 30 days when not said."""

    by = serializers.ChoiceField(["department"], required=False)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        within = [MinValueValidator(EARLIEST_DAY), MaxValueValidator(LATEST_DAY)]
        days = {name: serializers.DateField(required=False, validators=within) for name in ("from", "to")}
        return {**days, **super().get_fields()}

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Filled in, and in order."""
        last = asked.get("to") or timezone.localdate()
        first = asked.get("from") or last - USUAL_PERIOD
        if first > last:
            raise serializers.ValidationError({"from": [_("The first day comes after the last.")]})
        return {"first": first, "last": last, "by": asked.get("by")}


class Rates(Base):
    """GET /rates?from&to&by=department."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[RatesAsked], responses={200: page_of(UnitRateOut), 422: PROBLEM})
    def get(self, request: Request) -> Response:
        """Over the tickets that the asker may see: a unit reads its own rates."""
        asked = RatesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        tickets = received_between(
            access.visible_to(reader(request)), asked.validated_data["first"], asked.validated_data["last"]
        )
        found = _by_unit(tickets) if asked.validated_data["by"] else _of_all(tickets)
        return Response({"results": UnitRateOut(found, many=True).data, "next": None})


def received_between(tickets: QuerySet[Ticket], first: date, last: date) -> QuerySet[Ticket]:
    """`tickets` received from the first moment of `first` to the last of `last`."""
    begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    return tickets.filter(created_at__gte=begin, created_at__lt=end)


def _by_unit(tickets: QuerySet[Ticket]) -> list[dict[str, Any]]:
    by_unit = rates.by_department(tickets)
    names = dict(Department.objects.filter(code__in=by_unit).values_list("code", "name"))
    return [
        {"department": code, "department_name": names[code], **asdict(rate)}
        for code, found in by_unit.items()
        for rate in found
    ]


def _of_all(tickets: QuerySet[Ticket]) -> list[dict[str, Any]]:
    return [{"department": None, "department_name": None, **asdict(rate)} for rate in rates.overall(tickets)]


class LoadOut(serializers.Serializer[Any]):
    """What one unit has in hand."""

    code = serializers.CharField()
    name = serializers.CharField()
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    due_soon = serializers.IntegerField()


class CountOut(serializers.Serializer[Any]):
    """How many of one kind."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class SupervisionOut(serializers.Serializer[Any]):
    """The first page of supervision."""

    open = serializers.IntegerField()
    late = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    by_department = LoadOut(many=True)
    by_channel = CountOut(many=True)
    by_state = CountOut(many=True)
    rates = RateOut(many=True)


class Supervision(Base):
    """GET /supervision."""

    @extend_schema(responses={200: SupervisionOut, 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Open, late and soon due, by unit, channel and state, with the rates of the last 30 days."""
        staff = reader(request)
        if staff.role not in access.SEES_ALL:
            raise PermissionDenied
        asker, tickets, today = Asker.of(request), access.visible_to(staff), timezone.localdate()
        load = queries.load(tickets, asker.now, asker.soon)
        body = {
            **load.totals,
            "by_department": load.by_department,
            "by_channel": [{**row, "label": reach.label_of(row["code"])} for row in load.by_channel],
            "by_state": [{**row, "label": str(State(row["code"]).label)} for row in load.by_state],
            "rates": [asdict(rate) for rate in rates.overall(received_between(tickets, today - USUAL_PERIOD, today))],
        }
        return Response(SupervisionOut(body).data)

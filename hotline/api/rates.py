"""The rates of a period with their formulas, intervals and set-asides, for those who supervise and for each unit."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.scoring.rates import Book, Period
from hotline.api.base import Base, MayRead, reader
from hotline.api.schema import PROBLEM, page_of
from hotline.people.models import Level, Staff
from hotline.tickets import access

USUAL_PERIOD = timedelta(days=30)
EARLIEST_DAY, LATEST_DAY = date(1970, 1, 1), date(2999, 12, 31)


class RateOut(serializers.Serializer[Any]):
    """One rate, its formula in words and its interval; null without a case; `too_few` by the policy's minimum."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    formula = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    set_aside = serializers.IntegerField()
    too_few = serializers.BooleanField()
    lower_is_better = serializers.BooleanField()


class GroupRateOut(RateOut):
    """A rate of one unit, of one level, or of all (null)."""

    department = serializers.CharField(allow_null=True)
    department_name = serializers.CharField(allow_null=True)
    level = serializers.CharField(allow_null=True)
    level_label = serializers.CharField(allow_null=True)


class PeriodAsked(serializers.Serializer[Any]):
    """The days on which cases count, both included; the last 30 days when not said."""

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's own."""
        within = [MinValueValidator(EARLIEST_DAY), MaxValueValidator(LATEST_DAY)]
        days = {name: serializers.DateField(required=False, validators=within) for name in ("from", "to")}
        return {**days, **super().get_fields()}

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Filled in, and in order."""
        last = asked.pop("to", None) or timezone.localdate()
        first = asked.pop("from", None) or last - USUAL_PERIOD
        if first > last:
            raise serializers.ValidationError({"from": [_("The first day comes after the last.")]})
        return {"first": first, "last": last, **asked}


class RatesAsked(PeriodAsked):
    """A period, and how the rates are to be split."""

    by = serializers.ChoiceField(["department", "level"], required=False)


class Rates(Base):
    """GET /rates?from&to&by=department|level."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[RatesAsked], responses={200: page_of(GroupRateOut), 422: PROBLEM})
    def get(self, request: Request) -> Response:
        """Of everybody for the hotline; a unit reads its own and those below it."""
        asked = RatesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        period = Period.read(said["first"], said["last"], units_of(reader(request)))
        found = SPLITS[said.get("by", "")](period)
        return Response({"results": GroupRateOut(found, many=True).data, "next": None})


def units_of(staff: Staff) -> frozenset[int] | None:
    """The units whose scores the asker reads; None: all, and the centre's own."""
    return None if staff.role in access.SEES_ALL else access.unit_ids(staff)


NOBODY = {"department": None, "department_name": None, "level": None, "level_label": None}


def _of_all(period: Period) -> list[dict[str, Any]]:
    return [{**NOBODY, **asdict(rate)} for rate in period.overall()]


def _by_department(period: Period) -> list[dict[str, Any]]:
    book = Book.on(period.last).of_units()
    return [
        {"department": unit.code, "department_name": unit.name, **_level(unit.level), **asdict(rate)}
        for unit, totals in period.by_department().items()
        for rate in book.rates(totals)
    ]


def _by_level(period: Period) -> list[dict[str, Any]]:
    book, found = Book.on(period.last).of_units(), period.by_level()
    return [
        {**NOBODY, **_level(level), **asdict(rate)}
        for level in Level
        if level in found
        for rate in book.rates(found[level])
    ]


def _level(level: str) -> dict[str, str]:
    return {"level": level, "level_label": str(Level(level).label)}


SPLITS = {"": _of_all, "department": _by_department, "level": _by_level}

"""The league of the units by efficiency index, the same as an Excel file, and what call-backs say of everybody."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.catalogue_sheet import CONTENT_TYPE
from dispatch.scoring import rates, sampling, workbook
from dispatch.scoring.league import Index, League, Standing, league
from dispatch.scoring.rates import Period
from dispatch.scoring.sampling import Answer, Estimate
from hotline.api.base import Base, MayRead, reader
from hotline.api.rates import PeriodAsked, RateOut, units_of
from hotline.api.schema import PROBLEM
from hotline.people.models import Department, Level


class WeighedOut(RateOut):
    """A rate that the index is made of; with `too_few` cases it weighs nothing."""

    weight = serializers.IntegerField()


class IndexOut(serializers.Serializer[Any]):
    """Out of 100 with its interval; null where too little could be weighed; `covered`: share of the weights."""

    index = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    covered = serializers.FloatField()
    rates = WeighedOut(many=True)


class StandingOut(IndexOut):
    """A unit in the league; `place` is null where there are too few cases to rank it."""

    department = serializers.CharField()
    department_name = serializers.CharField()
    level = serializers.CharField()
    level_label = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)
    against_whole = serializers.ChoiceField(["above", "around", "below", "unknown"])


class LeagueOut(serializers.Serializer[Any]):
    """The league; `minimum`: cases below which a rate is too few."""

    minimum = serializers.IntegerField()
    whole = IndexOut()
    results = StandingOut(many=True)
    next = serializers.CharField(allow_null=True)


class ScoresAsked(PeriodAsked):
    """A period, and the level whose units are compared; all when not said."""

    level = serializers.ChoiceField(Level.choices, required=False)


class Scores(Base):
    """GET /scores?from&to&level."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[ScoresAsked], responses={200: LeagueOut, 422: PROBLEM})
    def get(self, request: Request) -> Response:
        """A unit reads its own places only, and the whole."""
        _period, found = _league(request)
        body = {
            "minimum": found.minimum,
            "whole": _index(found.whole),
            "results": [_standing(row) for row in found.standings],
            "next": None,
        }
        return Response(LeagueOut(body).data)


class ScoresFile(Base):
    """GET /scores.xlsx?from&to&level."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[ScoresAsked], responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY, 422: PROBLEM})
    def get(self, request: Request) -> HttpResponse:
        """The same league with every rate, its counts and what was set aside."""
        period, found = _league(request)
        name = f"scores-{period.first}-{period.last}.xlsx"
        return HttpResponse(
            workbook.of(period, found),
            content_type=CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _league(request: Request) -> tuple[Period, League]:
    asked = ScoresAsked(data=request.query_params)
    asked.is_valid(raise_exception=True)
    said, own = asked.validated_data, units_of(reader(request))
    period = Period.read(said["first"], said["last"])
    found = league(period, said.get("level", ""))
    standings = [row for row in found.standings if own is None or row.department.pk in own]
    return period, League(found.minimum, found.whole, standings)


def _index(index: Index) -> dict[str, Any]:
    weighed = [{**asdict(row.rate), "weight": row.weight} for row in index.weighed]
    return {
        "index": index.value,
        "low": index.low,
        "high": index.high,
        "covered": round(index.covered, 4),
        "rates": weighed,
    }


def _standing(row: Standing) -> dict[str, Any]:
    unit = row.department
    return {
        **_index(row.index),
        "department": unit.code,
        "department_name": unit.name,
        "level": unit.level,
        "level_label": str(Level(unit.level).label),
        "place": row.place,
        "against_whole": row.against_whole,
    }


class StratumOut(serializers.Serializer[Any]):
    """Answers whose citizens were drawn with the same chance."""

    share = serializers.FloatField()
    population = serializers.IntegerField()
    drawn = serializers.IntegerField()
    heard = serializers.IntegerField()
    positive = serializers.IntegerField()


class EstimateOut(serializers.Serializer[Any]):
    """The share of yes among `population` answers, with its interval and how it was found."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    method = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    department_name = serializers.CharField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    confidence = serializers.FloatField()
    population = serializers.IntegerField()
    drawn = serializers.IntegerField()
    heard = serializers.IntegerField()
    uncovered = serializers.IntegerField()
    outside = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    strata = StratumOut(many=True)


class EstimatesOut(serializers.Serializer[Any]):
    """One page of estimates."""

    results = EstimateOut(many=True)
    next = serializers.CharField(allow_null=True)


class EstimatesAsked(PeriodAsked):
    """A period, and whether each unit is to be estimated by itself."""

    by = serializers.ChoiceField(["department"], required=False)


class CallBackEstimates(Base):
    """GET /call-back-estimates?from&to&by=department."""

    permission_classes = [MayRead]

    @extend_schema(parameters=[EstimatesAsked], responses={200: EstimatesOut, 422: PROBLEM})
    def get(self, request: Request) -> Response:
        """What all citizens answered in the period would say, from those called back by rule or by lot."""
        asked = EstimatesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        answers = sampling.answers(said["first"], said["last"], units_of(reader(request)))
        groups = _by_unit(answers) if said.get("by") else {None: answers}
        labels = {row.code: row.label for row in rates.formulas(said["last"])}
        found = [
            {**_estimate(estimate, unit), "name": name, "label": labels.get(name, name)}
            for unit, group in groups.items()
            for name, estimate in (
                ("solved", sampling.solved(group, said["last"])),
                ("satisfied", sampling.satisfied(group, said["last"])),
            )
        ]
        return Response(EstimatesOut({"results": found, "next": None}).data)


def _by_unit(answers: list[Answer]) -> dict[Department | None, list[Answer]]:
    groups: dict[int, list[Answer]] = {}
    for answer in answers:
        if answer.department_id is not None:
            groups.setdefault(answer.department_id, []).append(answer)
    return {unit: groups[unit.pk] for unit in Department.objects.filter(pk__in=groups).order_by("code")}


def _estimate(estimate: Estimate, unit: Department | None) -> dict[str, Any]:
    return {
        **asdict(estimate),
        "department": unit.code if unit else None,
        "department_name": unit.name if unit else None,
        "method": _method(estimate),
    }


def _method(estimate: Estimate) -> str:
    if not estimate.heard:
        return _("Nobody who was drawn for a follow-up has been heard yet.")
    return _(
        "Estimated for all %(population)d answers from the %(heard)d citizens heard of %(drawn)d drawn by rule or by "
        "lot, each weighed by the answers of its class; %(confidence)d%% interval "
        "(stratified, finite population, Wilson)."
    ) % {
        "population": estimate.population,
        "heard": estimate.heard,
        "drawn": estimate.drawn,
        "confidence": round(estimate.confidence * 100),
    }

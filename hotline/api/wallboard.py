"""The wallboard's figures: the day so far beside a usual one, and who is late; numbers only, no ticket."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import crowds
from dispatch.rules import reading
from dispatch.scoring import rates
from dispatch.scoring.rates import Rate
from hotline.api.asker import Asker
from hotline.api.base import Base, SeesAll, reader
from hotline.api.rates import RateOut
from hotline.api.reports import CountOut, LoadOut
from hotline.api.schema import PROBLEM
from hotline.tickets import access, reach
from hotline.tickets.load import load_of
from hotline.tickets.today import SHOWN, today


class HourOut(serializers.Serializer[Any]):
    """One hour of the day: requests received, and the mean of the last four weeks."""

    hour = serializers.IntegerField()
    count = serializers.IntegerField()
    usual = serializers.FloatField()


class HotOut(serializers.Serializer[Any]):
    """A matter or place: requests today, and how many are usual by this time."""

    code = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    usual = serializers.FloatField()


class CrowdOut(serializers.Serializer[Any]):
    """A place that far more people than usual report just now."""

    name = serializers.CharField()
    matter = serializers.CharField(source="matter.name", default=None, allow_null=True)
    people = serializers.IntegerField()
    usual = serializers.FloatField()
    hours = serializers.IntegerField()
    opened_at = serializers.DateTimeField()


class WallboardOut(serializers.Serializer[Any]):
    """Everything on the wallboard; `at` says of when it is."""

    at = serializers.DateTimeField()
    received = serializers.IntegerField()
    usual = serializers.FloatField()
    hours = HourOut(many=True)
    channels = CountOut(many=True)
    waiting = serializers.IntegerField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    units = LoadOut(many=True)
    matters = HotOut(many=True)
    places = HotOut(many=True)
    crowds = CrowdOut(many=True)
    calls = RateOut(many=True)


class Wallboard(Base):
    """GET /wallboard."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: WallboardOut, 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Today against the usual curve, channels, waiting, open, late, slow units, hot matters, the rates of calls."""
        staff = reader(request)
        asker = Asker.of(request)
        load = load_of(access.visible_to(staff), asker.now, asker.soon)
        day = asdict(today(asker.now))
        body = {
            **day,
            **load.totals,
            "at": asker.now,
            "channels": [{**row, "label": reach.label_of(row["code"])} for row in day["channels"]],
            "crowds": crowds.open_alarms()[:SHOWN],
            "units": load.by_department[:SHOWN],
            "calls": [asdict(rate) for rate in _of_calls(asker.now)],
        }
        return Response(WallboardOut(body).data)


def _of_calls(now: datetime) -> list[Rate]:
    """Of the calls since midnight."""
    day = timezone.localdate(now)
    with reading():
        return rates.of_calls(day, day)

"""The first page of supervision: load by unit, channel and state, and the rates of the last days."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.scoring.rates import Period
from hotline.api.asker import Asker
from hotline.api.base import Base, SeesAll, reader
from hotline.api.rates import USUAL_PERIOD, RateOut
from hotline.api.schema import PROBLEM
from hotline.calls import refused
from hotline.tickets import access, reach
from hotline.tickets.load import load_of
from hotline.tickets.states import State


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


class SupervisionPageOut(serializers.Serializer[Any]):
    """The first page of supervision."""

    open = serializers.IntegerField()
    late = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    by_department = LoadOut(many=True)
    by_channel = CountOut(many=True)
    by_state = CountOut(many=True)
    rates = RateOut(many=True)
    calls_refused = serializers.IntegerField(help_text="Changes of calls that could not be written down.")


class Supervision(Base):
    """GET /supervision."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: SupervisionPageOut, 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Open, late and soon due, by unit, channel and state, with the rates of the last 30 days."""
        staff = reader(request)
        asker, tickets, today = Asker.of(request), access.visible_to(staff), timezone.localdate()
        load = load_of(tickets, asker.now, asker.soon)
        body = {
            **load.totals,
            "by_department": load.by_department,
            "by_channel": [{**row, "label": reach.label_of(row["code"])} for row in load.by_channel],
            "by_state": [{**row, "label": str(State(row["code"]).label)} for row in load.by_state],
            "calls_refused": refused.count(),
            "rates": [asdict(rate) for rate in Period.read(today - USUAL_PERIOD, today).overall()],
        }
        return Response(SupervisionPageOut(body).data)

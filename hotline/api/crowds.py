"""GET /crowds: places that far more people than usual report, going on or over in the last days."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.models import CrowdAlarm
from hotline.api.base import Base, SeesAll, reader
from hotline.api.schema import PROBLEM, page_of
from hotline.tickets import access

LATELY = timedelta(days=7)
SHOWN = 50


class CrowdAlarmOut(serializers.Serializer[Any]):
    """One event: where, how many people where how many are usual, and the newest report that the asker may see."""

    name = serializers.CharField()
    matter = serializers.CharField(source="matter.name", default=None, allow_null=True)
    of_matter = serializers.IntegerField()
    people = serializers.IntegerField()
    usual = serializers.FloatField()
    hours = serializers.IntegerField()
    chance = serializers.FloatField()
    opened_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    ticket = serializers.SerializerMethodField()

    def get_ticket(self, alarm: CrowdAlarm) -> str | None:
        """The number, where the asker may see it."""
        number: str | None = self.context["numbers"].get(alarm.ticket_id)
        return number


class Crowds(Base):
    """The crowds of the last days, those that go on first."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: page_of(CrowdAlarmOut), 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """A ticket that the asker stood back from is not named."""
        staff = reader(request)
        lately = Q(closed_at=None) | Q(closed_at__gte=timezone.now() - LATELY)
        found = CrowdAlarm.objects.filter(lately).select_related("matter")
        alarms = list(found.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[:SHOWN])
        visible = access.visible_to(staff).filter(pk__in=[alarm.ticket_id for alarm in alarms])
        numbers = dict(visible.values_list("pk", "number"))
        rows = CrowdAlarmOut(alarms, many=True, context={"numbers": numbers}).data
        return Response({"results": rows, "next": None})

"""GET /alarms: danger that citizens' words tell of and that nobody has seen yet; the desk rings while there is any."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from dispatch.models import RiskKind
from hotline.api.base import Base, IsHotline, reader
from hotline.api.pagination import Pages
from hotline.tickets import access
from hotline.tickets.models import Alarm, UrgencyLevel


class AlarmReason(serializers.Serializer[Any]):
    """The words that rang, and by which rule."""

    kind = serializers.CharField()
    what = serializers.CharField()
    words = serializers.CharField()


class AlarmOut(serializers.Serializer[Alarm]):
    """One alarm; `seen_at` is null while it rings."""

    id = serializers.IntegerField()
    number = serializers.CharField(source="ticket.number")
    title = serializers.CharField(source="ticket.title")
    channel = serializers.CharField(source="ticket.channel")
    level = serializers.ChoiceField(UrgencyLevel.choices)
    kinds = serializers.SerializerMethodField()
    reasons = AlarmReason(many=True)
    at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    seen_by_name = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_kinds(self, alarm: Alarm) -> list[str]:
        """The kinds in words."""
        return [str(RiskKind(kind).label) for kind in alarm.kinds]

    def get_seen_by_name(self, alarm: Alarm) -> str:
        """Who has seen it; empty while it rings."""
        return str(alarm.seen_by or "")


class Alarms(Base, generics.ListAPIView[Alarm]):
    """Alarms that ring, newest first."""

    permission_classes = [IsHotline]
    serializer_class = AlarmOut
    pagination_class = Pages
    queryset = Alarm.objects.none()

    def get_queryset(self) -> QuerySet[Alarm]:
        """Of tickets that the asker may see."""
        seen = access.visible_to(reader(self.request))
        return Alarm.objects.filter(seen_at=None, ticket__in=seen).select_related("ticket", "seen_by")

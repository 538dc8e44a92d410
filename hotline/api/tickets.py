"""Tickets over the interface: the list, one whole ticket, its ledger, suggestion and limits."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import routing
from hotline.api.asker import Asker
from hotline.api.base import Base, MayRead, reader, ticket_or_404
from hotline.api.clocks import TermOut, terms_of
from hotline.api.details import TicketDetail
from hotline.api.filters import TicketFilter
from hotline.api.pagination import DeadlinePages, LedgerPages, Pages
from hotline.api.rows import TicketRow
from hotline.api.schema import PROBLEM, SuggestionOut, page_of
from hotline.people.models import Department
from hotline.tickets import access, confiding, queries
from hotline.tickets.models import LedgerEntry, Ticket


def whole_ticket(request: Request, ticket: Ticket) -> dict[str, Any]:
    """`ticket` as it is now, with everything that its page shows to the asker."""
    row = queries.whole(Ticket.objects.filter(pk=ticket.pk), reader(request)).get()
    return TicketDetail(row, context={"asker": Asker.of(request)}).data


class TicketList(Base, generics.ListAPIView[Ticket]):
    """Tickets that the asker may see, newest first; work of a unit soonest deadline first."""

    permission_classes = [MayRead]
    serializer_class = TicketRow
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = TicketFilter
    queryset = Ticket.objects.none()  # for the OpenAPI document

    @property
    def paginator(self) -> Pages:
        """One for each request."""
        if not hasattr(self, "_paginator"):
            self._paginator = DeadlinePages() if self._by_deadline else Pages()
        return self._paginator

    @property
    def _by_deadline(self) -> bool:
        return self._calls or self._group not in ("", queries.DONE) or "due" in self.request.query_params

    def get_queryset(self) -> QuerySet[Ticket]:
        """Only what the asker may see."""
        staff = reader(self.request)
        if self._group:
            return queries.grouped(staff, self._group)
        with_deadline = queries.with_call_back if self._calls else queries.with_deadline
        return with_deadline(access.visible_to(staff))

    @property
    def _calls(self) -> bool:
        """Citizens to call back: those due by rule first, then by clock."""
        return self.request.query_params.get("queue") == "to_follow_up"

    @property
    def _group(self) -> str:
        return self.request.query_params.get("group", "")

    def filter_queryset(self, queryset: QuerySet[Ticket, Any]) -> QuerySet[Ticket, Any]:
        """Narrowed, then with everything that rows show."""
        return queries.rows(super().filter_queryset(queryset))

    def get_serializer_context(self) -> dict[str, Any]:
        """Rows are made for one asker."""
        return {"asker": Asker.of(self.request)}


class TicketOne(Base):
    """One ticket."""

    permission_classes = [MayRead]

    @extend_schema(responses={200: TicketDetail, 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """The ticket with its thread, parts, clocks and rulings."""
        return Response(whole_ticket(request, ticket_or_404(request, number)))


class LedgerLine(serializers.Serializer[LedgerEntry]):
    """One line of a ticket's life; `entry` is its number in the live feed."""

    entry = serializers.IntegerField(source="feed")
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    by_name = serializers.SerializerMethodField()
    actor = serializers.CharField()
    state = serializers.CharField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]

    def get_data(self, line: LedgerEntry) -> dict[str, Any]:
        """What happened, without what tells who a protected citizen is."""
        return confiding.line_data(line, self.context["asker"].staff, line.ticket)

    def get_by_name(self, line: LedgerEntry) -> str | None:
        """The member of staff; null for the citizen and the system."""
        return str(line.by) if line.by else None


class TicketLedger(Base, generics.ListAPIView[LedgerEntry]):
    """The life of a ticket, oldest line first."""

    permission_classes = [MayRead]
    serializer_class = LedgerLine
    pagination_class = LedgerPages
    queryset = LedgerEntry.objects.none()

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        """Lines that were given their number in the feed, which happens right after the commit."""
        ticket = ticket_or_404(self.request, self.kwargs["number"])
        return ticket.ledger.filter(feed__isnull=False).select_related("by", "ticket__citizen")

    def get_serializer_context(self) -> dict[str, Any]:
        """Lines are shown to one asker."""
        return {"asker": Asker.of(self.request)}


class TicketSuggestion(Base):
    """What the assistant understood of a ticket."""

    permission_classes = [MayRead]

    @extend_schema(responses={200: SuggestionOut, 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """Type, matter and three units with their reasons; similar tickets that the asker may see."""
        ticket, staff = ticket_or_404(request, number), reader(request)
        return Response(confiding.veiled(routing.suggestion_for(ticket, access.visible_to(staff)), staff, ticket))


class TicketTerms(Base):
    """The limits that a dispatch would set."""

    permission_classes = [MayRead]

    @extend_schema(responses={200: page_of(TermOut), 404: PROBLEM})
    def get(self, request: Request, number: str) -> Response:
        """The clocks that a dispatch now would start, with the reckoning of each day."""
        ticket = ticket_or_404(request, number)
        unit = Department.objects.filter(code=request.query_params.get("department", "")).first()
        clocks = TermOut(terms_of(ticket, unit, Asker.of(request)), many=True).data
        return Response({"results": clocks, "next": None})

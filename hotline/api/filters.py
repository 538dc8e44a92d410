"""What a list of tickets can be narrowed by."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hotline.api.asker import Asker
from hotline.people.models import Department
from hotline.tickets import queries
from hotline.tickets.models import RequestType, Ticket
from hotline.tickets.states import OPEN, State

LONGEST_SEARCH = 50


class _Codes(filters.BaseInFilter, filters.CharFilter):
    """One code, or several with commas between."""


class TicketFilter(filters.FilterSet):
    """Every parameter narrows; `state` and `type` may be given more than once."""

    queue = filters.ChoiceFilter(
        choices=[(name, name) for name in (*queries.QUEUES, "all")],
        method="in_queue",
        label=_("A tab of the desk"),
    )
    group = filters.ChoiceFilter(choices=[(name, name) for name in queries.GROUPS], label=_("A group of the portal"))
    state = filters.MultipleChoiceFilter(choices=State.choices)
    type = filters.MultipleChoiceFilter(choices=RequestType.choices)
    channel = _Codes(max_length=200)
    department = filters.ModelChoiceFilter(
        queryset=Department.objects.all(), to_field_name="code", label=_("The lead unit's code")
    )
    q = filters.CharFilter(method="search", max_length=LONGEST_SEARCH, label=_("Words of title or text, or a number"))

    due = filters.ChoiceFilter(
        choices=[("late", "late"), ("soon", "soon")],
        method="in_time",
        label=_("How the answer's clock stands"),
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def in_queue(self, tickets: QuerySet[Ticket], name: str, queue: str) -> QuerySet[Ticket]:
        """The queue as the asker sees it."""
        return tickets if queue == "all" else tickets.filter(queries.QUEUES[queue](self.request.user))

    def in_time(self, tickets: QuerySet[Ticket], name: str, level: str) -> QuerySet[Ticket]:
        """Late, or due within a working day, as the rows' `due_level` says."""
        asker = Asker.of(self.request)
        running = tickets.filter(answered_at=None, state__in=OPEN - {State.SUSPENDED})
        if level == "late":
            return running.filter(due_at__lt=asker.now)
        return running.filter(due_at__range=(asker.now, asker.soon))

    def search(self, tickets: QuerySet[Ticket], name: str, words: str) -> QuerySet[Ticket]:
        """Number, code, title or text."""
        return queries.search(tickets, words, self.request.user)

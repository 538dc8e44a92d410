"""What screens read of tickets: rows with all that they show, one whole ticket, queues, groups, search."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from hotline.people.models import Staff
from hotline.people.roles import HOTLINE_ROLES
from hotline.tickets import access, bars, numbers
from hotline.tickets.facts import Kind
from hotline.tickets.models import (
    Assignment,
    CallBack,
    Clock,
    Deadline,
    Draft,
    ExtensionRequest,
    LedgerEntry,
    ListEntry,
    Message,
    SetAside,
    Supervision,
    Ticket,
)
from hotline.tickets.states import ENDED, OPEN, WITH_UNIT, State

RELATED_SHOWN = 10


def rows(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """`tickets` with everything that a row shows, in a number of queries that does not grow with them."""
    latest = LedgerEntry.objects.filter(ticket=OuterRef("pk"), feed__isnull=False).order_by("-sequence")
    return (
        tickets.select_related("matter__parent", "area", "citizen", "holder", "department")
        .prefetch_related(
            "extensions",
            "recusals",
            "supervisions",
            "consultations__units",
            "set_asides",
            Prefetch("assignments", _assignments()),
            Prefetch("deadlines", _running(), "running"),
            Prefetch("ledger", _sending(), "sending_lines"),
        )
        .annotate(
            last_entry=Subquery(latest.values("feed")[:1]),
            children_count=_children_count(),
            strongest_level=Subquery(ListEntry.objects.levels().values("code")[:1]),
        )
    )


def _sending() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(kind__in=bars.SENT_SOMEWHERE).only("ticket", "kind", "by")


def _children_count() -> Coalesce:
    children = Ticket.objects.filter(merged_into=OuterRef("pk")).order_by().values("merged_into")
    return Coalesce(Subquery(children.annotate(count=Count("pk")).values("count")), 0)


def _assignments() -> QuerySet[Assignment]:
    return Assignment.objects.select_related("department", "passed_from__department").order_by("pk")


def _running() -> QuerySet[Deadline]:
    return Deadline.objects.filter(ended_at=None).select_related("assignment__department").order_by("due_at", "pk")


def whole(tickets: QuerySet[Ticket], staff: Staff) -> QuerySet[Ticket]:
    """`tickets` with everything that a ticket's page shows to `staff`."""
    said = Message.objects.select_related("attachment", "author").prefetch_related("calls__pieces")
    own_drafts = Draft.objects.filter(staff_id=staff.pk)
    return (
        rows(tickets)
        .select_related("contact", "merged_into", "split_from", "precedent__department")
        .annotate(urgings=_urgings(Count("pk"), 0), last_urged_at=_urgings(Max("at"), None))
        .prefetch_related(
            Prefetch("messages", said),
            Prefetch("drafts", own_drafts, to_attr="own_drafts"),
            "attachments",
            "accused",
            "returns__proposed",
            "returns__assignment__department",
            "extensions__assignment__department",
            "consultations__request",
            "consultations__opinions__department",
            "consultations__opinions__by",
            "supervisions__by",
            "supervisions__replied_by",
            "supervisions__ended_by",
            "suspensions__by",
            "follow_ups__by",
            "ratings",
            "split_off",
            "set_asides__requested_by",
            "alarms__seen_by",
            "promises__assignment__department",
            "set_asides__ruled_by",
            Prefetch("merged_children", Ticket.objects.order_by("pk")),
        )
    )


def _urgings(figure: Aggregate, none: int | None) -> Coalesce | Subquery:
    """A figure over the ticket's urgings, and what stands for it where there were none."""
    urged = LedgerEntry.objects.filter(ticket=OuterRef("pk"), kind=Kind.URGED).order_by().values("ticket")
    found = Subquery(urged.annotate(figure=figure).values("figure"))
    return found if none is None else Coalesce(found, none)


def related_to(ticket: Ticket, staff: Staff) -> QuerySet[Ticket]:
    """The same citizen's other tickets, newest first; none where `staff` may not know who the citizen is."""
    if access.hides_citizen(staff, ticket):
        return Ticket.objects.none()
    others = access.visible_to(staff).filter(citizen=ticket.citizen_id).exclude(pk=ticket.pk)
    if staff.role not in HOTLINE_ROLES:  # a confidential ticket must not be found by way of an open one
        others = others.filter(confidential=False)
    return rows(others).order_by("-pk")[:RELATED_SHOWN]


# --- the desk's queues ----------------------------------------------------------------------------

OPEN_EXTENSION = Exists(ExtensionRequest.objects.filter(ticket=OuterRef("pk"), granted=None))
OPEN_SET_ASIDE = Exists(SetAside.objects.filter(ticket=OuterRef("pk"), approved=None))
OPEN_ORDER = Exists(Supervision.objects.filter(ticket=OuterRef("pk"), ended_at=None))
IN_REVIEW = Q(state__in=[State.ANSWER_REVIEW, State.RETURN_REVIEW])

QUEUES: dict[str, Callable[[Staff], Q]] = {
    "pending": lambda staff: Q(state=State.RECEIVED),
    "mine": lambda staff: Q(holder=staff.pk, state__in=OPEN),
    "to_dispatch": lambda staff: Q(state=State.ACCEPTED),
    "to_review": lambda staff: Q(IN_REVIEW | Q(OPEN_EXTENSION), state__in=OPEN),
    "to_follow_up": lambda staff: Q(state=State.FOLLOW_UP, call_back__in=[CallBack.DUE, CallBack.SAMPLED]),
    "supervised": lambda staff: Q(OPEN_ORDER),
    "returns": lambda staff: Q(state=State.RETURN_REVIEW),
    "extensions": lambda staff: Q(OPEN_EXTENSION, state__in=OPEN),
    "set_asides": lambda staff: Q(OPEN_SET_ASIDE),
}
"""The tabs of the desk and of supervision: which tickets stand in each; naming open states spares the archive."""


OUTLASTING = ("supervised", "set_asides")
"""Queues in which a ticket may stand though it has ended: an order is ended by name, a case set aside afterwards."""


def queue_counts(staff: Staff) -> dict[str, int]:
    """How many tickets stand in each queue: one query for what is open, one for each queue that outlasts that."""
    visible = access.visible_to(staff)
    of_open = {name: Count("pk", filter=belongs(staff)) for name, belongs in QUEUES.items() if name not in OUTLASTING}
    return {
        **visible.filter(state__in=OPEN).aggregate(**of_open),
        "supervised": Supervision.objects.filter(ended_at=None, ticket__in=visible).count(),
        "set_asides": SetAside.objects.filter(approved=None, ticket__in=visible).count(),
    }


# --- the portal's groups --------------------------------------------------------------------------

DONE, HEARD = "done", "consultation"
GROUPS = ("to_sign", "handling", "return_refused", "extension", "awaiting_info", HEARD, DONE)
"""What a unit must do: each ticket is in exactly one; "awaiting_info" is an answer to be made better.

"consultation": the unit has no part in the ticket, and is only heard about whose it is.
"""
NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)
AFTER_ALL = timedelta(days=365_000)
"""Put on a limit, it sorts behind all that are due: pages continue from one key only."""
HELPS_BESIDE_RETURN = Q(state=State.RETURN_REVIEW, role=Assignment.Role.ASSISTING)
IS_DONE = Q(state__in=ENDED) | Q(part=Assignment.State.ANSWERED)
GROUP = Case(
    When(part=None, then=Value(HEARD)),
    When(IS_DONE, then=Value(DONE)),
    When(Q(part=Assignment.State.TO_SIGN) & (Q(state__in=WITH_UNIT) | HELPS_BESIDE_RETURN), then=Value("to_sign")),
    When(OPEN_EXTENSION, then=Value("extension")),
    When(state=State.REWORK, then=Value("awaiting_info")),
    When(returns_final=True, then=Value("return_refused")),
    default=Value("handling"),
    output_field=CharField(),
)
"""Of a ticket with the state of its own unit's `part` and its `role`."""


def grouped(staff: Staff, only: str = "") -> QuerySet[Ticket]:
    """The tickets of a clerk's units, each with its `group` on the portal and a `deadline` to order by.

    When `only` one group is wanted, what cannot be in it is left out first: a unit's work stays small
    while its history grows.
    """
    own = Assignment.objects.filter(department__in=access.unit_ids(staff), state__in=access.LIVE_PARTS)
    part = own.filter(ticket=OuterRef("pk")).order_by(F("role").desc())
    tickets = with_deadline(access.visible_to(staff)).annotate(
        part=Subquery(part.values("state")[:1]), role=Subquery(part.values("role")[:1])
    )
    if only == DONE:
        return tickets.filter(IS_DONE).annotate(group=Value(DONE))
    if only == HEARD:
        return tickets.filter(part=None, state=State.RETURN_REVIEW).annotate(group=Value(HEARD))
    if only:
        at_work = own.exclude(state=Assignment.State.ANSWERED)
        tickets = tickets.filter(state__in=OPEN, pk__in=at_work.values("ticket"))
    return tickets.annotate(group=GROUP)


def with_deadline(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """`tickets` with a `deadline` to order by; those without one come last."""
    return tickets.annotate(deadline=Coalesce("due_at", Value(NO_DEADLINE)))


def with_call_back(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """`tickets` with the `deadline` of their call-back to order by; what was drawn by lot comes after what is due."""
    running = Deadline.objects.filter(ticket=OuterRef("pk"), ended_at=None, clock__in=[Clock.CALL_BACK, Clock.SILENCE])
    due_at = Coalesce(Subquery(running.order_by("due_at").values("due_at")[:1]), Value(NO_DEADLINE))
    by_lot = Least(due_at + AFTER_ALL, Value(NO_DEADLINE))
    return tickets.annotate(deadline=Case(When(call_back=CallBack.SAMPLED, then=by_lot), default=due_at))


def group_counts(staff: Staff) -> dict[str, int]:
    """How many tickets stand in each group of the portal; what is in none of the others is done.

    So the history, which only grows, is counted and never sorted into groups.
    """
    work = [name for name in GROUPS if name not in (DONE, HEARD)]
    counts = grouped(staff, work[0]).aggregate(**{name: Count("pk", filter=Q(group=name)) for name in work})
    counts[HEARD] = grouped(staff, HEARD).count()
    done = access.visible_to(staff).count() - sum(counts.values())
    return {name: done if name == DONE else counts[name] for name in GROUPS}


# --- search ---------------------------------------------------------------------------------------


def search(tickets: QuerySet[Ticket], words: str, staff: Staff) -> QuerySet[Ticket]:
    """`tickets` whose number, code, title or text has `words`, or whose number at 110, 119, 120 or 122 they are.

    Two characters or more are looked up in the index of pairs (migration 0003), which finds every ticket
    that may have them; the regular expression then decides. By its words nobody outside the hotline finds
    a confidential ticket: each search would be a guess at a name or a telephone that they do not see.
    """
    if numbers.is_number(words):
        return tickets.filter(number=words)
    if numbers.is_code(words.upper()):
        return tickets.filter(public_code=words.upper())
    if staff.role not in HOTLINE_ROLES:
        tickets = tickets.filter(Q(confidential=False) | Q(number__contains=words))
    pattern = re.escape(words)
    found = Q(title__iregex=pattern) | Q(text__iregex=pattern)
    if len(words) > 1:
        tickets = tickets.alias(pairs=_pairs("title", "text"))
        found &= Q(pairs__contains=_pairs(Value(words), Value("")))
    if words:
        found |= Q(partner_reference=words)
    return tickets.filter(found | Q(number__contains=words) if words.isdigit() else found)


def _pairs(title: str | Value, text: str | Value) -> Func:
    """Every two neighbouring characters, as the index keeps them."""
    return Func(title, text, function="ticket_pairs", output_field=ArrayField(TextField()))

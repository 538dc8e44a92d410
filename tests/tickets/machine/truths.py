"""What must be true of every ticket after whatever anybody did."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from hotline.people.models import Staff
from hotline.tickets import access, ledger, rulebook
from hotline.tickets.accountability import HolderKind, chain_of
from hotline.tickets.deadlines import UNITS_CLOCKS
from hotline.tickets.facts import Kind
from hotline.tickets.models import Assignment, Clock, Consultation, Deadline, Recusal, Ticket
from hotline.tickets.states import ALLOWED, BEFORE_DISPATCH, ENDED, WITH_UNIT, WORKED_ON, State, Verb
from tests.tickets.machine.city import City

TABLES = (
    "tickets_ticket",
    "tickets_assignment",
    "tickets_deadline",
    "tickets_ledgerentry",
    "tickets_message",
    "tickets_returnrequest",
    "tickets_consultation",
    "tickets_consultation_units",
    "tickets_opinion",
    "tickets_precedent",
    "tickets_extensionrequest",
    "tickets_suspension",
    "tickets_supervision",
    "tickets_setaside",
    "tickets_recusal",
    "tickets_merge",
    "tickets_followup",
    "tickets_rating",
    "tickets_ticket_accused",
)
VERBS_OF: dict[Kind, set[Verb]] = {
    Kind.RECEIVED: set(),
    Kind.CHILD_MERGED: set(),
    Kind.CHILD_UNMERGED: set(),
    Kind.WORDS_ADDED: {Verb.ADD_WORDS},
    Kind.MEDIA_KEPT: {Verb.KEEP_MEDIA},
    Kind.EVIDENCE_ADDED: {Verb.ATTACH},
    Kind.TRANSCRIBED: {Verb.TRANSCRIBE},
    Kind.SUGGESTED: {Verb.SUGGEST},
    Kind.ESCALATED: {Verb.ESCALATE},
    Kind.ALARM_SEEN: {Verb.SEE_ALARM},
    Kind.CROWD_NOTICED: {Verb.NOTICE_CROWD},
    Kind.PROMISED: {Verb.PROMISE},
    Kind.PROMISE_DUE: {Verb.CHASE_PROMISE},
    Kind.PROMISE_SETTLED: {Verb.SETTLE_PROMISE},
    Kind.ACCEPTED: {Verb.ACCEPT},
    Kind.EDITED: {Verb.EDIT},
    Kind.REPLIED: {Verb.REPLY},
    Kind.INFO_REQUESTED: {Verb.REQUEST_INFO},
    Kind.REFUSED: {Verb.REFUSE},
    Kind.EMERGENCY: {Verb.EMERGENCY},
    Kind.ANSWERED_DIRECTLY: {Verb.ANSWER_DIRECTLY},
    Kind.DISPATCHED: {Verb.DISPATCH},
    Kind.RECALLED: {Verb.RECALL},
    Kind.UNITS_ADDED: {Verb.ASSIST},
    Kind.UNIT_RELEASED: {Verb.RELEASE},
    Kind.PASSED_DOWN: {Verb.PASS_DOWN},
    Kind.PASSED_UP: {Verb.PASS_UP},
    Kind.SIGNED: {Verb.SIGN},
    Kind.CONTACTED: {Verb.CONTACT},
    Kind.RELAYED: {Verb.RELAY},
    Kind.RETURN_REQUESTED: {Verb.RETURN},
    Kind.RETURN_UPHELD: {Verb.RULE_ON_RETURN},
    Kind.RETURN_REFUSED: {Verb.RULE_ON_RETURN},
    Kind.OPINION_GIVEN: {Verb.OPINE},
    Kind.CONSULTATION_RULED: {Verb.RULE_ON_RETURN},
    Kind.EXTENSION_REQUESTED: {Verb.REQUEST_EXTENSION},
    Kind.EXTENSION_GRANTED: {Verb.RULE_ON_EXTENSION},
    Kind.EXTENSION_REFUSED: {Verb.RULE_ON_EXTENSION},
    Kind.SUSPENDED: {Verb.SUSPEND},
    Kind.RESUMED: {Verb.RESUME},
    Kind.UNIT_ANSWERED: {Verb.ANSWER},
    Kind.ANSWERED: {Verb.ANSWER, Verb.RELEASE},
    Kind.REVIEW_PASSED: {Verb.REVIEW},
    Kind.REVIEW_FAILED: {Verb.REVIEW},
    Kind.FOLLOWED_UP: {Verb.FOLLOW_UP},
    Kind.RATED: {Verb.RATE},
    Kind.REWORK: {Verb.REWORK},
    Kind.CLOSED: {Verb.CLOSE},
    Kind.ARCHIVED: {Verb.ARCHIVE},
    Kind.MERGED: {Verb.MERGE},
    Kind.UNMERGED: {Verb.UNMERGE},
    Kind.SPLIT: {Verb.SPLIT},
    Kind.URGED: {Verb.URGE},
    Kind.SUPERVISED: {Verb.SUPERVISE},
    Kind.ORDER_ANSWERED: {Verb.ANSWER_ORDER},
    Kind.SUPERVISION_ENDED: {Verb.END_SUPERVISION},
    Kind.CARD_SHOWN: {Verb.SHOW_CARD},
    Kind.LIMIT_MOVED: {Verb.MOVE_LIMIT},
    Kind.SET_ASIDE_REQUESTED: {Verb.SET_ASIDE},
    Kind.SET_ASIDE_APPROVED: {Verb.RULE_ON_SET_ASIDE},
    Kind.SET_ASIDE_REFUSED: {Verb.RULE_ON_SET_ASIDE},
    Kind.RECUSED: {Verb.RECUSE},
    Kind.NOTED: {Verb.NOTE},
    Kind.WITHDRAWN: {Verb.WITHDRAW},
    Kind.DELIVERY_FAILED: {Verb.REPORT_FAILURE},
}
"""By which verbs a line of a kind is written; none: the line tells what another ticket's verb did."""


def digest() -> str:
    """Every row about every ticket, in one hash."""
    parts = [f"select '{table}' || t::text as line from {table} t" for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(f"select string_agg(line, '' order by line) from ({' union all '.join(parts)}) as rows")
        found: str = cursor.fetchone()[0] or ""
    return hashlib.sha256(found.encode()).hexdigest()


def check(ticket: Ticket) -> None:
    """Everything that holds for one ticket by itself."""
    parts = list(ticket.assignments.all())
    running = list(Deadline.objects.filter(ticket=ticket, ended_at=None))
    lead = _one_lead(ticket, parts)
    _clocks(ticket, running)
    _copies(ticket, lead, running)
    _arrows(ticket)
    _one_holder(ticket)
    assert ledger.verify(ticket)
    assert ticket.returns.count() <= rulebook.book().figure("consult_after")
    assert ticket.supervisions.filter(ended_at=None).count() == (ticket.supervision_level > 0)


def _one_lead(ticket: Ticket, parts: Sequence[Assignment]) -> Assignment | None:
    live = [part for part in parts if part.state in access.LIVE_PARTS]
    leads = [part for part in live if part.role == Assignment.Role.LEAD]
    assert len(leads) <= 1
    if leads:
        assert ticket.department_id == leads[0].department_id
    else:
        assert live == [], "units assist nobody"
    if ticket.state in WITH_UNIT | {State.RETURN_REVIEW, State.SUSPENDED, State.ANSWER_REVIEW}:
        assert leads, f"{ticket.state} without a lead unit"
    if ticket.state in BEFORE_DISPATCH:
        assert ticket.department_id is None
        assert not live
    return leads[0] if leads else None


def _clocks(ticket: Ticket, running: Sequence[Deadline]) -> None:
    assert all(deadline.rule and deadline.explanation for deadline in running), "a clock without rule or reckoning"
    if ticket.state in ENDED:
        assert running == [], "a clock outlives its ticket"
    units = [deadline for deadline in running if deadline.clock in UNITS_CLOCKS]
    suspended = ticket.state == State.SUSPENDED
    assert all((deadline.paused_at is not None) == suspended for deadline in units), "a clock runs in a pause"
    for sign in (deadline for deadline in running if deadline.clock == Clock.SIGN and not suspended):
        assert ticket.state in WORKED_ON, "nobody can sign"
        assert sign.assignment
        assert not access.waits_for_ruling(ticket, sign.assignment), "nobody signs while a return is judged"


def _copies(ticket: Ticket, lead: Assignment | None, running: Sequence[Deadline]) -> None:
    due = {deadline.clock: deadline.due_at for deadline in running if lead and deadline.assignment_id == lead.pk}
    assert ticket.sign_due_at == due.get(Clock.SIGN)
    if ticket.state in WITH_UNIT and lead and lead.state != Assignment.State.ANSWERED:
        assert Clock.ANSWER in due, "work without a limit"
    if Clock.ANSWER in due:
        assert ticket.due_at == due[Clock.ANSWER]


def _arrows(ticket: Ticket) -> None:
    lines = list(ticket.ledger.order_by("sequence").values_list("kind", "state"))
    assert lines[0] == (Kind.RECEIVED, State.RECEIVED)
    for (_kind, before), (kind, after) in pairwise(lines):
        arrows = [ALLOWED[verb] for verb in VERBS_OF[Kind(kind)]]
        went = before == after or any(before in arrow.sources and after in arrow.targets for arrow in arrows)
        assert went, f"no arrow leads from {before} by {kind} to {after}"
    assert lines[-1][1] == ticket.state


def _one_holder(ticket: Ticket) -> None:
    spans = chain_of(ticket).spans
    assert spans[-1].end is None
    assert all(first.end == then.start for first, then in pairwise(spans)), "a gap"
    holder = spans[-1].holder
    assert (holder.kind == HolderKind.NOBODY) == (ticket.state in ENDED)
    if ticket.state in WITH_UNIT | {State.SUSPENDED} and ticket.department:
        assert (holder.kind, holder.unit) == (HolderKind.UNIT, ticket.department.code)


def check_sight(city: City, tickets: Sequence[Ticket], clerks: Sequence[Staff]) -> None:
    """A clerk sees what has a live part of theirs, or is consulted on; never a complaint about their own."""
    parts = _pairs(Assignment.objects.filter(state__in=access.LIVE_PARTS), "department_id")
    reviewed = [ticket.pk for ticket in tickets if ticket.state == State.RETURN_REVIEW]
    heard = _pairs(Consultation.objects.filter(ruled_at=None, ticket__in=reviewed), "units")
    accused = _pairs(Ticket.accused.through.objects.all(), "department_id")
    stood_back = _pairs(Recusal.objects.all(), "staff_id")
    for clerk in clerks:
        below, above = city.below(clerk), city.above(clerk)
        seen = set(access.visible_to(clerk).values_list("pk", flat=True))
        assert seen == {
            ticket.pk
            for ticket in tickets
            if not below.isdisjoint(parts[ticket.pk] | heard[ticket.pk])
            and above.isdisjoint(accused[ticket.pk])
            and clerk.pk not in stood_back[ticket.pk]
        }


def _pairs(rows: QuerySet[Any], name: str) -> dict[int, set[int]]:
    """The values of `name` by ticket."""
    found: dict[int, set[int]] = defaultdict(set)
    for ticket, value in rows.values_list("ticket_id", name):
        found[ticket].add(value)
    return found

"""Setting aside (剔除) needs two people; who dispatched the ticket is neither of them, and no unit is."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from hotline.people.models import Staff
from hotline.tickets import access, actors, clock, closing, lifecycle, setting_aside
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import CallBack, SetAside, Ticket
from hotline.tickets.states import State, Verb
from tests.factories import Cast, staff

pytestmark = pytest.mark.django_db
CODE, NOTE = "unreasonable", "要求无法律依据"


def asked(row: Ticket, by: Staff) -> Ticket:
    return setting_aside.ask(ticket=row, by=actors.staff(by), version=row.version, code=CODE, note=NOTE)


def ruled(row: Ticket, by: Staff, *, approved: bool = True, note: str = "") -> Ticket:
    return setting_aside.rule(ticket=row, by=actors.staff(by), version=row.version, approved=approved, note=note)


def dispatched_by_lead(cast: Cast) -> Ticket:
    """A ticket in handling that the shift lead dispatched, whose role alone would let them set it aside."""
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.dispatch_to(ticket=row, by=actors.staff(cast.lead), version=row.version, department=cast.unit)
    return row


def test_two_people_set_a_ticket_aside() -> None:
    cast = Cast()
    row = cast.ticket_in(State.CLOSED)
    asked(row, cast.quality)
    assert not row.set_aside
    ruled(row, cast.supervisor, note="属实")
    kept = Ticket.objects.get(pk=row.pk)
    assert (kept.set_aside, kept.state) == (True, State.CLOSED)
    lines = list(kept.ledger.order_by("-sequence")[:2].values_list("kind", "by", "data"))
    assert lines == [
        ("set_aside_approved", cast.supervisor.pk, {"code": CODE, "note": "属实"}),
        ("set_aside_requested", cast.quality.pk, {"code": CODE, "note": NOTE}),
    ]


def test_a_refusal_says_why_and_lets_the_ticket_count() -> None:
    cast = Cast()
    row = asked(cast.ticket_in(State.CLOSED), cast.quality)
    with pytest.raises(InvalidFields):
        ruled(row, cast.supervisor, approved=False)
    ruled(row, cast.supervisor, approved=False, note="诉求合理")
    assert not row.set_aside
    asked(row, cast.supervisor)
    ruled(row, cast.quality)
    assert Ticket.objects.get(pk=row.pk).set_aside


def test_what_is_set_aside_is_set_aside_once_and_for_good() -> None:
    cast = Cast()
    row = ruled(asked(cast.ticket_in(State.CLOSED), cast.quality), cast.supervisor)
    for attempt in (asked, ruled):
        with pytest.raises(NotAllowed):
            attempt(row, cast.lead)


def test_nobody_rules_before_somebody_asked_or_asks_twice() -> None:
    cast = Cast()
    row = cast.ticket_in(State.CLOSED)
    with pytest.raises(NotAllowed):
        ruled(row, cast.supervisor)
    asked(row, cast.quality)
    with pytest.raises(NotAllowed):
        asked(row, cast.supervisor)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("quality", "quality"),
        ("lead", "quality"),
        ("quality", "lead"),
        ("lead", "lead"),
        ("clerk", "quality"),
        ("quality", "clerk"),
        ("agent", "quality"),
        ("quality", "agent"),
        ("auditor", "quality"),
        ("quality", "admin"),
    ],
)
def test_forbidden_pairs(first: str, second: str) -> None:
    """Not the same person twice; never the shift lead who dispatched it; no unit, agent, auditor or administrator."""
    cast = Cast()
    row = dispatched_by_lead(cast)
    steps = [(asked, getattr(cast, first)), (ruled, getattr(cast, second))]
    with pytest.raises(NotYours):
        _both(row, steps)
    assert not Ticket.objects.get(pk=row.pk).set_aside
    assert not row.ledger.filter(kind="set_aside_approved").exists()


def _both(row: Ticket, steps: list[tuple[Callable[[Ticket, Staff], Ticket], Staff]]) -> None:
    for step, person in steps:
        step(row, person)


def test_the_allowed_verbs_say_the_same() -> None:
    cast = Cast()
    row = dispatched_by_lead(cast)
    assert Verb.SET_ASIDE not in access.allowed(cast.lead, row)
    assert Verb.SET_ASIDE in access.allowed(cast.quality, row)
    asked(row, cast.quality)
    row = Ticket.objects.get(pk=row.pk)
    able = {who for who in ("quality", "supervisor", "lead", "agent", "clerk") if _may_rule(cast, who, row)}
    assert able == {"supervisor"}
    another = staff("quality")
    assert Verb.RULE_ON_SET_ASIDE in access.allowed(another, row)


def _may_rule(cast: Cast, who: str, row: Ticket) -> bool:
    return Verb.RULE_ON_SET_ASIDE in access.allowed(getattr(cast, who), row)


def test_the_database_itself_wants_two_people() -> None:
    cast = Cast()
    row = asked(cast.ticket_in(State.CLOSED), cast.quality)
    with pytest.raises(IntegrityError), transaction.atomic():
        SetAside.objects.filter(ticket=row).update(ruled_by=cast.quality, approved=True, ruled_at=clock.now())


def test_who_dispatched_does_not_close_what_is_to_be_called_back() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    Ticket.objects.filter(pk=row.pk).update(call_back=CallBack.DUE)
    row.refresh_from_db()
    with pytest.raises(NotYours):
        closing.close(ticket=row, by=actors.staff(cast.agent), version=row.version)
    assert Verb.CLOSE not in access.allowed(cast.agent, row)
    closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version)
    assert row.state == State.CLOSED


def test_who_answered_directly_does_not_call_back_about_it() -> None:
    cast = Cast()
    row = cast.ticket_in(State.ACCEPTED)
    lifecycle.answer_directly(ticket=row, by=actors.staff(cast.agent), version=row.version, public="九点开门")
    with pytest.raises(NotYours):
        closing.follow_up(
            ticket=row, by=actors.staff(cast.agent), version=row.version, reached=True, satisfied=5, solved=True
        )
    closing.follow_up(
        ticket=row, by=actors.staff(cast.quality), version=row.version, reached=True, satisfied=5, solved=True
    )
    assert row.satisfied == 5

"""What single verbs do beyond their arrow: words and places joining a draft, parts of several units, ratings."""

import pytest

from hotline.tickets import actors, closing, deadlines, lifecycle
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, Clock, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
TOWER = {"lat": 22.94, "lng": 112.46, "address": "云东路电视塔"}


def test_words_and_a_place_join_a_draft() -> None:
    row = ticket("这里路灯坏了")
    lifecycle.add_words(ticket=row, words=Words(text="", kind="location", place=TOWER), channel="wechat")
    lifecycle.add_words(ticket=row, words=Words(text="已经三天"), channel="wechat")
    kept = Ticket.objects.get(pk=row.pk)
    assert (kept.lat, kept.lng, kept.address) == (22.94, 112.46, "云东路电视塔")
    assert kept.text == "这里路灯坏了\n已经三天"
    assert kept.version == 1


def test_words_after_acceptance_do_not_change_what_the_desk_wrote() -> None:
    cast = Cast()
    row = cast.ticket_in("accepted")
    text = row.text
    lifecycle.add_words(ticket=row, words=Words(text="补充", place=TOWER), channel="web")
    kept = Ticket.objects.get(pk=row.pk)
    assert (kept.text, kept.lat, kept.unread) == (text, None, True)


def test_a_ticket_is_answered_when_the_lead_and_every_assisting_unit_have_answered() -> None:
    cast = Cast()
    by = actors.staff
    row = cast.ticket_in("accepted")
    lifecycle.dispatch_to(
        ticket=row,
        by=by(cast.agent),
        version=row.version,
        department=cast.unit,
        assisting=(cast.helper_unit,),
    )
    lifecycle.sign_for(ticket=row, by=by(cast.clerk), version=row.version)
    lifecycle.sign_for(ticket=row, by=by(cast.helper_clerk), version=row.version)
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="主办答复")
    assert row.state == "handling"
    assert row.ledger.get(kind="unit_answered").data["waiting_for"] == [cast.helper_unit.code]
    lifecycle.answer(ticket=row, by=by(cast.helper_clerk), version=row.version, public="协办答复")
    assert row.state == "answer_review"
    with pytest.raises(NotAllowed):
        lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="再答一次")


def test_an_assisting_unit_that_has_signed_answers_without_waiting_for_the_lead_to_sign() -> None:
    cast = Cast()
    row = cast.ticket_in(State.ACCEPTED)
    by = actors.staff
    lifecycle.dispatch_to(
        ticket=row, by=by(cast.agent), version=row.version, department=cast.unit, assisting=(cast.helper_unit,)
    )
    lifecycle.sign_for(ticket=row, by=by(cast.helper_clerk), version=row.version)
    lifecycle.answer(ticket=row, by=by(cast.helper_clerk), version=row.version, public="已协助")
    line = row.ledger.latest("sequence")
    assert (row.state, line.kind, line.data["waiting_for"]) == (State.DISPATCHED, "unit_answered", [cast.unit.code])


def test_words_that_were_asked_for_start_the_acceptance_clock_anew() -> None:
    cast = Cast()
    row = ticket(contact=contact("web"))
    assert deadlines.running(row).values_list("clock", flat=True).get() == Clock.ACCEPT
    lifecycle.request_info(ticket=row, by=actors.staff(cast.agent), version=row.version, question="哪条路?")
    assert not deadlines.running(row).exists()
    lifecycle.add_words(ticket=row, words=Words(text="解放路"), channel="web")
    assert deadlines.running(row).values_list("clock", flat=True).get() == Clock.ACCEPT


def test_a_unit_cannot_both_lead_and_assist() -> None:
    cast = Cast()
    row = cast.ticket_in("accepted")
    with pytest.raises(InvalidFields):
        lifecycle.dispatch_to(
            ticket=row,
            by=actors.staff(cast.agent),
            version=row.version,
            department=cast.unit,
            assisting=(cast.unit,),
        )
    assert not Assignment.objects.filter(ticket=row).exists()


def test_the_first_rating_of_a_round_counts() -> None:
    cast = Cast()
    row = cast.ticket_in("closed")
    assert closing.rate(ticket=row, channel="sms", satisfied=2).counts
    assert not closing.rate(ticket=row, channel="web", satisfied=5).counts
    assert Ticket.objects.get(pk=row.pk).satisfied == 2
    closing.rework(ticket=row, by=actors.SYSTEM, version=None, note="差评")
    assert row.state == "rework"
    by = actors.staff
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public="重新修好")
    closing.review(ticket=row, by=by(cast.quality), version=row.version, approved=True)
    assert closing.rate(ticket=row, channel="web", satisfied=5).counts
    assert Ticket.objects.get(pk=row.pk).satisfied == 5

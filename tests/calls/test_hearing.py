"""Who hears calls, live and recorded: one rule, and each listening to a call in progress on record."""

from uuid import uuid4

import pytest
from django.utils import timezone

from channels_ingest.telephony.bridge import Mode
from channels_ingest.telephony.listening import admit
from hotline.calls import hearing
from hotline.calls.models import PhoneCall
from hotline.people.models import PersonalDataRead
from hotline.people.roles import Role
from hotline.tickets.models import Recusal, Ticket
from tests.factories import staff, ticket

pytestmark = pytest.mark.django_db(transaction=True)


def call(about: Ticket) -> PhoneCall:
    return PhoneCall.objects.create(uuid=uuid4(), started_at=timezone.now(), ticket=about, citizen=about.citizen)


def test_the_same_people_hear_it_live_and_afterwards() -> None:
    row = call(ticket())
    people = {role: staff(role) for role in Role}
    live = {role for role, person in people.items() if admit(person.pk, row.uuid, Mode.LISTEN)}
    assert live == {role for role, person in people.items() if hearing.may_hear(person, row)}
    assert live == {Role.LEAD, Role.SUPERVISOR, Role.QUALITY, Role.AUDITOR}
    assert {read.staff.role for read in PersonalDataRead.objects.all()} == live


def test_each_way_of_listening_is_on_record_with_whose_call_it_was() -> None:
    row, lead = call(ticket()), staff("lead")
    for mode in (Mode.LISTEN, Mode.WHISPER, Mode.LISTEN):
        assert admit(lead.pk, row.uuid, mode)
    reads = PersonalDataRead.objects.order_by("pk")
    assert [(read.what, read.staff, read.citizen, read.ticket_number, read.reason) for read in reads] == [
        ("live_call", lead, row.citizen, row.ticket.number, f"{mode} {row.uuid}") for mode in ("listen", "whisper")
    ]


def test_nobody_hears_what_they_stood_back_from_or_what_is_protected() -> None:
    row, lead = call(ticket()), staff("lead")
    Recusal.objects.create(ticket=row.ticket, staff=lead, reason="亲属", at=timezone.now())
    assert not admit(lead.pk, row.uuid, Mode.LISTEN)
    assert admit(staff("lead").pk, row.uuid, Mode.LISTEN)
    assert not admit(staff("auditor").pk, call(ticket(confidential=True)).uuid, Mode.LISTEN)
    assert PersonalDataRead.objects.count() == 1


def test_a_call_that_is_not_written_down_yet_cannot_be_heard() -> None:
    with pytest.raises(PhoneCall.DoesNotExist):
        admit(staff("lead").pk, uuid4(), Mode.LISTEN)

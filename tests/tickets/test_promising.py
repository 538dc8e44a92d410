"""What an answer promises is kept beside it, chased once when the day has passed, and settled by a person."""

from datetime import date

import pytest

from hotline.tickets import promising
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Assignment, Promise
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
SAID = [("预计12月底前完成", date(2026, 12, 31))]


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def part(cast: Cast) -> Assignment:
    return cast.ticket_in(State.FOLLOW_UP).assignments.get()


def test_a_promise_is_noted_once(part: Assignment) -> None:
    promising.keep(part=part, said=SAID)
    promising.keep(part=part, said=SAID)
    assert [(row.words, row.due_on) for row in part.promises.all()] == SAID
    assert [line.data["due_on"] for line in part.ticket.ledger.filter(kind="promised")] == [["2026-12-31"]]


def test_it_is_chased_once(part: Assignment) -> None:
    (promise,) = promising.keep(part=part, said=SAID)
    promising.chase(promise=promise)
    with pytest.raises(NotAllowed):
        promising.chase(promise=promise)
    line = part.ticket.ledger.get(kind="promise_due")
    assert line.data == {"department": part.department.code, "promise": promise.pk, "due_on": "2026-12-31"}


def test_the_unit_settles_its_own(part: Assignment, cast: Cast) -> None:
    (promise,) = promising.keep(part=part, said=SAID)
    with pytest.raises(NotYours):
        promising.settle(ticket=part.ticket, by=by(cast.other_clerk), promise=promise.pk, kept=True)
    with pytest.raises(InvalidFields):
        promising.settle(ticket=part.ticket, by=by(cast.clerk), promise=promise.pk + 1, kept=True)
    promising.settle(ticket=part.ticket, by=by(cast.clerk), promise=promise.pk, kept=True, note="已完工")
    row = Promise.objects.get()
    assert (row.kept, row.settled_by, row.note) == (True, cast.clerk, "已完工")
    with pytest.raises(NotAllowed):
        promising.settle(ticket=part.ticket, by=by(cast.supervisor), promise=promise.pk, kept=False)
    with pytest.raises(NotAllowed):
        promising.chase(promise=promise)

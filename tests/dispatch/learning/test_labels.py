"""Labels out of the ledger: what people decided counts, what the system did by itself does not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.learning import labels, learners
from dispatch.learning.labels import Correction
from dispatch.models import Taught
from hotline.tickets import actors, clock, facts, lifecycle, returns
from hotline.tickets.models import Matter, Ticket
from nlp.training.dataset import Examples
from tests.dispatch.learning.pupils import NOW, OPEN, case
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
PERIOD = (NOW - timedelta(days=1), NOW + timedelta(days=1))


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def lamps() -> Matter:
    """One leaf in use and one that is not any more."""
    field = Matter.objects.create(code="z", name="城管")
    Matter.objects.create(code="z2", name="旧事项", parent=field, active=False)
    return Matter.objects.create(code="z1", name="路灯", parent=field)


def received(suggested_unit: str = "", matter: str = "z1") -> Ticket:
    """A ticket that the assistant has read."""
    row = ticket()
    units = [suggested_unit] if suggested_unit else []
    fact = facts.Suggested(
        type=["help"], matter=[matter], departments=units, urgency="normal", abstain=False, model="m"
    )
    lifecycle.suggest(ticket=row, fact=fact, title="", summary="")
    row.refresh_from_db()
    return row


def accepted(cast: Cast, row: Ticket, **fields: Any) -> Ticket:
    return lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version, **fields)


def told() -> list[tuple[str, str, str, str]]:
    def brief(found: Correction) -> tuple[str, str, str, str]:
        return found.name.value, found.how, found.suggested, found.after

    return [brief(found) for found in labels.corrections(*PERIOD)]


def test_what_an_agent_accepts_is_a_label(cast: Cast, lamps: Matter) -> None:
    with clock.at(NOW):
        row = accepted(cast, received(), type="help", matter=lamps)
        ticket()  # nobody has decided anything about this one
        accepted(cast, received(), type="help", matter=lamps, confidential=True)
    (case,) = labels.decided(Taught.MATTER, *PERIOD)
    assert (case.number, case.at, case.text, case.label) == (row.number, NOW, "解放路的路灯坏了一个星期", "z1")
    assert [case.label for case in labels.decided(Taught.TYPE, *PERIOD)] == ["help"]
    assert labels.decided(Taught.TYPE, NOW + timedelta(seconds=1), PERIOD[1]) == []
    assert told() == []


def test_of_very_many_tickets_the_newest_teach(cast: Cast, lamps: Matter) -> None:
    rows = []
    for minutes in range(3):
        with clock.at(NOW + timedelta(minutes=minutes)):
            rows.append(accepted(cast, received(), type="help", matter=lamps))
    newest = [case.number for case in labels.decided(Taught.MATTER, *PERIOD, most=2)]
    assert newest == [rows[1].number, rows[2].number]


def test_what_the_system_did_by_itself_teaches_nothing_until_somebody_puts_it_right(cast: Cast, lamps: Matter) -> None:
    with clock.at(NOW):
        row = received()
        lifecycle.accept(ticket=row, by=actors.SYSTEM, version=None, type="help", matter=lamps)
        assert labels.decided(Taught.TYPE, *PERIOD) == []
        lifecycle.edit(ticket=row, by=actors.staff(cast.lead), version=row.version, type="complaint")
    assert [case.label for case in labels.decided(Taught.TYPE, *PERIOD)] == ["complaint"]
    assert labels.decided(Taught.MATTER, *PERIOD) == []
    assert told() == [("type", "edited", "help", "complaint")]


def test_a_matter_out_of_use_is_not_learned(cast: Cast) -> None:
    with clock.at(NOW):
        accepted(cast, received(), type="help", matter=Matter.objects.get(code="z2"))
    assert labels.decided(Taught.MATTER, *PERIOD) == []
    assert told() == [("matter", "agent", "z1", "z2")]


def test_returns_recalls_and_rulings_are_corrections_of_the_unit(cast: Cast) -> None:
    first, second = cast.unit, cast.other_unit
    with clock.at(NOW):
        row = accepted(cast, received(first.code))
        lifecycle.dispatch_to(ticket=row, by=actors.staff(cast.agent), version=row.version, department=first)
        returns.request_return(
            ticket=row,
            by=actors.staff(cast.clerk),
            version=row.version,
            reason="not_our_duty",
            basis="三定方案",
            proposed=second,
        )
        returns.rule_on_return(
            ticket=row, by=actors.staff(cast.lead), version=row.version, upheld=True, department=second
        )
        other = accepted(cast, received(first.code))
        lifecycle.dispatch_to(ticket=other, by=actors.staff(cast.agent), version=other.version, department=second)
    assert told() == [
        ("department", "returned", first.code, second.code),
        ("department", "agent", first.code, second.code),
    ]


def test_the_citys_own_tickets_are_told_from_the_starting_sentences(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[Examples] = []
    monkeypatch.setattr(learners, "train", lambda examples, *_, **__: given.append(examples))
    monkeypatch.setattr(learners.card, "save", lambda *_: "v1")
    learners.WordsLearner(Taught.TYPE).train([case(OPEN[row], 9) for row in range(3)], tmp_path)
    assert given[0].own[:4] == (True, True, True, False)
    assert (sum(given[0].own), len(given[0].own)) == (3, len(given[0]))

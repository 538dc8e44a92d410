"""Random verbs by random people on several tickets, with time passing: what must hold holds after every step.

HYPOTHESIS_PROFILE=long tries more of it.
"""

import os
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from dispatch import clocks
from hotline.people.models import Staff
from hotline.tickets import access, actors, clock, ledger, lifecycle, queries
from hotline.tickets.errors import NotYours, TicketError
from hotline.tickets.facts import Kind
from hotline.tickets.models import Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State, Verb
from tests.tickets.machine.city import City, found
from tests.tickets.machine.tries import CHATTER, TRIES, Scene
from tests.tickets.machine.truths import VERBS_OF, check, check_sight, digest

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
EXAMPLES, STEPS = (400, 80) if os.environ.get("HYPOTHESIS_PROFILE") == "long" else (30, 50)


class Hotline(RuleBasedStateMachine):
    """One hotline in one transaction, which is undone at the end."""

    city: City

    def __init__(self) -> None:
        super().__init__()
        self._outer = transaction.atomic()
        self._outer.__enter__()
        self._past = ledger.telling_the_past()
        self._past.__enter__()
        self.now, self.asked = START, 0
        self.checked: dict[int, int] = {}

    def teardown(self) -> None:
        """As if nothing had been."""
        self._past.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._outer.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------------------------

    @initialize(texts=st.lists(st.sampled_from(["路灯坏了", "路上有坑"]), min_size=2, max_size=3))
    def citizens_ask(self, texts: list[str]) -> None:
        """Two or three tickets; those split off may join them."""
        with self._moment():
            for number, text in enumerate(texts):
                lifecycle.receive(contact=self.city.contacts[number % 3], words=Words(text=text))
        self.asked = len(texts)
        self._all_is_well()

    @rule(data=st.data(), wild=st.integers(0, 9))
    def somebody_acts(self, data: Any, wild: int) -> None:
        """Nine times in ten what is open to them; else anybody tries anything."""
        with self._moment():
            tickets = list(queries.rows(Ticket.objects.order_by("pk")))
            ticket = data.draw(st.sampled_from(tickets))
            person, verb, is_open = self._choose(data, ticket, wild == 0)
            fresh = [Ticket.objects.get(pk=row.pk) for row in tickets]
            here = next(row for row in fresh if row.pk == ticket.pk)
            scene = Scene(self.city, here, [row for row in fresh if row.pk != here.pk], data.draw)
            self._try(scene, person, verb, is_open)
        self._all_is_well()

    @rule(data=st.data(), what=st.sampled_from(["words", "rate", "withdraw"]))
    def the_citizen_acts(self, data: Any, what: str) -> None:
        """More words, a rating with what follows from it, seldom a withdrawal."""
        ticket = data.draw(st.sampled_from(list(Ticket.objects.order_by("pk"))))
        before = digest()
        with self._moment():
            try:
                if what == "words":
                    lifecycle.add_words(ticket=ticket, words=Words(text="还有"), channel="web")
                elif what == "rate":
                    self._rate(data, ticket)
                elif data.draw(st.integers(0, 9)) == 0:
                    lifecycle.withdraw(ticket=ticket, by=actors.CITIZEN)
            except TicketError:
                assert digest() == before
        self._all_is_well()

    @rule(hours=st.sampled_from([1, 5, 26, 26, 100, 400]))
    def time_passes(self, hours: int) -> None:
        """The clocks do what is due."""
        self.now += timedelta(hours=hours)
        with self._moment():
            clocks.sweep()
        self._all_is_well(after_the_clocks=True)

    def _rate(self, data: Any, ticket: Ticket) -> None:
        rating = lifecycle.rate(ticket=ticket, channel="web", satisfied=data.draw(st.integers(1, 5)))
        goes_on = Ticket.objects.get(pk=rating.ticket_id)
        if rating.counts and goes_on.state == State.FOLLOW_UP:
            lifecycle.settle(ticket=goes_on)

    # --- how it is tried --------------------------------------------------------------------------------

    def _moment(self) -> Any:
        self.now += timedelta(minutes=7)
        return clock.at(self.now)

    def _choose(self, data: Any, ticket: Ticket, wild: bool) -> tuple[Staff, Verb, bool]:
        open_to = {person: {Verb(name) for name in access.allowed(person, ticket)} for person in self.city.people}
        choices = [(person, verb) for person in self.city.people for verb in TRIES if verb in open_to[person]]
        progress = [choice for choice in choices if choice[1] not in CHATTER]
        if wild or not choices:
            person, verb = data.draw(st.sampled_from(self.city.people)), data.draw(st.sampled_from(list(TRIES)))
        elif progress and data.draw(st.integers(0, 7)):
            person, verb = data.draw(st.sampled_from(progress))
        else:
            person, verb = data.draw(st.sampled_from(choices))
        return person, verb, verb in open_to[person]

    def _try(self, scene: Scene, person: Staff, verb: Verb, is_open: bool) -> None:
        use, fields = TRIES[verb]
        arguments = {"ticket": scene.ticket, "by": actors.staff(person), "version": scene.ticket.version}
        before, refused = digest(), None
        try:
            use(**arguments, **fields(scene))
        except TicketError as error:
            refused = error
        if refused is None:
            assert is_open, f"{verb} was not open to {person.role} while {scene.ticket.state}"
            return
        assert digest() == before, f"{verb} was refused, and yet something changed"
        assert not (is_open and isinstance(refused, NotYours)), f"{verb} was promised to {person.role}"

    def _all_is_well(self, after_the_clocks: bool = False) -> None:
        """Of tickets that have a new line, or of all when the clocks went, which tell not everything."""
        tickets = list(Ticket.objects.select_related("department").order_by("pk"))
        split_off = sum(row.split_from_id is not None for row in tickets)
        assert len(tickets) == self.asked + split_off, "a ticket was lost"
        changed = [row for row in tickets if after_the_clocks or self.checked.get(row.pk) != row.ledger_length]
        with clock.at(self.now):
            for ticket in changed:
                check(ticket)
            if changed:
                check_sight(self.city, tickets)
        self.checked = {row.pk: row.ledger_length for row in tickets}


def test_every_verb_and_kind_is_known() -> None:
    assert set(TRIES) == set(access.DUTY) - {Verb.ATTACH}
    assert set(VERBS_OF) == set(Kind)


@pytest.mark.django_db
def test_whatever_anybody_does_the_truths_hold(caplog: pytest.LogCaptureFixture) -> None:
    Hotline.city = found()
    run_state_machine_as_test(
        Hotline,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="HYPOTHESIS_PROFILE" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []

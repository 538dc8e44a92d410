"""Random verbs by random people on several tickets, with time passing: what must hold holds after every step.

HYPOTHESIS_PROFILE=long tries more of it, by other chances each time; else they are always the same.
"""

import os
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from dispatch import clocks
from hotline.people.models import Staff
from hotline.tickets import access, actors, clock, closing, ledger, lifecycle, queries
from hotline.tickets.errors import NotYours, TicketError
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import ENDED, State, Verb
from tests.tickets.machine.city import City, found
from tests.tickets.machine.tries import TRIES, Scene, weight
from tests.tickets.machine.truths import VERBS_OF, check, check_sight, digest

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES, STEPS = (400, 80) if LONG else (24, 50)


ELSEWHERE = {
    Kind.MEDIA_KEPT,
    Kind.EVIDENCE_ADDED,
    Kind.TRANSCRIBED,
    Kind.SUGGESTED,
    Kind.LIMIT_MOVED,
    Kind.DELIVERY_FAILED,
    Kind.ESCALATED,
    Kind.ALARM_SEEN,
    Kind.CROWD_NOTICED,
    Kind.PROMISED,
    Kind.PROMISE_DUE,
    Kind.PROMISE_SETTLED,
}
"""Told by files, the assistant (danger, promises too), the channels and a change of rules, which nobody here has."""

SELDOM = 5 if LONG else 8
"""Kinds that walks of chance may miss; which ones changes with every verb."""


class Hotline(RuleBasedStateMachine):
    """One hotline in one transaction, which is undone at the end."""

    city: City
    told: ClassVar[Counter[str]] = Counter()
    """The kinds of line that all runs together have written."""

    def __init__(self) -> None:
        super().__init__()
        self._outer = transaction.atomic()
        self._outer.__enter__()
        self._past = ledger.telling_the_past()
        self._past.__enter__()
        self.now, self.asked, self.looks = START, 0, 0
        self.checked: dict[int, int] = {}

    def teardown(self) -> None:
        """As if nothing had been, but remembered."""
        self.told.update(LedgerEntry.objects.values_list("kind", flat=True))
        self._past.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._outer.__exit__(None, None, None)

    @rule(seed=st.integers(0, 2**32))
    def something_happens(self, seed: int) -> None:
        """Somebody acts, mostly; a citizen does; or time passes. The seed decides evenly, as hypothesis would not."""
        chance = Random(seed)
        if sum(row.state not in ENDED for row in Ticket.objects.all()) < 2:
            self._citizen_asks(chance)
            return
        happens, clocks_too = chance.choices(
            [(self._somebody_acts, False), (self._citizen_acts, False), (self._time_passes, True)], [40, 4, 5]
        )[0]
        happens(chance)
        self._all_is_well(clocks_too)

    def _citizen_asks(self, chance: Random) -> None:
        with self._moment():
            lifecycle.receive(contact=chance.choice(self.city.contacts), words=Words(text="路灯坏了"))
        self.asked += 1
        self._all_is_well()

    def _somebody_acts(self, chance: Random) -> None:
        """Nine times in ten what is open to them; else anybody tries anything."""
        with self._moment():
            tickets = list(queries.rows(Ticket.objects.order_by("pk")))
            going = [row for row in tickets if row.state not in ENDED]
            ticket = chance.choice(tickets if chance.random() < 0.2 else going)
            person, verb, is_open = self._choose(chance, ticket)
            fresh = [Ticket.objects.get(pk=row.pk) for row in tickets]
            here = next(row for row in fresh if row.pk == ticket.pk)
            self._try(
                Scene(self.city, here, [row for row in fresh if row.pk != here.pk], chance), person, verb, is_open
            )

    def _citizen_acts(self, chance: Random) -> None:
        """More words, a rating with what follows from it, seldom a withdrawal."""
        ticket, before = chance.choice(list(Ticket.objects.order_by("pk"))), digest()
        what = chance.choices([self._says_more, self._rates, self._withdraws], [10, 20, 1])[0]
        with self._moment():
            try:
                what(ticket, chance)
            except TicketError:
                assert digest() == before

    def _says_more(self, ticket: Ticket, chance: Random) -> None:
        lifecycle.add_words(ticket=ticket, words=Words(text="还有"), channel="web")

    def _rates(self, ticket: Ticket, chance: Random) -> None:
        rating = closing.rate(ticket=ticket, channel="web", satisfied=chance.randint(1, 5))
        goes_on = Ticket.objects.get(pk=rating.ticket_id)
        if rating.counts and goes_on.state == State.FOLLOW_UP:
            closing.settle(ticket=goes_on)

    def _withdraws(self, ticket: Ticket, chance: Random) -> None:
        closing.withdraw(ticket=ticket, by=actors.CITIZEN)

    def _time_passes(self, chance: Random) -> None:
        """The clocks do what is due."""
        self.now += timedelta(hours=chance.choices([1, 5, 26, 100, 400], [8, 8, 8, 3, 1])[0])
        with self._moment():
            clocks.sweep()

    # --- how it is tried --------------------------------------------------------------------------------

    def _moment(self) -> Any:
        self.now += timedelta(minutes=7)
        return clock.at(self.now)

    def _choose(self, chance: Random, ticket: Ticket) -> tuple[Staff, Verb, bool]:
        """First the verb, so that one which few may use is not drowned by those that all may."""
        open_to = {person: {Verb(name) for name in access.allowed(person, ticket)} for person in self.city.people}
        verbs = [verb for verb in TRIES if any(verb in own for own in open_to.values())]
        if not verbs or chance.random() < 0.1:
            person, verb = chance.choice(self.city.people), chance.choice(list(TRIES))
        else:
            verb = chance.choices(verbs, [weight(verb) for verb in verbs])[0]
            person = chance.choice([person for person in self.city.people if verb in open_to[person]])
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
                check_sight(self.city, tickets, self._who_looks())
        self.checked = {row.pk: row.ledger_length for row in tickets}

    def _who_looks(self) -> tuple[Staff, ...]:
        """One clerk after the other: what one must not see stays in sight until it is their turn."""
        self.looks += 1
        clerks = self.city.clerks
        return clerks if LONG else (clerks[self.looks % len(clerks)],)


def test_every_verb_and_kind_is_known() -> None:
    assert set(TRIES) == set(access.DUTY) - {Verb.ATTACH}
    assert set(VERBS_OF) == set(Kind)


@pytest.mark.long
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
    missed = set(Kind) - set(Hotline.told) - ELSEWHERE
    assert len(missed) <= SELDOM, f"the walk went nowhere near {missed}"

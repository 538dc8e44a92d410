"""Tickets by the hundred thousand, in the proportions of a running city, written without going through the verbs."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from random import Random

from django.utils import timezone
from stdnum import luhn

from hotline.people.models import Citizen, ContactPoint, Department, Staff
from hotline.people.roles import Role
from hotline.tickets import numbers
from hotline.tickets.models import Assignment, LedgerEntry, Ticket
from hotline.tickets.states import BEFORE_DISPATCH, ENDED, State
from nlp.training.starting import starting_sentences

UNITS = 5
CITIZENS = 500
RARE, RARE_EVERY = "蝙蝠", 101
"""A word of a fixed number of tickets, however many there are: only the first thousand have it."""
BATCH = 2_000
SHARES = {
    State.RECEIVED: 8,
    State.ACCEPTED: 6,
    State.DISPATCHED: 6,
    State.HANDLING: 10,
    State.RETURN_REVIEW: 2,
    State.ANSWER_REVIEW: 6,
    State.FOLLOW_UP: 4,
    State.SUSPENDED: 2,
    State.REWORK: 2,
    State.CLOSED: 14,
    State.ARCHIVED: 40,
}
"""How many of a hundred tickets are in each state."""
PART = {
    State.DISPATCHED: Assignment.State.TO_SIGN,
    State.ANSWER_REVIEW: Assignment.State.ANSWERED,
    State.FOLLOW_UP: Assignment.State.ANSWERED,
    State.CLOSED: Assignment.State.ANSWERED,
    State.ARCHIVED: Assignment.State.ANSWERED,
}


class City:
    """An agent, a clerk, a few units and citizens, and as many tickets as are asked for."""

    def __init__(self, at_work: int) -> None:
        """Among the first `at_work` tickets every state has its share; the later ones are all history."""
        self.random = Random(12345)
        self.now = timezone.now()
        self.texts = [sentence.text for sentence in starting_sentences()]
        self.states = [state for state, share in SHARES.items() for _ in range(share)]
        self.history = [state for state in self.states if state in ENDED]
        self.at_work = at_work
        self.units = [Department.objects.create(code=f"unit{n}", name=f"{n}号单位", level="city") for n in range(UNITS)]
        self.agent = Staff.objects.create(username="agent", role=Role.AGENT)
        self.clerk = Staff.objects.create(username="clerk", role=Role.DEPARTMENT, department=self.units[0])
        self.contacts = [self._contact(n) for n in range(CITIZENS)]
        self.made = 0

    def _contact(self, number: int) -> ContactPoint:
        citizen = Citizen.objects.create(name="张三丰", phone=f"138{number:08d}")
        return ContactPoint.objects.create(channel="web", account="demo", external_id=str(number), citizen=citizen)

    def grow(self, size: int) -> None:
        """Add tickets until there are `size`."""
        while self.made < size:
            tickets = Ticket.objects.bulk_create(islice(self._tickets(), min(BATCH, size - self.made)))
            self.made += len(tickets)
            Assignment.objects.bulk_create(self._parts(tickets))
            LedgerEntry.objects.bulk_create(self._lines(tickets))

    def _tickets(self) -> Iterator[Ticket]:
        number = self.made
        while True:
            number += 1
            yield self._ticket(number)

    def _ticket(self, number: int) -> Ticket:
        share = number % len(self.states)
        state = self.states[share] if number <= self.at_work else self.history[share % len(self.history)]
        text = self.random.choice(self.texts) + ("家住幸福小区。" if number % 3 else "")
        if number <= 1_000 and number % RARE_EVERY == 7:
            text += f"阳台上有{RARE}进屋。"
        created = self.now - timedelta(minutes=200_000 - number)
        body = f"12345{created:%y%m%d}{number:06d}"
        dispatched = state not in BEFORE_DISPATCH
        answered = state in PART and state != State.DISPATCHED
        return Ticket(
            number=body + luhn.calc_check_digit(body),
            public_code=numbers.new_code(),
            state=state,
            channel="web",
            type="complaint",
            title=text[:20],
            text=text,
            citizen=self.contacts[number % CITIZENS].citizen,
            contact=self.contacts[number % CITIZENS],
            holder=self.agent if number % 4 == 0 else None,
            department=self.units[self._unit(number)] if dispatched else None,
            created_at=created,
            updated_at=created,
            last_word_at=created,
            dispatched_at=created if dispatched else None,
            answered_at=created if answered else None,
            due_at=self.now + timedelta(hours=number % 200 - 60) if dispatched else None,
            supervision_level=number % 10 == 0,
        )

    def _unit(self, number: int) -> int:
        """Every unit has a share of every state."""
        return (number + number // len(self.states)) % UNITS

    def _parts(self, tickets: list[Ticket]) -> Iterator[Assignment]:
        for ticket in tickets:
            if ticket.dispatched_at and ticket.due_at and ticket.department:
                yield Assignment(
                    ticket=ticket,
                    department=ticket.department,
                    role=Assignment.Role.LEAD,
                    state=PART.get(State(ticket.state), Assignment.State.HANDLING),
                    dispatched_at=ticket.dispatched_at,
                )

    def _lines(self, tickets: list[Ticket]) -> Iterator[LedgerEntry]:
        for ticket in tickets:
            yield LedgerEntry(
                ticket=ticket,
                sequence=1,
                kind="received",
                state=ticket.state,
                actor="citizen",
                at=ticket.created_at,
                feed=ticket.pk,
                announced_at=ticket.created_at,
            )

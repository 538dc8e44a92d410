"""Lives the planned lives through the real verbs: slow, and the truth that the quick way is held to."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from dispatch import terms
from hotline.demo.city import pictures
from hotline.demo.city.history import ENGINE, SOURCES, due_signature, make_contacts
from hotline.demo.city.lives import CITIZEN, SYSTEM, Step
from hotline.demo.city.scenario import Story
from hotline.people.models import Area, Department, Staff
from hotline.tickets import actors, clock, files, lifecycle, sidepaths
from hotline.tickets.models import Attachment, Matter, Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State


@dataclass
class Living:
    """A ticket on its way; quacks like a Case for `due_signature`."""

    story: Story
    number: int
    ticket: Ticket
    message: Message


@dataclass
class Player:
    """Plays stories through lifecycle and sidepaths."""

    lives: dict[int, Living] = field(default_factory=dict)
    crowds: dict[str, Living] = field(default_factory=dict)

    def play(self, stories: list[Story]) -> Iterator[Ticket]:
        """Every step of every story, in the order of time; then the tickets, in the order of the stories."""
        self.contacts = make_contacts(stories)
        order = count()
        queue: list[tuple[Any, int, int, Step]] = []
        for number, story in enumerate(stories):
            for step in story.steps:
                heapq.heappush(queue, (step.at, next(order), number, step))
        until = max(story.steps[-1].at for story in stories)
        while queue:
            at, _order, number, step = heapq.heappop(queue)
            with clock.at(at):
                self.perform(stories[number], number, step)
            living = self.lives[number]
            living.ticket.refresh_from_db()
            due = due_signature(living)  # type: ignore[arg-type]
            if due and due.at < until:
                heapq.heappush(queue, (due.at, next(order), number, due))
        return (self.lives[number].ticket for number in range(len(stories)))

    def perform(self, story: Story, number: int, step: Step) -> None:
        """One step."""
        if step.verb == "receive":
            self.receive(story, number, step)
            return
        living = self.lives[number]
        living.ticket.refresh_from_db()
        special = getattr(self, f"do_{step.verb}", None)
        if special:
            special(living, step)
        else:
            verb = getattr(lifecycle, step.verb, None) or getattr(sidepaths, step.verb)
            verb(**self.asker(living, step), **step.data)

    def asker(self, living: Living, step: Step) -> dict[str, Any]:
        """The ticket, who asks, and the version read."""
        version = None if step.by in (CITIZEN, SYSTEM) else living.ticket.version
        by = actors.CITIZEN if step.by == CITIZEN else actors.SYSTEM
        if version is not None:
            by = actors.staff(Staff.objects.get(username=step.by))
        return {"ticket": living.ticket, "by": by, "version": version}

    def receive(self, story: Story, number: int, step: Step) -> None:
        """The first words, and the picture that came with them."""
        voice = step.data["kind"] == "voice"
        words = Words(text="" if voice else step.data["text"], kind=step.data["kind"], voice=voice)
        ticket, message = lifecycle.receive(
            contact=self.contacts[story.person, story.channel],
            words=words,
            source=SOURCES[number % 2] if story.channel == "api" else "",
        )
        living = self.lives[number] = Living(story, number, ticket, message)
        if story.picture:
            shown = lifecycle.add_words(ticket=ticket, words=Words(text="", kind="image"), channel=story.channel)
            kept = files.keep(
                ticket,
                content=pictures.scene(number % pictures.SCENES),
                filename="现场.jpg",
                purpose=Attachment.Purpose.CITIZEN,
                by=None,
            )
            lifecycle.keep_media(ticket=ticket, message=shown, attachment=kept)
        if story.crowd:
            self.crowds.setdefault(story.crowd, living)

    def do_transcribe(self, living: Living, step: Step) -> None:
        lifecycle.transcribe(ticket=living.ticket, message=living.message, result="done", engine=ENGINE, **step.data)

    def do_add_words(self, living: Living, step: Step) -> None:
        lifecycle.add_words(ticket=living.ticket, words=Words(**step.data), channel=living.story.channel)

    def do_rate(self, living: Living, step: Step) -> None:
        lifecycle.rate(ticket=living.ticket, channel=living.story.channel, **step.data)

    def do_accept(self, living: Living, step: Step) -> None:
        lifecycle.accept(**self.asker(living, step), **self.fields(living.story))

    def do_edit(self, living: Living, step: Step) -> None:
        lifecycle.edit(**self.asker(living, step), **self.fields(living.story))

    def fields(self, story: Story) -> dict[str, Any]:
        request, place = story.request, story.request.place
        found: dict[str, Any] = {
            "type": request.type,
            "matter": Matter.objects.get(code=request.matter),
            "title": request.title,
            "urgency": request.urgency,
            "confidential": story.confidential,
        }
        if place:
            area = Area.objects.get(code=place.code)
            found |= {"area": area, "address": place.name, "lat": place.lat, "lng": place.lng}
        return found

    def do_dispatch_to(self, living: Living, step: Step) -> None:
        lifecycle.dispatch_to(
            **self.asker(living, step),
            department=_unit(step.data["department"]),
            assisting=tuple(_unit(code) for code in step.data["assisting"]),
            limits=terms.limits_for(living.ticket, step.at),
            note=step.data["note"],
        )

    def do_sign_for(self, living: Living, step: Step) -> None:
        if not living.ticket.assignments.filter(
            department__code=step.by, signed_at__isnull=False, state__in=["handling", "answered"]
        ).exists():
            lifecycle.sign_for(**self.asker(living, step))

    def do_sign_automatically(self, living: Living, step: Step) -> None:
        due = living.ticket.sign_due_at
        if living.ticket.state == State.DISPATCHED and due and due < step.at:
            lifecycle.sign_automatically(ticket=living.ticket, department=living.ticket.department)

    def do_request_return(self, living: Living, step: Step) -> None:
        data = step.data | {"proposed": _unit(step.data["proposed"])}
        sidepaths.request_return(**self.asker(living, step), **data)

    def do_rule_on_return(self, living: Living, step: Step) -> None:
        sidepaths.rule_on_return(
            **self.asker(living, step),
            upheld=True,
            department=_unit(step.data["department"]),
            limits=terms.limits_for(living.ticket, step.at),
            note=step.data["note"],
        )

    def do_rule_on_extension(self, living: Living, step: Step) -> None:
        ticket, granted = living.ticket, step.data["granted"]
        days = ticket.extensions.get(granted=None).working_days if granted else None
        due_at = terms.extended(ticket.due_at, days) if days and ticket.due_at else None
        sidepaths.rule_on_extension(**self.asker(living, step), **step.data, working_days=days, due_at=due_at)

    def do_rework(self, living: Living, step: Step) -> None:
        ticket = living.ticket
        due_at = terms.rework_limit(ticket, step.at) if ticket.department_id else None
        lifecycle.rework(**self.asker(living, step), **step.data, due_at=due_at)

    def do_merge(self, living: Living, step: Step) -> None:
        into = self.crowds[living.story.crowd].ticket
        sidepaths.merge(**self.asker(living, step), into=into)


def _unit(code: str) -> Department:
    return Department.objects.get(code=code)

"""Lives the planned lives: every step at its own time, in the order of time, into one book."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from channels_ingest.models import ChannelAccount
from hotline.demo.city import pictures
from hotline.demo.city.book import Book
from hotline.demo.city.chronicle import Case
from hotline.demo.city.lives import CITIZEN, SYSTEM, Step
from hotline.demo.city.scenario import Story
from hotline.demo.city.voices import Person
from hotline.people.models import Area, Citizen, ContactPoint, Department, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets import actors, clock, files
from hotline.tickets.actors import Actor
from hotline.tickets.models import Attachment, Matter
from hotline.tickets.states import State

ENGINE = "whisper-base"
SOURCES = ("app", "terminal")
Queue = list[tuple[datetime, int, int, Step]]


@dataclass(slots=True)
class History:
    """Plays stories; the database holds the catalogue, and gets what the book says."""

    staff: dict[str, Staff]
    departments: dict[str, Department]
    areas: dict[str, Area]
    matters: dict[str, Matter]
    contacts: dict[tuple[Person, str], ContactPoint]
    book: Book = field(default_factory=Book)
    cases: dict[int, Case] = field(default_factory=dict)
    crowds: dict[str, Case] = field(default_factory=dict)

    @classmethod
    def prepare(cls, stories: list[Story]) -> "History":
        """Read the catalogue, and make the people of the stories known."""
        return cls(
            staff={person.username: person for person in Staff.objects.select_related("department")},
            departments={unit.code: unit for unit in Department.objects.all()},
            areas={area.code: area for area in Area.objects.all()},
            matters={matter.code: matter for matter in Matter.objects.all()},
            contacts=make_contacts(stories),
        )

    def play(self, stories: list[Story]) -> None:
        """Every step of every story, earliest first; what the sign-for clock does comes in between."""
        order = count()
        queue: Queue = []
        for number, story in enumerate(stories):
            for step in story.steps:
                heapq.heappush(queue, (step.at, next(order), number, step))
        until = max(story.steps[-1].at for story in stories)
        while queue:
            at, _order, number, step = heapq.heappop(queue)
            with clock.at(at):
                self._perform(stories[number], number, step)
            due = due_signature(self.cases[number])
            if due and due.at < until:
                heapq.heappush(queue, (due.at, next(order), number, due))
        self.book.write()

    def _perform(self, story: Story, number: int, step: Step) -> None:
        if step.verb == "receive":
            self._receive(story, number, step)
            return
        verb = getattr(self.cases[number], step.verb)
        verb(self._actor(step.by), **self.data(story, step))

    def _receive(self, story: Story, number: int, step: Step) -> None:
        contact = self.contacts[story.person, story.channel]
        source = SOURCES[number % 2] if story.channel == "api" else ""
        case = Case.receive(book=self.book, contact=contact, source=source, **step.data)
        self.cases[number] = case
        if story.picture:
            _show(case, number)
        if story.crowd:
            self.crowds.setdefault(story.crowd, case)

    def _actor(self, name: str) -> Actor:
        if name == CITIZEN:
            return actors.CITIZEN
        return actors.SYSTEM if name == SYSTEM else actors.staff(self.staff[name])

    def data(self, story: Story, step: Step) -> dict[str, Any]:
        """A step's data with codes made rows, and what the plan leaves to the desk."""
        if step.verb in ("accept", "edit"):
            return self.fields(story)
        if step.verb == "merge":
            return {"into": self.crowds[story.crowd]}
        if step.verb == "transcribe":
            return step.data | {"engine": ENGINE}
        data = dict(step.data)
        for name in ("department", "proposed"):
            if name in data:
                data[name] = self.departments[data[name]]
        if "assisting" in data:
            data["assisting"] = tuple(self.departments[code] for code in data["assisting"])
        return data

    def fields(self, story: Story) -> dict[str, Any]:
        """What the desk writes into the record."""
        request, place = story.request, story.request.place
        found: dict[str, Any] = {
            "type": request.type,
            "matter": self.matters[request.matter],
            "title": request.title,
            "urgency": request.urgency,
            "confidential": story.confidential,
        }
        if place:
            area = self.areas[place.code]
            found |= {"area": area, "address": place.name, "lat": place.lat, "lng": place.lng}
        return found


def due_signature(case: Case) -> Step | None:
    """What the sign-for clock will do, should the unit not be faster."""
    due = case.ticket.sign_due_at
    if case.ticket.state != State.DISPATCHED or due is None:
        return None
    return Step(due + timedelta(minutes=1), "sign_automatically", SYSTEM)


def _show(case: Case, number: int) -> None:
    """A picture comes with the words."""
    message = case.add_words(actors.CITIZEN, text="", kind="image")
    kept = files.keep(
        case.ticket,
        content=pictures.scene(number % pictures.SCENES),
        filename="现场.jpg",
        purpose=Attachment.Purpose.CITIZEN,
        by=None,
    )
    case.keep_media(actors.SYSTEM, message=message, attachment=kept)


def make_contacts(stories: list[Story]) -> dict[tuple[Person, str], ContactPoint]:
    """One citizen for each person, one contact point for each of their channels."""
    people = list(dict.fromkeys(story.person for story in stories))
    citizens = Citizen.objects.bulk_create(
        Citizen(
            name=person.name,
            phone=person.phone,
            phone_fingerprint=fingerprint(person.phone),
            enterprise=person.enterprise,
        )
        for person in people
    )
    of_person = dict(zip(people, citizens, strict=True))
    accounts = dict(ChannelAccount.objects.values_list("adapter", "name"))
    last = {(story.person, story.channel): story.begins for story in stories}
    made = ContactPoint.objects.bulk_create(
        ContactPoint(
            channel=channel,
            account=accounts[channel],
            external_id=person.address(channel),
            citizen=of_person[person],
            last_word_at=moment,
        )
        for (person, channel), moment in last.items()
    )
    return dict(zip(last, made, strict=True))

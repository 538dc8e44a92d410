"""Lives the planned lives: every step through the real verbs, at its own time, in the order of time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from channels_ingest.models import ChannelAccount
from dispatch import routing, terms
from hotline.demo.city import pictures
from hotline.demo.city.lives import CITIZEN, SYSTEM, Step
from hotline.demo.city.scenario import Story
from hotline.demo.city.voices import Person
from hotline.people.models import Area, Citizen, ContactPoint, Department, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets import actors, clock, files, lifecycle, sidepaths
from hotline.tickets.actors import Actor
from hotline.tickets.models import Attachment, Matter, Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State

ENGINE = "whisper-base"


@dataclass(slots=True)
class Living:
    """A story on its way: its ticket, and its first message."""

    story: Story
    number: int
    ticket: Ticket = field(init=False)
    message: Message = field(init=False)


@dataclass(slots=True)
class History:
    """Plays stories against the database, which holds the catalogue."""

    staff: dict[str, Staff]
    departments: dict[str, Department]
    areas: dict[str, Area]
    matters: dict[str, Matter]
    contacts: dict[tuple[Person, str], ContactPoint]
    assistant: bool
    crowds: dict[str, Living] = field(default_factory=dict)

    @classmethod
    def prepare(cls, stories: list[Story]) -> "History":
        """Read the catalogue, and make the people of the stories known."""
        return cls(
            staff={person.username: person for person in Staff.objects.select_related("department")},
            departments={unit.code: unit for unit in Department.objects.all()},
            areas={area.code: area for area in Area.objects.all()},
            matters={matter.code: matter for matter in Matter.objects.all()},
            contacts=_make_contacts(stories),
            assistant=routing.understander() is not None,
        )

    def play(self, stories: list[Story]) -> None:
        """Every step of every story, earliest first; what the clocks would do comes in between."""
        order = count()
        queue: list[tuple[Any, int, Living, Step]] = []
        for number, story in enumerate(stories):
            living = Living(story, number)
            for step in story.steps:
                heapq.heappush(queue, (step.at, next(order), living, step))
        until = max(story.steps[-1].at for story in stories)
        while queue:
            _at, _order, living, step = heapq.heappop(queue)
            with clock.at(step.at):
                VERBS[step.verb](self, living, step)
            if living.ticket.state == State.DISPATCHED and living.ticket.sign_due_at:
                due = Step(living.ticket.sign_due_at + timedelta(minutes=1), "sign_automatically", SYSTEM)
                if due.at < until:
                    heapq.heappush(queue, (due.at, next(order), living, due))

    def actor(self, name: str) -> Actor:
        """Who acts under a name of the plan."""
        if name == CITIZEN:
            return actors.CITIZEN
        return actors.SYSTEM if name == SYSTEM else actors.staff(self.staff[name])

    def by(self, living: Living, step: Step) -> dict[str, Any]:
        """What every verb of staff is told: the ticket, who, and the version read."""
        version = None if step.by in (CITIZEN, SYSTEM) else living.ticket.version
        return {"ticket": living.ticket, "by": self.actor(step.by), "version": version}

    def fields(self, living: Living) -> dict[str, Any]:
        """What the desk writes into the record."""
        request, place = living.story.request, living.story.request.place
        found: dict[str, Any] = {
            "type": request.type,
            "matter": self.matters[request.matter],
            "title": request.title,
            "urgency": request.urgency,
            "confidential": living.story.confidential,
        }
        if place:
            found |= {
                "area": self.areas[place.code],
                "address": place.name,
                "lat": place.lat,
                "lng": place.lng,
            }
        return found


def _make_contacts(stories: list[Story]) -> dict[tuple[Person, str], ContactPoint]:
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


# --- one function for each verb of the plan ---------------------------------------------------------------


def _receive(history: History, living: Living, step: Step) -> None:
    story, voice = living.story, step.data["kind"] == "voice"
    words = Words(text="" if voice else step.data["text"], kind=step.data["kind"], voice=voice)
    source = ("app", "terminal")[living.number % 2] if story.channel == "api" else ""
    contact = history.contacts[story.person, story.channel]
    living.ticket, living.message = lifecycle.receive(contact=contact, words=words, source=source)
    if story.picture:
        _show(living)
    if history.assistant and not voice:
        routing.suggest(living.ticket)
    if story.crowd:
        history.crowds.setdefault(story.crowd, living)


def _show(living: Living) -> None:
    """A picture comes with the words."""
    ticket, words = living.ticket, Words(text="", kind="image")
    message = lifecycle.add_words(ticket=ticket, words=words, channel=living.story.channel)
    content = pictures.scene(living.number % pictures.SCENES)
    kept = files.keep(
        ticket, content=content, filename="现场.jpg", purpose=Attachment.Purpose.CITIZEN, by=None
    )
    lifecycle.keep_media(ticket=ticket, message=message, attachment=kept)


def _transcribe(history: History, living: Living, step: Step) -> None:
    lifecycle.transcribe(
        ticket=living.ticket, message=living.message, text=step.data["text"], result="done", engine=ENGINE
    )
    if history.assistant:
        routing.suggest(living.ticket)


def _add_words(history: History, living: Living, step: Step) -> None:
    words = Words(text=step.data["text"])
    lifecycle.add_words(ticket=living.ticket, words=words, channel=living.story.channel)


def _accept(history: History, living: Living, step: Step) -> None:
    lifecycle.accept(**history.by(living, step), **history.fields(living))


def _edit(history: History, living: Living, step: Step) -> None:
    lifecycle.edit(**history.by(living, step), **history.fields(living))


def _dispatch(history: History, living: Living, step: Step) -> None:
    lifecycle.dispatch_to(
        **history.by(living, step),
        department=history.departments[step.data["department"]],
        assisting=tuple(history.departments[code] for code in step.data["assisting"]),
        limits=terms.limits_for(living.ticket, step.at),
        note=step.data["note"],
    )


def _sign(history: History, living: Living, step: Step) -> None:
    """Unless the clock was faster."""
    part = living.ticket.assignments.get(department__code=step.by, state__in=["to_sign", "handling"])
    if part.signed_at is None:
        lifecycle.sign_for(**history.by(living, step))


def _sign_automatically(history: History, living: Living, step: Step) -> None:
    """The sign-for clock ran out; a ticket that was moved on meanwhile has a later one."""
    due = living.ticket.sign_due_at
    if living.ticket.state == State.DISPATCHED and due and due < step.at:
        lifecycle.sign_automatically(ticket=living.ticket)


def _return(history: History, living: Living, step: Step) -> None:
    data = step.data | {"proposed": history.departments[step.data["proposed"]]}
    sidepaths.request_return(**history.by(living, step), **data)


def _rule_on_return(history: History, living: Living, step: Step) -> None:
    data = step.data | {"department": history.departments[step.data["department"]]}
    limits = terms.limits_for(living.ticket, step.at)
    sidepaths.rule_on_return(**history.by(living, step), **data, limits=limits)


def _rule_on_extension(history: History, living: Living, step: Step) -> None:
    ticket = living.ticket
    days = ticket.extensions.get(granted=None).working_days if step.data["granted"] else None
    due_at = terms.extended(ticket.due_at, days) if days and ticket.due_at else None
    sidepaths.rule_on_extension(**history.by(living, step), **step.data, working_days=days, due_at=due_at)


def _rework(history: History, living: Living, step: Step) -> None:
    due_at = terms.rework_limit(living.ticket, step.at) if living.ticket.department_id else None
    lifecycle.rework(**history.by(living, step), **step.data, due_at=due_at)


def _rate(history: History, living: Living, step: Step) -> None:
    lifecycle.rate(ticket=living.ticket, channel=living.story.channel, **step.data)
    living.ticket.refresh_from_db()


def _merge(history: History, living: Living, step: Step) -> None:
    target = history.crowds[living.story.crowd].ticket
    sidepaths.merge(**history.by(living, step), into=target)
    target.refresh_from_db()


def _plain(verb: Callable[..., Any]) -> Callable[[History, Living, Step], None]:
    """A verb that takes the step's data as it is."""

    def perform(history: History, living: Living, step: Step) -> None:
        verb(**history.by(living, step), **step.data)

    return perform


VERBS: dict[str, Callable[[History, Living, Step], None]] = {
    "receive": _receive,
    "transcribe": _transcribe,
    "add_words": _add_words,
    "accept": _accept,
    "edit": _edit,
    "dispatch": _dispatch,
    "sign": _sign,
    "sign_automatically": _sign_automatically,
    "return": _return,
    "rule_on_return": _rule_on_return,
    "rule_on_extension": _rule_on_extension,
    "rework": _rework,
    "rate": _rate,
    "merge": _merge,
    "reply": _plain(lifecycle.reply),
    "note": _plain(lifecycle.note),
    "request_info": _plain(lifecycle.request_info),
    "refuse": _plain(lifecycle.refuse),
    "emergency": _plain(lifecycle.emergency),
    "answer_directly": _plain(lifecycle.answer_directly),
    "contact": _plain(lifecycle.contact),
    "answer": _plain(lifecycle.answer),
    "review": _plain(lifecycle.review),
    "follow_up": _plain(lifecycle.follow_up),
    "close": _plain(lifecycle.close),
    "archive": _plain(lifecycle.archive),
    "withdraw": _plain(lifecycle.withdraw),
    "request_extension": _plain(sidepaths.request_extension),
    "suspend": _plain(sidepaths.suspend),
    "resume": _plain(sidepaths.resume),
    "urge": _plain(sidepaths.urge),
    "supervise": _plain(sidepaths.supervise),
}

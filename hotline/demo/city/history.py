"""Lives the planned lives by the real verbs: every step at its own time, in the order of time, the clocks between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from channels_ingest.models import ChannelAccount
from dispatch import clocks
from hotline.demo.city import pictures
from hotline.demo.city.lives import CITIZEN, SYSTEM, Step
from hotline.demo.city.scenario import Story
from hotline.demo.city.voices import Person
from hotline.people.models import Area, Citizen, ContactPoint, Department, Staff
from hotline.people.sealing import fingerprint
from hotline.tickets import (
    actors,
    clock,
    closing,
    confiding,
    files,
    levels,
    lifecycle,
    merging,
    pauses,
    returns,
    rulebook,
    setting_aside,
    supervision,
)
from hotline.tickets.actors import Actor
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, Attachment, Matter, Message, Ticket
from hotline.tickets.parts import Words

ENGINE = "whisper-base"
SOURCES = ("app", "terminal")
SWEEP_EVERY = timedelta(hours=2)
VERBS: dict[str, Callable[..., Any]] = {
    "accept": lifecycle.accept,
    "edit": lifecycle.edit,
    "reply": lifecycle.reply,
    "note": lifecycle.note,
    "request_info": lifecycle.request_info,
    "refuse": lifecycle.refuse,
    "emergency": lifecycle.emergency,
    "answer_directly": lifecycle.answer_directly,
    "dispatch_to": lifecycle.dispatch_to,
    "recall": levels.recall,
    "assist": levels.assist,
    "release": levels.release,
    "sign_for": lifecycle.sign_for,
    "pass_down": levels.pass_down,
    "pass_up": levels.pass_up,
    "contact": lifecycle.contact,
    "relay": confiding.relay,
    "recuse": confiding.recuse,
    "request_return": returns.request_return,
    "rule_on_return": returns.rule_on_return,
    "opine": returns.opine,
    "request_extension": pauses.request_extension,
    "rule_on_extension": pauses.rule_on_extension,
    "suspend": pauses.suspend,
    "resume": pauses.resume,
    "urge": supervision.urge,
    "supervise": supervision.supervise,
    "answer_order": supervision.answer_order,
    "end_supervision": supervision.end_supervision,
    "answer": lifecycle.answer,
    "review": closing.review,
    "follow_up": closing.follow_up,
    "rework": closing.rework,
    "close": closing.close,
    "archive": closing.archive,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "split": merging.split,
    "set_aside": setting_aside.ask,
    "rule_on_set_aside": setting_aside.rule,
    "withdraw": closing.withdraw,
}
"""What people do to a ticket; the citizen's and the assistant's own verbs are methods below."""
NEEDLESS: dict[str, Callable[[Ticket, Step], bool]] = {
    "sign_for": lambda ticket, step: (
        not ticket.assignments.filter(department__code=step.by, state=Assignment.State.TO_SIGN).exists()
    ),
    "supervise": lambda ticket, step: ticket.supervision_level >= step.data["level"],
    "answer_order": lambda ticket, step: not ticket.supervisions.filter(ended_at=None, replied_at=None).exists(),
    "end_supervision": lambda ticket, step: not ticket.supervision_level,
}
"""Steps that the clocks may have taken already, or left nothing to do for."""


@dataclass(slots=True)
class Case:
    """One ticket on its way; `overtaken` when a clock did what ends the plan for it."""

    story: Story
    ticket: Ticket
    message: Message
    overtaken: bool = False


@dataclass(slots=True)
class History:
    """Plays stories; the database holds the catalogue."""

    staff: dict[str, Staff]
    departments: dict[str, Department]
    areas: dict[str, Area]
    matters: dict[str, Matter]
    contacts: dict[tuple[Person, str], ContactPoint]
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

    def play(self, stories: list[Story], until: datetime) -> None:
        """Every step of every story, earliest first, and what the clocks do between and up to `until`."""
        steps = [(step.at, number, step) for number, story in enumerate(stories) for step in story.steps]
        steps.sort(key=lambda told: told[0])
        swept = steps[0][0]
        with rulebook.book().reading():
            for at, number, step in steps:
                while swept + SWEEP_EVERY < at:
                    swept += SWEEP_EVERY
                    _sweep(swept)
                with clock.at(at):
                    self._perform(stories[number], number, step)
            _sweep(until)

    def _perform(self, story: Story, number: int, step: Step) -> None:
        if step.verb == "receive":
            self._receive(story, number, step)
            return
        case = self.cases[number]
        if case.overtaken:
            return
        # The clocks and what was merged into it change a ticket behind the plan's back.
        case.ticket.refresh_from_db(fields=["version", "supervision_level", "state"])
        try:
            self._take(case, step)
        except NotAllowed:
            if case.ticket.ledger.latest("sequence").actor != actors.SYSTEM.kind:
                raise
            case.overtaken = True

    def _take(self, case: Case, step: Step) -> None:
        own = getattr(self, f"_{step.verb}", None)
        if own:
            own(case, step)
        elif not NEEDLESS.get(step.verb, _never)(case.ticket, step):
            VERBS[step.verb](**self._asker(case, step), **self._data(case.story, step))

    def _asker(self, case: Case, step: Step) -> dict[str, Any]:
        """The ticket, who asks, and the version read."""
        by = self._actor(step.by)
        return {"ticket": case.ticket, "by": by, "version": case.ticket.version if by.staff else None}

    def _actor(self, name: str) -> Actor:
        if name == CITIZEN:
            return actors.CITIZEN
        return actors.SYSTEM if name == SYSTEM else actors.staff(self.staff[name])

    def _receive(self, story: Story, number: int, step: Step) -> None:
        """The first words, and the picture that came with them."""
        voice = step.data["kind"] == "voice"
        ticket, message = lifecycle.receive(
            contact=self.contacts[story.person, story.channel],
            words=Words(text="" if voice else step.data["text"], kind=step.data["kind"], voice=voice),
            source=SOURCES[number % 2] if story.channel == "api" else "",
            enterprise=story.person.enterprise,
        )
        case = self.cases[number] = Case(story, ticket, message)
        if story.picture:
            _show(case, number)
        if story.crowd:
            self.crowds.setdefault(story.crowd, case)

    def _transcribe(self, case: Case, step: Step) -> None:
        lifecycle.transcribe(ticket=case.ticket, message=case.message, result="done", engine=ENGINE, **step.data)

    def _add_words(self, case: Case, step: Step) -> None:
        lifecycle.add_words(ticket=case.ticket, words=Words(**step.data), channel=case.story.channel)

    def _rate(self, case: Case, step: Step) -> None:
        closing.rate(ticket=case.ticket, channel=case.story.channel, **step.data)

    def _settle(self, case: Case, step: Step) -> None:
        """What follows from the citizen's word."""
        closing.settle(ticket=case.ticket)

    def _data(self, story: Story, step: Step) -> dict[str, Any]:
        """A step's data with codes made rows, and what the plan leaves to the desk."""
        if step.verb in ("accept", "edit"):
            return self._fields(story)
        if step.verb == "merge":
            return {"into": self.crowds[story.crowd].ticket}
        data = dict(step.data)
        if "pieces" in data:
            data["pieces"] = [
                merging.Piece(**piece | {"matter": self.matters[piece["matter"]]}) for piece in data["pieces"]
            ]
        for name in ("department", "proposed"):
            if name in data:
                data[name] = self.departments[data[name]]
        if "assisting" in data:
            data["assisting"] = tuple(self.departments[code] for code in data["assisting"])
        return data

    def _fields(self, story: Story) -> dict[str, Any]:
        """What the desk writes into the record."""
        request, place = story.request, story.request.place
        found: dict[str, Any] = {
            "type": request.type,
            "matter": self.matters[request.matter],
            "title": request.title,
            "urgency": request.urgency,
            "confidential": story.confidential,
        }
        if story.accused:
            found["accused"] = [self.departments[story.accused]]
        if place:
            area = self.areas[place.code]
            found |= {"area": area, "address": place.name, "lat": place.lat, "lng": place.lng}
        return found


def _sweep(at: datetime) -> None:
    with clock.at(at):
        clocks.sweep()


def _never(_ticket: Ticket, _step: Step) -> bool:
    return False


def _show(case: Case, number: int) -> None:
    """A picture comes with the words."""
    message = lifecycle.add_words(ticket=case.ticket, words=Words(text="", kind="image"), channel=case.story.channel)
    kept = files.keep(
        case.ticket,
        content=pictures.scene(number % pictures.SCENES),
        filename="现场.jpg",
        purpose=Attachment.Purpose.CITIZEN,
        by=None,
    )
    lifecycle.keep_media(ticket=case.ticket, message=message, attachment=kept)


def make_contacts(stories: list[Story]) -> dict[tuple[Person, str], ContactPoint]:
    """One citizen for each person, one contact point for each of their channels."""
    people = list(dict.fromkeys(story.person for story in stories))
    citizens = Citizen.objects.bulk_create(
        Citizen(
            name=person.name,
            phone=person.phone,
            phone_fingerprint=fingerprint(person.phone),
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

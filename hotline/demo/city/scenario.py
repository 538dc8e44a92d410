"""What happened in Yunshui in the last sixty days: hundreds of lives, all planned from one seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from hotline.demo.city import detours, files, requests, voices
from hotline.demo.city.charge import in_charge
from hotline.demo.city.hours import WorkingDay, moments_of_asking
from hotline.demo.city.lives import Life, Step
from hotline.demo.city.requests import Request, Template
from hotline.demo.city.tellings import STANDING, Telling, crowded, first_of_crowd, handed_over, refused, usual
from hotline.demo.city.voices import Person

DAYS = 60
TICKETS = 300
PEOPLE = 260
SEED = 12345
CHANNELS_OF = {"sms": ("sms-aliyun", "sms-tencent")}
BACK_OFF = (0.1, 0.4, 1, 2, 3, 5, 8, 12, 18, 27, 36, 44, 50, 54, 54)
"""Days to go back until a life that must have come to a point has come to it, holidays or not."""


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket's life: who asked what on which channel, and every step; a `crowd` shares a cause."""

    person: Person
    channel: str
    request: Request
    steps: tuple[Step, ...]
    confidential: bool = False
    picture: bool = False
    crowd: str = ""
    accused: str = ""

    @property
    def begins(self) -> datetime:
        """The moment of the first word."""
        return self.steps[0].at


@dataclass(slots=True)
class Author:
    """Writes the stories; the same seed and moment give the same city."""

    now: datetime
    open_on: WorkingDay
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    people: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.people = voices.population(self.rng, PEOPLE)

    def stories(self) -> list[Story]:
        """Everything, in the order of the first words."""
        found = [story for crowd in files.words()["crowds"] for story in self._crowd(crowd)]
        found += self._unusual()
        free = TICKETS - len(found)
        moments = moments_of_asking(self.rng, self.now, DAYS, free)
        found += [self.story(requests.anyone(self.rng), moment, usual) for moment in moments]
        return sorted(found, key=lambda story: story.begins)

    def story(self, request: Request, moment: datetime, telling: Telling, until: str = "") -> Story:
        """One life, told up to now, or up to its first verb `until`."""
        channel = voices.choose_channel(self.rng, request.text)
        kind = "voice" if channel == "wechat" and self.rng.random() < 0.13 else "text"
        text = voices.spoken(self.rng, "voice" if kind == "voice" else channel, request.text)
        channel = self.rng.choice(CHANNELS_OF.get(channel, (channel,)))
        right, assisting = in_charge(request)
        life = Life(
            rng=self.rng,
            person=self.rng.choice(self.people),
            channel=channel,
            request=request,
            now=moment,
            open_on=self.open_on,
            units=(right,),
            assisting=assisting if self.rng.random() < 0.25 else (),
            late=self.rng.random() < 0.06,
            confidential=request.type == "report" or self.rng.random() < 0.03,
        )
        told = list(takewhile(lambda step: step.at < self.now, telling(life, text, kind)))
        if until:
            verbs = [step.verb for step in told]
            told = told[: verbs.index(until) + 1] if until in verbs else told
        return Story(
            person=life.person,
            channel=channel,
            request=request,
            steps=tuple(told),
            confidential=life.confidential,
            picture=channel in ("wechat", "web", "api") and bool(request.place) and self.rng.random() < 0.2,
        )

    def _until(self, until: str, telling: Telling, request: Request | None = None) -> Story:
        """A life that stands at `until` now: begun as lately as the office hours let it."""
        request = request or self._with_unit()
        for days in BACK_OFF:
            moment = self.now - timedelta(days=days * self.rng.uniform(0.8, 1.08))
            story = self.story(request, moment, telling, until)
            if story.steps and story.steps[-1].verb == until:
                return story
        raise AssertionError(f"no life came to {until!r}")

    def _with_unit(self, fits: Callable[[Request], bool] = lambda request: True) -> Request:
        """A request that a unit must work on."""
        while True:
            request = requests.anyone(self.rng)
            if request.type in ("help", "complaint", "report") and request.place and fits(request):
                return request

    def _unusual(self) -> Iterator[Story]:
        """Every state that a screen may show, so that none is empty."""
        for until, telling, count in STANDING:
            for _ in range(count):
                yield self._until(until, telling)
        yield from self._detours()
        written = files.words()
        for row in written["refusals"] * 2:
            told = refused(row["code"], row["reason"], row["door"])
            yield self._special(row["title"], row["text"], "complaint", told)
        for row in written["emergencies"]:
            told = handed_over(row["service"], row["note"], row.get("reference", ""))
            yield self._special(row["title"], row["text"], "help", told)
        for row in written["accusations"]:
            told = detours.accusing(row["unit"])
            yield replace(self._special(row["title"], row["text"], "report", told), accused=row["accused"])

    def _detours(self) -> Iterator[Story]:
        """Lives that take a turn; some are over, some stand in the midst of it."""
        for telling, count in detours.DETOURS:
            for _ in range(count):
                yield self._some_time_ago(telling, self._with_unit())
        for telling, count in ((detours.passed_down, 8), (detours.passed_back, 3)):
            for _ in range(count):
                yield self._some_time_ago(telling, self._with_unit(detours.goes_down))
        for _ in range(2):
            yield self._some_time_ago(detours.disputed, self._with_unit(detours.disputable))
        yield self._until("opine", detours.disputed, self._with_unit(detours.disputable))
        for until, telling, count in detours.STANDING:
            for _ in range(count):
                yield self._until(until, telling)

    def _some_time_ago(self, telling: Telling, request: Request) -> Story:
        moment = moments_of_asking(self.rng, self.now - timedelta(days=3), DAYS - 8, 1)[0]
        return self.story(request, moment, telling)

    def _special(self, title: str, text: str, kind: str, telling: Telling) -> Story:
        matter = {"help": "0505", "report": "2501"}.get(kind, "2504")
        request = requests.fill(self.rng, Template(matter, kind, "normal", title, text))
        moment = moments_of_asking(self.rng, self.now, DAYS - 1, 1)[0]
        return self.story(request, moment - timedelta(hours=3), telling)

    def _crowd(self, crowd: dict[str, str | int | list[str]]) -> Iterator[Story]:
        """Many people about one place within days; the later ones are merged into the first."""
        place = next(p for p in files.places().values() if p.name == crowd["place"])
        template = Template(str(crowd["matter"]), str(crowd["type"]), "normal", str(crowd["title"]), "")
        texts = crowd["texts"]
        assert isinstance(texts, list)
        begins = self.now - timedelta(days=float(str(crowd["days_ago"])))
        for index in range(int(str(crowd["size"]))):
            text = texts[index % len(texts)]
            request = requests.fill(self.rng, Template(*_fields(template), text), place)
            moment = begins + timedelta(hours=float(str(crowd["hours"])) * (index / int(str(crowd["size"]))))
            last = index == int(str(crowd["size"])) - 1
            telling = first_of_crowd if index == 0 else detours.merged_by_mistake if last else crowded
            yield replace(self.story(request, moment, telling), crowd=template.title, picture=False)


def _fields(template: Template) -> tuple[str, str, str, str]:
    return template.matter, template.type, template.urgency, template.title

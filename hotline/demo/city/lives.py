"""The lives of requests as rising steps: who does which verb when, from the first word to the archive."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hotline.demo.city import files
from hotline.demo.city.hours import WorkingDay, office_time
from hotline.demo.city.requests import Request, answer_to
from hotline.demo.city.voices import Person

AGENTS = ("agent1", "agent2", "agent3")
CITIZEN, SYSTEM, LEAD, SUPERVISOR, QUALITY = "citizen", "system", "lead1", "supervisor1", "quality1"
ANSWER_DAYS = {"consultation": (0.2, 1.4), "help": (0.5, 8), "suggestion": (2, 9), "praise": (0.5, 2)}
LATE_DAYS = {"consultation": (4, 9)}
URGENT_PACE = 1 / 16
LEVELS_GIVEN = ((5, 34), (4, 31), (3, 19), (2, 10), (1, 6))
RATES_BY_ITSELF = {"wechat": 0.5, "web": 0.4, "sms-aliyun": 0.45, "sms-tencent": 0.45, "weibo": 0.2}


@dataclass(frozen=True, slots=True)
class Step:
    """One verb at one moment; `by` is a user name (a unit's clerk has the unit's code), citizen or system."""

    at: datetime
    verb: str
    by: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Life:
    """One request on its way; every method tells a stretch of it and lets time pass."""

    rng: random.Random
    person: Person
    channel: str
    request: Request
    now: datetime
    open_on: WorkingDay
    units: tuple[str, ...]
    assisting: tuple[str, ...] = ()
    late: bool = False
    confidential: bool = False
    dispatched: bool = False
    settled: bool = False
    turn: int = 0
    words: dict[str, Any] = field(default_factory=lambda: files.words())

    @property
    def agent(self) -> str:
        """The agent on the desk: always the same one for one person, until that one stands back."""
        return AGENTS[(self.person.number + self.turn) % len(AGENTS)]

    def say(self, part: str, kind: str) -> str:
        """One of the sentences written for an occasion."""
        text: str = self.rng.choice(self.words[part][kind])
        return text

    def chance(self, share: float) -> bool:
        """True in that share of lives."""
        return self.rng.random() < share

    def later(self, least: float, most: float) -> None:
        """Let so many minutes pass."""
        self.now += timedelta(minutes=self.rng.uniform(least, most))

    def in_office(self, least: float, most: float) -> None:
        """Let so many days pass, then wait until the offices are open."""
        passed = timedelta(days=self.rng.uniform(least, most))
        self.now = office_time(self.now + passed, self.open_on, self.rng)

    def at_work(self, least: float, most: float) -> None:
        """The same for a unit, which does what is urgent in hours, by night as by day."""
        if self.request.urgency == "urgent":
            self.now += timedelta(days=self.rng.uniform(least, most)) * URGENT_PACE
        else:
            self.in_office(least, most)

    def step(self, verb: str, by: str, **data: Any) -> Step:
        """What happens at this moment."""
        return Step(self.now, verb, by, data)

    # --- the desk ------------------------------------------------------------------------------------

    def arrives(self, text: str, kind: str = "text") -> Iterator[Step]:
        """The first words, and sometimes more before anybody could read them."""
        yield self.step("receive", CITIZEN, text=text, kind=kind)
        if kind == "voice":
            self.later(0.2, 1)
            yield self.step("transcribe", SYSTEM, text=text)
        if self.channel != "phone" and self.chance(0.22):
            self.later(0.5, 4)
            yield self.step("add_words", CITIZEN, text=self.say("thread", "citizen_more"))

    def is_asked(self) -> Iterator[Step]:
        """The desk needs to know more, and is told."""
        self.later(2, 20)
        yield self.step("edit", self.agent)
        self.later(0.2, 1)
        yield self.step("request_info", self.agent, question=self.say("thread", "agent_ask"))
        self.later(5, 240)
        yield self.step("add_words", CITIZEN, text=self.say("thread", "citizen_info"))

    def is_accepted(self) -> Iterator[Step]:
        """受理, often with a word to the citizen."""
        self.later(*((1, 5) if self.channel == "phone" else (2, 35)))
        yield self.step("accept", self.agent)
        if self.channel != "phone" and self.chance(0.35):
            self.later(0.5, 3)
            yield self.step("reply", self.agent, text=self.say("thread", "agent_reply"))
        if self.chance(0.08):
            self.later(0.5, 5)
            yield self.step("note", self.agent, text=self.say("work", "note"))

    def is_dispatched(self, unit: str) -> Iterator[Step]:
        """派单."""
        self.later(2, 45)
        note = self.say("work", "dispatch_note") if self.chance(0.6) else ""
        self.dispatched = True
        yield self.step("dispatch_to", self.agent, department=unit, assisting=self.assisting, note=note)

    def asks_to_return(self, wrong: str, right: str) -> Step:
        """退单: inside the return window, which is hours for what is urgent."""
        self.later(12, 50)
        elsewhere = wrong.partition("-")[0] == right.partition("-")[0]
        fitting = [row for row in self.words["returns"] if (row["reason"] == "not_our_area") == elsewhere]
        written = self.rng.choice(fitting)
        names = files.units()
        return self.step(
            "request_return",
            wrong,
            reason=written["reason"],
            basis=f"《{names[wrong].name}职能配置规定》",
            proposed=right,
            note=written["note"].format(proposed=names[right].short_name),
        )

    def is_returned(self, wrong: str, right: str) -> Iterator[Step]:
        """The wrong unit gives it back, the lead moves it on."""
        yield self.asks_to_return(wrong, right)
        self.at_work(0.02, 0.2)
        yield self.step("rule_on_return", LEAD, upheld=True, department=right, note="理由成立，改派。")

    # --- the unit --------------------------------------------------------------------------------------

    def is_worked_on(self) -> Iterator[Step]:
        """Signed for, the citizen called, answered; with all that may come between."""
        unit = self.units[0]
        self.at_work(*((2, 4) if self.chance(0.04) else (0.01, 0.2)))
        for helper in self.assisting:
            yield self.step("sign_for", helper)
            self.later(5, 60)
        yield self.step("sign_for", unit)
        if self.chance(0.85):
            yield self.is_contacted(unit)
        if self.channel != "phone" and self.chance(0.25):
            self.later(60, 900)
            yield self.step("add_words", CITIZEN, text=self.say("thread", "citizen_after"))
        yield from self._meets_trouble(unit)
        yield from self.is_answered()

    def is_contacted(self, unit: str) -> Step:
        """The unit speaks with the citizen; with a protected one it writes through the hotline."""
        self.at_work(0.03, 0.5)
        if self.confidential:
            return self.step("relay", unit, text=self.say("work", "relay"))
        return self.step("contact", unit, whom=self.say("work", "contact_whom"))

    def _meets_trouble(self, unit: str) -> Iterator[Step]:
        if self.chance(0.05):
            yield self.asks_for_time(unit)
            self.at_work(0.05, 0.4)
            granted = self.chance(0.75)
            note = "" if granted else self.say("work", "extension_refused")
            yield self.step("rule_on_extension", LEAD, granted=granted, note=note)
        if self.chance(0.02):
            yield from self.is_suspended()
            self.at_work(2, 6)
            yield self.step("resume", LEAD)
        if self.late:
            yield from self.is_late()

    def asks_for_time(self, unit: str) -> Step:
        """延期."""
        self.at_work(0.2, 1)
        asked = self.rng.choice(self.words["extensions"])
        return self.step("request_extension", unit, working_days=self.rng.choice((3, 5)), **asked)

    def is_suspended(self) -> Iterator[Step]:
        """挂起."""
        self.at_work(0.3, 2)
        yield self.step("suspend", LEAD, **self.rng.choice(self.words["suspensions"]))

    def is_late(self) -> Iterator[Step]:
        """Nobody answers: urged, then supervised; the unit says what it will do."""
        self.at_work(*LATE_DAYS.get(self.request.type, (21, 30)))
        yield self.step("urge", QUALITY, note=self.say("work", "urge_note"))
        self.at_work(0.5, 2)
        level = self.rng.choice((1, 1, 2, 3))
        yield self.step("supervise", SUPERVISOR, level=level, note=self.say("work", "supervise_note"))
        self.at_work(0.2, 1)
        yield self.step("answer_order", self.units[0], text=self.say("work", "order_reply"))

    def is_answered(self) -> Iterator[Step]:
        """Assisting units first, the lead last; the desk reads the answer and now and then sends it back."""
        self.at_work(*ANSWER_DAYS.get(self.request.type, (1, 11)))
        for helper in self.assisting:
            yield self.step("answer", helper, public="已配合主办单位现场处理。", internal="", solved=True)
            self.later(10, 90)
        self.assisting = ()
        yield self._answer(not self.chance(0.12))
        self.at_work(0.02, 0.4)
        if self.chance(0.05):
            yield self.step("review", LEAD, approved=False, note=self.say("work", "review_failed"))
            self.at_work(0.2, 1.5)
            yield self._answer(True)
            self.at_work(0.02, 0.4)
        yield self.step("review", LEAD, approved=True, note=self.say("work", "review_note"))

    def _answer(self, solved: bool) -> Step:
        unit = self.units[0]
        return self.step(
            "answer",
            unit,
            public=answer_to(self.request, unit),
            internal=self.say("work", "internal"),
            solved=solved,
        )

    # --- the end ---------------------------------------------------------------------------------------

    def is_answered_at_once(self) -> Iterator[Step]:
        """直接答复: the desk knows the answer."""
        self.later(1, 25)
        yield self.step("answer_directly", self.agent, public=answer_to(self.request, self.units[0]))

    def is_rated(self) -> Iterator[Step]:
        """By the citizen, or by call-back; a bad rating goes back to be done better, once."""
        satisfied = self.rng.choices([level for level, _ in LEVELS_GIVEN], [w for _, w in LEVELS_GIVEN])[0]
        solved = satisfied >= 3 or self.chance(0.25)
        yield from self._tells(satisfied, solved)
        if satisfied <= 2:
            if not self.settled:
                self.in_office(0, 0.2)
                yield self.step("rework", QUALITY, note=self.say("work", "rework_note"))
            if self.dispatched:
                yield from self.is_answered()
            else:
                yield from self.is_answered_at_once()
            yield from self._tells(self.rng.choice((3, 4, 4, 5)), True)
        yield from self.is_closed()

    def _tells(self, satisfied: int, solved: bool) -> Iterator[Step]:
        """By rating, which settles the matter at once, or when the hotline calls."""
        self.settled = self.chance(RATES_BY_ITSELF.get(self.channel, 0))
        if self.settled:
            self.later(10, 2600)
            yield self.step("rate", CITIZEN, satisfied=satisfied, solved=solved)
            self.later(0.01, 0.05)
            yield self.step("settle", SYSTEM)
            return
        self.in_office(0.3, 2.5)
        if self.chance(0.18):
            yield self.step("follow_up", QUALITY, reached=False, note="无人接听，稍后再拨。")
            self.in_office(0.5, 1.5)
        note = self.say("work", "follow_good" if satisfied >= 3 else "follow_bad")
        yield self.step("follow_up", QUALITY, reached=True, solved=solved, satisfied=satisfied, note=note)

    def is_closed(self) -> Iterator[Step]:
        """办结, the order of supervision ended if one stood, and after some weeks 归档."""
        self.in_office(0, 0.1)
        yield self.step("end_supervision", SUPERVISOR, note=self.say("work", "supervision_end"))
        if not self.settled:
            yield self.step("close", QUALITY, note=self.say("work", "close_note"))
        if self.chance(0.5):
            self.in_office(9, 20)
            yield self.step("archive", QUALITY, note=self.say("work", "archive_note"))

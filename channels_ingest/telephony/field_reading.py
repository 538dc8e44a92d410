"""What a caller's words suggest for the fields of the ticket, while they still speak."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils import timezone

from channels_ingest.telephony.wire_desk import FieldSuggested
from channels_ingest.threads import own_connection
from dispatch import routing
from hotline.people.models import Area
from hotline.tickets import clock
from hotline.tickets.models import Matter, RequestType, UrgencyLevel
from nlp.results import Choice, Place, Understanding
from nlp.speech.said import name_said, time_said

log = logging.getLogger(__name__)
EVERY_SECONDS = 2.0
SURE_OF_TYPE = 0.5
SURE = 0.9
"""What somebody said outright; the recogniser may have misheard."""


FieldName = Literal["name", "place", "occurred_at", "matter", "type", "urgency", "title"]


@dataclass(frozen=True, slots=True)
class Field:
    """A value heard for one field, with words for the screen."""

    field: FieldName
    value: str
    label: str = ""
    confidence: float = 1.0


Read = Callable[[str], list[Field]]


class FieldReader:
    """Reads the growing words of one caller off the event loop, never more often than each two seconds."""

    def __init__(self, call: UUID, tell: Callable[[FieldSuggested], None], read: Read) -> None:
        self._call = call
        self._tell = tell
        self._read = read
        self._words = ""
        self._told: dict[str, Field] = {}
        self._reading: asyncio.Task[None] | None = None

    def hear(self, words: str) -> None:
        """These are all the caller's words now."""
        self._words = words
        if self.idle:
            self._reading = asyncio.create_task(self._follow())

    @property
    def idle(self) -> bool:
        """Whether nothing is being read or waited for."""
        return self._reading is None or self._reading.done()

    def stop(self) -> None:
        """The call is over: nothing more is suggested."""
        if self._reading:
            self._reading.cancel()

    async def _follow(self) -> None:
        """Read until nothing new has been said during a reading and the pause after it."""
        done = ""
        while done != self._words:
            done = self._words
            try:
                found = await asyncio.to_thread(self._read, done)
            except Exception:  # suggestions are a help; without them the call goes on
                log.exception("call %s: nothing can be suggested", self._call)
                return
            for field in found:
                if self._told.get(field.field) != field:
                    self._told[field.field] = field
                    self._tell(_suggestion(self._call, field))
            await asyncio.sleep(EVERY_SECONDS)


def _suggestion(call: UUID, field: Field) -> FieldSuggested:
    return FieldSuggested(
        call=call,
        field=field.field,
        value=field.value,
        label=field.label,
        confidence=round(field.confidence, 3),
    )


@own_connection()
def read_fields(words: str) -> list[Field]:
    """What a caller's words say outright, and what the assistant makes of them; slow, for a thread."""
    understanding = routing.understand_text(words)
    return [*_said(words), *(_understood(understanding) if understanding else ())]


def _said(words: str) -> Iterator[Field]:
    if name := name_said(words):
        yield Field("name", name.value, name.text, SURE)
    if moment := time_said(words, timezone.localtime(clock.now())):
        yield Field("occurred_at", moment.value, moment.text, SURE)


def _understood(read: Understanding) -> Iterator[Field]:
    if read.place:
        yield _place(read.place)
    if not read.abstain:
        yield _matter(read.matter[0])
    if read.type[0].confidence >= SURE_OF_TYPE:
        kind = read.type[0]
        yield Field("type", kind.label, str(RequestType(kind.label).label), kind.confidence)
    if read.urgency.level != "normal":
        reasons = "、".join(reason.text for reason in read.urgency.reasons)
        label = str(UrgencyLevel(read.urgency.level).label)
        yield Field("urgency", read.urgency.level, f"{label}：{reasons}" if reasons else label, SURE)
    if read.title:
        yield Field("title", read.title, "", read.matter[0].confidence)


def _place(place: Place) -> Field:
    area = Area.objects.filter(code=place.area).first() if place.area else None
    return Field("place", place.address or place.text, area.name if area else "", SURE)


def _matter(choice: Choice) -> Field:
    row = Matter.objects.filter(code=choice.label).first()
    return Field("matter", choice.label, row.name if row else "", choice.confidence)

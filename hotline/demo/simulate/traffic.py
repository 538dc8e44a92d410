"""Who says what next: the people and the texts of the demonstration city, one new person for each request."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from hotline.demo.city import requests, voices

LOCATION_SHARE = 0.08
"""So many WeChat users send where they stand after their words."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message before it has a wire format; `mark` is in the text and in no other."""

    channel: str
    number: int
    name: str
    phone: str
    text: str
    mark: str
    type: str
    sent_at: int
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    kind: str = "text"

    @property
    def sender(self) -> str:
        """An address like those of the vendors: 28 characters."""
        return f"oSim{self.number:024d}"


class Traffic:
    """An endless crowd; `run` makes this run's people and marks differ from those of every other."""

    def __init__(self, channels: list[str], rng: random.Random, run: int) -> None:
        self._channels, self._rng, self._run = channels, rng, run
        self._weights = [voices.CHANNEL_WEIGHT[channel.partition("-")[0]] for channel in channels]

    def utterances(self) -> Iterator[Utterance]:
        """One request after another; now and then a place follows the words."""
        count = 0
        while True:
            spoken = self._speak(self._run + count)
            yield spoken
            count += 1
            if spoken.channel == "wechat" and spoken.lat and self._rng.random() < LOCATION_SHARE:
                yield _located(spoken)

    def _speak(self, number: int) -> Utterance:
        rng = self._rng
        channel = rng.choices(self._channels, self._weights)[0]
        request, manner = requests.anyone(rng), channel.partition("-")[0]
        while manner == "sms" and len(request.text) > voices.SHORT:
            request = requests.anyone(rng)
        mark = f"{number:x}"
        place = request.place
        return Utterance(
            channel=channel,
            number=number,
            name=voices.population(rng, 1)[0].name,
            phone=f"140{number % 10**8:08d}",
            text=f"{voices.spoken(rng, manner, request.text)}（登记{mark}）",
            mark=f"登记{mark}",
            type=request.type,
            sent_at=int(time.time()),
            lat=place.lat if place else None,
            lng=place.lng if place else None,
            address=place.name if place else "",
        )


def _located(spoken: Utterance) -> Utterance:
    """The same person sends where it is, a moment later."""
    return Utterance(
        channel=spoken.channel,
        number=spoken.number,
        name=spoken.name,
        phone=spoken.phone,
        text="",
        mark="",
        type="",
        sent_at=spoken.sent_at + 1,
        lat=spoken.lat,
        lng=spoken.lng,
        address=spoken.address,
        kind="location",
    )

"""Who asks and how it sounds: invented people, their addresses and the manner of each channel."""

import random
from dataclasses import dataclass

from hotline.demo.city import files

CHANNEL_WEIGHT = {"wechat": 31, "phone": 28, "web": 17, "api": 11, "sms": 8, "weibo": 5}
ENDINGS = ("", "", "", "谢谢。", "麻烦回复一下。", "可以打电话告诉我。", "辛苦了。", "急，在线等。")
SHORT = 60
"""The longest request that people type into a text message."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented citizen; the phone is of the 140 range, which belongs to machines and to no person."""

    number: int
    name: str
    phone: str
    enterprise: bool

    def address(self, channel: str) -> str:
        """What the person is called on a channel."""
        if channel in ("phone", "sms"):
            return self.phone
        if channel == "wechat":
            return f"oYunshui{self.number:020d}"
        return f"yunshui-{channel}-{self.number:05d}"


def population(rng: random.Random, size: int) -> list[Person]:
    """So many people, a few of them firms."""
    names = files.words()["names"]
    found = []
    for number in range(size):
        firm = number % 40 == 39
        name = rng.choice(names["surnames"]) + rng.choice(names["given"])
        if firm:
            name = names["enterprises"][number // 40 % len(names["enterprises"])]
        found.append(Person(number, name, f"140{rng.randrange(10**4):04d}{number:04d}", firm))
    return found


def choose_channel(rng: random.Random, text: str) -> str:
    """A channel that one would use for so long a text."""
    weight = dict(CHANNEL_WEIGHT)
    if len(text) > SHORT:
        del weight["sms"]
    return rng.choices(list(weight), list(weight.values()))[0]


def spoken(rng: random.Random, channel: str, text: str) -> str:
    """The request as it sounds on a channel: `voice` is a voice message, `phone` what an agent notes."""
    before: str = rng.choice(files.words()["style"][channel])
    after = rng.choice(ENDINGS) if channel in ("web", "wechat", "api", "voice") else ""
    if after and text[-1] not in "。！？":
        text += "，"
    return before + text + after

"""The same message as it might have come by another way: cut off, misheard, mistyped, in dialect or traditional."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin

from nlp.text import join_fields, split_title

SEED = 12345
MISTYPED = 0.04  # share of characters
MISHEARD = 0.12  # share of characters; telephone speech is read with error rates of 0.15 to 0.20
DIALECT = {
    "什么": "啥",
    "怎么": "咋",
    "没有": "冇得",
    "我们": "俺们",
    "他们": "佢哋",
    "孩子": "细伢子",
    "小孩": "细路",
    "晚上": "夜里头",
    "现在": "而家",
    "这里": "咯里",
    "那里": "那搭",
    "多少": "几多",
    "房子": "屋头",
    "老人": "老倌子",
    "自来水": "水喉水",
    "不知道": "晓不得",
}
"""Everyday words as several regions say them; the words that name a matter are the same everywhere."""

_TRADITIONAL = OpenCC("s2t")

Disturbance = Callable[[str, Random], str]


def disturbances(texts: Sequence[str]) -> dict[str, Disturbance]:
    """All ways by name; misheard characters become others of the same sound that occur in the texts."""
    return {
        "first 60 characters": partial(_cut, length=60),
        "first 20 characters": partial(_cut, length=20),
        "without title": lambda text, _: split_title(text)[1],
        "first 60 without title": lambda text, _: split_title(text)[1][:60],
        "mistyped": _mistype,
        "misheard": partial(_mishear, sounds=_sounds(texts)),
        "dialect": _in_dialect,
        "traditional": lambda text, _: _TRADITIONAL.convert(text),
    }


def disturb(texts: Sequence[str], way: Disturbance) -> list[str]:
    """Every text that way, always the same."""
    return [way(text, Random(f"{SEED} {number}")) for number, text in enumerate(texts)]


def _cut(text: str, _: Random, *, length: int) -> str:
    """The first characters of title and body together."""
    title, body = split_title(text)
    return join_fields(title[:length], body[: max(0, length - len(title))])


def _in_dialect(text: str, _: Random) -> str:
    for usual, regional in DIALECT.items():
        text = text.replace(usual, regional)
    return text


def _mistype(text: str, random: Random) -> str:
    """Characters left out, written twice, or changed places with the next."""
    title, body = split_title(text)
    return join_fields(_slips(title, random), _slips(body, random))


def _slips(text: str, random: Random) -> str:
    written: list[str] = []
    for character in text:
        slip = random.random()
        if slip < MISTYPED / 3:
            continue
        if slip < MISTYPED * 2 / 3 and written:
            written.insert(-1, character)
        else:
            written.append(character * (2 if slip < MISTYPED else 1))
    return "".join(written)


def _mishear(text: str, random: Random, *, sounds: dict[str, list[str]]) -> str:
    """As speech recognition writes it: no punctuation, some characters taken for others of the same sound."""
    title, body = split_title(text)
    return join_fields(_by_ear(title, random, sounds), _by_ear(body, random, sounds))


def _by_ear(text: str, random: Random, sounds: dict[str, list[str]]) -> str:
    heard = []
    for character in filter(str.isalnum, text):
        same = sounds.get(_sound(character), []) if random.random() < MISHEARD else []
        heard.append(random.choice(same) if same else character)
    return "".join(heard)


def _sound(character: str) -> str:
    return lazy_pinyin(character)[0] if "\u4e00" <= character <= "\u9fff" else ""


def _sounds(texts: Sequence[str]) -> dict[str, list[str]]:
    """The characters of each sound, common ones as often as they occur, up to a hundred times."""
    counts: dict[str, int] = defaultdict(int)
    for text in texts:
        for character in text:
            counts[character] += 1
    sounds: dict[str, list[str]] = defaultdict(list)
    for character in sorted(counts):
        if sound := _sound(character):
            sounds[sound] += [character] * min(counts[character], 100)
    return dict(sounds)

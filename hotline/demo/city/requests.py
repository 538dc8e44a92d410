"""A small grammar of what the people of Yunshui ask: requests.csv filled with places and times."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hotline.demo.city import files
from hotline.demo.city.files import Place

SLOT = re.compile(r"\{(\w+)\}")
POINTS = frozenset(
    {"estate", "road", "market", "school", "hospital", "metro", "station", "mall", "park", "factory"}
    | {"river", "bridge"}
)
FILLED = ("end", "when", "since", "days")
DISTRICT_WEIGHT = {"449801": 34, "449802": 22, "449803": 12, "449804": 17, "449805": 15}
TYPE_WEIGHT = {
    "consultation": 34,
    "help": 20,
    "complaint": 26,
    "report": 10,
    "suggestion": 7,
    "praise": 2,
    "other": 1,
}


@dataclass(frozen=True, slots=True)
class Template:
    """One hand-written request with slots."""

    matter: str
    type: str
    urgency: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants, in the words of no channel yet; `bound` are the places and times in it."""

    matter: str
    type: str
    urgency: str
    title: str
    text: str
    place: Place | None
    bound: Mapping[str, str]

    @property
    def area(self) -> str:
        """The code of the place, empty when the request is about none."""
        return self.place.code if self.place else ""

    @property
    def where(self) -> str:
        """The place as an answer names it."""
        return self.place.name if self.place else "现场"


@cache
def templates() -> dict[str, list[Template]]:
    """Every written request, by type."""
    found: dict[str, list[Template]] = {kind: [] for kind in TYPE_WEIGHT}
    for row in files.rows(files.DATA / "requests.csv"):
        found[row["type"]].append(Template(**row))
    return found


@cache
def answers() -> dict[tuple[str, str], str]:
    """What the unit in charge answers, by matter and type; the empty type serves all others."""
    return {(row["matter"], row["type"]): row["answer"] for row in files.rows(files.DATA / "answers.csv")}


def anyone(rng: random.Random) -> Request:
    """A request out of the blue, in the mix of types that a city knows."""
    kind = rng.choices(list(TYPE_WEIGHT), list(TYPE_WEIGHT.values()))[0]
    return fill(rng, rng.choice(templates()[kind]))


def fill(rng: random.Random, template: Template, place: Place | None = None) -> Request:
    """Put places and times into the slots; all places of one request lie near one another."""
    slots = SLOT.findall(template.title + template.text)
    first = next((slot for slot in slots if slot in POINTS or slot in ("village", "community")), "")
    if place is None and first:
        place = _weighted(rng, _of_kind(first))
    elif place is None and ("street" in slots or "district" in slots):
        place = _weighted(rng, _of_level("street"))
    bound = {slot: _value(rng, slot, place) for slot in dict.fromkeys(slots) if slot != first}
    if first and place:
        bound[first] = place.name
    return Request(
        matter=template.matter,
        type=template.type,
        urgency=template.urgency,
        title=put(template.title, bound),
        text=put(template.text, bound),
        place=place,
        bound=bound,
    )


def answer_to(request: Request, unit: str) -> str:
    """The public answer that fits the matter, in the name of `unit` (a code)."""
    texts = answers()
    text = texts.get((request.matter, request.type)) or texts[request.matter, ""]
    here = {"street": "所在街道", "community": "社区", "village": "村里", "num": "6"}
    if request.place:
        here |= _around(request.place)
    named = {"unit": files.units()[unit].short_name, "place": request.where}
    return put(text, {**here, **request.bound, **named})


def put(text: str, bound: Mapping[str, str]) -> str:
    """The text with its slots filled."""
    return SLOT.sub(lambda match: bound[match[1]], text)


def chain(place: Place) -> list[Place]:
    """The place and everything that it lies in, smallest first."""
    found, code = [], place.code
    while code:
        found.append(files.places()[code])
        code = found[-1].parent
    return found


def _value(rng: random.Random, slot: str, place: Place | None) -> str:
    if slot in FILLED:
        text: str = rng.choice(files.words()["fill"][slot])
        return text.rstrip("。！") if slot == "end" else text
    if slot == "num":
        return str(rng.randint(2, 28))
    if place and slot in ("street", "district", "community"):
        return _around(place)[slot]
    return rng.choice(_near(place, _of_kind(slot))).name


def _around(place: Place) -> dict[str, str]:
    """The street, district and a community that the place lies in."""
    around = {step.level: step for step in chain(place)}
    street = around.get("street") or _below(around["district"].code if "district" in around else "", "street")
    community = around.get("community") or _below(street.code, "community")
    return {
        "street": street.name,
        "district": around["district"].name if "district" in around else "",
        "community": community.name,
        "village": community.name,
    }


def _below(code: str, level: str) -> Place:
    return next(place for place in _of_level(level) if place.code.startswith(code))


def _near(place: Place | None, found: list[Place]) -> list[Place]:
    """Those in the same street, or else in the same district, or else all."""
    for step in chain(place)[1:-1] if place else []:
        near = [other for other in found if other.code.startswith(step.code) and other != place]
        if near:
            return near
    return found


def _weighted(rng: random.Random, found: list[Place]) -> Place:
    return rng.choices(found, [DISTRICT_WEIGHT[place.code[:6]] for place in found])[0]


@cache
def _of_kind(kind: str) -> list[Place]:
    return [place for place in files.places().values() if place.kind == kind]


@cache
def _of_level(level: str) -> list[Place]:
    return [place for place in files.places().values() if place.level == level]

"""What a unit's name says: its function, shared with its sisters in other places, and the place it serves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from nlp.text import normalise

_DIVISION = r"(?:自治州|自治县|地区|[省市区县旗盟])"
# 城市管理局 begins with no place
_PLACE_FIRST = re.compile(rf"^(?!城市|城区)(?P<place>(?:[^省市区县旗盟]{{1,7}}?(?<!城){_DIVISION})+)(?P<rest>.{{2,}})$")
_SEAT = r"(?:办事处|人民政府|政府|居民委员会|居委会|村民委员会|村委会|党工委)?"
_LOCAL = re.compile(rf"^(?P<place>.+?(?P<kind>街道|镇|乡|社区|村)){_SEAT}$")
# 市城管局 is the city's 城管局; 市场监管局, 市政中心 and 市容局 begin with a word of their own
_OWN_LEVEL = re.compile(r"^[省市州区县](?![场政容民])(?=.{2})")
_BRANCH = re.compile(r"(?:分局|分公司|分中心|大队|中队|支队|分理处)$")
_SHORT = re.compile(rf"{_DIVISION}$|街道$|镇$|乡$")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as the model knows it; an empty area is the whole city, or not known."""

    code: str
    function: str
    area: str


def short(place: str) -> str:
    """A place without its kind (南涌区 → 南涌), where enough of it is left to be told from other words."""
    bare = _SHORT.sub("", place)
    return bare if len(bare) >= _SHORTEST else place


def split(code: str, name: str, places: Collection[str] = ()) -> UnitName:
    """Function and place of one name; of several known places in it the last, which is the finest, counts."""
    plain = normalise(name).replace(" ", "")
    local = _LOCAL.match(plain)
    if local:
        return UnitName(code, local["kind"], _without_upper(local["place"]))
    rest, at, found = _take_out(plain, places)
    shaped = _PLACE_FIRST.match(rest)
    if shaped:
        rest, found = shaped["rest"], found or _last(shaped["place"])
    rest = _OWN_LEVEL.sub("", rest)
    bare = _BRANCH.sub("", rest)
    # 公安局南涌分局 is the 公安局 of 南涌, but the 支队 of a city is its own function
    return UnitName(code, bare if at > 0 and len(bare) >= _SHORTEST else rest, found)


def split_all(names: Iterable[tuple[str, str]], places: Collection[str] = ()) -> tuple[UnitName, ...]:
    """Units (code, name) of a city; the place that most names begin with is the city: it tells nothing apart."""
    units = [split(code, name, places) for code, name in names]
    areas = Counter(unit.area for unit in units)
    commonest, count = areas.most_common(1)[0] if areas else ("", 0)
    city = commonest if commonest.endswith("市") and count > len(units) / 4 else ""
    return tuple(UnitName(unit.code, unit.function, "" if unit.area == city else unit.area) for unit in units)


def successor(unit: str, successors: Mapping[str, str]) -> str:
    """The unit that has the tasks of `unit` today; a chain of renamings is followed, a circle is not."""
    met = {unit}
    while (after := successors.get(unit)) and after not in met:
        met.add(after)
        unit = after
    return unit


def _take_out(name: str, places: Collection[str]) -> tuple[str, int, str]:
    """The name without the known places in it, and the last of them with where it stood; long forms go first."""
    forms = [(place, place) for place in sorted(places, key=len, reverse=True)]
    forms += [(short(place), place) for place in sorted(places, key=len)]
    hits: list[tuple[int, str]] = []
    for form, place in forms:
        at = name.find(form)
        if at >= 0 and len(name) - len(form) >= _SHORTEST:
            name = name[:at] + "\0" * len(form) + name[at + len(form) :]
            hits.append((at, place))
    return name.replace("\0", ""), *max(hits, default=(0, ""))


def _without_upper(place: str) -> str:
    """A street or village without the city and district before it."""
    shaped = _PLACE_FIRST.match(place)
    return shaped["rest"] if shaped else place


def _last(place: str) -> str:
    """The finest division of 云水市东汀区."""
    divisions: list[str] = re.findall(rf"[^省市区县旗盟]{{1,7}}?{_DIVISION}", place)
    return divisions[-1]

"""Hot issues: messages of one matter at one place gathered, and ranked by how many it moves and for how long."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.addresses import names_ending, names_in
from nlp.duplicates import near_pairs, vectors
from nlp.mentions import fold
from nlp.summary import summarise

NEAR = 0.16  # below this two messages are not even compared
JOINED = 0.30  # nearness of two groups that are made one
SAME_PLACE, OTHER_PLACE, OTHER_DISTRICT, HALF_PLACED = 1.5, 0.3, 0.65, 0.85
"""What a place in common makes of the nearness; different ones; different districts; one that is said and one not."""
NAMED_READ = 120
READ = 500
COMMON_NAME = 0.05
_DISTRICT = re.compile(r"[a-z]\d{1,2}(?:区|县|市)|[\u4e00-\u9fff]{2}(?<![小社地校园片景库学])(?:区|县)(?!域|分|级)")
_KIND = re.compile(r"(?<=..)(?:小区|住宅区)$")
_LANDMARK = re.compile(
    r"(?:地铁)?[0-9一二三四五六七八九十]{1,2}号线|(?<=..)(?:湖(?![南北])|湾|洲|岛|帝景|悦府|华府|公馆|名邸|豪园|壹号|首府|半岛|车站|[东南西北]站|大桥|立交桥)"
)
"""Ends of names that tell a place only where many name it in their titles."""
_CITY = re.compile(r"^(?:[a-z]\d{0,2}[市区县])+|^[a-z\d]+")
GROUPS = (
    *("业主", "居民", "村民", "学生", "家长", "教师", "退休人员", "农民工", "工人", "购房者", "租户", "商户"),
    *("司机", "乘客", "老人", "投资人", "受害人", "员工", "残疾人", "退役军人", "患者", "车主", "人才"),
)
_SAYS_GROUP = {
    "购房者": "购房|买房|期房",
    "投资人": "投资|p2p|理财|集资",
    "人才": "人才",
    "车主": "车主|上牌",
    "老人": "老人|老年",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One message of one person."""

    title: str
    text: str
    at: datetime
    person: str = ""
    likes: int = 0
    dislikes: int = 0


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot, with all that went into it."""

    value: float
    people: int
    days: int
    districts: int
    likes: int

    @property
    def why(self) -> str:
        """The figures in words."""
        liked = f"，点赞净数 {self.likes}" if self.likes else ""
        spread = f"，涉及 {self.districts} 个区县" if self.districts > 1 else ""
        return f"{self.people} 人反映，分布在 {self.days} 天{spread}{liked}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One matter at one place: its messages by their place in the input, the one that stands for all first."""

    members: tuple[int, ...]
    name: str
    place: str
    group: str
    first: datetime
    last: datetime
    heat: Heat


def hot_issues(reports: Sequence[Report], top: int = 20) -> list[Issue]:
    """The hottest issues of the messages given, hottest first."""
    if not reports:
        return []
    matrix = vectors([_unplaced(report.title) for report in reports], [_unplaced(report.text) for report in reports])
    named = _places(reports)
    issues = [_issue(members, reports, matrix, named) for members in _gathered(matrix, named)]
    return sorted(issues, key=lambda issue: (-issue.heat.value, issue.first, issue.members))[:top]


def heat_of(reports: Sequence[Report], districts: int = 1) -> Heat:
    """(people + ½·√(likes − dislikes)) × (1 + log10 min(days, people)) × (1 + ¼·log2 districts).

    A person counts once however often they write; a like costs one click, so four hundred of them count
    as ten people; a matter that ten people raise on ten days counts double.
    """
    people = len({report.person or f"#{number}" for number, report in enumerate(reports)})
    days = len({report.at.date() for report in reports})
    likes = max(0, sum(report.likes - report.dislikes for report in reports))
    lasting, wide = 1 + math.log10(min(days, people)), 1 + 0.25 * math.log2(max(1, districts))
    return Heat(round((people + math.sqrt(likes) / 2) * lasting * wide, 1), people, days, max(1, districts), likes)


# --- gathering ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """What a message says of where: sites and roads, and districts."""

    names: frozenset[str]
    districts: frozenset[str]


def _places(reports: Sequence[Report]) -> list[_Named]:
    found = []
    for report in reports:
        said = fold(f"{report.title} {report.text[:NAMED_READ]}")
        names = (_KIND.sub("", _CITY.sub("", said[span.start : span.end])) for span in names_in(said))
        found.append(_Named(frozenset(name for name in names if len(name) > 2), frozenset(_DISTRICT.findall(said))))
    common = Counter(name for one in found for name in one.names)
    most = max(20.0, COMMON_NAME * len(reports))
    return [_Named(frozenset(n for n in one.names if common[n] <= most), one.districts) for one in found]


def _unplaced(text: str) -> str:
    """The text without the names of places, which would make all that happens at one place alike."""
    said = list(_DISTRICT.sub(lambda match: " " * len(match[0]), fold(text[:READ])))
    for span in names_in("".join(said)):
        said[span.start : span.end] = " " * (span.end - span.start)
    return "".join(said)


@dataclass(slots=True)
class _Group:
    """Messages joined so far: the sum of their vectors, and how many of them name which places."""

    members: list[int]
    at: NDArray[np.int64]
    weight: NDArray[np.float32]
    names: Counter[str]
    districts: Counter[str]
    placed: int

    @property
    def length(self) -> float:
        return float(np.sqrt(self.weight @ self.weight))

    def joined(self, other: _Group) -> _Group:
        at, row = np.unique(np.concatenate([self.at, other.at]), return_inverse=True)
        weight = np.bincount(row, np.concatenate([self.weight, other.weight])).astype(np.float32)
        return _Group(
            self.members + other.members,
            at,
            weight,
            self.names + other.names,
            self.districts + other.districts,
            self.placed + other.placed,
        )


def _alone(matrix: csr_matrix, named: Sequence[_Named]) -> dict[int, _Group]:
    groups = {}
    for n, one in enumerate(named):
        row = slice(matrix.indptr[n], matrix.indptr[n + 1])
        at, weight = matrix.indices[row].astype(np.int64), matrix.data[row]
        groups[n] = _Group([n], at, weight, Counter(one.names), Counter(one.districts), bool(one.names))
    return groups


def _gathered(matrix: csr_matrix, named: Sequence[_Named]) -> list[list[int]]:
    """Groups by centroid linkage along near pairs, the nearest first; places speak for and against a union."""
    groups = _alone(matrix, named)
    links: dict[int, set[int]] = {n: set() for n in groups}
    queue: list[tuple[float, int, int]] = []
    for one, others, nearness in near_pairs(matrix, NEAR):
        for other, near in zip(others.tolist(), nearness.tolist(), strict=True):
            links[one].add(other)
            links[other].add(one)
            if near * SAME_PLACE >= JOINED:
                queue.append((-near * _agreement(groups[one], groups[other]), one, other))
    queue = [entry for entry in queue if -entry[0] >= JOINED]
    heapq.heapify(queue)
    dense = np.zeros(matrix.shape[1], np.float32)
    for made in count(len(named)):
        pair = _next_pair(queue, groups)
        if pair is None:
            break
        one, other = pair
        union = groups.pop(one).joined(groups.pop(other))
        links[made] = {near for near in links.pop(one) | links.pop(other) if near in groups}
        dense[union.at] = union.weight / union.length
        for neighbour in links[made]:
            links[neighbour].add(made)
            group = groups[neighbour]
            near = float(dense[group.at] @ group.weight) / group.length
            if near * SAME_PLACE >= JOINED and near * _agreement(union, group) >= JOINED:
                heapq.heappush(queue, (-near * _agreement(union, group), made, neighbour))
        dense[union.at] = 0
        groups[made] = union
    return [group.members for group in groups.values()]


def _next_pair(queue: list[tuple[float, int, int]], groups: Mapping[int, _Group]) -> tuple[int, int] | None:
    """The nearest two groups that still are."""
    while queue:
        _nearness, one, other = heapq.heappop(queue)
        if one in groups and other in groups:
            return one, other
    return None


def _agreement(one: _Group, other: _Group) -> float:
    """What places say of a union: for it, against it, or nothing."""
    if one.names and other.names:
        if any(_is_one_name(a, b) for a in _main(one.names) for b in _main(other.names)):
            return SAME_PLACE
        return OTHER_PLACE * _district_agreement(one, other)
    if (2 * one.placed > len(one.members)) != (2 * other.placed > len(other.members)):
        return HALF_PLACED * _district_agreement(one, other)
    return _district_agreement(one, other)


def _district_agreement(one: _Group, other: _Group) -> float:
    apart = one.districts and other.districts and not set(_main(one.districts)) & set(_main(other.districts))
    return OTHER_DISTRICT if apart else 1.0


def _is_one_name(one: str, other: str) -> bool:
    """丽发新城 and 暮云丽发新城 are one."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.endswith(short)


def _main(names: Counter[str]) -> list[str]:
    """The names that at least a third of the most frequent one's messages have."""
    most = max(names.values())
    return [name for name, number in names.items() if 3 * number >= most]


# --- telling ------------------------------------------------------------------------------------------


def _issue(members: Sequence[int], reports: Sequence[Report], matrix: csr_matrix, named: Sequence[_Named]) -> Issue:
    ordered = _by_nearness(members, matrix)
    said = [reports[n] for n in ordered]
    districts = Counter(district for n in ordered for district in named[n].districts)
    shared = [district for district, count in districts.items() if 5 * count >= len(ordered)]
    return Issue(
        members=tuple(ordered),
        name=said[0].title.strip() or summarise(said[0].text).title,
        place=_place(Counter(name for n in ordered for name in named[n].names), districts, said),
        group=_group(said),
        first=min(report.at for report in said),
        last=max(report.at for report in said),
        heat=heat_of(said, len(shared)),
    )


def _by_nearness(members: Sequence[int], matrix: csr_matrix) -> list[int]:
    rows = matrix[list(members)]
    centre = np.asarray(rows.sum(axis=0)).ravel()
    nearness = np.asarray(rows @ centre).ravel()
    return [members[at] for at in np.lexsort((np.asarray(members), -nearness))]


def _place(names: Counter[str], districts: Counter[str], said: Sequence[Report]) -> str:
    """The district and the site or road that most name; nothing that fewer than a quarter do, or one in passing."""
    titles = [fold(report.title) for report in said]
    together = " ".join(titles)
    in_titles = Counter({name: number for name, number in names.items() if name in together})
    if not in_titles or 4 * max(in_titles.values()) < len(said):
        in_titles = Counter(name for title in titles for name in _landmarks(title))
    found = [_most_named(counted) for counted in (districts, in_titles) if counted]
    return "".join(name for name, number in found if 4 * number >= len(said)).upper()


def _most_named(counted: Counter[str]) -> tuple[str, int]:
    """Of names that as many name, the shortest; a counter of sets has no order of its own."""
    return min(counted.items(), key=lambda each: (-each[1], len(each[0]), each[0]))


def _landmarks(title: str) -> set[str]:
    """Lakes, lines, stations and estates by the ends of their names."""
    found = (_CITY.sub("", title[span.start : span.end]) for span in names_ending(title, [_LANDMARK]))
    return {name for name in found if len(name) > 2}


def _group(said: Iterable[Report]) -> str:
    """Who is concerned: the group that most messages name."""
    texts = [fold(f"{report.title}{report.text}") for report in said]
    counts = {name: sum(bool(re.search(_SAYS_GROUP.get(name, name), text)) for text in texts) for name in GROUPS}
    name = max(GROUPS, key=lambda group: counts[group])
    return name if 4 * counts[name] >= len(texts) else "市民"

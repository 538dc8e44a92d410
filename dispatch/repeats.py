"""Has this been said before? Tickets of the same person, place or matter, found while the next one is typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet

from dispatch import prints
from dispatch.by_index import by_index
from dispatch.calendar import day_of
from dispatch.models import PolicyKey, TicketPrint
from dispatch.rules import rules
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from nlp.addresses import without_addresses
from nlp.placekey import PlaceKey
from nlp.sketches import bands, likeness, pairs

RECENT = timedelta(days=90)
MONTHS_BACK = 2
"""Before this one: words are looked for in three months."""
OF_PERSON, OF_PLACE, OF_WORDS = 20, 60, 60
"""Tickets looked at for each reason, the newest first."""
SHOWN = 8
READ = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The centre's figures: what each agreement counts for beside the likeness of the words, and what is shown."""

    person: float
    spot: float
    site: float
    matter: float
    least: float

    @classmethod
    def on(cls, moment: datetime) -> "Weights":
        """Those in force."""
        book, day = rules(), day_of(moment)

        def share(key: PolicyKey) -> float:
            return book.figure(key, day) / 100

        return cls(
            person=share(PolicyKey.REPEAT_PERSON),
            spot=share(PolicyKey.REPEAT_SPOT),
            site=share(PolicyKey.REPEAT_SITE),
            matter=share(PolicyKey.REPEAT_MATTER),
            least=share(PolicyKey.REPEAT_LEAST),
        )


@dataclass(frozen=True)
class Wanted:
    """What is known of the request that is being typed or has just come in.

    `by_phone`: the citizens are known by a number that was typed; it leads to no protected ticket.
    """

    text: str
    key: PlaceKey | None
    citizens: tuple[int, ...] = ()
    matter: int | None = None
    by_phone: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """All that is said, as it is compared."""
        return pairs(self.text[:READ])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the place is called."""
        return prints.names_of_place(self.key) if self.key else ()

    @cached_property
    def apart(self) -> frozenset[str]:
        """What is said beside where it is; nothing while only the place has been typed."""
        return pairs(_apart(self.text, self.names))

    def same_person(self, row: Ticket) -> bool:
        """Whether its citizen is one of these, as far as that may be told."""
        return row.citizen_id in self.citizens and not (self.by_phone and row.confidential)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A ticket that may be about the same, and why."""

    ticket: Ticket
    score: float
    person: bool
    place: str
    likeness: float
    matter: bool


def wanted(ticket: Ticket) -> Wanted:
    """What a ticket is looked for by."""
    key = prints.key_of(f"{ticket.title}\n{ticket.text}", ticket.address, ticket.area)
    return Wanted(ticket.text, key, (ticket.citizen_id,), ticket.matter_id)


def candidates(like: Wanted, among: QuerySet[Ticket], now: datetime) -> list[Repeat]:
    """The likeliest repeats among the tickets that the asker may see, likeliest first."""
    by_place, by_words = _at_place(like.key, now), _in_words(like.text, now)
    found = among.filter(pk__in={*by_place, *by_words}).exclude(state=State.MERGED)
    rows = {row.pk: row for row in _rows(found)} | {row.pk: row for row in _rows(_of_person(like, among, now))}
    keys = _keys(rows.keys())
    weights = Weights.on(now)
    repeats = [_repeat(like, row, keys.get(row.pk), weights) for row in rows.values()]
    kept = (repeat for repeat in repeats if repeat.score >= weights.least)
    return sorted(kept, key=lambda repeat: (-repeat.score, -repeat.ticket.pk))[:SHOWN]


def _rows(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("matter", "department", "citizen")


def _of_person(like: Wanted, among: QuerySet[Ticket], now: datetime) -> QuerySet[Ticket]:
    if not like.citizens:
        return among.none()
    own = among.filter(citizen__in=like.citizens, created_at__gte=now - RECENT)
    if like.by_phone:
        own = own.filter(confidential=False)
    return own.exclude(state=State.MERGED).order_by("-pk")[:OF_PERSON]


def _at_place(key: PlaceKey | None, now: datetime) -> list[int]:
    """Tickets of the same road or site in the last three months; an unknown district may be any."""
    if key is None:
        return []
    there = TicketPrint.objects.filter(place=key.name, created_at__gte=now - RECENT)
    if key.district:
        there = there.filter(district__in=[key.district, ""])
    spot = list(there.filter(number=key.number).order_by("-created_at").values_list("pk", flat=True)[:OF_PLACE])
    more = there.exclude(pk__in=spot).order_by("-created_at").values_list("pk", flat=True)[: OF_PLACE - len(spot)]
    return [*spot, *more]


def _in_words(text: str, now: datetime) -> list[int]:
    month = prints.month_of(now)
    salted = [band for ago in range(MONTHS_BACK + 1) for band in bands(text[: prints.READ], month - ago)]
    if not salted:
        return []
    # without an order, so that the index may stop at the first: what meets in a band is alike anyway
    met = TicketPrint.objects.filter(bands__overlap=salted).values_list("pk", flat=True)[:OF_WORDS]
    with by_index():
        return list(met)


def _keys(ids: Iterable[int]) -> dict[int, PlaceKey]:
    rows = TicketPrint.objects.filter(~Q(place=""), pk__in=list(ids)).values_list("pk", "place", "district", "number")
    return {pk: PlaceKey(place, district, number) for pk, place, district, number in rows}


def _repeat(like: Wanted, row: Ticket, key: PlaceKey | None, weights: Weights) -> Repeat:
    person = like.same_person(row)
    place = "" if key is None or like.key is None else _agreement(like.key, key)
    matter = like.matter is not None and row.matter_id == like.matter
    # where the place is the same its name would make all that happens there alike
    told = like.apart if place and like.apart else like.words
    alike = likeness(told, pairs(_apart(row.text, like.names) if told is like.apart else row.text[:READ]))
    there = {"spot": weights.spot, "site": weights.site, "": 0.0}[place]
    score = weights.person * person + there + weights.matter * matter + alike
    return Repeat(row, round(score, 3), person, place, round(alike, 3), matter)


def _apart(text: str, names: tuple[str, ...]) -> str:
    """What is said beside where it is."""
    return without_addresses(text[:READ], names)


def _agreement(one: PlaceKey, other: PlaceKey) -> str:
    return "spot" if one.is_same(other) else "site" if one.is_same_site(other) else ""

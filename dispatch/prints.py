"""What a ticket is known again by is kept: its place in one spelling, and the bands of its words."""

from datetime import datetime

from dispatch.models import TicketPrint
from dispatch.understanding import gazetteer
from hotline.people.models import Area
from hotline.tickets.models import LedgerEntry, Ticket
from nlp.mentions import names_of
from nlp.placekey import PlaceKey, place_key
from nlp.places import Gazetteer
from nlp.sketches import bands

READ = 2_000
NAME, DISTRICT, NUMBER = 80, 32, 40
"""Characters kept of each part of a place's key."""
BATCH = 500


def key_of(text: str, address: str = "", area: Area | None = None) -> PlaceKey | None:
    """Which place is meant: by the address where one is given, else by the words."""
    places = gazetteer()
    for said in filter(None, (address, text[:READ])):
        found = place_key(said, places.find(said), places)
        if found is not None:
            return found if found.district or area is None else _in(found, area, places)
    return None


def names_of_place(key: PlaceKey) -> tuple[str, ...]:
    """What the place and what it lies in are called in the gazetteer, else as it was said; of a crossing both roads."""
    places = gazetteer()
    codes = [*key.name.split("×"), key.district]
    found = [entry for code in codes if (entry := places.entry(code))]
    every = {name for entry in found for above in (entry, *places.ancestors(entry)) for name in names_of(above)}
    return tuple(sorted(every | {code for code in codes if code and not places.entry(code)}))


def _in(key: PlaceKey, area: Area, places: Gazetteer) -> PlaceKey:
    """The key with the district of the area that the ticket was given."""
    entry = places.entry(area.code)
    line = [entry, *places.ancestors(entry)] if entry else []
    district = next((above.code for above in line if above.level == "district"), "")
    return PlaceKey(key.name, district, key.number)


def month_of(moment: datetime) -> int:
    """Months are apart in the index of bands, so that only recent words are looked through."""
    return moment.year * 12 + moment.month


def take(ticket: Ticket) -> None:
    """Keep by what the ticket is known; safe to repeat."""
    TicketPrint.objects.update_or_create(ticket_id=ticket.pk, defaults=_defaults(ticket))


def remember(entry: LedgerEntry) -> None:
    """The reaction to words that came in or were edited."""
    take(Ticket.objects.select_related("area").get(pk=entry.ticket_id))


def _defaults(ticket: Ticket) -> dict[str, object]:
    key = key_of(f"{ticket.title}\n{ticket.text}", ticket.address, ticket.area)
    return {
        "place": key.name[:NAME] if key else "",
        "district": key.district[:DISTRICT] if key else "",
        "number": key.number[:NUMBER] if key else "",
        "bands": bands(ticket.text[:READ], month_of(ticket.created_at)),
        "created_at": ticket.created_at,
    }


def take_missing() -> int:
    """The same for tickets that came before there was this, or were brought from elsewhere; how many."""
    missing = Ticket.objects.filter(known_by=None).select_related("area").order_by("-pk")
    taken = 0
    while batch := list(missing[:BATCH]):  # what was taken is missing no more
        rows = [TicketPrint(ticket=ticket, **_defaults(ticket)) for ticket in batch]
        taken += len(TicketPrint.objects.bulk_create(rows, ignore_conflicts=True))
    return taken

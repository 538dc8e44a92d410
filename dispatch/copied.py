"""Was an answer copied from another of the same unit? All that it ever gave are known by what copies share."""

from collections.abc import Iterator

from django.db.models import QuerySet

from dispatch.by_index import by_index
from dispatch.models import AnswerPrint
from hotline.tickets.models import Assignment, LedgerEntry, Ticket
from nlp.replies import SHORT, substance
from nlp.sketches import bands

LOOKED_AT = 40
"""Answers that share a band are compared, so many at most; where more do, it is a unit's standing text."""
READ = 2_000
"""So many characters of an answer are compared."""
BATCH = 500


def remember(entry: LedgerEntry) -> None:
    """The reaction to an answer: it can be found from now on."""
    keep(entry.ticket)


def keep(ticket: Ticket) -> None:
    """Let the answers of a ticket be found; safe to repeat."""
    for part in _answered().filter(ticket=ticket):
        AnswerPrint.objects.update_or_create(part=part, defaults={"bands": _bands(part)})


def keep_missing() -> int:
    """The same for answers that were brought from elsewhere; how many."""
    missing, taken = _answered().filter(known_by=None).order_by("-pk"), 0
    while batch := list(missing[:BATCH]):  # what was taken is missing no more
        rows = [AnswerPrint(part=part, bands=_bands(part)) for part in batch]
        taken += len(AnswerPrint.objects.bulk_create(rows, ignore_conflicts=True))
    return taken


def near(unit: int, reply: str, among: QuerySet[Ticket]) -> Iterator[Assignment]:
    """The unit's answers that may be the same as `reply`, of the tickets that the asker may see."""
    salted = bands(substance(reply)[:READ], unit)
    if not salted:
        return
    # without an order, so that the index may stop at the first: what meets in a band is alike anyway
    found = AnswerPrint.objects.filter(bands__overlap=salted, part__ticket__in=among)
    with by_index():
        parts = list(found.values_list("part", flat=True)[:LOOKED_AT])
    yield from Assignment.objects.filter(pk__in=parts).select_related("ticket__citizen").order_by("-answered_at")


def _answered() -> QuerySet[Assignment]:
    return Assignment.objects.filter(answered_at__isnull=False).exclude(public_answer="")


def _bands(part: Assignment) -> list[int]:
    """Salted by the unit, whose answers alone are compared; none of one that is all phrases."""
    said = substance(part.public_answer)[:READ]
    return bands(said, part.department_id) if len(said) >= SHORT else []

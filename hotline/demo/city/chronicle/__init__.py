"""A past life as it stands in the books: what hotline.tickets.lifecycle and sidepaths write, but in bulk.

Six hundred lives through the verbs take a minute, and a newcomer waits for the first page. So each
verb is told here once more, in memory. The arrows and the chain are the real ones (ALLOWED,
ledger.line), and tests/demo lives the same lives through the verbs and compares every row.
"""

from hotline.demo.city.chronicle.desk import DeskVerbs
from hotline.demo.city.chronicle.side import SideVerbs
from hotline.demo.city.chronicle.unit import UnitVerbs


class Case(DeskVerbs, UnitVerbs, SideVerbs):
    """One ticket being told; its methods are called as the verbs are."""

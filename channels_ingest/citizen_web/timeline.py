"""The life of a ticket in plain words: the ledger lines that are its citizen's to know.

What is not in TELLERS is not told: notes, suggestions of the assistant, the units' quarrels about a
return, what reviewers wrote, and every name of a person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from hotline.people.models import Department
from hotline.tickets.facts import Kind
from hotline.tickets.models import LedgerEntry

Data = Mapping[str, Any]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as the citizen reads it."""

    at: datetime
    title: str
    detail: str = ""


def steps(entries: Iterable[LedgerEntry]) -> list[Step]:
    """What of `entries` the citizen may know, newest first. One query for the names of units."""
    told = [entry for entry in entries if entry.kind in TELLERS]
    names = unit_names(told)
    return [_step(entry, names) for entry in reversed(told)]


def unit_names(entries: Iterable[LedgerEntry]) -> Names:
    """The names of all units that the lines speak of."""
    codes = {code for entry in entries for code in _codes(entry.data)}
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def _codes(data: Data) -> list[str]:
    single = [data[key] for key in ("department", "moved_to") if data.get(key)]
    return single + list(data.get("assisting", ()))


def _step(entry: LedgerEntry, names: Names) -> Step:
    title, detail = TELLERS[Kind(entry.kind)](entry, names)
    return Step(entry.at, title, detail)


def day(moment: datetime) -> str:
    """November 30, or 11月30日, in the city's own time."""
    return formats.date_format(timezone.localtime(moment), "MONTH_DAY_FORMAT")


def _until(data: Data) -> str:
    limit = parse_datetime(data["due_at"]) if data.get("due_at") else None
    return _("It has to be answered by %(day)s.") % {"day": day(limit)} if limit else ""


Told = tuple[str, str]
Teller = Callable[[LedgerEntry, Names], Told]


def _plainly(title: Callable[[], str], detail: Callable[[], str] = str) -> Teller:
    """A line that is told the same way whatever its data; translated when it is read, not when imported."""
    return lambda entry, names: (title(), detail())


def _name(names: Names, code: str) -> str:
    return names.get(code, _("the unit in charge"))


def _info_requested(entry: LedgerEntry, names: Names) -> Told:
    return _("We asked you for something"), entry.data["question"]


def _refused(entry: LedgerEntry, names: Names) -> Told:
    door = entry.data["door"]
    where = _("Please turn to: %(door)s") % {"door": door} if door else ""
    return _("This is not for the hotline"), "\n".join(part for part in (entry.data["reason"], where) if part)


def _emergency(entry: LedgerEntry, names: Names) -> Told:
    service, reference = entry.data["service"], entry.data["reference"]
    theirs = _("Its number there: %(reference)s") % {"reference": reference} if reference else ""
    return _("Handed to %(service)s as an emergency") % {"service": service}, theirs


def _dispatched(entry: LedgerEntry, names: Names) -> Told:
    title = _("Handed to %(unit)s") % {"unit": _name(names, entry.data["department"])}
    helpers = _(", ").join(_name(names, code) for code in entry.data["assisting"])
    with_help = _("Also taking part: %(units)s.") % {"units": helpers} if helpers else ""
    return title, "\n".join(part for part in (_until(entry.data), with_help) if part)


def _signed(entry: LedgerEntry, names: Names) -> Told:
    return _("%(unit)s has taken it on") % {"unit": _name(names, entry.data["department"])}, ""


def _contacted(entry: LedgerEntry, names: Names) -> Told:
    return _("%(unit)s spoke with you") % {"unit": _name(names, entry.data["department"])}, ""


def _return_upheld(entry: LedgerEntry, names: Names) -> Told:
    """The citizen is told where it goes, not how the units argued about it."""
    moved_to = entry.data.get("moved_to")
    if moved_to:
        return _("Now with %(unit)s") % {"unit": _name(names, moved_to)}, ""
    return _("We are looking for the unit in charge"), ""


def _consultation_ruled(entry: LedgerEntry, names: Names) -> Told:
    unit = {"unit": _name(names, entry.data["department"])}
    return (_("Now with %(unit)s") if entry.data["moved"] else _("It stays with %(unit)s")) % unit, ""


def _suspended(entry: LedgerEntry, names: Names) -> Told:
    until = parse_datetime(entry.data["until"]) if entry.data.get("until") else None
    return _("Handling is paused"), _("It is to go on on %(day)s.") % {"day": day(until)} if until else ""


def _extended(entry: LedgerEntry, names: Names) -> Told:
    return _("It takes longer than planned"), "\n".join([entry.data["reason"], _until(entry.data)]).strip()


def _resumed(entry: LedgerEntry, names: Names) -> Told:
    return _("Handling goes on"), _until(entry.data)


def _answered(entry: LedgerEntry, names: Names) -> Told:
    title = _("%(unit)s has answered") % {"unit": _name(names, entry.data["department"])}
    return title, _("We read the answer before it reaches you.") if entry.data.get("review", True) else ""


def _followed_up(entry: LedgerEntry, names: Names) -> Told:
    return (_("We called you back") if entry.data["reached"] else _("We tried to call you")), ""


def _rework(entry: LedgerEntry, names: Names) -> Told:
    return _("It is being done again"), _until(entry.data)


def _split(entry: LedgerEntry, names: Names) -> Told:
    """Their own further requests, by number."""
    return _("Your other matters have numbers of their own"), "\n".join(entry.data["children"])


def _urged(entry: LedgerEntry, names: Names) -> Told:
    mine = entry.actor == "citizen"
    return (_("You asked for it to be hurried") if mine else _("We urged the unit")), ""


def _supervised(entry: LedgerEntry, names: Names) -> Told:
    if entry.data.get("replaced"):
        return _("The hotline's supervisors press the unit harder"), ""
    return _("The hotline's supervisors are watching it"), ""


TELLERS: dict[Kind, Teller] = {
    Kind.RECEIVED: _plainly(lambda: _("We received your request")),
    Kind.WORDS_ADDED: _plainly(lambda: _("You added something")),
    Kind.ACCEPTED: _plainly(lambda: _("We have taken it on"), lambda: _("We are handing it to the unit in charge.")),
    Kind.INFO_REQUESTED: _info_requested,
    Kind.REFUSED: _refused,
    Kind.EMERGENCY: _emergency,
    Kind.ANSWERED_DIRECTLY: _plainly(lambda: _("We answered you")),
    Kind.DISPATCHED: _dispatched,
    Kind.SIGNED: _signed,
    Kind.CONTACTED: _contacted,
    Kind.RETURN_UPHELD: _return_upheld,
    Kind.CONSULTATION_RULED: _consultation_ruled,
    Kind.EXTENSION_GRANTED: _extended,
    Kind.SUSPENDED: _suspended,
    Kind.RESUMED: _resumed,
    Kind.ANSWERED: _answered,
    Kind.REVIEW_PASSED: _plainly(lambda: _("The answer has reached you")),
    Kind.REVIEW_FAILED: _plainly(lambda: _("The unit was asked for a better answer")),
    Kind.FOLLOWED_UP: _followed_up,
    Kind.RATED: _plainly(lambda: _("You rated it")),
    Kind.REWORK: _rework,
    Kind.CLOSED: _plainly(lambda: _("This matter is closed")),
    Kind.MERGED: _plainly(lambda: _("Joined with another request about the same matter")),
    Kind.UNMERGED: _plainly(lambda: _("Handled by itself again")),
    Kind.SPLIT: _split,
    Kind.URGED: _urged,
    Kind.SUPERVISED: _supervised,
    Kind.WITHDRAWN: _plainly(lambda: _("Taken back")),
}

"""One matter, one ticket: repeats are merged (并单) and can be taken apart again, two matters are split (拆单)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from hotline.tickets import access, clock, deadlines, facts, ledger, lifecycle, parts
from hotline.tickets.actors import SYSTEM, Actor
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Assignment, Deadline, Matter, Merge, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import ENDED, State, Verb
from hotline.tickets.turn import turn

SPLIT_OFF = "split"
"""The source of a ticket that the desk split off another; its citizen did not write in again."""
MOMENTS = ("closed_at", "sign_due_at")
"""What merging changes of the ticket itself, beside its state and where it went."""


# --- merging ------------------------------------------------------------------------------------------


@transaction.atomic
def merge(*, ticket: Ticket, by: Actor, version: int, into: Ticket) -> Ticket:
    """并单: a repeat, and what was merged into it before, goes into the ticket that goes on."""
    if into.pk == ticket.pk:
        raise InvalidFields({"into": [_("A ticket cannot be merged into itself.")]})
    target = _locked([ticket.pk, into.pk, *ticket.merged_children.values_list("pk", flat=True)])[into.pk]
    if target.state in ENDED:
        raise NotAllowed(_("The other ticket has ended; merge into one that is still open."))
    with turn(ticket, Verb.MERGE, by, version) as story:
        _check_accused(story.ticket, target)
        before = _freeze(story.ticket)
        Merge.objects.create(ticket=story.ticket, into=target, before=before, by=story.person, at=clock.now())
        _hand_on(story.ticket, target, by)
        _stand_still(story.ticket)
        story.ticket.merged_into = target
        story.move(State.MERGED)
        story.tell(facts.Merged(into=target.number))
    _tell_parent(target, facts.ChildMerged(child=ticket.number), by)
    return ticket


@transaction.atomic
def unmerge(*, ticket: Ticket, by: Actor, version: int | None = None, note: str = "") -> Ticket:
    """A wrong merge is undone: the ticket stands as it stood before, its clocks as if they had never stopped."""
    merged = _standing_merge(ticket)
    target = _locked([ticket.pk, merged.into_id, *merged.before["children"]])[merged.into_id]
    with turn(ticket, Verb.UNMERGE, by, version) as story:
        merged = _standing_merge(story.ticket)
        if merged.into_id != target.pk:
            raise NotAllowed(_("Somebody moved this ticket meanwhile. Look at it again and repeat."))
        merged.undone_at, merged.undone_by = clock.now(), by.staff
        merged.save(update_fields=["undone_at", "undone_by"])
        story.ticket.merged_into = None
        story.move(State(merged.before["state"]))
        _thaw(story.ticket, merged.before)
        _take_back(story.ticket, target, merged.before["children"], by)
        story.tell(facts.Unmerged(out_of=target.number, note=note))
    _tell_parent(target, facts.ChildUnmerged(child=ticket.number), by)
    return ticket


def _locked(ids: Sequence[int]) -> dict[int, Ticket]:
    """All rows concerned, locked in one order: two merges crossing each other wait instead of deadlocking."""
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def _standing_merge(ticket: Ticket) -> Merge:
    merged = Merge.objects.filter(ticket=ticket, undone_at=None).first()
    if merged is None:
        raise NotAllowed(_("This ticket is not merged into another."))
    return merged


def _check_accused(ticket: Ticket, target: Ticket) -> None:
    """A complaint of a unit must not reach that unit by way of a ticket that it handles or is heard on (济南 §32)."""
    handling = target.assignments.filter(state__in=access.LIVE_PARTS).values_list("department", flat=True)
    heard = target.consultations.filter(ruled_at=None).values_list("units", flat=True)
    if not parts.accused_units(ticket).isdisjoint([*handling, *heard]):
        raise InvalidFields({"into": [_("The unit that is complained of handles the other ticket.")]})


def _tell_parent(target: Ticket, fact: facts.Fact, by: Actor) -> None:
    target.version += 1
    target.updated_at = clock.now()
    ledger.record(target, fact, by)
    target.save()


# --- what stands still, and stands again -----------------------------------------------------------------


def _freeze(ticket: Ticket) -> dict[str, Any]:
    """What merging is about to end, as un-merging will need it."""
    running = deadlines.running(ticket).values_list("pk", "next_at")
    live = ticket.assignments.filter(state__in=access.LIVE_PARTS).values_list("pk", "state")
    return {
        "state": ticket.state,
        **{name: _plain(getattr(ticket, name)) for name in MOMENTS},
        "assignments": {str(pk): state for pk, state in live},
        "deadlines": {str(pk): _plain(next_at) for pk, next_at in running},
        "children": list(ticket.merged_children.order_by("pk").values_list("pk", flat=True)),
    }


def _stand_still(ticket: Ticket) -> None:
    """Parts and clocks end; open requests keep lying as they lie, out of every queue, until the merge is undone."""
    deadlines.stop_all(ticket)
    ticket.assignments.filter(state__in=access.LIVE_PARTS).update(state=Assignment.State.RELEASED)
    ticket.closed_at, ticket.sign_due_at = clock.now(), None


def _plain(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _thaw(ticket: Ticket, before: dict[str, Any]) -> None:
    """Give everything back that `_freeze` kept; a limit that passed meanwhile is simply past."""
    for name in MOMENTS:
        kept = before[name]
        setattr(ticket, name, parse_datetime(kept) if kept else None)
    for pk, state in before["assignments"].items():
        Assignment.objects.filter(ticket=ticket, pk=pk).update(state=state)
    for pk, next_at in before["deadlines"].items():
        Deadline.objects.filter(ticket=ticket, pk=pk).update(ended_at=None, next_at=next_at)


def _hand_on(ticket: Ticket, target: Ticket, by: Actor) -> None:
    """What was merged into `ticket` goes where `ticket` goes: a chain of merges is never longer than one."""
    for child in ticket.merged_children.select_for_update(of=("self",)).order_by("pk"):
        _move_child(child, target, by)


def _take_back(ticket: Ticket, target: Ticket, children: list[int], by: Actor) -> None:
    """What `ticket` had brought along and still is with `target` comes back with it."""
    for child in target.merged_children.select_for_update(of=("self",)).filter(pk__in=children).order_by("pk"):
        _move_child(child, ticket, by)


def _move_child(child: Ticket, target: Ticket, by: Actor) -> None:
    child.merged_into, child.updated_at = target, clock.now()
    child.version += 1
    Merge.objects.filter(ticket=child, undone_at=None).update(into=target)
    ledger.record(child, facts.Merged(into=target.number, along=True), by)
    child.save()


def notice_crowd(*, ticket: Ticket, fact: facts.CrowdNoticed) -> None:
    """The newest report of a place carries the line that tells of the crowd."""
    with turn(ticket, Verb.NOTICE_CROWD, SYSTEM) as story:
        story.tell(fact)


# --- who reported it ----------------------------------------------------------------------------------


def further_reporters(ticket: Ticket) -> list[list[Ticket]]:
    """The merged tickets of each further citizen who reported the matter, their newest first."""
    reports: dict[int, list[Ticket]] = {}
    for child in ticket.merged_children.exclude(citizen=ticket.citizen_id).order_by("-pk"):
        reports.setdefault(child.citizen_id, []).append(child)
    return list(reports.values())


def set_free(ticket: Ticket) -> None:
    """The ticket was taken back by its own citizen: what others had reported goes on by itself. Safe to repeat."""
    for reports in further_reporters(ticket):
        for child in reversed([report for report in reports if report.state == State.MERGED]):  # not the archived
            unmerge(ticket=child, by=SYSTEM, note="")


# --- splitting ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A further matter of a request, in the desk's own words or those of the citizen."""

    text: str
    title: str = ""
    type: str = ""
    matter: Matter | None = None


def split(*, ticket: Ticket, by: Actor, version: int, pieces: Sequence[Piece]) -> list[Ticket]:
    """拆单: each further matter of one request becomes a ticket of its own; the first stays where it is."""
    if not pieces:
        raise InvalidFields({"parts": [_("Name at least one further matter.")]})
    with turn(ticket, Verb.SPLIT, by, version) as story:
        children = [_split_off(story.ticket, piece) for piece in pieces]
        story.tell(facts.Split(children=[child.number for child in children]))
    return children


def _split_off(ticket: Ticket, piece: Piece) -> Ticket:
    """The same citizen, enterprise or not, place, protection and units complained of; another matter."""
    child, _message = lifecycle.receive(
        contact=ticket.contact,
        words=Words(text=piece.text),
        source=SPLIT_OFF,
        type=piece.type,
        confidential=ticket.confidential,
        enterprise=ticket.enterprise,
        address=ticket.address,
        lat=ticket.lat,
        lng=ticket.lng,
        occurred_at=ticket.occurred_at,
    )
    child.split_from, child.area = ticket, ticket.area
    child.title, child.matter = piece.title, piece.matter
    child.save(update_fields=["split_from", "area", "title", "matter"])
    child.accused.set(ticket.accused.all())
    return child

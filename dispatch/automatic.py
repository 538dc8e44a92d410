"""Automatic dispatch: by measure, a matter's requests go out by themselves; by route, those of enterprises do.

Off by default, matter by matter. `measure` finds from closed tickets the lowest confidence above which the
first unit suggested was the one that answered, as often as the centre demands; only then can it be turned
on. A direct route of the centre (企业诉求直达) needs neither measure nor model. Either way the unit sees the
ticket at once, and the desk can take it back for a minute (levels.recall).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch import enterprises
from dispatch.models import AutoDispatchRule, PolicyKey, Suggestion
from hotline.people.models import Area, Department
from hotline.tickets import clock, lifecycle, parts, rulebook
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import Assignment, Matter, Ticket, UrgencyLevel
from hotline.tickets.models.dated import counts_on
from hotline.tickets.states import State

ANSWERED_BY = (Assignment.State.ANSWERED, Assignment.State.PASSED)
"""Lead parts of a closed ticket that were right: the one that answered, and those above that passed it down."""


# --- deciding ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a request goes by itself, how sure that is (0–1), and by which rule where there is one."""

    department: Department
    confidence: float
    matter: Matter | None
    basis: str = ""


def decide(ticket: Ticket) -> Decision | None:
    """Whether the ticket may go out by itself, and where to; None leaves it to people."""
    read = _read(ticket)
    if not _is_plain(ticket, read):
        return None
    decision = _by_route(ticket, read) or _by_measure(ticket, read)
    accused = decision is not None and decision.department.pk in parts.accused_units(ticket)
    return None if accused else decision


def _read(ticket: Ticket) -> dict[str, Any]:
    """What the assistant made of it; empty without a model."""
    kept = Suggestion.objects.filter(ticket=ticket).first()
    return kept.data if kept else {}


def _is_plain(ticket: Ticket, read: dict[str, Any]) -> bool:
    """Nobody has touched it, and nothing about it asks for a person."""
    untouched = ticket.state == State.RECEIVED and ticket.holder_id is None and bool(ticket.text.strip())
    levels = {ticket.urgency, read["urgency"]["level"] if read else UrgencyLevel.NORMAL}
    return untouched and not ticket.confidential and levels == {UrgencyLevel.NORMAL}


def _by_route(ticket: Ticket, read: dict[str, Any]) -> Decision | None:
    """企业诉求直达: the direct route in force decides, with or without a model."""
    found = enterprises.straight(ticket, read)
    if found is None:
        return None
    matter = Matter.objects.in_use().filter(code=enterprises.matter_of(ticket, read)[0]).first()
    return Decision(found.route.department, found.confidence, matter, found.route.basis)


def _by_measure(ticket: Ticket, read: dict[str, Any]) -> Decision | None:
    """The assistant does not abstain, and was measured to know this matter."""
    if not read or read["abstain"] or not read["matter"] or not read["departments"]:
        return None
    rule = _rule_of(read)
    if rule is None or rule.threshold is None or not is_measured(rule):
        return None
    first = read["departments"][0]
    unit = Department.objects.filter(code=first["code"], active=True).first()
    if unit is None or first["confidence"] < rule.threshold:
        return None
    return Decision(unit, first["confidence"], rule.matter)


def _rule_of(read: dict[str, Any]) -> AutoDispatchRule | None:
    today, matters = timezone.localdate(), Matter.objects.in_use().filter(code=read["matter"][0]["code"])
    rules = AutoDispatchRule.objects.filter(counts_on(today), enabled=True, matter__in=matters)
    return rules.select_related("matter").first()


def send_out(ticket: Ticket) -> bool:
    """Accept and dispatch it in the system's name if it may go by itself; False when people must decide."""
    with rulebook.book().reading():
        decision = decide(ticket)
        if decision is None:
            return False
        try:
            with transaction.atomic():
                lifecycle.accept(ticket=ticket, by=SYSTEM, version=None, **_fields(ticket, decision))
                lifecycle.dispatch_to(
                    ticket=ticket,
                    by=SYSTEM,
                    version=None,
                    department=decision.department,
                    note=decision.basis,
                    confidence=decision.confidence,
                )
        except NotAllowed:  # an agent took it up in this very moment: people go before the machine
            return False
    return True


def _fields(ticket: Ticket, decision: Decision) -> dict[str, Any]:
    """What the assistant read, where the record says nothing yet."""
    read = _read(ticket)
    place = read.get("place") or {}
    found: dict[str, Any] = {
        "matter": decision.matter,
        "type": read["type"][0]["code"] if read.get("type") else "",
        "area": Area.objects.filter(code=place.get("area")).first(),
        "address": place.get("address") or "",
    }
    if ticket.lat is None:
        found |= {"lat": place.get("lat"), "lng": place.get("lng")}
    return {name: value for name, value in found.items() if value and not getattr(ticket, name)}


# --- measuring ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One closed ticket: how sure the assistant was, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The lowest threshold that is good enough; `cases` lie at or above it."""

    threshold: float
    precision: float
    cases: int


def threshold_of(cases: Iterable[Case], demanded: float, fewest: int) -> Measured | None:
    """The lowest confidence at and above which at least `fewest` cases are right in a share of `demanded`."""
    ordered = sorted(cases, key=lambda case: -case.confidence)
    best, right = None, 0
    for count, case in enumerate(ordered, start=1):
        right += case.right
        if count < len(ordered) and ordered[count].confidence == case.confidence:
            continue  # cases of one confidence stand or fall together
        if count >= fewest and right / count >= demanded:
            best = Measured(case.confidence, right / count, count)
    return best


def measure() -> list[AutoDispatchRule]:
    """Measure every matter anew from the closed tickets; what is not good enough any more is turned off."""
    demanded, fewest = _demanded()
    found = _cases()
    known = {rule.matter.code: rule for rule in AutoDispatchRule.objects.select_related("matter")}
    matters = Matter.objects.filter(code__in=found.keys() | known.keys()).order_by("code")
    rules = [known.get(matter.code) or AutoDispatchRule(matter=matter) for matter in matters]
    return [_measured(rule, found[rule.matter.code], demanded, fewest) for rule in rules]


def _measured(rule: AutoDispatchRule, cases: list[Case], demanded: float, fewest: int) -> AutoDispatchRule:
    good = threshold_of(cases, demanded, fewest)
    rule.threshold = good.threshold if good else None
    rule.precision = good.precision if good else None
    rule.cases = good.cases if good else len(cases)
    rule.enabled = rule.enabled and good is not None
    rule.measured_at = clock.now()
    rule.save()
    return rule


def _cases() -> dict[str, list[Case]]:
    """The closed tickets of each matter that the assistant read without abstaining."""
    closed = Suggestion.objects.filter(
        ticket__state__in=[State.CLOSED, State.ARCHIVED], ticket__department__isnull=False
    )
    led: dict[int, set[str]] = defaultdict(set)
    answered = Assignment.objects.filter(
        ticket__suggestion__in=closed, role=Assignment.Role.LEAD, state__in=ANSWERED_BY
    )
    for ticket, code in answered.values_list("ticket", "department__code"):
        led[ticket].add(code)
    cases: dict[str, list[Case]] = defaultdict(list)
    for ticket, read in closed.values_list("ticket", "data").iterator():
        if read["matter"] and read["departments"] and not read["abstain"]:
            first = read["departments"][0]
            cases[read["matter"][0]["code"]].append(Case(first["confidence"], first["code"] in led[ticket]))
    return cases


def _demanded() -> tuple[float, int]:
    figure = rulebook.book().figure
    return figure(PolicyKey.AUTO_PRECISION) / 100, figure(PolicyKey.AUTO_CASES)


def is_measured(rule: AutoDispatchRule) -> bool:
    """Whether enough closed tickets show that the matter may go by itself, by the figures in force today."""
    demanded, fewest = _demanded()
    return rule.threshold is not None and rule.cases >= fewest and (rule.precision or 0) >= demanded


def why_not(rule: AutoDispatchRule) -> str:
    """The sentence with which turning it on is refused; empty when it may be turned on."""
    if is_measured(rule):
        return ""
    demanded, fewest = _demanded()
    return _(
        "Not yet: at least %(fewest)d closed tickets must show a precision of %(demanded)d %%; measure again later."
    ) % {"fewest": fewest, "demanded": round(demanded * 100)}

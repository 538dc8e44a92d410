"""Who should do it: the duty catalogue's word on the matters read, and what the city's own dispatches taught."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from dispatch import duties, understanding
from dispatch.duties import Charge
from hotline.people.models import Area, Department
from nlp.departments import Known, UnitModel
from nlp.results import Choice, Reason, Understanding
from nlp.text import normalise
from nlp.understand import TOP
from nlp.unitnames import successor

SHARES = (0.75, 0.17, 0.08)
"""How much of a matter's probability its first, second and third unit get where no history teaches better."""
MATTERS_READ = TOP
"""As many as are read when a ticket comes in: the past must be read as the present is."""
SHOWN = 3
SPARE = 3
"""Units ranked beyond those shown, in place of such as are out of use by now."""

Suggested = tuple[Department, float, list[Reason]]
"""A unit, how likely it is the one, and why."""


@dataclass(slots=True)
class Charged:
    """What the catalogue says of a text: each unit's share of the matters, and the grounds."""

    scores: dict[Department, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[Department, list[Reason]] = field(default_factory=lambda: defaultdict(list))


def suggested(read: Understanding, text: str, area: Area | None) -> list[Suggested]:
    """The units to whom it most likely belongs, best first, with the reasons for each."""
    return suggested_by(understanding.unit_model(), read, text, area)


def suggested_by(model: UnitModel | None, read: Understanding, text: str, area: Area | None) -> list[Suggested]:
    """The same by a model that is not the one in use; None has the catalogue alone."""
    matters = read.matter[:MATTERS_READ]
    charges = duties.units_for([choice.label for choice in matters], area, timezone.localdate())
    charged = by_catalogue(matters, charges)
    found = _by_history(model, text, area, matters, charges, charged) if model else []
    return found or _best(charged)


def by_catalogue(matters: Sequence[Choice], charges: Mapping[str, list[Charge]]) -> Charged:
    """Each matter's probability shared among the units that the catalogue names for it."""
    found = Charged()
    for choice in matters:
        for charge, share in zip(_distinct(charges[choice.label]), SHARES, strict=False):
            found.scores[charge.department] += choice.confidence * share
            found.reasons[charge.department] += _why(choice, charge)
    return found


def known(matters: Sequence[Choice], charges: Mapping[str, list[Charge]], charged: Charged, places: list[str]) -> Known:
    """What the model of units is told beside the words."""
    first = charges[matters[0].label] if matters else []
    return Known(
        places=frozenset(normalise(name) for name in places),
        duties={unit.code: score for unit, score in charged.scores.items()},
        ruled=first[0].department.code if first and first[0].precedent else "",
    )


def places_around(area: Area | None) -> list[str]:
    """The names of the area and of those that hold it."""
    return list(area.ancestors(include_self=True).values_list("name", flat=True)) if area else []


def _best(charged: Charged) -> list[Suggested]:
    ranked = sorted(charged.scores, key=lambda unit: -charged.scores[unit])[:SHOWN]
    return [(unit, charged.scores[unit], charged.reasons[unit]) for unit in ranked]


def _by_history(
    model: UnitModel,
    text: str,
    area: Area | None,
    matters: Sequence[Choice],
    charges: Mapping[str, list[Charge]],
    charged: Charged,
) -> list[Suggested]:
    """The learnt ranking; to its own words and places come the grounds that the catalogue has for the unit."""
    choices = _of_today(model.rank(text, known(matters, charges, charged, places_around(area)), SHOWN + SPARE))
    units = {unit.code: unit for unit in Department.objects.filter(code__in=[c.label for c in choices], active=True)}
    ranked = [choice for choice in choices if choice.label in units][:SHOWN]
    return [
        (units[choice.label], choice.confidence, _grounds(choice, charged.reasons.get(units[choice.label], [])))
        for choice in ranked
    ]


def _of_today(choices: Sequence[Choice]) -> list[Choice]:
    """What a unit had that became another is the other's, also while no newer model says so."""
    became, found = successors(), dict[str, Choice]()
    for choice in choices:
        code = successor(choice.label, became)
        first = found.get(code, replace(choice, label=code, confidence=0.0))
        found[code] = replace(first, confidence=round(first.confidence + choice.confidence, 4))
    return sorted(found.values(), key=lambda choice: -choice.confidence)


def successors() -> dict[str, str]:
    """Units that became others, by code."""
    return dict(Department.objects.filter(succeeded_by__isnull=False).values_list("code", "succeeded_by__code"))


def _grounds(choice: Choice, written: list[Reason]) -> list[Reason]:
    """Its own decisive words before those of the matter: they were tried out on this very unit."""
    own = list(choice.reasons)
    tried = any(reason.kind == "word" for reason in own)
    return own + [reason for reason in written if reason.kind != "word" or not tried]


def _distinct(charges: list[Charge]) -> list[Charge]:
    """Each unit once, by its best line, which stands first."""
    best: dict[int, Charge] = {}
    for charge in charges:
        best.setdefault(charge.department.pk, charge)
    return list(best.values())


def _why(choice: Choice, charge: Charge) -> list[Reason]:
    said = [reason for reason in choice.reasons if reason.kind == "word"][:3]
    found = (
        [Reason("rule" if charge.precedent else "catalogue", charge.basis, choice.confidence)] if charge.basis else []
    )
    where = [Reason("place", charge.area, choice.confidence)] if charge.area and charge.depth else []
    return said + found + where

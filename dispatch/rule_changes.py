"""A change of rules from its proposal to its end: shown with its effect on open tickets, then made or dropped."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dispatch import explaining, preview, soft_changes
from dispatch.models import (
    CalendarDay,
    CheckRule,
    HolidayNotice,
    OfficeHours,
    PackInForce,
    Policy,
    RuleChange,
    TermRule,
)
from dispatch.preview import MovesPending, Planned, Preview
from hotline.people.models import Department, Staff
from hotline.tickets import reach
from hotline.tickets.models import Deadline

TABLES: dict[str, type[Model]] = {
    model._meta.label_lower: model
    for model in (TermRule, PackInForce, CalendarDay, OfficeHours, HolidayNotice, Policy, CheckRule)
}
"""What can be proposed: everything on which a limit depends, and what decides about cards, review and call-back."""
SOFT: dict[str, Callable[[Callable[[], object]], dict[str, Any]]] = {
    Policy._meta.label_lower: soft_changes.cards_effect,
    CheckRule._meta.label_lower: soft_changes.checks_effect,
}
"""What moves no limit has an effect of its own to show, and counts for open tickets as soon as it is made."""
AT_ONCE = 2_000
"""Running clocks up to which the effect is reckoned while the administrator waits; more are left to the worker."""
SHOWN = 200
State = RuleChange.State


class Stale(Exception):
    """The row was changed by somebody else meanwhile."""


def propose(row: Model, *, by: Staff, delete: bool = False) -> RuleChange:
    """Keep the change of an unsaved `row` (or its going); nothing happens to the row yet."""
    stored = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    with translation.override(settings.LANGUAGE_CODE):
        kept_title = _title(row, stored, delete)[:160]
    return RuleChange.objects.create(
        table=row._meta.label_lower,
        title=kept_title,
        before=_kept(stored) if stored else None,
        after=None if delete else _kept(row),
        as_of=None if delete else _as_of(row),
        by=by,
    )


def reckon(change: RuleChange) -> None:
    """Work out what the change would move, and keep it to be shown."""
    try:
        change.effect = _effect_of(change)
    except (Stale, IntegrityError) as error:
        _fail(change, error)
        return
    change.state = State.READY
    change.save(update_fields=["effect", "state"])


def _effect_of(change: RuleChange) -> dict[str, Any]:
    if change.table in SOFT:
        return SOFT[change.table](lambda: _make(change))
    return _effect(preview.preview(lambda: _make(change), as_of=change.as_of))


def replay(change: RuleChange, since: datetime, until: datetime) -> Preview:
    """What it would have done to the clocks that started in a past period; nothing is kept."""
    return preview.replay(lambda: _make(change), since, until, as_of=change.as_of)


def make(change: RuleChange, *, open_tickets: bool) -> None:
    """Make the change: for open tickets as well, by one ledger line each, or for new ones only."""
    try:
        with transaction.atomic():
            if change.table in SOFT:
                soft_changes.apply_to_cards(lambda: _make(change))
            elif open_tickets:
                preview.apply(lambda: _make(change), reason=_reason(change), as_of=change.as_of)
            else:
                _make(change)
            _settle(change, State.APPLIED if open_tickets or change.table in SOFT else State.NEW_ONLY)
    except MovesPending:
        change.state, change.error = State.READY, _("The moves of an earlier change are still being written.")
        change.save(update_fields=["state", "error"])
    except (Stale, IntegrityError) as error:
        _fail(change, error)


def cancel(change: RuleChange) -> None:
    """Drop it."""
    _settle(change, State.CANCELLED)


def running_clocks() -> int:
    """How many clocks a reckoning must look at."""
    return Deadline.objects.filter(ended_at=None).count()


def title(change: RuleChange) -> str:
    """What is changed, in the reader's language; as it was kept, where its row cannot be read any more."""
    try:
        before, after = (_row(kept) if kept else None for kept in (change.before, change.after))
        row = after or before
        return _title(row, before, delete=after is None) if row else change.title
    except (DeserializationError, ObjectDoesNotExist):
        return change.title


def sentence(change: RuleChange) -> str:
    """The effect in one sentence: of moved limits in the reader's language, of anything else as it was reckoned."""
    effect = change.effect or {}
    if "late" in effect and not effect.get("soft"):
        return preview.say_effect(effect["tickets"], effect["late"])
    return str(effect.get("sentence", ""))


def edits(change: RuleChange) -> list[tuple[str, str, str]]:
    """What the change says, field by field: label, before, after; fields that stay are left out."""
    model = TABLES[change.table]
    before, after = (_row(kept) if kept else None for kept in (change.before, change.after))
    said = []
    for field in model._meta.concrete_fields:
        old, new = (_said(row, field.name) if row else "" for row in (before, after))
        if old != new and not field.primary_key:
            said.append((str(field.verbose_name), old, new))
    return said


def _make(change: RuleChange) -> None:
    """Save or delete the row; raises Stale when it is not what it was."""
    model = TABLES[change.table]
    pk = change.before["pk"] if change.before else None
    stored = model._default_manager.select_for_update().filter(pk=pk).first() if pk else None
    if (_kept(stored) if stored else None) != change.before:
        raise Stale(_("Somebody has changed this row meanwhile. Look at it, and make your change again."))
    row = _row(change.after) if change.after else stored
    if row is None:
        raise Stale(_("The row is gone already."))
    row._history_user = change.by  # type: ignore[attr-defined]  # how simple-history is told who
    if change.after:
        row.save()
    else:
        row.delete()


def _kept(row: Model) -> Any:
    return json.loads(serializers.serialize("json", [row]))[0]


def _row(kept: Any) -> Model:
    (found,) = serializers.deserialize("json", json.dumps([kept]))
    return found.object


def _said(row: Model, name: str) -> str:
    if name == "source":
        return reach.label_of(getattr(row, name))
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "" if value is None else str(value)


def _as_of(row: Model) -> date | None:
    """A rule or pack that begins today or later is tried on every clock; a corrected one on those it is for."""
    if not isinstance(row, TermRule | PackInForce):
        return None
    return row.from_date if row.from_date >= timezone.localdate() else None


def _title(row: Model, stored: Model | None, delete: bool) -> str:
    what = {"table": row._meta.verbose_name, "row": stored if delete else row}
    if delete:
        return _("Remove %(table)s: %(row)s") % what
    return (_("Change %(table)s: %(row)s") if stored else _("Add %(table)s: %(row)s")) % what


def _reason(change: RuleChange) -> str:
    return f"{change.title[:150]} ({change.by})"[:200]


def _fail(change: RuleChange, error: Exception) -> None:
    _settle(change, State.FAILED, str(error) if isinstance(error, Stale) else _("Another row says the same already."))


def _settle(change: RuleChange, state: RuleChange.State, error: str = "") -> None:
    change.state, change.error, change.decided_at = state, error, timezone.now()
    change.save(update_fields=["state", "error", "decided_at"])


def _effect(found: Preview) -> dict[str, Any]:
    """The effect as it is shown: figures of all, the reckoning of the first SHOWN."""
    shown = found.planned[:SHOWN]
    deadlines = Deadline.objects.in_bulk([plan.move.deadline for plan in shown])
    names = dict(Department.objects.values_list("code", "name"))
    return {
        "moves": len(found.moves),
        "tickets": found.tickets,
        "late": found.late,
        "relieved": found.relieved,
        "looked_at": found.looked_at,
        "untouched": found.untouched,
        "shown": [_move(plan, deadlines[plan.move.deadline], names) for plan in shown],
    }


def _move(plan: Planned, deadline: Deadline, names: dict[str, str]) -> dict[str, Any]:
    move = plan.move
    return {
        "ticket": move.ticket,
        "clock": move.clock.value,
        "unit": names.get(move.department, ""),
        "before": timezone.localtime(move.before).isoformat(),
        "after": timezone.localtime(move.after).isoformat(),
        "late": move.late,
        "relieved": move.relieved,
        "why_before": explaining.explain(deadline),
        "why_after": plan.explanation(),
    }

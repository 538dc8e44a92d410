"""A replay as a study: which change is tried, and what it would have done, kept by numbers and codes alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatch import rule_changes
from dispatch.catalogue_sheet import Unreadable
from dispatch.learning import replay
from dispatch.learning.replay import Replay
from dispatch.models import CatalogueUpload, ModelVersion, RuleChange, Study, Taught
from dispatch.preview import Preview
from nlp.errors import NlpError

CANNOT = (NlpError, OSError, Unreadable, CatalogueUpload.DoesNotExist, RuleChange.DoesNotExist, rule_changes.Stale)
"""Why a change cannot be tried: it is gone, or does not fit what is there by now."""
MOVES, CLOCKS = 30, 50
"""How many kinds of move, and how many clocks, are kept to be shown."""


def work_out(study: Study, since: datetime, until: datetime, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """The period's tickets, or its clocks, as they were and as they would have been."""
    asked = study.change
    if "rule_change" in asked:
        change = RuleChange.objects.get(pk=asked["rule_change"])
        return _limits(rule_changes.replay(change, since, until))
    if "catalogue" in asked:
        upload = CatalogueUpload.objects.get(pk=asked["catalogue"])
        return _units(replay.replay(since, until, replay.catalogue_change(bytes(upload.data)), {}, tell))
    versions = {Taught(name): version for name, version in asked["models"].items()}
    return _units(replay.replay(since, until, lambda: None, versions, tell))


def _units(found: Replay) -> dict[str, Any]:
    moves = found.moves
    return {
        "tickets": len(found.rows),
        "moved": sum(count for _before, _after, count, _rows in moves),
        "settled": len(found.settled),
        "right": [found.right(lambda row: row.before), found.right(lambda row: row.after)],
        "hours": [found.hours(lambda row: row.before), found.hours(lambda row: row.after)],
        "moves": [
            {"before": before, "after": after, "count": count, "numbers": [row.number for row in rows]}
            for before, after, count, rows in moves[:MOVES]
        ],
        "gained": [{"unit": unit, "gained": count} for unit, count in found.gained().most_common() if unit],
    }


def _limits(found: Preview) -> dict[str, Any]:
    return {
        "clocks": found.looked_at,
        "changed": len(found.moves),
        "late": found.late,
        "relieved": found.relieved,
        "limits": [
            {
                "number": move.ticket,
                "clock": move.clock.value,
                "unit": move.department,
                "before": move.before.isoformat(),
                "after": move.after.isoformat(),
            }
            for move in found.moves[:CLOCKS]
        ],
    }


def choices() -> list[dict[str, Any]]:
    """What can be tried now: versions of models, uploaded catalogues not applied, proposed changes of rules."""
    versions = ModelVersion.objects.filter(discarded=False)[:30]
    uploads = CatalogueUpload.objects.filter(applied_at=None).defer("data")[:10]
    changes = RuleChange.objects.filter(state=RuleChange.State.READY)[:30]
    return [
        *({"change": {"models": {row.name: row.version}}, "kind": row.name, "title": row.version} for row in versions),
        *({"change": {"catalogue": row.pk}, "kind": "catalogue", "title": row.name} for row in uploads),
        *(
            {"change": {"rule_change": row.pk}, "kind": "rule_change", "title": rule_changes.title(row)}
            for row in changes
        ),
    ]

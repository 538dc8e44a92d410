"""The data of dispatching, one file for each part of it."""

from dispatch.models.calendar import CalendarDay, OfficeHours
from dispatch.models.duties import Duty
from dispatch.models.rules import (
    AutoDispatchRule,
    CheckRule,
    PackInForce,
    Policy,
    PolicyKey,
    RulePack,
    SupervisionTrigger,
    TermRule,
    Unit,
)
from dispatch.models.suggestions import Suggestion

__all__ = [
    "AutoDispatchRule",
    "CalendarDay",
    "CheckRule",
    "Duty",
    "OfficeHours",
    "PackInForce",
    "Policy",
    "PolicyKey",
    "RulePack",
    "Suggestion",
    "SupervisionTrigger",
    "TermRule",
    "Unit",
]

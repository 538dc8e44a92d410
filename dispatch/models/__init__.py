"""The data of dispatching, one file for each part of it."""

from dispatch.models.calendar import CalendarDay, HolidayNotice, OfficeHours
from dispatch.models.changes import RuleChange
from dispatch.models.closed import AnswerPrint, ClosedWords
from dispatch.models.danger import RiskKind, RiskSign
from dispatch.models.duties import CatalogueUpload, Duty
from dispatch.models.enterprises import EnterpriseRoute
from dispatch.models.jobs import BackgroundJob
from dispatch.models.learning import DriftAlarm, LearningWeek, ModelChange, ModelVersion, Taught, Training
from dispatch.models.moves import PlannedMove
from dispatch.models.policy import BOUNDS, Policy, PolicyKey
from dispatch.models.prints import CrowdAlarm, TicketPrint
from dispatch.models.rules import (
    AutoDispatchRule,
    CheckRule,
    PackInForce,
    RulePack,
    SupervisionTrigger,
    TermRule,
    Unit,
)
from dispatch.models.scoring import IndexWeight, Measure, RateFormula, ScoreCase, ScoreDay, ScoreFold
from dispatch.models.studies import Study
from dispatch.models.suggestions import Suggestion

__all__ = [
    "BOUNDS",
    "AnswerPrint",
    "AutoDispatchRule",
    "BackgroundJob",
    "CalendarDay",
    "CatalogueUpload",
    "CheckRule",
    "ClosedWords",
    "CrowdAlarm",
    "DriftAlarm",
    "Duty",
    "EnterpriseRoute",
    "HolidayNotice",
    "IndexWeight",
    "LearningWeek",
    "Measure",
    "ModelChange",
    "ModelVersion",
    "OfficeHours",
    "PackInForce",
    "PlannedMove",
    "Policy",
    "PolicyKey",
    "RateFormula",
    "RiskKind",
    "RiskSign",
    "RuleChange",
    "RulePack",
    "ScoreCase",
    "ScoreDay",
    "ScoreFold",
    "Study",
    "Suggestion",
    "SupervisionTrigger",
    "Taught",
    "TermRule",
    "TicketPrint",
    "Training",
    "Unit",
]

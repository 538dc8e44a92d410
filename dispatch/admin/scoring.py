"""The formulas of the scoring and the weights of the efficiency index, with the days they are in force."""

from django.contrib import admin

from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.models import IndexWeight, RateFormula


@admin.register(RateFormula)
class RateFormulaAdmin(RuleAdmin):
    """How each rate is counted."""

    list_display = ["name", "code", "words", "lower_is_better", "order", "from_date", "to_date"]
    list_filter = [InForceFilter]
    search_fields = ["name", "code", "words"]


@admin.register(IndexWeight)
class IndexWeightAdmin(RuleAdmin):
    """How much each rate counts in the efficiency index."""

    list_display = ["rate", "weight", "basis", "from_date", "to_date"]
    list_filter = [InForceFilter]

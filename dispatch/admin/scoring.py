"""Scoring: the formulas of the rates and what each weighs in the efficiency index."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.models import IndexWeight, Measure, RateFormula


class RateFormulaForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable while Django runs
    """The numerator is chosen from the closed vocabulary; nothing is ever written as an expression."""

    numerator = forms.MultipleChoiceField(
        label=_("numerator"),
        choices=Measure.choices,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=_("Added up: parts of the denominator, which are those that follow it with “…”."),
    )


@admin.register(RateFormula)
class RateFormulaAdmin(RuleAdmin):
    """The rates; a formula that has counted is not changed but followed by another from a later day."""

    form = RateFormulaForm
    list_display = ["name", "code", "words", "lower_is_better", "order", "from_date", "to_date"]
    list_filter = [InForceFilter]
    search_fields = ["name", "name_en", "code"]
    fieldsets = [
        (None, {"fields": ["code", ("name", "name_en"), "words", "words_en"]}),
        (_("Formula"), {"fields": ["numerator", "denominator", "lower_is_better", "order"]}),
        (_("In force"), {"fields": ["basis", ("from_date", "to_date")]}),
    ]


@admin.register(IndexWeight)
class IndexWeightAdmin(RuleAdmin):
    """What each rate weighs."""

    list_display = ["rate", "weight", "basis", "from_date", "to_date"]
    list_filter = [InForceFilter, "rate"]

"""Scoring: the formulas of the rates and what each weighs in the efficiency index."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectMultipleWidget

from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.models import IndexWeight, Measure, RateFormula


class RateFormulaForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable while Django runs
    """The numerator is chosen from the closed vocabulary; nothing is ever written as an expression."""

    numerator = forms.MultipleChoiceField(
        label=capfirst(_("numerator")),
        choices=Measure.choices,
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 12}),
        help_text=_("Added up: parts of the denominator, which are those that follow it with “…”."),
    )


@admin.register(RateFormula)
class RateFormulaAdmin(RuleAdmin):
    """The rates; a formula that has counted is not changed but followed by another from a later day."""

    form = RateFormulaForm
    list_display = ["label", "code", "formula", "better", "order", "from_date", "to_date"]
    list_filter = [InForceFilter]
    search_fields = ["name", "name_en", "code"]
    fieldsets = [
        (None, {"fields": ["code", ("name", "name_en"), "words", "words_en"]}),
        (_("Formula"), {"fields": ["numerator", "denominator", "lower_is_better", "order"]}),
        (_("In force"), {"fields": ["basis", ("from_date", "to_date")]}),
    ]
    explained = {
        "code": _("Small letters; weights name the rate by it. It stays the same in all its editions."),
        "words": _("As it is shown beside the figure."),
        "order": _("Smaller stands further left."),
    }

    @admin.display(description=_("name"), ordering="name")
    def label(self, rate: RateFormula) -> str:
        """In the reader's language."""
        return rate.label

    @admin.display(description=_("formula in words"))
    def formula(self, rate: RateFormula) -> str:
        """In the reader's language."""
        return rate.formula

    @admin.display(description=_("which is better"), ordering="lower_is_better")
    def better(self, rate: RateFormula) -> str:
        """In a word: a cross for “no” looks like a fault."""
        return str(_("lower") if rate.lower_is_better else _("higher"))


@admin.register(IndexWeight)
class IndexWeightAdmin(RuleAdmin):
    """What each rate weighs."""

    list_display = ["named", "weight", "basis", "from_date", "to_date"]
    list_filter = [InForceFilter, "rate"]
    fields = [("rate", "weight"), "basis", ("from_date", "to_date")]
    explained = {
        "rate": _("As it stands in the list of rates."),
        "weight": _("Its share among the weights of all rates in force."),
    }

    @admin.display(description=_("rate"), ordering="rate")
    def named(self, weight: IndexWeight) -> str:
        """By its name: codes are for files."""
        rate = RateFormula.objects.filter(code=weight.rate).order_by("-from_date").first()
        return rate.label if rate else weight.rate

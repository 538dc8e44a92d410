"""Where requests go without a person deciding: matters dispatched by themselves, direct routes for enterprises."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from dispatch import automatic
from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.models import AutoDispatchRule, EnterpriseRoute


class AutoDispatchForm(forms.ModelForm):  # type: ignore[type-arg]
    """Turning a matter on needs the measurement that allows it."""

    class Meta:
        model = AutoDispatchRule
        fields = ["matter", "enabled", "from_date", "to_date"]

    def clean(self) -> dict[str, Any]:
        """Refuse what too few closed tickets have shown."""
        cleaned: dict[str, Any] = super().clean() or {}
        refusal = automatic.why_not(self.instance) if cleaned.get("enabled") else ""
        if refusal:
            self.add_error("enabled", refusal)
        return cleaned


@admin.register(AutoDispatchRule)
class AutoDispatchRuleAdmin(RuleAdmin):
    """Matters that may be dispatched without a person, above a threshold that was measured."""

    form = AutoDispatchForm
    fields = ["matter", "enabled", ("from_date", "to_date"), "threshold", "precision", "cases", "measured_at"]
    list_display = ["matter", "enabled", "from_date", "to_date", "threshold", "precision", "cases", "measured_at"]
    list_filter = [InForceFilter, "enabled"]
    list_select_related = ["matter"]
    autocomplete_fields = ["matter"]
    search_fields = ["matter__name", "matter__code"]
    readonly_fields = ["threshold", "precision", "cases", "measured_at"]
    explained = {"enabled": _("Can be switched on once enough closed tickets have shown that the unit is right.")}
    save_as = False


@admin.register(EnterpriseRoute)
class EnterpriseRouteAdmin(RuleAdmin):
    """企业诉求直达: which unit the requests of enterprises go to at once."""

    list_display = ["matter", "area", "department", "basis", "from_date", "to_date"]
    list_filter = [InForceFilter]
    list_select_related = ["matter", "area", "department"]
    autocomplete_fields = ["matter", "area", "department"]
    search_fields = ["basis", "department__name", "matter__name", "matter__code"]

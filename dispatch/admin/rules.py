"""Rule packs and their limits, checks, single figures and triggers of orders."""

from typing import cast

from django.contrib import admin
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.admin.base import InForceFilter, RuleAdmin
from dispatch.admin.previewed import PreviewedAdmin
from dispatch.models import (
    CheckRule,
    PackInForce,
    Policy,
    RulePack,
    SupervisionTrigger,
    TermRule,
)
from hotline.tickets import reach

CASE = (
    gettext_lazy("Which requests"),
    {
        "fields": [("type", "urgency"), ("level", "matter"), "source"],
        "description": gettext_lazy("What is left empty stands for any; the most specific rule in force counts."),
    },
)


def _codes() -> str:
    named = " · ".join(f"{slug} = {channel.label}" for slug, channel in reach.all_channels().items())
    return _("The channel's code, or the name of another platform. Codes: %(codes)s") % {"codes": named}


EXPLAINED: dict[str, str | Promise] = {
    "source": cast(Promise, lazy(_codes, str)()),
    "basis": gettext_lazy("The document and its article; staff read it with the limit."),
    "percent": gettext_lazy("Of “by sample”: how many in a hundred are drawn by lot."),
}
IN_FORCE = (gettext_lazy("Basis and days in force"), {"fields": ["basis", ("from_date", "to_date")]})


class CaseAdmin(PreviewedAdmin):
    """Rules for some kind of request, which the list says in one cell."""

    explained = EXPLAINED

    @admin.display(description=gettext_lazy("Which requests"))
    def case(self, rule: TermRule | CheckRule) -> str:
        """What the rule is for."""
        source = _("from %(source)s") % {"source": reach.label_of(rule.source)} if rule.source else ""
        said = [rule.get_type_display(), rule.get_urgency_display(), rule.get_level_display(), rule.matter, source]
        return " · ".join(str(word) for word in said if word) or _("Any")


@admin.register(RulePack)
class RulePackAdmin(RuleAdmin):
    """The rule books to choose from."""

    list_display = ["name", "code", "source", "grade", "limits"]
    search_fields = ["name", "code"]
    save_as = False

    @admin.display(description=gettext_lazy("time limits"))
    def limits(self, pack: RulePack) -> SafeString:
        """A link to the pack's limits."""
        address = f"{reverse('admin:dispatch_termrule_changelist')}?pack__id__exact={pack.pk}"
        return format_html('<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>', address, _("Show"))


@admin.register(PackInForce)
class PackInForceAdmin(PreviewedAdmin):
    """From when the city goes by which pack."""

    list_display = ["from_date", "pack", "decided_by"]
    list_select_related = ["pack", "decided_by"]
    autocomplete_fields = ["pack", "decided_by"]
    date_hierarchy = "from_date"


@admin.register(TermRule)
class TermRuleAdmin(CaseAdmin):
    """Time limits by pack, clock and kind of request."""

    list_display = ["clock", "case", "limit", "basis", "from_date", "to_date", "pack"]
    list_filter = [InForceFilter, "pack", "clock", "type", "urgency", "level"]
    search_fields = ["basis", "matter__name", "matter__code", "source"]
    list_select_related = ["pack", "matter"]
    autocomplete_fields = ["pack", "matter"]
    ordering = ["pack", "clock", "type", "urgency", "from_date"]
    list_per_page = 50
    fieldsets = [(None, {"fields": ["pack", "clock", ("amount", "unit")]}), CASE, IN_FORCE]

    @admin.display(description=gettext_lazy("time limit"), ordering="amount")
    def limit(self, rule: TermRule) -> str:
        """The figure with its unit."""
        return f"{rule.amount} {rule.get_unit_display()}"


@admin.register(CheckRule)
class CheckRuleAdmin(CaseAdmin):
    """Which answers are reviewed, which citizens are called back."""

    list_display = ["step", "case", "how", "percent", "from_date", "to_date", "pack"]
    list_filter = [InForceFilter, "pack", "step", "how"]
    list_select_related = ["pack", "matter"]
    autocomplete_fields = ["pack", "matter"]
    ordering = ["pack", "step", "type", "from_date"]
    fieldsets = [(None, {"fields": ["pack", "step", ("how", "percent")]}), CASE, IN_FORCE]


@admin.register(Policy)
class PolicyAdmin(PreviewedAdmin):
    """Single figures."""

    list_display = ["key", "value", "basis", "from_date", "to_date"]
    search_fields = ["basis"]
    fields = [("key", "value"), "basis", ("from_date", "to_date")]
    list_filter = [InForceFilter, "key"]


@admin.register(SupervisionTrigger)
class SupervisionTriggerAdmin(RuleAdmin):
    """When orders are made by themselves."""

    list_display = ["trigger", "count", "level", "basis", "from_date", "to_date"]
    fields = ["trigger", ("count", "level"), "basis", ("from_date", "to_date")]
    explained = {
        "count": gettext_lazy("Working days late, urgings, or bad ratings, as the trigger says."),
        "level": gettext_lazy("One of the levels of supervision in the lists."),
    }
    list_filter = [InForceFilter, "trigger"]

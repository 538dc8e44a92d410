"""The admin's side menu: the tables an administrator edits, by what they are for."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS = (
    (
        _("Duty catalogue"),
        {
            "dispatch.duty": "account_tree",
            "tickets.matter": "category",
            "tickets.precedent": "gavel",
            "dispatch.enterpriseroute": "business_center",
            "dispatch.catalogueupload": "upload_file",
        },
    ),
    (
        _("Limits and checks"),
        {
            "dispatch.packinforce": "flag",
            "dispatch.rulepack": "library_books",
            "dispatch.termrule": "timer",
            "dispatch.checkrule": "fact_check",
            "dispatch.policy": "tune",
            "dispatch.rulechange": "published_with_changes",
        },
    ),
    (
        _("Working calendar"),
        {
            "dispatch.calendarday": "calendar_month",
            "dispatch.holidaynotice": "description",
            "dispatch.officehours": "schedule",
        },
    ),
    (
        _("Orders and lists"),
        {
            "dispatch.supervisiontrigger": "notification_important",
            "dispatch.autodispatchrule": "bolt",
            "tickets.listentry": "list_alt",
            "dispatch.risksign": "crisis_alert",
        },
    ),
    (
        _("Knowledge base"),
        {"knowledge.article": "menu_book"},
    ),
    (
        _("Scoring"),
        {"dispatch.rateformula": "functions", "dispatch.indexweight": "balance"},
    ),
    (
        _("Telephone"),
        {
            "calls.phonecall": "call",
            "calls.callbacktask": "phone_missed",
            "calls.skill": "record_voice_over",
            "calls.extension": "dialpad",
            "calls.outsidenumber": "phone_forwarded",
        },
    ),
    (
        _("People and places"),
        {
            "people.staff": "person",
            "people.department": "apartment",
            "people.area": "map",
            "people.apikey": "key",
            "people.personaldataread": "visibility",
        },
    ),
    (
        _("Channels and jobs"),
        {"channels_ingest.channelaccount": "hub", "procrastinate.procrastinatejob": "work_history"},
    ),
)
NAMED_HERE = {"procrastinate.procrastinatejob": _("background jobs")}
"""Tables of libraries that do not know the staff's language."""


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Each group with the tables that this person may see; tables of no group stand in the last."""
    shown = {model._meta.label_lower: model for model in admin.site._registry}
    named = {label for _title, tables in GROUPS for label in tables}
    others = {label: "table" for label in shown if label not in named}
    found = []
    for title, tables in (*GROUPS, (_("More"), others)):
        items = [_item(label, icon) for label, icon in tables.items() if label in shown and _may_see(request, label)]
        if items:
            found.append({"title": title, "collapsible": False, "items": items})
    return found


def _may_see(request: HttpRequest, label: str) -> bool:
    return admin.site.get_model_admin(apps.get_model(label)).has_view_permission(request)


def _item(label: str, icon: str) -> dict[str, Any]:
    options = apps.get_model(label)._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return {"title": NAMED_HERE.get(label, options.verbose_name_plural), "icon": icon, "link": address}

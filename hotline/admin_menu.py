"""The admin's side menu: the tables an administrator edits, by what they are for."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
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
        {"channels_ingest.channelaccount": "hub", "dispatch.backgroundjob": "work_history"},
    ),
)

ABOUT = {
    "dispatch.duty": _("Which unit is in charge of which matter, and where. Suggestions and dispatch go by it."),
    "tickets.matter": _("What citizens write about, in two levels. Every ticket is put under one of them."),
    "tickets.precedent": _("What consultations between units decided, to go by next time. It can only be read."),
    "dispatch.enterpriseroute": _("Requests of enterprises about these matters go straight to the unit named here."),
    "dispatch.catalogueupload": _("Every Excel file that was imported into the catalogue, and what it changed."),
    "dispatch.packinforce": _("From which day on the city goes by which rule pack."),
    "dispatch.rulepack": _("Limits and checks taken from published regulations, ready to be chosen."),
    "dispatch.termrule": _("How long each step may take, for which requests. The most specific rule in force counts."),
    "dispatch.checkrule": _("Which answers are reviewed before they go out, and which are followed up."),
    "dispatch.policy": _("Single figures that the system goes by: how often, how many days, what share."),
    "dispatch.rulechange": _("Every change of the rules: who proposed it, which tickets it moved, what was decided."),
    "dispatch.calendarday": _("Days worked or free against the ordinary calendar. Working days are counted by them."),
    "dispatch.holidaynotice": _("Years whose notice of holidays has been entered in full."),
    "dispatch.officehours": _("When the office is open. Limits in working hours run only then."),
    "dispatch.supervisiontrigger": _("After what an order of supervision is made by itself, and of which level."),
    "dispatch.autodispatchrule": _("Matters dispatched without a person, once closed tickets have shown it safe."),
    "tickets.listentry": _(
        "Reasons and choices offered in the forms. End an old one by its last day; do not delete it."
    ),
    "dispatch.risksign": _("The city's own words of danger. A ticket that has them stands out at the desk at once."),
    "knowledge.article": _("Answers for agents and citizens. A second person checks each before it is published."),
    "dispatch.rateformula": _("How each rate is counted. A formula that has counted is followed by a new one."),
    "dispatch.indexweight": _("How much each rate weighs in the efficiency index of the units."),
    "calls.phonecall": _("Every telephone call, the caller's number hidden in part. It can only be read."),
    "calls.callbacktask": _("Callers whom nobody answered and who are called back. It can only be read."),
    "calls.skill": _("Dialects, languages and subjects, and who has them. Calls go to those who do."),
    "calls.extension": _("Which telephone belongs to whom."),
    "calls.outsidenumber": _("Numbers outside that agents may call, or pass callers on to."),
    "people.staff": _("Everybody who signs in. Switch off who leaves; the records keep the name."),
    "people.department": _("Units that tickets are dispatched to, from the city down to the villages."),
    "people.area": _("Districts, streets, communities and named places of the city."),
    "people.apikey": _("Keys of other systems: made at the command line, limited or revoked here."),
    "people.personaldataread": _("Who looked at whose personal data, when and why. It can only be read."),
    "channels_ingest.channelaccount": _("The ways in and out: WeChat accounts, message numbers, mailboxes and others."),
    "dispatch.backgroundjob": _("What the system does in the background; for its operator to read."),
}
"""What each table is for, in a sentence that stands over its list and beside its name on the first page."""


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
    title = capfirst(options.verbose_name_plural)
    return {"title": title, "icon": icon, "link": address, "about": ABOUT.get(label, "")}

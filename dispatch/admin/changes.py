"""The effect of a proposed change on open tickets, and the decision; every change stays on record."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from dispatch import preview, rule_changes
from dispatch.admin.base import page
from dispatch.models import RuleChange
from dispatch.rule_changes import TABLES
from dispatch.tasks import make_change
from hotline.tickets.models import Clock

State = RuleChange.State
UNDER_WAY = (State.RECKONING, State.MAKING)
LOOK_AGAIN = 2
"""Seconds after which the page of a change under way is asked for again."""


@admin.register(RuleChange)
class RuleChangeAdmin(ModelAdmin):
    """Who proposed what, what it would have moved, and what was decided."""

    list_display = ["at", "said", "state", "by", "decided_at"]
    list_filter = ["state", "table"]
    list_select_related = ["by"]
    search_fields = ["title"]

    @admin.display(description=gettext_lazy("change"), ordering="title")
    def said(self, change: RuleChange) -> str:
        """What is changed, in the reader's language."""
        return rule_changes.title(change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by the forms of the rule tables."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page of the effect takes the place of a form."""
        view = self.admin_site.admin_view(self.effect)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/effect/", view, name="dispatch_rulechange_effect"), *urls]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is nothing to edit."""
        return HttpResponseRedirect(reverse("admin:dispatch_rulechange_effect", args=[object_id]))

    def effect(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the effect; on a decision, make the change or drop it."""
        change = get_object_or_404(RuleChange.objects.select_related("by"), pk=pk)
        model = TABLES[change.table]
        table_admin = self.admin_site.get_model_admin(model)
        decides = table_admin.has_change_permission(request)
        if not (decides if request.method == "POST" else table_admin.has_view_permission(request)):
            raise PermissionDenied
        if request.method == "POST":
            return _decide(request, change)
        context = {
            "change": change,
            "sentence": rule_changes.sentence(change),
            "edits": rule_changes.edits(change),
            "moves": _moves(change),
            "under_way": change.state in UNDER_WAY,
            "waiting": decides and change.state == State.READY,
            "clocks": rule_changes.running_clocks() if change.state in UNDER_WAY else 0,
            "unwritten": preview.pending(),
            "list": reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
        }
        response = page(self, request, "effect", rule_changes.title(change), context)
        if change.state in UNDER_WAY:
            response["Refresh"] = str(LOOK_AGAIN)
        return response


def _moves(change: RuleChange) -> list[dict[str, Any]]:
    """The moves shown, their moments as moments again and their clocks in the reader's language."""
    shown = (change.effect or {}).get("shown", [])
    return [move if "said_before" in move else _moved(move) for move in shown]


def _moved(move: dict[str, Any]) -> dict[str, Any]:
    clock = move["clock"]
    return {
        **move,
        "clock": Clock(clock).label if clock in Clock.values else clock,
        "before": parse_datetime(move["before"]),
        "after": parse_datetime(move["after"]),
    }


def _decide(request: HttpRequest, change: RuleChange) -> HttpResponse:
    model = TABLES[change.table]
    back = HttpResponseRedirect(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    choice = request.POST.get("choice")
    with transaction.atomic():
        # Two who press at once: the second finds it decided.
        change = RuleChange.objects.select_for_update(of=("self",)).select_related("by").get(pk=change.pk)
        if change.state != State.READY or choice not in {"open", "new", "cancel"}:
            messages.warning(request, _("This change has been decided already."))
            return HttpResponseRedirect(request.path)
        if choice == "cancel":
            rule_changes.cancel(change)
            messages.info(request, _("Cancelled; nothing was changed."))
            return back
        change.state = State.MAKING
        change.save(update_fields=["state"])
    return _make(request, change, choice == "open", back)


def _make(request: HttpRequest, change: RuleChange, open_tickets: bool, back: HttpResponse) -> HttpResponse:
    if open_tickets and rule_changes.running_clocks() > rule_changes.AT_ONCE:
        make_change.defer(change=change.pk, open_tickets=True)
        return HttpResponseRedirect(request.path)
    rule_changes.make(change, open_tickets=open_tickets)
    if change.state in {State.APPLIED, State.NEW_ONLY}:
        messages.success(request, _("Saved. %(state)s.") % {"state": change.get_state_display()})
        return back
    return HttpResponseRedirect(request.path)

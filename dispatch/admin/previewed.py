"""Saving or removing a rule on which limits depend first shows what it does to open tickets."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dispatch import rule_changes
from dispatch.admin.base import RuleAdmin
from dispatch.tasks import reckon_change


class PreviewedAdmin(RuleAdmin):
    """Nothing is saved by the form: it makes a proposal, and the page of its effect decides."""

    change_form_before_template = "admin/dispatch/_previewed.html"

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool) -> None:
        """Propose instead of saving; an unchanged form proposes nothing."""
        request.proposal = None  # type: ignore[attr-defined]
        if form.has_changed() or not change:
            self._propose(request, obj, delete=False)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Propose instead of deleting."""
        self._propose(request, obj, delete=True)

    def _propose(self, request: HttpRequest, obj: Model, *, delete: bool) -> None:
        proposal = rule_changes.propose(obj, by=request.user, delete=delete)  # type: ignore[arg-type]  # admins only
        if rule_changes.running_clocks() <= rule_changes.AT_ONCE:
            rule_changes.reckon(proposal)
        else:
            reckon_change.defer(change=proposal.pk)
        request.proposal = proposal  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Rules have no rows below them."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing has been added yet; the history says when it is."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing has changed yet."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Nothing is gone yet."""

    def get_actions(self, request: HttpRequest) -> Any:
        """Removing many at once could not be shown in one effect."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """On to the effect."""
        return self._to_effect(request)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """On to the effect, if anything changes."""
        return self._to_effect(request)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """On to the effect."""
        return self._to_effect(request)

    def _to_effect(self, request: HttpRequest) -> HttpResponse:
        proposal = request.proposal  # type: ignore[attr-defined]
        if proposal is None:
            messages.info(request, _("Nothing was changed."))
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        return HttpResponseRedirect(reverse("admin:dispatch_rulechange_effect", args=[proposal.pk]))

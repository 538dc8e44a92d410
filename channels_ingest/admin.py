"""Editing channel accounts; their secrets are written but never shown again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from channels_ingest import registry
from channels_ingest.models import ChannelAccount


class SealedSettings(forms.JSONField):
    """An object to be written anew; what is kept is not shown."""

    def prepare_value(self, value: Any) -> Any:
        """Nothing typed is an empty box, not an empty string in quotes."""
        return "" if value in (None, "") else super().prepare_value(value)


class ChannelAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """New settings replace the old ones; left empty, the old ones stay."""

    adapter = forms.ChoiceField(label=_("Channel"), widget=UnfoldAdminSelectWidget)
    address = forms.CharField(
        label=_("Webhook address or secret"),
        required=False,
        widget=UnfoldAdminPasswordWidget(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("The last part of the address that the vendor calls. Left empty, it stays as it is."),
    )
    settings = SealedSettings(
        label=_("Settings (JSON)"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Kept sealed and not shown again. A value `env:NAME` is read from the environment."),
    )

    class Meta:
        """Every field of the account."""

        model = ChannelAccount
        fields = ["adapter", "name", "address", "settings", "active"]
        labels = {"name": capfirst(_("name")), "active": capfirst(_("in use"))}
        help_texts = {
            "name": _("Small letters and digits; part of the address that the vendor calls."),
            "active": _("Switched off, nothing is taken in or sent out through it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adapters = registry.all_adapters()
        self.fields["adapter"].choices = [(slug, adapter.label) for slug, adapter in adapters.items()]  # type: ignore[attr-defined]
        self.initial["address"] = self.initial["settings"] = ""

    def clean_settings(self) -> str:
        """What was typed as JSON text, or what was kept."""
        typed = self.cleaned_data["settings"]
        if not typed:
            return ChannelAccount.objects.get(pk=self.instance.pk).settings if self.instance.pk else "{}"
        return forms.JSONField().prepare_value(typed)

    def clean_address(self) -> str:
        """What was typed, or what was kept."""
        kept = ChannelAccount.objects.get(pk=self.instance.pk).address if self.instance.pk else ""
        return str(self.cleaned_data["address"] or kept)


@admin.register(ChannelAccount)
class ChannelAccountAdmin(ModelAdmin):
    """渠道账号."""

    form = ChannelAccountForm
    list_display = ["channel", "name_shown", "active_shown"]
    list_filter = ["adapter", "active"]
    fields = ["adapter", "name", "address", "settings", "active"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks would be shown what is kept, not an empty box."""
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return ["adapter", "name", "active"]

    @admin.display(description=_("Channel"), ordering="adapter")
    def channel(self, account: ChannelAccount) -> str:
        """By its name, not by its code."""
        adapter = registry.all_adapters().get(account.adapter)  # None: of a package that is not installed any more
        return str(adapter.label) if adapter else account.adapter

    @admin.display(description=_("name"), ordering="name")
    def name_shown(self, account: ChannelAccount) -> str:
        """As it was chosen."""
        return account.name

    @admin.display(description=_("in use"), ordering="active", boolean=True)
    def active_shown(self, account: ChannelAccount) -> bool:
        """Whether it takes in and sends out."""
        return account.active

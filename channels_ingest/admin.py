"""Editing channel accounts; their secrets are written but never shown again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from channels_ingest import registry
from channels_ingest.models import ChannelAccount


class ChannelAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """New settings replace the old ones; left empty, the old ones stay."""

    adapter = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(
        label=_("Webhook address or secret"), required=False, widget=forms.PasswordInput(render_value=False)
    )
    settings = forms.JSONField(
        label=_("Settings (JSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("Kept sealed and not shown again. A value `env:NAME` is read from the environment."),
    )

    class Meta:
        """Every field of the account."""

        model = ChannelAccount
        fields = ["adapter", "name", "address", "settings", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adapters = registry.all_adapters()
        self.fields["adapter"].choices = [(slug, adapter.label) for slug, adapter in adapters.items()]  # type: ignore[attr-defined]
        for name in ("settings", "address"):
            self.initial[name] = None if name == "settings" else ""

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
    list_display = ["adapter", "name", "active"]
    list_filter = ["adapter", "active"]

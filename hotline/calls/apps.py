"""The app of telephone calls."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    """Registers `hotline.calls` under the label `calls`."""

    name = "hotline.calls"
    label = "calls"
    verbose_name = _("Telephone")

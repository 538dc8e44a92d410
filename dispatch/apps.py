"""The app that decides who should do a ticket, and by when."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Registers `dispatch`."""

    name = "dispatch"
    verbose_name = _("Dispatch rules")

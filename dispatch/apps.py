"""The app that decides who should do a ticket, and by when."""

from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Registers `dispatch`."""

    name = "dispatch"
    verbose_name = _("Dispatch rules")

    def ready(self) -> None:
        """The admin opens with the tables as its side menu groups them, not with the names of apps."""
        admin.site.index_template = "admin/dispatch/tables.html"
        admin.site.app_index_template = "admin/dispatch/tables.html"
        admin.site.index_title = _("Administration")

"""The app of tickets: what is asked, and its life."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Registers `hotline.tickets` under the label `tickets`."""

    name = "hotline.tickets"
    label = "tickets"
    verbose_name = _("Tickets")

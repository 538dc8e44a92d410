"""The app that decides who should do a ticket, and by when."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Registers `dispatch`."""

    name = "dispatch"
    verbose_name = "Dispatch"

"""The app of the citizen's pages: its templates, its styles and its modules are found through it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitizenWebConfig(AppConfig):
    """Registers `channels_ingest.citizen_web`."""

    name = "channels_ingest.citizen_web"
    label = "citizen_web"
    verbose_name = _("Citizen pages")

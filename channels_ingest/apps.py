"""The app of the channels: both ways between citizens and tickets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsIngestConfig(AppConfig):
    """Registers `channels_ingest` and its start-up checks."""

    name = "channels_ingest"
    verbose_name = _("Channels")

    def ready(self) -> None:
        """Let `manage.py check` and every start look at adapters and accounts."""
        from channels_ingest import checks as checks

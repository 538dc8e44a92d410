"""The app of the channels: both ways between citizens and tickets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsIngestConfig(AppConfig):
    """Registers `channels_ingest` and its start-up checks."""

    name = "channels_ingest"
    verbose_name = _("Channels")

    def ready(self) -> None:
        """Have adapters and accounts looked at; say what each channel can carry."""
        from channels_ingest import checks as checks
        from channels_ingest import registry
        from hotline.tickets.reach import Reach, declare

        for slug, adapter in registry.all_adapters().items():
            can = adapter.capabilities
            reach = Reach(
                adapter.label,
                push=can.push,
                window=can.push_window,
                templates=can.templates,
                short_messages=can.short_messages,
                max_text=can.max_text,
            )
            declare(slug, reach)

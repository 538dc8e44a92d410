"""The app of the channels: every way in from a citizen, and back out."""

from django.apps import AppConfig


class ChannelsIngestConfig(AppConfig):
    """Registers `channels_ingest`."""

    name = "channels_ingest"
    verbose_name = "Channels"

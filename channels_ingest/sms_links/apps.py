"""The app of the SMS links: its rows, and the process that holds the connections to the gateways."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmsLinksConfig(AppConfig):
    """Registers `channels_ingest.sms_links`."""

    name = "channels_ingest.sms_links"
    label = "sms_links"
    verbose_name = _("SMS links")

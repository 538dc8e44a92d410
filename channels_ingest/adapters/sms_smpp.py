"""Short messages over SMPP 3.4, the protocol of message centres and aggregators everywhere."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Option
from channels_ingest.sms_links.adapter import LinkAdapter
from channels_ingest.sms_links.options import SHARED, number, text
from channels_ingest.sms_links.smpp_dialect import SmppAccount, SmppDialect

TON_NPI = ("source_ton", "source_npi", "number_ton", "number_npi")


class SmsSmpp(LinkAdapter):
    """An ESME's account at an SMSC, bound as a transceiver."""

    slug = "sms-smpp"
    label = _("SMS (SMPP)")
    options = (
        *SHARED,
        Option("system_id", "system_id"),
        Option("password", "Password of at most eight characters", secret=True),
        Option("system_type", "system_type", required=False),
        *(Option(name, name, required=False) for name in TON_NPI),
    )

    def dialect(self, options: Mapping[str, Any]) -> SmppDialect:
        kinds = {name: int(number(options, name, 0, least=0, most=255)) for name in TON_NPI}
        return SmppDialect(
            SmppAccount(
                system_id=text(options, "system_id", most=15),
                password=text(options, "password", most=8),
                source=text(options, "source", most=20),
                system_type=text(options, "system_type", least=0, most=12),
                **kinds,
            )
        )

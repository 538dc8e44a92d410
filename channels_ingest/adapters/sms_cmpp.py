"""Short messages over CMPP 2.0 or 3.0, the protocol of the Chinese operators' gateways (中国移动 ISMG)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_ingest.adapter import Option
from channels_ingest.sms_links.adapter import LinkAdapter
from channels_ingest.sms_links.cmpp_dialect import CmppAccount, CmppDialect
from channels_ingest.sms_links.cmpp_messages import Version
from channels_ingest.sms_links.options import SHARED, number, text

VERSIONS = {"2.0": Version.V2, "3.0": Version.V3}


class SmsCmpp(LinkAdapter):
    """An SP's account at an ISMG."""

    slug = "sms-cmpp"
    label = _("SMS (CMPP)")
    options = (
        *SHARED,
        Option("sp_id", "SP id of six characters (企业代码)"),
        Option("shared_secret", "Shared secret", secret=True),
        Option("version", "2.0 or 3.0 (2.0)", required=False),
        Option("service_id", "Service id (业务代码)", required=False),
        Option("fee_user", "Who pays: 0, 1, 2 (the SP) or 3", required=False),
        Option("fee_type", "Kind of fee (资费类别): 01 is free", required=False),
        Option("fee_code", "Fee in fen", required=False),
    )

    def dialect(self, options: Mapping[str, Any]) -> CmppDialect:
        version = str(options.get("version") or "2.0")
        if version not in VERSIONS:
            raise ValueError("version: 2.0 or 3.0")
        paid_by = options.get("fee_user")
        return CmppDialect(
            CmppAccount(
                sp=text(options, "sp_id", least=6, most=6),
                secret=text(options, "shared_secret", most=64),
                source=text(options, "source", most=21),
                version=VERSIONS[version],
                service=text(options, "service_id", least=0, most=10),
                fee_user=0 if str(paid_by) == "0" else int(number(options, "fee_user", 2, least=1, most=3)),
                fee_type=text({"fee_type": options.get("fee_type") or "01"}, "fee_type", least=2, most=2),
                fee_code=text({"fee_code": options.get("fee_code") or "0"}, "fee_code", most=6),
            )
        )

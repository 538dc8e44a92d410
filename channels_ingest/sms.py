"""What every SMS number shares: secret address, addresses allowed to push, and one of three senders."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from channels_ingest.adapter import Account, Adapter, Capabilities, Option
from channels_ingest.errors import BadSignature, SendFailed
from channels_ingest.messages import Inbound, Notice, Receipt, WebRequest
from channels_ingest.vendors import aliyun_sms, console, tencent_sms
from hotline.people.addresses import is_within

BEIJING = ZoneInfo("Asia/Shanghai")
MOBILE = re.compile(r"1[3-9]\d{9}")
ONE_SEGMENT, EACH_SEGMENT = 70, 67


# (options, phone, notice) → the vendor's reference, or SendFailed.
SmsSender = Callable[[Mapping[str, Any], str, Notice], str]
SENDERS: dict[str, SmsSender] = {
    "console": console.send,
    "aliyun": aliyun_sms.send,
    "tencent": tencent_sms.send,
}


class SmsAdapter(Adapter):
    """A number whose vendor pushes unsigned HTTP: the address is the secret, the IP list a second lock."""

    # Their platforms promise a few repetitions at the most, and a database can be away for longer.
    capabilities = Capabilities(push=True, gives_up=True, short_messages=True, max_text=500)
    secret_address = True
    options = (
        Option("allowed_networks", "Networks the vendor pushes from", required=False),
        Option("sender", "console, aliyun or tencent", required=False),
        Option("access_key_id", "AccessKey ID / SecretId", required=False),
        Option("access_key_secret", "AccessKey secret / SecretKey", required=False, secret=True),
        Option("sign_name", "Signature (短信签名)", required=False),
        Option("templates", "Templates by kind of notice", required=False),
    )

    def verify(self, request: WebRequest, account: Account) -> None:
        networks = account.options.get("allowed_networks") or []
        if request.method != "POST":
            raise BadSignature("pushes are POST")
        if networks and not is_within(request.remote_ip, networks):
            raise BadSignature("address not on the vendor's list")

    def send(self, account: Account, recipient: str, notice: Notice) -> Receipt:
        sender = account.options.get("sender") or settings.SMS_SENDER
        if sender not in SENDERS:
            return Receipt(accepted=False, error=f"no SMS sender named {sender!r}: set it in the account")
        try:
            return Receipt(accepted=True, reference=SENDERS[sender](account.options, recipient, notice))
        except SendFailed as failure:
            return failure.receipt()

    @abstractmethod
    def parse(self, request: WebRequest, account: Account) -> list[Inbound]: ...


def segments(text: str) -> int:
    """How many paid pieces a Chinese message is: 70 characters alone, 67 each when joined."""
    return 1 if len(text) <= ONE_SEGMENT else -(-len(text) // EACH_SEGMENT)


def is_mobile(number: str) -> bool:
    """Whether a short message can be sent there: a mainland mobile number."""
    return MOBILE.fullmatch(number) is not None


def digest(*parts: str) -> str:
    """An id for a message that the vendor does not number."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def beijing_time(text: str) -> datetime | None:
    """`2026-11-21 09:30:00` as the vendors write it; None when absent."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING) if text else None


def plain_number(number: str) -> str:
    """A mainland number without its country code."""
    digits = number.strip().removeprefix("+")
    return digits.removeprefix("86") if len(digits) == 13 and digits.startswith("86") else digits

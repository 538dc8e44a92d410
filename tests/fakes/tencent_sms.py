"""Tencent Cloud's SendSms: checks the TC3-HMAC-SHA256 signature of what it is sent, and the blanks."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.fakes.vendor import Asked, Said, Vendor, said

AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>[\d-]+)/sms/tc3_request, "
    r"SignedHeaders=(?P<names>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Sent:
    """A message that was handed to the carrier."""

    phone: str
    sign: str
    template: str
    blanks: list[str]
    context: str


class TencentSms(Vendor):
    """Knows one secret key and its approved templates: id → how many blanks."""

    def __init__(self, secret_id: str, secret_key: str, templates: dict[str, int]) -> None:
        super().__init__()
        self.secret_id, self.secret_key, self.templates = secret_id, secret_key, templates
        self.sent: list[Sent] = []

    def answer(self, asked: Asked) -> Said:
        """Signature first, as the vendor does."""
        if not self._signed(asked):
            return self._error("AuthFailure.SignatureFailure")
        body = asked.json()
        phone = body["PhoneNumberSet"][0]
        if self.templates.get(body["TemplateId"]) != len(body["TemplateParamSet"]):
            return self._status("FailedOperation.TemplateIncorrectOrUnapproved", phone)
        if not re.fullmatch(r"\+861\d{10}", phone):
            return self._status("InvalidParameterValue.IncorrectPhoneNumber", phone)
        self.sent.append(
            Sent(phone, body["SignName"], body["TemplateId"], body["TemplateParamSet"], body["SessionContext"])
        )
        return self._status("Ok", phone)

    def _error(self, code: str) -> Said:
        return said({"Response": {"Error": {"Code": code, "Message": code}, "RequestId": "R"}})

    def _status(self, code: str, phone: str) -> Said:
        serial = f"2028:{len(self.sent)}" if code == "Ok" else ""
        status = {"SerialNo": serial, "PhoneNumber": phone, "Fee": 1, "Code": code, "Message": code}
        return said({"Response": {"SendStatusSet": [status], "RequestId": "R"}})

    def _signed(self, asked: Asked) -> bool:
        found = AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if found is None or found["key"] != self.secret_id:
            return False
        stamp = asked.headers["x-tc-timestamp"]
        if datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d") != found["day"]:
            return False
        lines = "".join(f"{name}:{asked.headers[name].strip().lower()}\n" for name in found["names"].split(";"))
        body_hash = hashlib.sha256(asked.body).hexdigest()
        canonical = f"POST\n/\n\n{lines}\n{found['names']}\n{body_hash}"
        scope = f"{found['day']}/sms/tc3_request"
        to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("TC3" + self.secret_key).encode()
        for part in (found["day"], "sms", "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest() == found["signature"]

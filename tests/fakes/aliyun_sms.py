"""Aliyun's SendSms: checks the ACS3-HMAC-SHA256 signature of what it is sent, template and number."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from tests.fakes.vendor import Asked, Said, Vendor, said

AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,]+),"
    r"SignedHeaders=(?P<names>[^,]+),Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Sent:
    """A message that was handed to the carrier."""

    phone: str
    sign: str
    template: str
    blanks: dict[str, str]
    out_id: str


class AliyunSms(Vendor):
    """Knows one access key and its approved templates: code → names of their blanks."""

    def __init__(self, key_id: str, secret: str, templates: dict[str, set[str]]) -> None:
        super().__init__()
        self.key_id, self.secret, self.templates = key_id, secret, templates
        self.sent: list[Sent] = []
        self._nonces: set[str] = set()

    def answer(self, asked: Asked) -> Said:
        """Signature first, as the vendor does."""
        problem = self._problem(asked)
        if problem:
            return said({"Code": problem, "Message": problem, "RequestId": "R"}, 400)
        query = asked.query
        blanks = json.loads(query["TemplateParam"])
        if self.templates.get(query["TemplateCode"]) != set(blanks):
            return said({"Code": "isv.SMS_TEMPLATE_ILLEGAL", "Message": "template", "RequestId": "R"})
        if not re.fullmatch(r"1\d{10}", query["PhoneNumbers"]):
            return said({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "number", "RequestId": "R"})
        self.sent.append(Sent(query["PhoneNumbers"], query["SignName"], query["TemplateCode"], blanks, query["OutId"]))
        return said({"Code": "OK", "Message": "OK", "BizId": f"biz-{len(self.sent)}", "RequestId": "R"})

    def _problem(self, asked: Asked) -> str:
        found = AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if found is None or found["key"] != self.key_id:
            return "InvalidAccessKeyId.NotFound"
        if asked.headers["x-acs-content-sha256"] != hashlib.sha256(asked.body).hexdigest():
            return "SignatureDoesNotMatch"
        if asked.headers["x-acs-signature-nonce"] in self._nonces:
            return "SignatureNonceUsed"
        self._nonces.add(asked.headers["x-acs-signature-nonce"])
        lines = "".join(f"{name}:{asked.headers[name].strip()}\n" for name in found["names"].split(";"))
        query = "&".join(sorted(asked.raw_query.split("&")))
        body_hash = asked.headers["x-acs-content-sha256"]
        canonical = f"{asked.method}\n{asked.path}\n{query}\n{lines}\n{found['names']}\n{body_hash}"
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        right = hmac.new(self.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        return "" if right == found["signature"] else "SignatureDoesNotMatch"

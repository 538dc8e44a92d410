"""Sends through Aliyun SendSms (2017-05-25), signed with ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from channels_ingest.errors import SendFailed
from channels_ingest.messages import Notice
from channels_ingest.vendors import posting
from channels_ingest.vendors.templates import template_for, value_of

ENDPOINT = "https://dysmsapi.aliyuncs.com"
ALGORITHM = "ACS3-HMAC-SHA256"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()
WORTH_A_RETRY = frozenset({"isp.SYSTEM_ERROR", "isv.BUSINESS_LIMIT_CONTROL", "Throttling", "Throttling.User"})


def send(options: Mapping[str, Any], phone: str, notice: Notice) -> str:
    """Send one message and return the vendor's BizId."""
    template = template_for(options, notice)
    blanks = {name: value_of(notice, source) for name, source in template["fields"].items()}
    query = {
        "PhoneNumbers": phone,
        "SignName": options["sign_name"],
        "TemplateCode": template["id"],
        "TemplateParam": json.dumps(blanks, ensure_ascii=False),
        "OutId": notice.key,
    }
    endpoint = options.get("api_base") or ENDPOINT
    headers = signed_headers(options, urlsplit(endpoint).netloc, query, datetime.now(UTC), uuid4().hex)
    status, answer = posting.post("SendSms", f"{endpoint}/?{encoded(query)}", headers=headers)
    code = str(answer.get("Code", status))
    if code != "OK":
        raise SendFailed(f"SendSms: {code}", retry=code in WORTH_A_RETRY or status >= 500, code=code)
    return str(answer.get("BizId", ""))


def encoded(query: Mapping[str, str]) -> str:
    """The query as the vendor signs it: sorted, RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query.items()))


def signed_headers(
    options: Mapping[str, Any], host: str, query: Mapping[str, str], now: datetime, nonce: str
) -> dict[str, str]:
    """The x-acs headers with their signature."""
    headers = {
        "host": host,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": EMPTY_BODY,
        "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": "2017-05-25",
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n{encoded(query)}\n{lines}\n{names}\n{EMPTY_BODY}"
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(options["access_key_secret"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={options['access_key_id']},SignedHeaders={names},Signature={signature}"
    return headers | {"Authorization": f"{ALGORITHM} {credential}"}

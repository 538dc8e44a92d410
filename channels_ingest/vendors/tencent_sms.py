"""Sends through Tencent Cloud SendSms (2021-01-11), signed with TC3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from channels_ingest.errors import SendFailed
from channels_ingest.messages import Notice
from channels_ingest.vendors import posting
from channels_ingest.vendors.templates import template_for, value_of

ENDPOINT = "https://sms.tencentcloudapi.com"
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED = "content-type;host"
WORTH_A_RETRY = ("InternalError", "RequestLimitExceeded", "LimitExceeded.PhoneNumberThirtySecondLimit")


def send(options: Mapping[str, Any], phone: str, notice: Notice) -> str:
    """Send one message and return the vendor's SerialNo."""
    template = template_for(options, notice)
    body = json.dumps(
        {
            "PhoneNumberSet": [f"+86{phone}"],
            "SmsSdkAppId": options["sdk_app_id"],
            "SignName": options["sign_name"],
            "TemplateId": template["id"],
            "TemplateParamSet": [value_of(notice, source) for source in template["fields"]],
            "SessionContext": notice.key,
        },
        ensure_ascii=False,
    ).encode()
    endpoint = options.get("api_base") or ENDPOINT
    headers = signed_headers(options, urlsplit(endpoint).netloc, body, datetime.now(UTC))
    http_status, said = posting.post("SendSms", endpoint, content=body, headers=headers)
    answer = said.get("Response")
    if not isinstance(answer, dict):
        raise SendFailed("SendSms: unexpected answer", retry=True, unsure=posting.is_unsure(http_status))
    status = answer["SendStatusSet"][0] if answer.get("SendStatusSet") else {}
    code = str(answer.get("Error", status).get("Code", "empty answer"))
    if code != "Ok":
        raise SendFailed(f"SendSms: {code}", retry=code.startswith(WORTH_A_RETRY), code=code)
    return str(status.get("SerialNo", ""))


def signed_headers(options: Mapping[str, Any], host: str, body: bytes, now: datetime) -> dict[str, str]:
    """The request's headers with their signature."""
    day, stamp = now.strftime("%Y-%m-%d"), str(int(now.timestamp()))
    hashed = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\n{SIGNED}\n{hashed}"
    scope = f"{day}/sms/tc3_request"
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{options['access_key_secret']}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={options['access_key_id']}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"
    return {
        "Authorization": f"{ALGORITHM} {credential}",
        "Content-Type": CONTENT_TYPE,
        "Host": host,
        "X-TC-Action": "SendSms",
        "X-TC-Region": options.get("region", "ap-guangzhou"),
        "X-TC-Timestamp": stamp,
        "X-TC-Version": "2021-01-11",
    }

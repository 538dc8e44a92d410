"""Weibo's message interface: words to a citizen inside 48 hours, and the files they sent."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from channels_ingest.errors import MediaUnavailable, SendFailed
from channels_ingest.messages import Media
from channels_ingest.vendors import outside, posting

MESSAGES = "https://m.api.weibo.com"
FILES = "https://upload.api.weibo.com"
# 10022/10023: hourly limits; 10001/10009: the vendor's own trouble.
WORTH_A_RETRY = frozenset({10001, 10009, 10010, 10022, 10023})


def send_text(options: Mapping[str, Any], uid: str, text: str) -> str:
    """Send one private message; the vendor gives no number for it."""
    form = {
        "access_token": options["access_token"],
        "type": "text",
        "data": json.dumps({"text": text}, ensure_ascii=False),
        "receiver_id": uid,
        "save_sender_box": "1",
    }
    url = f"{options.get('api_base') or MESSAGES}/2/messages/reply.json"
    status, answer = posting.post("message", url, data=form)
    if answer.get("result") is not True:
        code = int(answer.get("error_code", status))
        raise SendFailed(f"message: error_code {code}", retry=code in WORTH_A_RETRY or 500 <= code < 600)
    return "message"


def fetch(options: Mapping[str, Any], media: Media) -> Media:
    """The file behind an id of this receiver."""
    query = {"access_token": options.get("access_token", ""), "fid": media.reference}
    url = f"{options.get('api_base') or FILES}/2/mss/msget"
    try:
        response = outside.ask("GET", url, params=query)
    except httpx.HTTPError as error:
        raise MediaUnavailable(f"media: {type(error).__name__}", retry=True) from None
    except SendFailed as error:
        raise MediaUnavailable(f"media: {error}", retry=error.retry) from None
    if response.status_code != 200 or "json" in response.headers.get("content-type", ""):
        raise MediaUnavailable(f"media: HTTP {response.status_code}", retry=response.status_code >= 500)
    content_type = response.headers.get("content-type", media.content_type).split(";")[0]
    return replace(media, content=response.content, content_type=content_type)

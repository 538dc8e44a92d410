"""How our own pages and the exchange hand over a request: through the vendors' inbox."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from channels_ingest import inbox, incoming, registry
from channels_ingest.inbox import Received
from channels_ingest.messages import WebRequest
from channels_ingest.models import ChannelAccount
from hotline.tickets import clock


def submit(form: Mapping[str, Any], files: Sequence[tuple[str, bytes]] = (), *, remote_ip: str = "") -> Received:
    """A citizen's page: `form` as in adapters/web.py, `files` as (filename, content), each examined before.

    Raises forms.BadFields with {field: sentence} when something is missing, and OSError when the disk has no room
    for a file; then nothing was kept.
    """
    return _hand_over("web", {**form, "files": _put(files)}, vouched_by="form", remote_ip=remote_ip)


def _put(files: Sequence[tuple[str, bytes]]) -> list[dict[str, str]]:
    """All of them, or none."""
    uploads: list[dict[str, str]] = []
    try:
        for name, content in files:
            uploads.append({"upload": incoming.put(content), "filename": name})
    except OSError:
        for upload in uploads:
            incoming.drop(upload["upload"])
        raise
    return uploads


def from_exchange(form: Mapping[str, Any]) -> Received:
    """A call that the exchange's side hands over, as in adapters/phone.py."""
    return _hand_over("phone", form, vouched_by="exchange")


def _hand_over(slug: str, form: Mapping[str, Any], *, vouched_by: str, remote_ip: str = "") -> Received:
    account = ChannelAccount.objects.filter(adapter=slug, active=True).order_by("pk").first()
    if account is None:
        account = ChannelAccount.objects.get_or_create(adapter=slug, name="own")[0]
    request = WebRequest(
        method="POST",
        query={},
        headers={"content-type": "application/json"},
        body=json.dumps(form, ensure_ascii=False).encode(),
        remote_ip=remote_ip,
        received_at=clock.now(),
        vouched_by=vouched_by,
    )
    _answer, kept = inbox.receive(registry.get(slug), account, request)
    return kept[0]

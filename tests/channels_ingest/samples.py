"""Captured payloads of every channel: the request as it came, and what it must be read as."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from channels_ingest.messages import Inbound, WebRequest

ROOT = Path(__file__).parent.parent / "samples"


@dataclass(frozen=True)
class PlainAccount:
    """An account without a database."""

    name: str
    options: dict[str, Any]


@cache
def account(slug: str) -> PlainAccount:
    """The account that the samples of `slug` were captured with."""
    return PlainAccount("demo", json.loads((ROOT / slug / "account.json").read_text()))


def names(slug: str) -> list[str]:
    """Every sample of a channel."""
    return sorted(path.stem for path in (ROOT / slug).glob("*.json") if path.stem != "account")


@cache
def raw(slug: str, name: str) -> dict[str, Any]:
    """A sample as it is on disk."""
    loaded: dict[str, Any] = json.loads((ROOT / slug / f"{name}.json").read_text())
    return loaded


def request(slug: str, name: str, **changes: Any) -> WebRequest:
    """The request of a sample, with `changes` to its fields."""
    kept = raw(slug, name)
    made = WebRequest(
        method=kept["method"],
        query=kept["query"],
        headers=kept["headers"],
        body=kept["body"].encode(),
        remote_ip=kept.get("remote_ip", "203.0.113.9"),
        received_at=datetime.fromisoformat(kept["received_at"]),
        vouched_by=kept.get("vouched_by", ""),
    )
    return replace(made, **changes)


def told(message: Inbound) -> dict[str, Any]:
    """A message in the form in which samples state what they expect, without what is empty."""
    place = message.place
    seen = {
        "external_id": message.external_id,
        "sender": message.sender.id,
        "phone": message.sender.phone,
        "name": message.sender.name,
        "kind": message.kind,
        "text": message.text,
        "sent_at": message.sent_at,
        "media": [[m.kind, m.reference, m.content_type, m.filename] for m in message.media],
        "place": [place.lat, place.lng, place.address] if place else None,
        "event": message.event,
        "event_key": message.extra.get("event_key", ""),
        "whole": message.whole,
    }
    return {name: value for name, value in seen.items() if value}


def expected(slug: str, name: str) -> list[dict[str, Any]]:
    """What a sample states."""
    return [
        row | {"sent_at": datetime.fromisoformat(row["sent_at"])} if "sent_at" in row else row
        for row in raw(slug, name)["expect"]
    ]


def nulled(body: bytes, wanted: set[str]) -> list[bytes]:
    """The JSON body once for each value that reads as one of `wanted`, with null in its place; none for XML."""
    try:
        values = list(_leaves(json.loads(body)))
    except ValueError:
        return []
    return [_without(body, path) for path, value in values if str(value) in wanted]


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, name))
    else:
        yield path, value


def _without(body: bytes, path: tuple[Any, ...]) -> bytes:
    made = json.loads(body)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = None
    return json.dumps(made, ensure_ascii=False).encode()

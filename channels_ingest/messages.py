"""What crosses the border of a channel: plain, frozen values without Django in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

InboundKind = Literal["text", "voice", "image", "video", "location", "link", "event", "unknown"]
MediaKind = Literal["image", "voice", "video", "file"]


@dataclass(frozen=True, slots=True)
class WebRequest:
    """One HTTP request as it came in; header names are lower case, the body is untouched."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    remote_ip: str
    received_at: datetime
    # Who vouched for this request before the adapter saw it: "key:<prefix>" for an API key, "form" for a
    # CSRF-checked page of ours, "exchange" for our own telephone side, "link" for the process of the SMS links,
    # "" for the open internet.
    vouched_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP response that the channel expects."""

    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sender:
    """The citizen as the channel knows them."""

    id: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class GeoPlace:
    """A place that the citizen or their device gave."""

    lat: float | None = None
    lng: float | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, a voice, a video or a file; `content` is None until it is fetched by `reference`.

    `awaited`: it does not exist yet (a call goes on) and will be attached by who makes it.
    """

    kind: MediaKind
    reference: str
    content: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    filename: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a citizen, whatever the channel."""

    external_id: str
    sender: Sender
    kind: InboundKind
    text: str = ""
    sent_at: datetime | None = None
    media: tuple[Media, ...] = ()
    place: GeoPlace | None = None
    event: str = ""
    whole: bool = False  # a request complete in itself, never part of a conversation
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """Words answered within the same HTTP response, when the channel can do that."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Words to a citizen later on; `fields` fill a vendor's template where free text is not allowed."""

    kind: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    key: str = ""
    last_heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the vendor said to a sending; `retry` tells whether trying again can help."""

    accepted: bool
    reference: str = ""
    error: str = ""
    retry: bool = False
    # Nobody knows whether the vendor took it: it is not sent again, and shown as perhaps sent.
    unsure: bool = False
    # Kept by a process that sends it later and tells the outcome itself; asked again, it tells how far it got.
    handed_over: bool = False

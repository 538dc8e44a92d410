"""The contract of a channel: everything that the core asks of it, and nothing by name."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, Protocol, final

from django.utils.functional import Promise

from channels_ingest.errors import BadPayload, BadSignature, MediaUnavailable, TooLarge
from channels_ingest.messages import Answer, GeoPlace, Inbound, Media, Notice, Receipt, Reply, WebRequest


class Account(Protocol):
    """One account at a vendor (an official account, an SMS number): where its settings come from."""

    @property
    def name(self) -> str: ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The settings with secrets readable; never log or show them."""
        ...


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an account, for the admin page and the start-up check."""

    name: str
    label: str
    required: bool = True
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; the core chooses by these, so that it never asks for a channel's name."""

    passive_reply: bool = False  # answers within the same HTTP response
    push: bool = False  # can send words later
    push_window: timedelta | None = None  # free words only this long after the citizen's last message
    templates: bool = False  # can send an approved template after the window
    gives_up: bool = False  # its platform does not send a message again for hours: it is kept on disk meanwhile
    followed_on_page: bool = False  # its citizens read everything on our own page
    sends_once: bool = False  # asked to send words of the same key again, it sends them no second time
    short_messages: bool = False  # paid by the segment: prefer the short wording
    max_text: int = 2000
    max_body: int = 64 * 1024


class Adapter(ABC):
    """One channel. Write `verify`, `parse` and `acknowledge`; the rest has sensible answers."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    capabilities: ClassVar[Capabilities]
    options: ClassVar[tuple[Option, ...]] = ()
    # The vendor signs nothing: the last part of the address is then a secret, not a name.
    secret_address: ClassVar[bool] = False
    # Files are at hand while the message is processed; elsewhere a job asks the vendor for them.
    media_at_hand: ClassVar[bool] = False
    # Open to the internet under /in/<slug>/; False for channels that our own pages and API speak.
    webhook: ClassVar[bool] = True

    @abstractmethod
    def verify(self, request: WebRequest, account: Account) -> None:
        """Raise BadSignature or Replayed unless this request may be believed."""

    @abstractmethod
    def parse(self, request: WebRequest, account: Account) -> list[Inbound]:
        """Read the messages; pure, and called only after `verify`. Raise BadPayload when unreadable."""

    @abstractmethod
    def acknowledge(
        self, request: WebRequest, account: Account, replies: Sequence[tuple[Inbound, Reply | None]]
    ) -> Answer:
        """Say in the vendor's form that the messages are kept, with a reply where the channel can."""

    def handshake(self, request: WebRequest, account: Account) -> Answer | None:
        """Answer the vendor's address check (GET), already verified; None when the vendor has none."""
        return None

    def fetch_media(self, account: Account, media: Media) -> Media:
        """Return `media` with its content, asked from the vendor."""
        raise MediaUnavailable(f"{self.slug} has no media to fetch", retry=False)

    def send(self, account: Account, recipient: str, notice: Notice) -> Receipt:
        """Send words to a citizen; raises nothing for a vendor's refusal, the receipt tells it."""
        return Receipt(accepted=False, error=f"{self.slug} cannot send")

    def problems(self, account: Account) -> list[str]:
        """What is wrong with the account's settings beyond what is missing, in words for its operator."""
        return []

    def outages(self, account: Account) -> list[str]:
        """What keeps a well configured account from working just now, in words for its operator."""
        return []

    @final
    def read(self, request: WebRequest, account: Account) -> list[Inbound]:
        """Size, then signature, then words: the one door, so that no check can be forgotten."""
        self.admit(request, account)
        return self.reread(request, account)

    @final
    def reread(self, request: WebRequest, account: Account) -> list[Inbound]:
        """Read a request that was admitted before and kept; its signature's time has long passed."""
        try:
            return [checked(message) for message in self.parse(request, account)]
        except UNREADABLE as error:
            raise BadPayload(f"not a {self.slug} message: {type(error).__name__}") from error

    @final
    def admit(self, request: WebRequest, account: Account) -> None:
        """Refuse a request that is too large or not believable."""
        if len(request.body) > self.capabilities.max_body:
            raise TooLarge(f"{len(request.body)} bytes")
        self._require_secrets(account)
        try:
            self.verify(request, account)
        except UNREADABLE as error:
            raise BadSignature(f"cannot be verified: {type(error).__name__}") from error

    def _require_secrets(self, account: Account) -> None:
        """A signature made with an empty secret is one that anybody can make."""
        needed = [option.name for option in self.options if self.webhook and option.required and option.secret]
        options = account.options if needed else {}
        if missing := [name for name in needed if not str(options.get(name) or "").strip()]:
            raise BadSignature(f"the account's settings lack {', '.join(missing)}")


# What reading somebody else's bytes can raise; anything else is a fault of ours and shall be seen.
# OSError is how datetime refuses a time too large; parsing opens nothing.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_ID, LONGEST_SENDER, LONGEST_ADDRESS = 200, 128, 200


def clean_text(text: str) -> str:
    """Words that a database and a page can hold: no control characters, no lone surrogates."""
    return CONTROL.sub("", text.encode("utf-8", "replace").decode("utf-8")).replace("\r\n", "\n").strip()


def required_text(row: Mapping[str, Any], name: str) -> str:
    """A text, or a number as text; null is neither, and would make one message or one sender of all."""
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadPayload(f"{name} is neither a text nor a whole number")
    return str(value)


def checked(message: Inbound) -> Inbound:
    """Refuse a message that cannot be told from another or has no sender; clean its words."""
    for value, longest in ((message.external_id, LONGEST_ID), (message.sender.id, LONGEST_SENDER)):
        if not value.strip() or len(value) > longest or clean_text(value) != value:
            raise BadPayload("a message needs an id and a sender")
    sender = replace(
        message.sender, name=clean_text(message.sender.name)[:100], phone=clean_text(message.sender.phone)[:32]
    )
    return replace(message, text=clean_text(message.text), sender=sender, place=checked_place(message.place))


def checked_place(place: GeoPlace | None) -> GeoPlace | None:
    """The place without coordinates that are nowhere on earth, its words clean; None when nothing is left."""
    if place is None:
        return None
    lat, lng = place.lat, place.lng
    if lat is None or lng is None or not (-90 <= lat <= 90 and -180 <= lng <= 180):  # no order holds for NaN
        lat = lng = None
    address = clean_text(place.address)[:LONGEST_ADDRESS]
    return GeoPlace(lat, lng, address) if address or lat is not None else None

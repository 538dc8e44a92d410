"""What can go wrong at the border of a channel.

ChannelError
├── Refused                 the request is not let in (each carries its HTTP status)
│   ├── BadSignature   403  not from the vendor, or not vouched for
│   ├── Replayed       403  a true signature, but too old or seen before
│   ├── BadPayload     400  cannot be read as this vendor's message
│   └── TooLarge       413  more bytes than a message can have
├── MediaUnavailable        the vendor does not give the file (now, or ever: `retry`)
└── SendFailed              the vendor did not take our words, or did not say (`retry`, `unsure` as in Receipt)
"""

from channels_ingest.messages import Receipt


class ChannelError(Exception):
    """Anything that this package raises about a channel."""


class Refused(ChannelError):
    """The request is not let in; nothing was kept and nothing was made."""

    status = 400


class BadSignature(Refused):
    """The request was not signed by the vendor, or nobody vouched for it."""

    status = 403


class Replayed(Refused):
    """The signature is true but its time is outside the window."""

    status = 403


class BadPayload(Refused):
    """The body cannot be read as a message of this vendor."""

    status = 400


class TooLarge(Refused):
    """The body is larger than any message of this channel."""

    status = 413


class MediaUnavailable(ChannelError):
    """The vendor did not hand out a file."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


class SendFailed(ChannelError):
    """A vendor call did not succeed; the message never holds a secret."""

    def __init__(self, message: str, *, retry: bool, code: int | str = "", unsure: bool = False) -> None:
        super().__init__(message)
        self.retry = retry
        self.code = code
        self.unsure = unsure

    def receipt(self) -> Receipt:
        """The same as what an adapter answers to a sending."""
        return Receipt(accepted=False, error=str(self), retry=self.retry, unsure=self.unsure)

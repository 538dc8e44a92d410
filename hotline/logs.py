"""Log lines with personal data taken out, and with what opens a door: codes, secret addresses, tokens."""

import logging
import re
from types import TracebackType

PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
# Ticket numbers have 18 digits as well; no identity card begins with 12345.
IDENTITY_CARD = re.compile(r"(?<!\d)(?!12345)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
ADDRESS = re.compile(r"(/(?:t|chat|rate|ask/done|ask/kept|in/[\w-]+)/)[^/\s\"'?]+")
"""Django names the address of every refused request: the citizen's code and a channel's secret are parts of it."""
SECRET = re.compile(
    r"((?:signature|token|secret|password|proof)(?:[\"']:\s*|\s*=\s*)[\"']?|\bbearer )[^\s&\"',}]+", re.IGNORECASE
)
QUOTED = re.compile(r"[^\x00-\x7f]+")
"""The words of an error quote what was sent: Chinese in it is the citizen's."""
VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
"""Where PostgreSQL quotes the row that it refused."""


def without_personal_data(text: str) -> str:
    """Mask mobile numbers (138****0000), identity-card numbers, codes in addresses and secrets in `text`."""
    text = IDENTITY_CARD.sub(r"\1********\2", PHONE.sub(r"\1****\2", text))
    return SECRET.sub(r"\1***", ADDRESS.sub(r"\1***", text))


class LineFormatter(logging.Formatter):
    """One readable line per record: time, level, logger, message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, its traceback included, with mobile and identity-card numbers masked."""
        return without_personal_data(super().format(record))

    def formatException(  # noqa: N802 - logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it went wrong and of what kind it is; not the values that its words quote."""
        return QUOTED.sub("…", VALUES.sub(r"\1: …", super().formatException(ei)))

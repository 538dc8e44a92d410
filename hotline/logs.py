"""Log lines with personal data taken out."""

import logging
import re

PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
# Ticket numbers have 18 digits as well; no identity card begins with 12345.
IDENTITY_CARD = re.compile(r"(?<!\d)(?!12345)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")


def without_personal_data(text: str) -> str:
    """Mask mobile numbers (138****0000) and identity-card numbers in `text`."""
    return IDENTITY_CARD.sub(r"\1********\2", PHONE.sub(r"\1****\2", text))


class LineFormatter(logging.Formatter):
    """One readable line per record: time, level, logger, message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return without_personal_data(super().format(record))

"""Writes outgoing words into the log instead of sending them: for the demonstration and for trials."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from channels_ingest.messages import Notice, Receipt

log = logging.getLogger(__name__)


def send(options: Mapping[str, Any], recipient: str, notice: Notice) -> str:
    """Log the words (the log masks numbers) and call them sent."""
    log.info("to %s: %s", recipient, notice.text)
    return f"console-{uuid4().hex[:12]}"


def receipt(recipient: str, notice: Notice) -> Receipt:
    """The same as a receipt."""
    return Receipt(accepted=True, reference=send({}, recipient, notice))

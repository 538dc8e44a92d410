"""What WeChat and Weibo share: a SHA-1 over sorted parts in the query, and a time that must be fresh."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from channels_ingest.errors import BadSignature, Replayed

REPLAY_WINDOW = timedelta(minutes=10)
MILLISECONDS_FROM = 10**11


def require_signature(given: str, *parts: str) -> None:
    """Refuse unless `given` is the SHA-1 over the sorted parts, one of which is the secret."""
    right = hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise BadSignature("signature")


def refuse_old(timestamp: str, now: datetime) -> None:
    """A true signature from another day is a replay; seconds or milliseconds since 1970."""
    try:
        number = int(timestamp)
        sent = datetime.fromtimestamp(number / 1000 if number > MILLISECONDS_FROM else number, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadSignature("timestamp") from error
    if abs(now - sent) > REPLAY_WINDOW:
        raise Replayed("timestamp outside the window")

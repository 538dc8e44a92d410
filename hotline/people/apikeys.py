"""Keys of other systems: made once, shown once, kept as SHA-256, checked on every request."""

import hashlib
import secrets
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from hotline.people.addresses import client_address, is_within
from hotline.people.models import ApiKey

PREFIX_LENGTH = 8


def digest_of(key: str) -> str:
    """SHA-256 of the whole key, hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def issue(
    *, name: str, scopes: list[str], key: str | None = None, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key and return its row with the plain key, which is never shown again."""
    plain = key or secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        name=name,
        prefix=plain[:PREFIX_LENGTH],
        digest=digest_of(plain),
        scopes=scopes,
        expires_at=expires_at,
    )
    return row, plain


def bearer_of(request: HttpRequest) -> str:
    """The token of an `Authorization: Bearer …` header, or empty."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def authenticate(request: HttpRequest) -> ApiKey | None:
    """The valid key that the request carries, or None: unknown, expired, revoked or from elsewhere."""
    token = bearer_of(request)
    row = ApiKey.objects.filter(digest=digest_of(token), revoked_at=None).first() if token else None
    if row is None or (row.expires_at and row.expires_at <= timezone.now()):
        return None
    return row if _comes_from_allowed_network(request, row) else None


def _comes_from_allowed_network(request: HttpRequest, row: ApiKey) -> bool:
    return not row.allowed_networks or is_within(client_address(request), row.allowed_networks)

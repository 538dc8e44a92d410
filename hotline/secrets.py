"""Refuse to start on a missing or weak secret."""

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32


def strong_secret(value: str, name: str) -> str:
    """Return `value` when it is long and varied enough, else stop with what to set."""
    if len(value) < SHORTEST or len(set(value)) < 8:
        raise ImproperlyConfigured(
            f"{name} must be set to at least {SHORTEST} random characters, for example from "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    return value

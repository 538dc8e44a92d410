"""Fields of a JSON request, as our own pages and the open interface share them: read, checked, named."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from channels_ingest.errors import BadPayload
from channels_ingest.messages import GeoPlace, Media

REQUEST_TYPES = ("consultation", "help", "complaint", "report", "suggestion", "praise", "other")
MOST_FILES = 6
"""Of one message."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999
"""Between these somebody can have lived through what they tell."""


class BadFields(BadPayload):
    """Readable, but some fields are wrong: {field: sentence}."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = errors


class Fields:
    """Reads fields of one JSON object and remembers what was wrong, so that all is told at once."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise BadPayload("an object is expected")
        self.data: Mapping[str, Any] = data
        self.errors: dict[str, str] = {}

    def text(self, name: str, *, longest: int, required: bool = False) -> str:
        """A string without surrounding space."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.errors[name] = "required"
            return ""
        if not isinstance(value, str) or len(value) > longest:
            self.errors[name] = f"a text of at most {longest} characters"
            return ""
        if required and not value.strip():
            self.errors[name] = "required"
        return value.strip()

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`, or empty when absent."""
        value = self.text(name, longest=40)
        if value and value not in allowed:
            self.errors[name] = f"one of {', '.join(allowed)}"
        return value

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, bool):
            self.errors[name] = "true or false"
        return value is True

    def moment(self, name: str) -> datetime | None:
        """An ISO 8601 moment with its offset."""
        value = self.text(name, longest=40)
        if not value:
            return None
        try:
            moment = parse_datetime(value)
            # One kept outside the years that PostgreSQL and Python share could never be read again.
            moment = moment.astimezone(UTC) if moment and moment.tzinfo else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            self.errors[name] = "an ISO 8601 time with an offset, such as 2026-11-21T09:30:00+08:00"
            return None
        return moment

    def place(self, name: str) -> GeoPlace | None:
        """{address?, lat?, lng?}, or None when absent."""
        value = self.data.get(name)
        if not value:
            return None
        inner = value if isinstance(value, dict) else {}
        address, lat, lng = inner.get("address", ""), inner.get("lat"), inner.get("lng")
        if not isinstance(address, str) or not _on_earth(lat, lng) or not (address or lat is not None):
            self.errors[name] = "{address, lat, lng}: an address, or both coordinates"
            return None
        return GeoPlace(lat, lng, address[:200])

    def files(self, name: str, *, most: int) -> tuple[Media, ...]:
        """[{filename, content (base64)}]; what they really are is found out when they are kept."""
        rows = self.data.get(name) or []
        if not isinstance(rows, list) or len(rows) > most:
            self.errors[name] = f"a list of at most {most} files"
            return ()
        try:
            return tuple(
                Media(
                    "file",
                    f"{index}",
                    base64.b64decode(row["content"], validate=True),
                    "",
                    str(row["filename"])[:120],
                )
                for index, row in enumerate(rows)
            )
        except (KeyError, TypeError, ValueError, binascii.Error):
            self.errors[name] = "each file has a filename and a base64 content"
            return ()

    def inner(self, name: str) -> "Fields":
        """An object inside this one; its errors are told under `name`."""
        value = self.data.get(name)
        fields = Fields(value if isinstance(value, dict) else {})
        if value is not None and not isinstance(value, dict):
            self.errors[name] = "an object is expected"
        return fields

    def done(self, **inner: "Fields") -> None:
        """Raise BadFields when anything was wrong here or inside."""
        errors = dict(self.errors)
        for name, fields in inner.items():
            errors |= {f"{name}.{field}": why for field, why in fields.errors.items()}
        if errors:
            raise BadFields(errors)


def _on_earth(lat: Any, lng: Any) -> bool:
    if lat is None and lng is None:
        return True
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (lat, lng))
    return numbers and -90 <= lat <= 90 and -180 <= lng <= 180

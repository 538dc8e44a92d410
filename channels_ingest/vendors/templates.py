"""Approved templates of an account: which one a notice uses, and what goes into its blanks."""

from collections.abc import Mapping
from typing import Any

from channels_ingest.errors import SendFailed
from channels_ingest.messages import Notice


def template_for(options: Mapping[str, Any], notice: Notice) -> Mapping[str, Any]:
    """The account's template for this kind of notice, else its `default`; SendFailed without either."""
    templates: Mapping[str, Mapping[str, Any]] = options.get("templates") or {}
    found = templates.get(notice.kind) or templates.get("default")
    if not found:
        raise SendFailed(f"no template is set for {notice.kind}", retry=False)
    return found


def value_of(notice: Notice, source: str) -> str:
    """A template blank: `text` is the whole sentence, any other name one field of the notice."""
    return notice.text if source == "text" else notice.fields.get(source, "")

"""Reads a vendor's XML without letting it expand entities or fetch anything."""

from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from channels_ingest.errors import BadPayload


def leaf_texts(body: bytes) -> dict[str, str]:
    """The root's children as name → text; BadPayload for a DTD, an entity, garbage or another encoding."""
    try:
        root = fromstring(body.decode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as error:
        raise BadPayload(f"unreadable XML: {type(error).__name__}") from error
    return {child.tag: child.text or "" for child in root}

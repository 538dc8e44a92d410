"""Long messages: cut into pieces with the header 05 00 03 (GSM 03.40, 9.2.3.24.1), and read again."""

from dataclasses import dataclass

from channels_ingest.sms_links.dialect import Coding, Uplink

ALONE_OCTETS, JOINED_OCTETS = 140, 134  # 70 UCS2 characters alone, 67 behind a header of six octets
MOST_PIECES = 255
CONCATENATED_8, CONCATENATED_16 = 0x00, 0x08  # information elements of the header


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a long message, or a whole short one (`total` 1)."""

    text: str
    reference: int = 0
    total: int = 1
    index: int = 1


def cut(text: str, reference: int) -> list[bytes]:
    """The UCS2 octets of each piece; no character is torn in two."""
    raw = text.encode("utf-16-be")
    if len(raw) <= ALONE_OCTETS:
        return [raw]
    bodies = list(_slices(raw))
    if len(bodies) > MOST_PIECES:
        raise ValueError(f"{len(bodies)} pieces, at most {MOST_PIECES}")
    return [bytes([5, 0, 3, reference, len(bodies), index]) + body for index, body in enumerate(bodies, 1)]


def _slices(raw: bytes) -> list[bytes]:
    slices, at = [], 0
    while at < len(raw):
        end = min(at + JOINED_OCTETS, len(raw))
        if end < len(raw) and 0xD8 <= raw[end - 2] <= 0xDB:  # the first half of a pair: it moves to the next piece
            end -= 2
        slices.append(raw[at:end])
        at = end
    return slices


def read(uplink: Uplink) -> Part:
    """The words of an uplink and where they belong; a header that cannot be understood is taken off and ignored."""
    content, place = uplink.content, uplink.part
    if uplink.udhi and content:
        size = content[0] + 1
        place = _place(content[1:size]) or place
        content = content[size:]
    if uplink.coding is Coding.UCS2:
        content = content[: len(content) // 2 * 2]
    text = content.decode(uplink.coding.value, "replace") if uplink.coding is not Coding.BINARY else ""
    if place is None:
        return Part(text)
    reference, total, index = place
    return Part(text, reference, total, index) if 1 <= index <= total and total > 1 else Part(text)


def _place(header: bytes) -> tuple[int, int, int] | None:
    at = 0
    while at + 2 <= len(header):
        element, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if element == CONCATENATED_8 and len(value) == 3:
            return value[0], value[1], value[2]
        if element == CONCATENATED_16 and len(value) == 4:
            return int.from_bytes(value[:2], "big"), value[2], value[3]
        at += 2 + length
    return None

"""Long messages cut and read again."""

from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.sms_links import segments
from channels_ingest.sms_links.dialect import Coding, Uplink
from channels_ingest.sms_links.segments import Part


def uplink(
    content: bytes, coding: Coding = Coding.UCS2, udhi: bool = False, part: tuple[int, int, int] | None = None
) -> Uplink:
    return Uplink(1, "id", "13800000001", "12345", content, coding, udhi, part)


def test_seventy_characters_are_one_piece_and_one_more_are_two_with_a_header() -> None:
    assert segments.cut("水" * 70, 7) == [("水" * 70).encode("utf-16-be")]
    first, second = segments.cut("水" * 71, 7)
    assert first == bytes([5, 0, 3, 7, 2, 1]) + ("水" * 67).encode("utf-16-be")
    assert second == bytes([5, 0, 3, 7, 2, 2]) + ("水" * 4).encode("utf-16-be")


def test_a_character_of_two_units_is_not_torn() -> None:
    first, second = segments.cut("水" * 66 + "😀" + "水" * 10, 0)
    assert first[6:].decode("utf-16-be") == "水" * 66
    assert second[6:].decode("utf-16-be") == "😀" + "水" * 10


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=800), st.integers(0, 255))
def test_what_is_cut_reads_as_it_was(text: str, reference: int) -> None:
    pieces = segments.cut(text, reference)
    parts = [segments.read(uplink(piece, udhi=len(pieces) > 1)) for piece in pieces]
    assert "".join(part.text for part in parts) == text
    assert [part.index for part in parts] == list(range(1, len(pieces) + 1))
    assert {part.total for part in parts} == {len(pieces)}
    assert all(len(piece) <= 140 for piece in pieces)


def test_a_header_with_a_reference_of_two_octets_is_read_too() -> None:
    content = bytes([6, 8, 4, 0x12, 0x34, 3, 2]) + "路灯".encode("utf-16-be")
    assert segments.read(uplink(content, udhi=True)) == Part("路灯", 0x1234, 3, 2)


def test_another_header_is_taken_off() -> None:
    ports = bytes([6, 5, 4, 0x0B, 0x84, 0, 0]) + "路灯".encode("utf-16-be")
    assert segments.read(uplink(ports, udhi=True)) == Part("路灯")


def test_impossible_places_are_ignored() -> None:
    for total, index in ((2, 0), (2, 3), (1, 1), (0, 0)):
        content = bytes([5, 0, 3, 9, total, index]) + "灯".encode("utf-16-be")
        assert segments.read(uplink(content, udhi=True)) == Part("灯")


def test_the_place_may_be_told_beside_the_words() -> None:
    assert segments.read(uplink(b"abc", Coding.TEXT, part=(9, 2, 2))) == Part("abc", 9, 2, 2)


def test_words_in_gb_and_words_that_are_none() -> None:
    assert segments.read(uplink("路灯不亮".encode("gb18030"), Coding.GB)) == Part("路灯不亮")
    assert segments.read(uplink(b"\xff\xd8\xff", Coding.BINARY)) == Part("")
    assert segments.read(uplink(b"\x4e\x2d\x56", Coding.UCS2)) == Part("中"), "an octet too many is dropped"


@given(st.binary(max_size=200), st.sampled_from(list(Coding)), st.booleans())
def test_any_octets_are_read(content: bytes, coding: Coding, udhi: bool) -> None:
    part = segments.read(uplink(content, coding, udhi))
    assert 1 <= part.index <= part.total

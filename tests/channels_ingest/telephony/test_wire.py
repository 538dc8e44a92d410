"""AudioSocket frames: exact bytes, and the same frames whatever pieces they arrive in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.telephony.wire import Decoder, Frame, Kind

frames = st.lists(st.builds(Frame, st.integers(0, 255), st.binary(max_size=700)), max_size=8)


def test_a_frame_on_the_wire() -> None:
    assert Frame(Kind.AUDIO_16K, b"\1\2\3").encode() == b"\x12\x00\x03\1\2\3"
    assert Frame(Kind.HANG_UP).encode() == b"\x00\x00\x00"


@given(sent=frames, cuts=st.lists(st.integers(0, 6000), max_size=12))
def test_frames_survive_any_cutting(sent: list[Frame], cuts: list[int]) -> None:
    data = b"".join(frame.encode() for frame in sent)
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    decoder, heard = Decoder(), []

    for start, end in pairwise(edges):
        heard += decoder.feed(data[start:end])

    assert heard == sent

"""Decoding: every format a citizen can send, its quirks, and what is refused."""

from __future__ import annotations

import random

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.speech.engine import RATE
from nlp.speech.errors import TooLong, Undecodable
from nlp.speech.media import Limits, decode
from nlp.speech.playback import playable
from tests.nlp.speech.sounds import (
    ENCODINGS,
    SAMPLES,
    TONE,
    dominant_frequency,
    encode,
    encoded_tone,
    silence,
    tone,
)

AMR_HEADER = b"#!AMR\n"
NO_DATA = b"\x7c"  # a frame of no bytes: 20 ms of comfort noise
AMR_FRAME_SECONDS = 0.02
AMR_FRAME_BYTES = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
COMFORT_NOISE = 8
WAV_FORMAT = bytes.fromhex("1000000099990100401f0000803e000002001000")  # 0x9999: a codec that nobody has
UNKNOWN_CODEC = b"RIFF\xff\0\0\0WAVEfmt " + WAV_FORMAT + b"data\0\1\0\0" + bytes(256)


def amr_frame_types(data: bytes) -> list[int]:
    types, position = [], len(AMR_HEADER)
    while position < len(data):
        types.append(data[position] >> 3 & 15)
        position += 1 + AMR_FRAME_BYTES[types[-1]]
    return types


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_format_keeps_its_tone_and_length(encoding: str) -> None:
    pcm = decode(encoded_tone(encoding))

    assert pcm.rate == RATE
    assert len(pcm.samples) == pytest.approx(pcm.seconds * RATE * 2)
    assert pcm.seconds == pytest.approx(1.0, abs=0.08)
    assert dominant_frequency(pcm.samples, RATE) == pytest.approx(TONE, abs=3)


def test_pcm_at_our_rate_comes_through_unchanged() -> None:
    assert decode(encoded_tone("wav")).samples == tone(1.0, RATE).tobytes()


def test_stereo_is_mixed_down() -> None:
    both = np.stack([tone(1.0, RATE), silence(1.0, RATE)], axis=1)

    pcm = decode(encode(both, "wav", layout="stereo"))

    assert pcm.seconds == 1.0
    assert dominant_frequency(pcm.samples, RATE) == TONE


def test_amr_comfort_noise_frames_are_decoded() -> None:
    speech_pause_speech = np.concatenate([tone(1.0, 8000), silence(2.0, 8000), tone(1.0, 8000)])
    data = encode(speech_pause_speech, "amr-nb", {"dtx": "1"})
    types = amr_frame_types(data)
    assert COMFORT_NOISE in types

    pcm = decode(data)

    assert pcm.seconds == pytest.approx(len(types) * AMR_FRAME_SECONDS, abs=0.01)
    assert dominant_frequency(pcm.samples[-RATE:], RATE) == pytest.approx(TONE, abs=3)


def test_amr_wideband_with_comfort_noise() -> None:
    data = (SAMPLES / "tone.awb").read_bytes()

    pcm = decode(data + NO_DATA * 50)

    assert pcm.seconds == pytest.approx(0.4 + 50 * AMR_FRAME_SECONDS)
    assert dominant_frequency(pcm.samples[: RATE * 2 * 4 // 10], RATE) == pytest.approx(TONE, abs=3)


@pytest.mark.parametrize("hint", ["speex", "voice.speex", "audio/x-speex-with-header-byte; rate=16000"])
def test_wechat_speex_has_a_length_byte_before_each_frame(hint: str) -> None:
    pcm = decode((SAMPLES / "tone.speex").read_bytes(), hint)

    assert pcm.seconds == pytest.approx(0.42)
    assert dominant_frequency(pcm.samples, RATE) == pytest.approx(TONE, abs=3)


def test_speex_cut_within_a_frame_is_refused() -> None:
    with pytest.raises(Undecodable, match="cut off"):
        decode((SAMPLES / "tone.speex").read_bytes()[:-1], "speex")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_cut_in_half_gives_what_is_there(encoding: str) -> None:
    data = encoded_tone(encoding, seconds=4.0)
    if encoding == "m4a":  # its index is at the end
        with pytest.raises(Undecodable):
            decode(data[: len(data) // 2])
        return

    assert 1.5 <= decode(data[: len(data) // 2]).seconds <= 2.6


@settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from([b"", AMR_HEADER, b"#!AMR-WB\n", b"RIFF\x24\0\0\0WAVEfmt ", b"OggS\0\2", b"ID3\4"]),
    body=st.binary(max_size=600),
    hint=st.sampled_from([None, "speex", "amr", "audio/wav"]),
)
def test_garbage_is_decoded_or_refused_and_nothing_else(start: bytes, body: bytes, hint: str | None) -> None:
    try:
        pcm = decode(start + body, hint)
    except Undecodable:
        return
    assert pcm.seconds == len(pcm.samples) / 2 / RATE > 0


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param("我家水管破了".encode(), id="text"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(64), id="picture"),
        pytest.param(AMR_HEADER, id="a header alone"),
        pytest.param(UNKNOWN_CODEC, id="a codec nobody knows"),
        pytest.param(b"#EXTM3U\nfile:///etc/hostname\n", id="playlist"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/hostname\n", id="list of files"),
    ],
)
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)


def test_silk_is_named_in_the_refusal() -> None:
    with pytest.raises(Undecodable, match="SILK"):
        decode(b"\x02#!SILK_V3" + bytes(40))


def test_a_small_file_that_decodes_to_hours_is_stopped_at_the_limit() -> None:
    three_hours = AMR_HEADER + NO_DATA * (3 * 3600 * 50)

    with pytest.raises(TooLong, match="longer than 5 seconds"):
        decode(three_hours, limits=Limits(max_seconds=5))


def test_sound_of_exactly_the_limit_is_kept() -> None:
    assert decode(encoded_tone("wav"), limits=Limits(max_seconds=1.0)).seconds == 1.0


def test_a_file_over_the_size_limit_is_not_even_opened() -> None:
    with pytest.raises(TooLong, match="larger than 10 bytes"):
        decode(encoded_tone("wav"), limits=Limits(max_bytes=10))


@pytest.mark.parametrize("name", ["tone.awb", "tone.speex"])
def test_what_no_browser_plays_becomes_mp3(name: str) -> None:
    original = decode((SAMPLES / name).read_bytes(), name)

    result = playable((SAMPLES / name).read_bytes(), name)

    assert result.content_type == "audio/mpeg"
    assert result.seconds == original.seconds
    again = decode(result.content)
    assert again.seconds == pytest.approx(original.seconds, abs=0.1)
    assert dominant_frequency(again.samples, RATE) == pytest.approx(TONE, abs=5)


def test_ffmpeg_s_own_decoder_still_fails_on_comfort_noise() -> None:
    """Why another is used; when this fails, `_OPENCORE` in media.py can go."""
    comfort_noise = bytes([COMFORT_NOISE << 3 | 4]) + bytes(AMR_FRAME_BYTES[COMFORT_NOISE])
    decoder = av.CodecContext.create("amrnb", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate = 8_000
    decoder.layout = "mono"

    with pytest.raises(av.error.FFmpegError):
        decoder.decode(av.Packet(comfort_noise))


def test_sound_that_is_mostly_damaged_is_refused() -> None:
    data = encoded_tone("aac")
    damaged = data[:200] + random.Random(1).randbytes(len(data) - 200)

    with pytest.raises(Undecodable, match="Most of the sound is damaged"):
        decode(damaged)

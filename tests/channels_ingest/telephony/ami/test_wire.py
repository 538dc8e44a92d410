"""The manager interface's bytes: whatever pieces they arrive in, whatever somebody would smuggle into an order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.telephony.ami.wire import MOST_BYTES, BadWire, Decoder, Message, encode

CAPTURED = Path(__file__).parent / "captured"
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,15}", fullmatch=True)
values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


def decoded(data: bytes) -> list[Message]:
    return Decoder().feed(BANNER + data)


@given(st.lists(st.lists(st.tuples(names, values), min_size=1, max_size=8), max_size=5), st.data())
def test_messages_come_whole_in_whatever_pieces(messages: list[list[tuple[str, str]]], data: st.DataObject) -> None:
    text = BANNER + b"".join(
        "".join(f"{name}: {value}\r\n" for name, value in lines).encode() + b"\r\n" for lines in messages
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    decoder, found = Decoder(), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        found += decoder.feed(text[start:end])
    assert [message.lines for message in found] == [tuple(lines) for lines in messages]
    assert decoder.banner == "11.0.0"


@given(names, st.dictionaries(names, values, max_size=5))
def test_what_is_sent_is_read_as_what_was_meant(action: str, fields: dict[str, str]) -> None:
    (message,) = decoded(encode(action, fields))
    assert message.lines == (("Action", action), *fields.items())


@given(values, st.sampled_from("\r\n\0"), values)
def test_a_value_cannot_begin_a_line_of_its_own(before: str, sign: str, after: str) -> None:
    with pytest.raises(BadWire):
        encode("Setvar", {"Value": before + sign + after})


@pytest.mark.parametrize("name", ["", "Value\r\nAction", "Va lue", "Value:", "值"])
def test_nor_can_a_name(name: str) -> None:
    with pytest.raises(BadWire):
        encode("Setvar", {name: "1"})


def test_a_list_is_a_line_each() -> None:
    data = encode("Originate", {"Variable": ["A=1", "B=2"]})
    assert data == b"Action: Originate\r\nVariable: A=1\r\nVariable: B=2\r\n\r\n"


def test_names_are_found_in_any_case_and_the_first_of_several_counts() -> None:
    (message,) = decoded(b"Event: X\r\nUniqueid: 1.2\r\nOutput: a\r\nOutput: b\r\n\r\n")
    assert message["UniqueID"] == "1.2"
    assert message["Output"] == "a"
    assert message.all("output") == ["a", "b"]
    assert "nothing" not in message


def test_what_asterisk_does_not_know_is_empty() -> None:
    (message,) = decoded(b"Event: X\r\nCallerIDNum: <unknown>\r\nExten: 12345\r\nEmpty: \r\n\r\n")
    assert [message.text(name) for name in ("CallerIDNum", "Exten", "Empty", "Missing")] == ["", "12345", "", ""]


def test_chinese_cut_in_the_middle_of_a_sign_is_whole() -> None:
    text = BANNER + "Event: X\r\nCallerIDName: 李坐席\r\n\r\n".encode()
    decoder = Decoder()
    found = [message for at in range(len(text)) for message in decoder.feed(text[at : at + 1])]
    assert found[0]["CallerIDName"] == "李坐席"


@pytest.mark.parametrize("first", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 400\r\n", b"Asterisk Call Manager/\r\n"])
def test_another_servers_greeting_is_refused(first: bytes) -> None:
    with pytest.raises(BadWire, match="not Asterisk"):
        Decoder().feed(first)


def test_a_message_without_end_is_not_kept_for_ever() -> None:
    decoder = Decoder()
    decoder.feed(BANNER)
    with pytest.raises(BadWire, match="longer"):
        decoder.feed(b"x" * (MOST_BYTES + 1))


def test_a_real_asterisks_login_is_read() -> None:
    found = Decoder().feed((CAPTURED / "login.txt").read_bytes())
    assert [message.event or message["Response"] for message in found] == [
        "Success",
        "FullyBooted",
        "Success",
        *["QueueParams", "QueueMember"] * 2,
        "QueueStatusComplete",
        "Success",
        "CoreShowChannelsComplete",
    ]

"""Keys that a caller presses: what menus and ratings ask for is kept, of a long number its length alone."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_ingest.telephony.record import CallRecord


def pressed(keys: str) -> list[str]:
    """What the journal holds after each key."""
    call = CallRecord(UUID(int=1), datetime(2026, 11, 22, tzinfo=UTC))
    lines = []
    for key in keys:
        call.pressed(key)
        lines.append(call.line()["keys"])
    return lines


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ("1", "1"),
        ("15", "15"),
        ("7921", "7921"),
        ("1##15", "1##15"),
        ("79213", "•••••"),
        ("1#11010519491231002*#", "•#" + "•" * 17 + "*#"),
        ("6222*0202*0001#", "••••*••••*••••#"),
        ("13800000001#12", "•••••••••••#••"),
        ("12##13800000001", "12##•••••••••••"),
    ],
)
def test_of_a_long_number_only_its_length_is_kept(keys: str, kept: str) -> None:
    assert pressed(keys)[-1] == kept


def test_no_more_keys_are_kept_than_the_database_takes() -> None:
    assert pressed("#*" * 80)[-1] == "#*" * 50


@given(st.text("0123456789", min_size=5, max_size=30))
def test_no_line_of_the_journal_ever_holds_more_than_four_digits_of_a_number(number: str) -> None:
    lines = pressed(number)
    assert max(sum(letter.isdigit() for letter in line) for line in lines) == 4
    assert lines[-1] == "•" * len(number)

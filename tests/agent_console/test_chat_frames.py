"""What a citizen's chat is sent: each of their ticket's lines that is theirs to see, read in one query."""

import pytest
from pytest_django import DjangoAssertNumQueries

from agent_console import live
from hotline.tickets import lifecycle
from hotline.tickets.parts import Words
from tests.factories import ticket

pytestmark = pytest.mark.django_db


def test_many_words_are_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    row = ticket()
    for number in range(5):
        lifecycle.add_words(ticket=row, words=Words(text=f"第{number}句"), channel="web")
    entries = list(row.ledger.order_by("sequence"))
    with django_assert_num_queries(1):
        frames = live.chat_frames(entries)
    said = [frame.message["text"] for frame, _feed in frames if isinstance(frame, live.ChatMessage)]
    assert said[-5:] == [f"第{number}句" for number in range(5)]
    assert len(frames) == len(entries), "what is not the citizen's moves the cursor on all the same"

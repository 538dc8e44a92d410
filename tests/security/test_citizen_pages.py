"""Attempts at the citizen's pages: odd codes, other people's patience, forms that cost more than they look."""

import io
import uuid
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from PIL import Image

from channels_ingest.citizen_web import acting, guard, uploads
from channels_ingest.forms import MOST_FILES
from hotline.tickets import closing, files
from hotline.tickets.states import State
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    file.seek(0)
    file.name = "a.png"
    return file


@pytest.mark.parametrize("page", ["/t/{}/", "/chat/{}/", "/rate/{}/", "/ask/done/{}/", "/t/{}/urge/"])
@pytest.mark.parametrize("code", ["%00", "AAAA%00AAAA", "%EF%BF%BD", "A" * 3000])
def test_a_code_of_any_characters_is_an_unknown_one(client: Client, page: str, code: str) -> None:
    assert client.get(page.format(code)).status_code in (404, 405)


@pytest.mark.parametrize("action", ["/t/{}/withdraw/", "/rate/{}/", "/t/{}/urge/"])
def test_who_was_a_moment_slower_is_told_and_sees_no_error(client: Client, cast: Cast, action: str) -> None:
    row = cast.ticket_in(State.FOLLOW_UP if "rate" in action else State.HANDLING)
    form = {"submission": uuid.uuid4(), "satisfied": 1}
    look = acting.access.is_open

    def look_then_lose(*asked: Any) -> bool:
        """Between this look and the act somebody else ends the ticket."""
        open_ = look(*asked)
        row.refresh_from_db()
        if row.state not in (State.WITHDRAWN, State.ARCHIVED):
            with patch.object(acting.access, "is_open", look):
                _end(cast, row)
        return open_

    with patch.object(acting.access, "is_open", look_then_lose):
        answer = client.post(action.format(row.public_code), form)
    assert (answer.status_code, answer.url) == (302, f"/t/{row.public_code}/")  # type: ignore[attr-defined]


def _end(cast: Cast, row: Any) -> None:
    from hotline.tickets import actors

    if row.state == State.HANDLING:
        closing.withdraw(ticket=row, by=actors.CITIZEN)
        return
    closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version)
    closing.archive(ticket=row, by=actors.staff(cast.quality), version=row.version)


def test_a_strangers_wrong_tails_do_not_keep_out_who_holds_the_code(client: Client) -> None:
    row = ticket()
    asked = [client.post("/follow/", {"number": row.number, "proof": f"000{n}"}).status_code for n in range(2, 8)]
    assert asked == [422] * guard.TAILS.most + [429]
    assert client.post("/follow/", {"number": row.number, "proof": "0001"}).status_code == 429
    answer = client.post("/follow/", {"number": row.number, "proof": row.public_code})
    assert (answer.status_code, answer.url) == (302, f"/t/{row.public_code}/")  # type: ignore[attr-defined]


def test_files_beyond_the_limit_are_not_looked_at() -> None:
    first = uploads.gather([picture()], [], "form")  # type: ignore[list-item]
    held = uploads.hold(first, "form")[0].ticket
    with patch.object(uploads.files, "examine", wraps=files.examine) as examine:
        again = uploads.gather([], [held] * 500, "form")
        assert (examine.call_count, len(again.uploads), again.problems) == (1, 1, [])
        crowd = uploads.gather([picture() for _each in range(99)], [held], "form")  # type: ignore[misc]
    assert (examine.call_count, len(crowd.uploads), len(crowd.problems)) == (1 + MOST_FILES, MOST_FILES, 1)


def test_small_forms_with_pictures_are_counted_too(client: Client) -> None:
    row = ticket()
    for _each in range(guard.UPLOADS.most):
        guard.UPLOADS.take("127.0.0.1")
    address = f"/t/{row.public_code}/words/"
    form = {"submission": uuid.uuid4(), "text": "在三栋"}
    assert client.post(address, form | {"attached": picture()}).status_code == 429
    assert client.post(address, form | {"held": "x"}).status_code == 429
    assert client.post(address, form).status_code == 302


def test_a_note_of_any_characters_is_kept_as_words(client: Client, cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    answer = client.post(f"/t/{row.public_code}/withdraw/", {"note": "已修好\0，谢谢"})
    assert answer.status_code == 302
    assert row.ledger.get(kind="withdrawn").data["note"] == "已修好，谢谢"

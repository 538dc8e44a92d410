"""Guessing names, passwords and codes, and riding on another's session: counted, answered alike, and ended."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from agent_console.login import OLD_PASSWORDS
from channels_ingest.citizen_web import uploads
from hotline.people import spraying
from hotline.people.addresses import socket_address
from hotline.people.models import Staff
from hotline.tickets import numbers
from tests.channels_ingest import samples
from tests.channels_ingest.jobs import queued
from tests.factories import PASSWORD, Cast, ticket
from tests.security.intakes import pushed, rows
from tests.security.test_citizen_pages import picture

pytestmark = pytest.mark.django_db
NEW = "another-horse-and-battery"


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post("/login/", {"username": name, "password": password})


def from_(number: int) -> Client:
    """A machine of a botnet."""
    return Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250 + 1}")


# --- passwords --------------------------------------------------------------------------------------------


def test_one_name_is_not_tried_from_a_thousand_addresses(cast: Cast) -> None:
    """Each address alone stays below its limit; the member of staff comes in from where they always do."""
    name, desk = cast.agent.username, Client(REMOTE_ADDR="203.0.113.7")
    assert sign_in(desk, name).status_code == 302
    told = [sign_in(from_(number), name, "wrong").status_code for number in range(spraying.NAMES.most + 3)]
    assert told == [200] * spraying.NAMES.most + [429] * 3
    assert sign_in(from_(900), name).status_code == 429, "not even with the right one"
    assert sign_in(Client(REMOTE_ADDR="203.0.113.7"), name).status_code == 302
    assert sign_in(from_(900), cast.lead.username).status_code == 302, "another name is not locked"


def test_a_lockout_is_seen_and_says_when_it_ends(cast: Cast, client: Client) -> None:
    answers = [sign_in(client, cast.agent.username, "wrong") for _each in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert re.search(r"15|稍后|分钟", answers[-1].content.decode())
    assert sign_in(client, cast.agent.username).status_code == 429


def test_whether_a_name_exists_is_told_neither_by_words_nor_by_time(cast: Cast) -> None:
    """A hash is what takes time: each attempt costs one, whoever is named."""
    Staff.objects.filter(pk=cast.lead.pk).update(is_active=False)
    hash_, seen = ScryptPasswordHasher.encode, {}
    for number, name in enumerate((cast.agent.username, cast.lead.username, "nobody-of-this-name", "x" * 150)):
        with patch.object(ScryptPasswordHasher, "encode", autospec=True, side_effect=hash_) as hashing:
            page = sign_in(from_(number), name, "wrong")
        text = re.sub(r'value="[^"]*"', "", page.content.decode())
        seen[name] = (page.status_code, hashing.call_count, text)
    assert len(set(seen.values())) == 1
    assert next(iter(seen.values()))[:2] == (200, 1)


def test_a_password_is_not_found_by_trying_at_somebodys_open_screen(cast: Cast, client: Client) -> None:
    def change(old: str) -> Any:
        return client.post("/password/", {"old_password": old, "new_password1": NEW, "new_password2": NEW})

    client.force_login(cast.agent, backend="django.contrib.auth.backends.ModelBackend")
    told = [change(f"wrong-{number}").status_code for number in range(OLD_PASSWORDS.most)]
    assert told == [200] * OLD_PASSWORDS.most
    assert "尝试次数太多" in change(PASSWORD).content.decode()
    cast.agent.refresh_from_db()
    assert cast.agent.check_password(PASSWORD), "not even with the right one"
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    assert change(PASSWORD).status_code == 302, "another account is not locked"


# --- sessions ---------------------------------------------------------------------------------------------


def test_a_session_that_somebody_else_made_is_not_signed_in(cast: Cast, client: Client) -> None:
    planted = SessionStore()
    planted["language"] = "zh"
    planted.save()
    client.cookies["sessionid"] = str(planted.session_key)
    assert sign_in(client, cast.agent.username).status_code == 302
    assert client.cookies["sessionid"].value != planted.session_key
    attacker = Client()
    attacker.cookies["sessionid"] = str(planted.session_key)
    assert attacker.get("/api/v1/me").status_code == 401
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("event", ["logout", "password", "dismissed", "expiry"])
def test_an_old_key_is_dead(cast: Cast, client: Client, event: str) -> None:
    sign_in(client, cast.agent.username)
    key = client.cookies["sessionid"].value
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/api/v1/me").status_code == 200
    if event == "logout":
        client.post("/logout/")
    elif event == "password":
        cast.agent.set_password("another-horse-battery")
        cast.agent.save()
    elif event == "dismissed":
        Staff.objects.filter(pk=cast.agent.pk).update(is_active=False)
    else:
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert thief.get("/api/v1/me").status_code == 401


def test_a_second_sign_in_as_somebody_else_takes_nothing_along(cast: Cast, client: Client) -> None:
    sign_in(client, cast.agent.username)
    first = client.cookies["sessionid"].value
    client.post("/logout/")
    sign_in(client, cast.clerk.username)
    assert client.cookies["sessionid"].value != first
    assert client.get("/api/v1/me").json()["username"] == cast.clerk.username


# --- codes ------------------------------------------------------------------------------------------------


def test_codes_are_not_tried_until_one_is_right() -> None:
    """Beyond the limit even the right one is not looked up from there; from elsewhere it is."""
    row, guesser = ticket(), Client(REMOTE_ADDR="203.0.113.66")
    for _each in range(numbers.WRONG_CODES.most - 1):
        numbers.WRONG_CODES.take("203.0.113.66")
    assert guesser.get(f"/t/{row.public_code}/").status_code == 200
    assert guesser.get("/t/AAAAAAAAAA/").status_code == 404
    for page in ("/t/{}/", "/chat/{}/", "/rate/{}/", "/ask/done/{}/"):
        assert guesser.get(page.format(row.public_code)).status_code == 429, page
    assert Client(REMOTE_ADDR="203.0.113.67").get(f"/t/{row.public_code}/").status_code == 200


@pytest.mark.parametrize(("proxies", "address"), [(0, "172.18.0.5"), (1, "203.0.113.9")])
def test_a_socket_comes_from_where_a_page_would(settings: Any, proxies: int, address: str) -> None:
    settings.PROXIES = proxies
    scope = {"client": ["172.18.0.5", 1], "headers": [(b"x-forwarded-for", b"198.51.100.1, 203.0.113.9")]}
    assert socket_address(scope) == address
    assert socket_address({"client": None, "headers": []}) == ""


def test_a_held_file_is_held_for_its_own_form_and_once() -> None:
    held = uploads.hold(uploads.gather([picture()], [], "form"), "form")[0].ticket  # type: ignore[list-item]
    assert len(uploads.gather([], [held], "another").uploads) == 0
    assert len(uploads.gather([], [held[:-1] + "x"], "form").uploads) == 0
    taken = uploads.gather([], [held], "form")
    assert len(taken.uploads) == 1
    uploads.drop(taken)
    assert len(uploads.gather([], [held], "form").uploads) == 0


# --- replayed signatures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["wechat", "weibo"])
def test_a_true_push_again_makes_nothing_new_and_is_dead_soon(slug: str, time_machine: Any) -> None:
    from tests.security.intakes import Hall

    hall, request = Hall(), samples.request(slug, "text")
    time_machine.move_to(request.received_at)
    assert pushed(hall.client, slug, request).status_code == 200
    made, jobs = rows(), len(queued())
    assert [pushed(hall.client, slug, request).status_code for _each in range(3)] == [200] * 3
    assert (rows(), len(queued())) == (made, jobs)
    time_machine.move_to(request.received_at + timedelta(minutes=11))
    assert pushed(hall.client, slug, request).status_code == 403
    time_machine.move_to(request.received_at - timedelta(minutes=11))
    assert pushed(hall.client, slug, request).status_code == 403
    assert rows() == made

"""反映诉求: from the first box to number and code; nothing lost, nothing made twice."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from channels_ingest.citizen_web import guard
from channels_ingest.models import InboundMessage
from dispatch import routing
from hotline.knowledge import searching
from hotline.tickets import files
from hotline.tickets.models import Ticket
from nlp.results import Choice, Place, Understanding, Urgency
from tests.channels_ingest.citizen_web.conftest import photo, words_of

TEXT = "小区门口的路灯三天没亮了\n老人看不清台阶"


def details(**fields: Any) -> dict[str, Any]:
    """The second step's form as a browser sends it."""
    return {"text": TEXT, "submission": str(uuid.uuid4()), **fields}


def hand_in(browser: Client, form: dict[str, Any]) -> Ticket:
    """Send the form and go where it leads: the end page of one ticket."""
    end = browser.post("/ask/", form, follow=True)
    assert end.status_code == 200
    ticket = Ticket.objects.get(public_code=end.redirect_chain[-1][0].split("/")[-2])
    assert ticket.public_code in words_of(end.content)
    return ticket


def test_words_become_a_ticket_without_javascript(browser: Client) -> None:
    assert browser.get("/ask/").status_code == 200
    second = browser.post("/ask/", {"text": TEXT})
    form = {
        "text": TEXT,
        "submission": str(second.context["form"]["submission"].value()),
        "type": "help",
        "address": "城东区解放路112号",
        "phone": "+86 138-0000 1234",
        "name": "王女士",
        "confidential": "on",
        "enterprise": "on",
    }
    ticket = hand_in(browser, form)
    assert (ticket.text, ticket.type, ticket.address) == (TEXT, "help", "城东区解放路112号")
    assert (ticket.channel, ticket.confidential, ticket.enterprise) == ("web", True, True)
    assert (ticket.citizen.phone, ticket.citizen.name) == ("13800001234", "王女士")


def test_sending_the_form_twice_makes_one_ticket(browser: Client) -> None:
    form = details(phone="13800001234")
    assert hand_in(browser, form) == hand_in(browser, form)
    assert (Ticket.objects.count(), InboundMessage.objects.count()) == (1, 1)


def test_words_changed_after_handing_in_are_not_silently_dropped(browser: Client) -> None:
    form = details()
    hand_in(browser, form)
    again = browser.post("/ask/", {**form, "text": "另外井盖也坏了"}, follow=True)
    assert Ticket.objects.get().text == TEXT
    assert "what you changed since is not in it" in words_of(again.content)


def test_two_people_at_one_terminal_are_two_citizens(browser: Client) -> None:
    first = hand_in(browser, details(phone="13800001234"))
    assert (first.confidential, first.enterprise) == (False, False)
    second = hand_in(browser, details(phone="13900005678"))
    assert first.contact_id != second.contact_id
    assert [t.citizen.phone for t in (first, second)] == ["13800001234", "13900005678"]


def test_an_error_keeps_what_was_typed_and_the_files_chosen(browser: Client) -> None:
    form = details(phone="call me", name="王女士", address="解放路", type="help")
    page = browser.post("/ask/", {**form, "attached": [photo()]})
    assert page.status_code == 422
    shown = page.context["form"]
    assert [shown[name].value() for name in ("text", "phone", "name", "type")] == [
        TEXT,
        "call me",
        "王女士",
        "help",
    ]
    assert b'<div class="errors" id="errors" role="alert" tabindex="-1" autofocus' in page.content
    (held,) = page.context["held"]
    ticket = hand_in(browser, {**form, "phone": "13800001234", "held": [held.ticket]})
    assert [file.filename for file in ticket.attachments.all()] == ["lamp.jpg"]


def test_a_held_file_belongs_to_its_own_form(browser: Client) -> None:
    page = browser.post("/ask/", {**details(phone="x"), "attached": [photo()]})
    (held,) = page.context["held"]
    stolen = browser.post("/ask/", details(held=[held.ticket]))
    assert stolen.status_code == 422
    assert stolen.context["form"].errors["attached"] == ["A file was held too long. Please choose it again."]


def test_a_photo_tells_its_place_and_then_forgets_it(browser: Client) -> None:
    ticket = hand_in(browser, details(attached=[photo()]))
    kept = ticket.attachments.get()
    assert (kept.lat, kept.lng, kept.content_type) == (23.125, 113.25, "image/jpeg")
    with Image.open(files.path_of(kept)) as picture:
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("photo.png", b"<!doctype html><script>alert(1)</script>"),
        ("empty.jpg", b""),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(browser: Client, name: str, content: bytes) -> None:
    page = browser.post("/ask/", details(attached=[SimpleUploadedFile(name, content, "image/jpeg")]))
    assert page.status_code == 422
    (problem,) = page.context["form"].errors["attached"]
    assert problem
    assert not Ticket.objects.exists()


def test_a_seventh_file_is_refused(browser: Client) -> None:
    page = browser.post("/ask/", details(attached=[photo() for _ in range(7)]))
    assert page.context["form"].errors["attached"] == ["At most 6 files can be sent."]
    assert len(page.context["held"]) == 6


def test_a_huge_body_is_refused_before_it_is_read(browser: Client) -> None:
    page = browser.post("/ask/", details(), headers={"content-length": str(500 * 2**20)})
    assert page.status_code == 413
    assert not Ticket.objects.exists()


def test_files_without_end_are_refused(browser: Client) -> None:
    form = {"text": TEXT, "padding": "x" * 300_000}
    codes = [browser.post("/ask/", form).status_code for _ in range(121)]
    assert codes == [200] * 120 + [429]


def test_a_form_of_another_site_is_refused(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/ask/", details(), headers={"accept-language": "en"})
    assert refused.status_code == 403
    assert "The page was open too long" in words_of(refused.content)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["", " \n ", "\x01", "啊"])
def test_no_words_are_no_request(browser: Client, text: str) -> None:
    page = browser.post("/ask/", {"text": text})
    assert page.status_code == 422
    assert page.context["form"].errors["text"]


def test_the_length_counted_is_the_length_kept(browser: Client) -> None:
    longest = "长\r\n" * 2499 + "长长"
    assert len(hand_in(browser, details(text=longest)).text) == 5000
    assert browser.post("/ask/", details(text=longest + "长")).status_code == 422


def test_a_position_needs_both_coordinates(browser: Client) -> None:
    whole = hand_in(browser, details(lat="23.1", lng="113.2"))
    assert (whole.lat, whole.lng) == (23.1, 113.2)
    half = hand_in(browser, details(lat="23.1"))
    assert (half.lat, half.lng) == (None, None)
    assert browser.post("/ask/", details(lat="123", lng="113.2")).status_code == 422


def test_what_was_understood_is_filled_in_to_be_put_right(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Understanding(
        type=(Choice("report", 0.83),),
        matter=(),
        place=Place(area="01", address=None, text="解放路", start=0, end=3),
        urgency=Urgency("normal"),
        title="",
        summary="",
        abstain=False,
        model_version="1",
    )
    monkeypatch.setattr(routing, "understand_text", lambda text: read)
    form = browser.post("/ask/", {"text": TEXT}).context["form"]
    assert [form[name].value() for name in ("type", "address", "confidential")] == ["report", "解放路", True]


def test_an_unsure_guess_is_not_shown(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Understanding((Choice("praise", 0.4),), (), None, Urgency("normal"), "", "", True, "1")
    monkeypatch.setattr(routing, "understand_text", lambda text: read)
    page = browser.post("/ask/", {"text": TEXT})
    assert page.context["form"]["type"].value() is None
    assert b"read from your words" not in page.content


def test_words_kept_but_not_yet_a_ticket_show_a_waiting_page(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("the database is busy")

    monkeypatch.setattr("channels_ingest.intake.take", broken)
    form = details()
    end = browser.post("/ask/", form, follow=True)
    assert end.status_code == 202
    assert "They are kept safe" in words_of(end.content)
    assert InboundMessage.objects.get().state == InboundMessage.State.FAILED


def test_one_address_cannot_flood_the_hotline(browser: Client) -> None:
    codes = [browser.post("/ask/", details()).status_code for _ in range(61)]
    assert codes == [302] * 60 + [429]
    assert Ticket.objects.count() == 60


def test_who_asks_too_much_writes_on_without_being_read(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading costs the server time: a flood of texts is not read, but the citizen is not refused."""
    read: list[str] = []
    monkeypatch.setattr(routing, "understand_text", lambda text: read.append(text))
    monkeypatch.setattr(searching, "suggest", lambda text, *, citizens: read.append(f"offered: {citizens}"))
    for _each in range(guard.SEARCHES.most - 1):
        guard.SEARCHES.take("127.0.0.1")
    pages = [browser.post("/ask/", {"text": TEXT}) for _each in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert read == [TEXT, "offered: True"]
    assert pages[1].context["form"]["text"].value() == TEXT

"""查进度: the right proof opens the page, guesses do not; it tells no more than is the citizen's."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dispatch.models import Policy
from hotline.tickets import actors, clock, closing, files, lifecycle, merging, returns
from hotline.tickets.actors import CITIZEN
from hotline.tickets.facts import Kind
from hotline.tickets.models import Attachment, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from tests import factories
from tests.channels_ingest.citizen_web.conftest import photo, words_of
from tests.factories import Cast

NOTHING = "Nothing was found. Please check the number, and the phone digits or the code."
WRONG_NUMBER = "123452611210000000"


def look_up(browser: Client, number: str, proof: str) -> object:
    return browser.post("/follow/", {"number": number, "proof": proof})


@pytest.mark.parametrize("written", ["{tail}", "{code}", " {code} "])
def test_number_and_proof_lead_to_the_page(browser: Client, written: str) -> None:
    ticket = factories.ticket()
    spaced = f"{ticket.number[:5]} {ticket.number[5:]}"
    answer = look_up(browser, spaced, written.format(tail="0001", code=ticket.public_code.lower()))
    assert (answer.status_code, answer.url) == (302, f"/t/{ticket.public_code}/")


def test_a_wrong_number_and_a_wrong_tail_look_the_same(browser: Client) -> None:
    ticket = factories.ticket()
    pages = [look_up(browser, ticket.number, "9999"), look_up(browser, WRONG_NUMBER, "0001")]
    assert [page.context["form"].non_field_errors() for page in pages] == [[NOTHING], [NOTHING]]
    assert [page.status_code for page in pages] == [422, 422]


@pytest.mark.parametrize("fields", [{"confidential": True}, {"type": "report"}])
def test_a_tail_does_not_open_what_is_confidential(browser: Client, fields: dict[str, object]) -> None:
    ticket = factories.ticket(**fields)
    assert look_up(browser, ticket.number, "0001").status_code == 422
    assert look_up(browser, ticket.number, ticket.public_code).status_code == 302


def test_nobody_without_a_phone_has_a_tail(browser: Client) -> None:
    ticket = factories.ticket(contact=factories.contact(phone=""))
    assert look_up(browser, ticket.number, "    ").status_code == 422


def test_tails_cannot_be_tried_out(browser: Client) -> None:
    ticket = factories.ticket()
    tries = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post("/follow/", {"number": ticket.number, "proof": f"{n:04}"})
        for n in range(10, 16)
    ]
    assert [answer.status_code for answer in tries] == [422] * 5 + [429]
    assert tries[-1]["Retry-After"] == "3600"
    # Not even with the right tail, until the window has passed; the page itself stays open by its code.
    assert look_up(browser, ticket.number, "0001").status_code == 429
    assert browser.get(f"/t/{ticket.public_code}/").status_code == 200


def test_looking_often_at_the_own_ticket_costs_nothing(browser: Client) -> None:
    ticket = factories.ticket()
    assert [look_up(browser, ticket.number, "0001").status_code for _ in range(8)] == [302] * 8


def test_codes_cannot_be_tried_out(browser: Client) -> None:
    answers = [browser.get(f"/t/{'A' * 8}{n:02}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_code_in_small_letters_leads_to_its_page(browser: Client) -> None:
    ticket = factories.ticket()
    answer = browser.get(f"/t/{ticket.public_code.lower()}/")
    assert (answer.status_code, answer.url) == (302, f"/t/{ticket.public_code}/")


def test_the_page_is_private(browser: Client) -> None:
    answer = browser.get(f"/t/{factories.ticket().public_code}/")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_the_story_is_told_in_plain_words(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.HANDLING)
    page = browser.get(f"/t/{ticket.public_code}/")
    assert [step.title for step in page.context["steps"]] == [
        f"{cast.unit.name} has taken it on",
        f"Handed to {cast.unit.name}",
        "We have taken it on",
        "We received your request",
    ]
    assert page.context["standing"].title == f"{cast.unit.name} is working on it"
    assert page.context["standing"].due_at == ticket.due_at


def test_neither_staff_nor_notes_nor_quarrels_are_told(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.RETURN_REVIEW)
    lifecycle.note(ticket=ticket, by=actors.staff(cast.agent), version=ticket.version, text="内部备注：此人常来电")
    returns.rule_on_return(
        ticket=ticket,
        by=actors.staff(cast.lead),
        version=ticket.version,
        upheld=True,
        department=cast.other_unit,
        note="裁定意见",
    )
    page = browser.get(f"/t/{ticket.public_code}/")
    assert page.context["steps"][0].title == f"Now with {cast.other_unit.name}"
    told = page.content.decode()
    people = (cast.agent, cast.lead, cast.clerk)
    names = [name for person in people for name in (person.display_name, person.username)]
    secret = ["内部备注", "裁定意见", "三定方案", *names]
    assert [word for word in secret if word in told] == []


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page(browser: Client, cast: Cast, state: State) -> None:
    ticket = cast.ticket_in(state)
    page = browser.get(f"/t/{ticket.public_code}/")
    assert page.status_code == 200
    assert page.context["standing"].title in words_of(page.content)


def test_an_answer_is_shown_only_after_it_was_approved(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.ANSWER_REVIEW)
    public = ticket.assignments.get().public_answer
    assert public
    before = browser.get(f"/t/{ticket.public_code}/")
    assert (before.context["answers"], public in before.content.decode()) == ([], False)
    closing.review(ticket=ticket, by=actors.staff(cast.quality), version=ticket.version, approved=True)
    after = browser.get(f"/t/{ticket.public_code}/")
    assert after.context["answers"] == [(cast.unit.name, public)]


def test_a_date_that_has_passed_is_said(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.HANDLING)
    assert ticket.due_at is not None
    with clock.at(ticket.due_at + timedelta(days=1)):
        page = browser.get(f"/t/{ticket.public_code}/")
    assert page.context["standing"].tone == "late"
    assert "It should have been answered by" in words_of(page.content)


def test_scripts_in_words_stay_words(browser: Client, cast: Cast) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    ticket = factories.ticket(text=evil)
    lifecycle.answer_directly(ticket=ticket, by=actors.staff(cast.agent), version=ticket.version, public=evil)
    page = browser.get(f"/t/{ticket.public_code}/").content.decode()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_own_files_open_and_no_others(browser: Client, cast: Cast) -> None:
    mine, other = factories.ticket(), factories.ticket()
    kept = {
        name: files.keep(owner, content=photo().read(), filename="", purpose=purpose, by=None)
        for name, owner, purpose in (
            ("mine", mine, Attachment.Purpose.CITIZEN),
            ("evidence", mine, Attachment.Purpose.HANDLING),
            ("theirs", other, Attachment.Purpose.CITIZEN),
        )
    }
    addresses = {name: f"/t/{mine.public_code}/files/{row.pk}/" for name, row in kept.items()}
    assert [browser.get(addresses[name]).status_code for name in ("evidence", "theirs")] == [404, 404]
    answer = browser.get(addresses["mine"])
    assert b"".join(answer.streaming_content) == files.path_of(kept["mine"]).read_bytes()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_long_story_needs_no_more_queries(
    browser: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = cast.ticket_in(State.FOLLOW_UP)
    for n in range(30):
        lifecycle.add_words(ticket=ticket, words=Words(text=f"补充{n}"), channel="web")
    with django_assert_num_queries(5):  # ticket, ledger, units, thread, answers
        browser.get(f"/t/{ticket.public_code}/")


def test_joined_tickets_tell_how_the_other_stands_but_not_what_was_said(browser: Client, cast: Cast) -> None:
    target = cast.ticket_in(State.HANDLING)
    ticket = factories.ticket(text="我这里也一样")
    merging.merge(ticket=ticket, by=actors.staff(cast.agent), version=ticket.version, into=target)
    page = browser.get(f"/t/{ticket.public_code}/")
    assert page.context["joined"].title == f"{cast.unit.name} is working on it"
    assert target.text not in page.content.decode()
    assert target.public_code not in page.content.decode()


def urgings(ticket: Ticket) -> int:
    return ticket.ledger.filter(kind=Kind.URGED, actor=CITIZEN.kind).count()


def test_how_often_a_citizen_may_urge_is_the_centres_to_say(browser: Client, cast: Cast) -> None:
    Policy.objects.filter(key="urge_hours").update(value=2)
    ticket = cast.ticket_in(State.HANDLING)
    start = clock.now()
    for minutes, count in ((0, 1), (119, 1), (121, 2)):
        with clock.at(start + timedelta(minutes=minutes)):
            browser.post(f"/t/{ticket.public_code}/urge/")
        assert urgings(ticket) == count


def test_a_citizen_may_urge_once_a_day(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.HANDLING)
    address = f"/t/{ticket.public_code}/urge/"
    answers = [browser.post(address, follow=True) for _ in range(2)]
    assert "We have told the unit to hurry." in words_of(answers[0].content)
    assert "You have urged it a short while ago." in words_of(answers[1].content)
    assert urgings(ticket) == 1
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        browser.post(address)
    assert urgings(ticket) == 2


def test_before_dispatch_there_is_nobody_to_urge(browser: Client) -> None:
    ticket = factories.ticket()
    answer = browser.post(f"/t/{ticket.public_code}/urge/", follow=True)
    assert "There is nobody to urge" in words_of(answer.content)
    assert urgings(ticket) == 0


def test_taking_back_asks_once(browser: Client, cast: Cast) -> None:
    ticket = cast.ticket_in(State.HANDLING)
    address = f"/t/{ticket.public_code}/withdraw/"
    assert browser.get(address).status_code == 200
    ticket.refresh_from_db()
    assert ticket.state == State.HANDLING
    browser.post(address, {"note": "已经好了"})
    ticket.refresh_from_db()
    assert ticket.state == State.WITHDRAWN
    again = browser.post(address, follow=True)
    assert "This matter has ended already." in words_of(again.content)

"""Who may not know whom: units complained of, staff who stand back, citizens whose name is protected."""

import json
from typing import Any

import pytest
from django.test import Client

from agent_console import live
from hotline.people.masking import HIDDEN
from hotline.people.models import ContactPoint, Department, Staff
from hotline.tickets import access, actors, confiding, deadlines, files, ledger, levels, lifecycle, merging, returns
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours
from hotline.tickets.models import Clock, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from tests.factories import Cast, contact, staff, ticket

pytestmark = pytest.mark.django_db
NAME, PHONE, CARD = "欧阳文静", "13912345678", "440106199001011239"
SECRETS = (NAME, PHONE, CARD, "欧阳女士", "0757-82345678", "wenjing_ouyang", "wj@example.cn")


def by(person: Staff) -> actors.Actor:
    return actors.staff(person)


@pytest.fixture
def cast() -> Cast:
    return Cast()


# --- units complained of ------------------------------------------------------------------------------


@pytest.fixture
def branch(cast: Cast) -> Department:
    """A unit below the one complained of."""
    return Department.objects.create(code="branch", name="分局", level="district", parent=cast.unit)


@pytest.fixture
def complaint(cast: Cast, branch: Department) -> Ticket:
    """A complaint about `cast.unit`, accepted."""
    row = ticket("城管执法粗暴")
    return lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version, accused=[cast.unit])


def dispatch(cast: Cast, row: Ticket, unit: Department, *assisting: Department) -> Ticket:
    return lifecycle.dispatch_to(
        ticket=row, by=by(cast.agent), version=row.version, department=unit, assisting=assisting
    )


def test_the_accused_gets_no_part_by_dispatch(cast: Cast, complaint: Ticket, branch: Department) -> None:
    assert complaint.ledger.get(kind="accepted").data["fields"]["accused"] == [cast.unit.code]
    for unit in (cast.unit, branch):
        with pytest.raises(InvalidFields) as error:
            dispatch(cast, complaint, unit)
        assert set(error.value.errors) == {"department"}
        with pytest.raises(InvalidFields) as error:
            dispatch(cast, complaint, cast.other_unit, unit)
        assert set(error.value.errors) == {"assisting"}
    dispatch(cast, complaint, cast.other_unit)
    with pytest.raises(InvalidFields):
        levels.assist(ticket=complaint, by=by(cast.agent), version=complaint.version, assisting=(branch,))
    assert complaint.state == State.DISPATCHED


def test_nor_by_a_ruling_on_a_return(cast: Cast, complaint: Ticket, branch: Department) -> None:
    dispatch(cast, complaint, cast.other_unit)
    returns.request_return(
        ticket=complaint, by=by(cast.other_clerk), version=complaint.version, reason="not_our_duty", basis="三定"
    )
    with pytest.raises(InvalidFields):
        returns.rule_on_return(
            ticket=complaint, by=by(cast.lead), version=complaint.version, upheld=True, department=branch
        )
    complaint.refresh_from_db()
    assert complaint.state == State.RETURN_REVIEW


def test_a_unit_above_the_accused_may_handle_it_but_not_pass_it_down(cast: Cast, branch: Department) -> None:
    row = ticket()
    lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version, accused=[branch])
    dispatch(cast, row, cast.unit)
    lifecycle.sign_for(ticket=row, by=by(cast.clerk), version=row.version)
    with pytest.raises(InvalidFields):
        levels.pass_down(ticket=row, by=by(cast.clerk), version=row.version, department=branch)
    assert access.visible_to(cast.clerk).get() == row
    assert not access.visible_to(staff("department", branch)).exists()


def test_who_has_it_already_must_be_recalled_first(cast: Cast, branch: Department) -> None:
    row = ticket()
    lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version)
    dispatch(cast, row, cast.other_unit, branch)
    with pytest.raises(InvalidFields) as error:
        lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, accused=[cast.unit])
    assert set(error.value.errors) == {"accused"}
    assert "分局" in error.value.errors["accused"][0]
    assert not Ticket.objects.get(pk=row.pk).accused.exists()
    levels.recall(ticket=row, by=by(cast.agent), version=row.version)
    lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, accused=[cast.unit])
    assert row.ledger.get(kind="edited").data == {"changes": {"accused": [[], [cast.unit.code]]}}
    lifecycle.edit(ticket=row, by=by(cast.agent), version=row.version, accused=[])
    dispatch(cast, row, cast.unit)


def test_a_report_merged_into_another_takes_its_accusation_along(cast: Cast, complaint: Ticket) -> None:
    row = ticket()
    lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version)
    merging.merge(ticket=complaint, by=by(cast.agent), version=complaint.version, into=row)
    with pytest.raises(InvalidFields):
        dispatch(cast, Ticket.objects.get(pk=row.pk), cast.unit)


# --- staff who stand back -----------------------------------------------------------------------------


def test_who_stands_back_neither_sees_it_nor_does_anything(cast: Cast) -> None:
    row = ticket()
    lifecycle.accept(ticket=row, by=by(cast.agent), version=row.version)
    assert row.holder == cast.agent
    confiding.recuse(ticket=row, by=by(cast.agent), version=row.version, reason="当事人是亲属")
    assert row.holder is None
    line = row.ledger.get(kind="recused")
    assert (line.data, line.by) == ({"reason": "当事人是亲属"}, cast.agent)
    assert access.allowed(cast.agent, row) == []
    assert not access.visible_to(cast.agent).exists()
    assert access.visible_to(cast.lead).get() == row
    with pytest.raises(NotYours):
        lifecycle.note(ticket=row, by=by(cast.agent), version=row.version, text="?")
    with pytest.raises(NotYours):
        lifecycle.attach(ticket=row, by=by(cast.agent), content=b"%PDF-1.4", filename="a.pdf", purpose="handling")
    assert ledger.verify(Ticket.objects.get(pk=row.pk))


def test_a_clerk_stands_back_and_a_colleague_goes_on(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    colleague = staff("department", cast.unit)
    confiding.recuse(ticket=row, by=by(cast.clerk), version=row.version, reason="邻居")
    assert row.holder == cast.agent, "the desk still holds it"
    assert not access.visible_to(cast.clerk).exists()
    lifecycle.answer(ticket=row, by=by(colleague), version=row.version, public="已修好")
    assert row.state == State.ANSWER_REVIEW


def browser(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(person: Staff, path: str, **body: Any) -> Any:
    return browser(person).post(f"/api/v1/tickets/{path}", json.dumps(body), "application/json")


def test_the_interface_lets_go_of_it(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    answer = post(cast.agent, f"{row.number}/recuse", version=row.version, reason="亲属")
    assert (answer.status_code, answer.json()) == (200, {"number": row.number, "gone": True})
    assert post(cast.agent, f"{row.number}/note", version=row.version + 1, text="?").status_code == 404
    assert browser(cast.agent).get(f"/api/v1/tickets/{row.number}").status_code == 404
    assert browser(cast.agent).get("/api/v1/tickets?queue=mine").json()["results"] == []


def test_sockets_know_who_stood_back(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    confiding.recuse(ticket=row, by=by(cast.clerk), version=row.version, reason="邻居")
    lifecycle.note(ticket=row, by=by(cast.agent), version=row.version, text="改由同事办理")
    ledger.announce()
    recused, noted = live.lines(list(row.ledger.order_by("sequence"))[-2:])
    assert (recused.recused, recused.stands_back) == ([cast.clerk.pk], cast.clerk.pk)
    assert (noted.recused, noted.stands_back) == ([cast.clerk.pk], None)


def test_the_reason_stays_inside_the_hotline(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    confiding.recuse(ticket=row, by=by(cast.quality), version=row.version, reason="投诉人是我表姐")
    ledger.announce()

    def read(person: Staff) -> dict[str, Any]:
        lines = browser(person).get(f"/api/v1/tickets/{row.number}/ledger").json()["results"]
        return next(line["data"] for line in lines if line["kind"] == "recused")

    assert read(cast.lead) == {"reason": "投诉人是我表姐"}
    assert read(cast.clerk) == {}


# --- citizens whose name is protected -------------------------------------------------------------------


@pytest.fixture
def whistle(cast: Cast) -> Ticket:
    """A confidential ticket, in handling, whose citizen wrote everything about themselves everywhere."""
    person = contact(phone=PHONE, name=NAME)
    text = (
        f"我是{NAME}，电话{PHONE}，身份证{CARD}，座机0757-82345678，微信号：wenjing_ouyang，"
        "邮箱wj@example.cn，举报某公司偷排污水"
    )
    row = ticket(text, contact=person, confidential=True)
    _tell_all(cast, row, person)
    return row


def _tell_all(cast: Cast, row: Ticket, person: ContactPoint) -> None:
    agent, clerk = by(cast.agent), by(cast.clerk)
    lifecycle.accept(ticket=row, by=agent, version=row.version, title=f"{NAME}举报偷排", summary=f"回电{PHONE}")
    lifecycle.dispatch_to(ticket=row, by=agent, version=row.version, department=cast.unit, note=f"欧阳女士电话{PHONE}")
    lifecycle.sign_for(ticket=row, by=clerk, version=row.version)
    lifecycle.add_words(ticket=row, words=Words(text=f"我的号码是139 1234 5678，{NAME}"), channel="web")
    lifecycle.reply(ticket=row, by=agent, version=row.version, text="欧阳女士您好，已转办")
    lifecycle.note(ticket=row, by=agent, version=row.version, text=f"来电人{NAME}，{PHONE}")
    lifecycle.edit(ticket=row, by=agent, version=row.version, title=f"{NAME}再次举报偷排")
    ticket("另一件事", contact=person)
    files.keep(row, content=b"%PDF-1.4", filename=f"{NAME}身份证{CARD}.pdf", purpose="citizen", by=None)
    ledger.announce()


PLACES = ("", "/ledger", "/suggestion", "/terms", "/below")


@pytest.mark.parametrize("who", ["clerk", "admin", "auditor"])
def test_nobody_outside_the_hotline_reads_who_it_is(cast: Cast, whistle: Ticket, who: str) -> None:
    client = browser(getattr(cast, who))
    answers = [client.get(f"/api/v1/tickets/{whistle.number}{place}") for place in PLACES]
    answers += [client.get("/api/v1/tickets"), client.get("/api/v1/tickets?group=handling")]
    for answer in answers:
        assert answer.status_code == 200
        said = json.dumps(answer.json(), ensure_ascii=False)
        assert [secret for secret in (*SECRETS, "139 1234 5678") if secret in said] == []
    detail = answers[0].json()
    assert (detail["citizen"], detail["public_code"], detail["related"], detail["attachments"]) == (None, "", [], [])
    assert "偷排污水" in detail["text"], "what happened is still told"
    assert post(getattr(cast, who), f"{whistle.number}/unmask", reason="联系市民").status_code == 403


def test_the_desk_reads_it_all(cast: Cast, whistle: Ticket) -> None:
    detail = browser(cast.agent).get(f"/api/v1/tickets/{whistle.number}").json()
    assert NAME in detail["text"]
    assert PHONE in detail["text"]
    assert post(cast.agent, f"{whistle.number}/unmask", reason="?").status_code == 422
    seen = post(cast.agent, f"{whistle.number}/unmask", reason="回访").json()
    assert seen == {"name": NAME, "phone": PHONE}


def test_a_search_is_no_way_to_guess(cast: Cast, whistle: Ticket) -> None:
    def found(person: Staff, words: str) -> int:
        return len(browser(person).get("/api/v1/tickets", {"q": words}).json()["results"])

    assert found(cast.agent, PHONE) == 1
    for words in (PHONE, NAME, "偷排"):
        assert found(cast.clerk, words) == 0
    assert found(cast.clerk, whistle.number) == 1


def test_sockets_are_veiled_too(cast: Cast, whistle: Ticket) -> None:
    for line in live.lines(list(whistle.ledger.all())):
        assert NAME in line.text
        assert [secret for secret in SECRETS if secret in line.veiled] == []


def test_a_citizens_files_other_than_pictures_are_closed(cast: Cast, whistle: Ticket) -> None:
    (kept,) = whistle.attachments.all()
    address = f"/api/v1/tickets/{whistle.number}/attachments/{kept.pk}"
    assert browser(cast.clerk).get(address).status_code == 403
    answer = browser(cast.agent).get(address)
    b"".join(answer.streaming_content)
    assert answer.status_code == 200


def test_a_unit_writes_through_the_hotline(cast: Cast, whistle: Ticket) -> None:
    assert deadlines.current(whistle, Clock.CONTACT, whistle.assignments.get()) is not None
    version = Ticket.objects.get(pk=whistle.pk).version
    answer = post(cast.clerk, f"{whistle.number}/relay", version=version, text="请问偷排口在哪一侧？")
    assert answer.status_code == 200
    told = answer.json()["messages"][-1]
    assert (told["direction"], told["text"]) == ("out", "请问偷排口在哪一侧？")
    assert deadlines.current(whistle, Clock.CONTACT, whistle.assignments.get()) is None, "this is its contact"
    line = whistle.ledger.get(kind="relayed")
    assert line.data == {"department": cast.unit.code, "message": told["id"]}
    lifecycle.add_words(ticket=whistle, words=Words(text=f"东侧。{PHONE}{NAME}"), channel="web")
    seen = browser(cast.clerk).get(f"/api/v1/tickets/{whistle.number}").json()["messages"][-1]
    assert seen["text"] == f"东侧。{HIDDEN}{HIDDEN}"


def test_relay_is_for_protected_citizens_alone(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    assert "relay" not in access.allowed(cast.clerk, row)
    with pytest.raises(NotAllowed):
        confiding.relay(ticket=row, by=by(cast.clerk), version=row.version, text="?")

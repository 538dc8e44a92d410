"""One ticket's story in JSON, PDF and Excel: what it tells and hides, that it proves itself and is on record."""

import io
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import time_machine
from django.utils import timezone

from hotline.people.models import PersonalDataRead
from hotline.tickets import actors, clock, closing, confiding, files, ledger, lifecycle, merging
from hotline.tickets.models import Attachment, Ticket
from hotline.tickets.proof import anchoring
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(100))


def anchored() -> None:
    """What the night does."""
    ledger.number_pending()
    anchoring.anchor_ledger()


def told(browser: Browser, row: Ticket) -> dict[str, Any]:
    response = browser.get(f"/tickets/{row.number}/story.json")
    assert response.status_code == 200
    story: dict[str, Any] = json.loads(response.content)
    return story


# --- what it tells ------------------------------------------------------------------------------------


def test_the_story_holds_every_line_and_its_proof(cast: Cast) -> None:
    ticket()
    row = cast.ticket_in(State.CLOSED)
    anchored()
    story = told(Browser(cast.auditor), row)
    assert list(story) == [
        "format", "city", "exported_at", "exported_by", "ticket", "deadlines", "accountability", "ledger", "proof",
    ]  # fmt: skip
    assert [line["kind"] for line in story["ledger"]] == [
        "received", "accepted", "dispatched", "signed", "answered", "review_passed", "closed",
    ]  # fmt: skip
    assert [line["hash"] for line in story["ledger"]] == list(
        row.ledger.order_by("sequence").values_list("hash", flat=True)
    )
    assert {line["complete"] for line in story["ledger"]} == {True}
    assert (story["proof"]["length"], len(story["proof"]["anchors"])) == (7, 1)
    assert {due["name"] for due in story["deadlines"]} >= {"accept", "sign", "answer"}
    assert all(due["rule"] and due["explanation"] for due in story["deadlines"])
    assert [span["holder"] for span in story["accountability"]["spans"]][-1] == "nobody"
    assert story["ticket"]["citizen"] == {"name": "张**", "phone": "138****0001"}
    assert not {"draft", "public_code", "allowed", "related"} & story["ticket"].keys()


def test_the_file_hides_what_the_screen_hides(cast: Cast) -> None:
    row = ticket(text="我是张三丰，电话13800000001，举报邻居违建", contact=contact(), confidential=True)
    lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version)
    lifecycle.dispatch_to(ticket=row, by=actors.staff(cast.agent), version=row.version, department=cast.unit)
    lifecycle.note(ticket=row, by=actors.staff(cast.agent), version=row.version, text="张三丰来电 13800000001 催问")
    confiding.recuse(ticket=row, by=actors.staff(cast.quality), version=row.version, reason="是我的邻居")
    row.refresh_from_db()
    unit = told(Browser(cast.clerk), row)
    text = json.dumps(unit, ensure_ascii=False)
    assert "13800000001" not in text
    assert "张三丰" not in text
    assert "是我的邻居" not in text
    assert unit["ticket"]["citizen"] is None
    assert [line["sequence"] for line in unit["ledger"] if not line["complete"]] == [4, 5]
    assert {due["department"] for due in unit["deadlines"]} == {cast.unit.code}
    assert "是我的邻居" in json.dumps(told(Browser(cast.agent), row), ensure_ascii=False)
    assert Browser(cast.other_clerk).get(f"/tickets/{row.number}/story.json").status_code == 404


# --- that it proves itself ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of the documentation, as a reader would save it."""
    page = (ROOT / "docs" / "verifying.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    path = tmp_path_factory.mktemp("verifying") / "verify.py"
    path.write_text(blocks[0], encoding="utf-8")
    return path


def verified(script: Path, story: dict[str, Any], *key: str) -> tuple[int, str]:
    file = script.with_name("story.json")
    file.write_text(json.dumps(story, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-I", str(script), str(file), *key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.fixture
def exported(cast: Cast) -> dict[str, Any]:
    """A ticket that was anchored on two nights, among others, and went on."""
    others = [ticket() for _ in range(4)]
    row = cast.ticket_in(State.HANDLING)
    anchored()
    lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已修好")
    closing.withdraw(ticket=others[0], by=actors.CITIZEN)
    anchored()
    closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)
    return told(Browser(cast.lead), row)


def test_the_documented_script_proves_a_real_export(script: Path, exported: dict[str, Any]) -> None:
    number = exported["proof"]["number"]
    assert verified(script, exported) == (0, f"whole: 6 lines of ticket {number}, 5 of them signed, 0 not complete")


def test_the_script_believes_only_the_key_that_it_is_given(script: Path, exported: dict[str, Any]) -> None:
    key = exported["proof"]["anchors"][0]["key"]
    assert verified(script, exported, key)[0] == 0
    assert verified(script, exported, "0" * 64) == (1, "AssertionError: anchor 1 is signed with another key")


def _note(story: dict[str, Any]) -> None:
    story["ledger"][2]["data"]["note"] = "另有安排"


def _hour(story: dict[str, Any]) -> None:
    story["ledger"][3]["at"] = story["ledger"][2]["at"]


def _last(story: dict[str, Any]) -> None:
    story["ledger"].pop()


def _middle(story: dict[str, Any]) -> None:
    del story["ledger"][1]


def _cut(story: dict[str, Any]) -> None:
    del story["ledger"][4:]
    story["proof"] |= {"length": 4, "head": story["ledger"][3]["hash"]}
    story["proof"]["anchors"].pop()
    story["proof"]["anchors"][0]["leaf"]["head"] = "0" * 64


def _path(story: dict[str, Any]) -> None:
    story["proof"]["anchors"][0]["path"][0]["hash"] = "0" * 64


def _root(story: dict[str, Any]) -> None:
    story["proof"]["anchors"][1]["at"] = "2020-01-01T00:00:00+00:00"


def _unsigned(story: dict[str, Any]) -> None:
    story["proof"]["anchors"] = []


def _swapped(story: dict[str, Any]) -> None:
    story["ticket"]["number"] = "123452611210000001"


def _withheld(story: dict[str, Any]) -> None:
    _note(story)
    story["ledger"][2]["complete"] = None


def _unsalted(story: dict[str, Any]) -> None:
    story["ledger"][1]["salt"] = ""


def _signature(story: dict[str, Any]) -> None:
    signature = story["proof"]["anchors"][0]["signature"]
    story["proof"]["anchors"][0]["signature"] = signature[:64] + "0" * 64


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (_note, "line 3 was altered"),
        (_hour, "line 4 was altered"),
        (_last, "the end is missing"),
        (_middle, "line 2 is missing"),
        (_cut, "line 4 is not what anchor 1 signed"),
        (_path, "anchor 1 does not hold this ticket"),
        (_root, "anchor 2 was altered"),
        (_signature, "anchor 1 is not signed"),
        (_unsigned, "nothing is proven: no anchor has signed this ticket yet"),
        (_swapped, "the proof is another ticket's"),
        (_withheld, "line 3 was altered"),
        (_unsalted, "line 2 was altered"),
    ],
)
def test_the_script_names_what_was_tampered_with(
    script: Path, exported: dict[str, Any], tamper: Any, named: str
) -> None:
    tamper(exported)
    assert verified(script, exported) == (1, f"AssertionError: {named}")


def test_withheld_lines_are_linked_all_the_same(script: Path, cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    confiding.recuse(ticket=row, by=actors.staff(cast.quality), version=row.version, reason="亲属")
    anchored()
    row.refresh_from_db()
    story = told(Browser(cast.clerk), row)
    assert verified(script, story) == (0, f"whole: 5 lines of ticket {row.number}, 5 of them signed, 1 not complete")


# --- what was said --------------------------------------------------------------------------------------


def words_of(story: dict[str, Any]) -> dict[int, Any]:
    """The words that each line shows, those of ratings and answers in short."""
    return {line["sequence"]: list(line["words"].values()) for line in story["ledger"] if line["words"]}


def unseen(story: dict[str, Any]) -> list[str]:
    """Kinds of the lines whose words are not shown at all; their nonce is not either."""
    kinds = [line["kind"] for line in story["ledger"] if line["said"] and not line["words"]]
    assert {line["nonce"] for line in story["ledger"] if line["kind"] in kinds} <= {""}
    return kinds


def test_the_words_are_proven_with_the_lines(script: Path, exported: dict[str, Any]) -> None:
    answer = {"public_answer": "已修好", "internal_answer": "", "solved": None}
    asked = "解放路的路灯坏了一个星期"
    assert words_of(exported) == {1: [{"text": asked, "place": None}, {"text": asked}], 5: [answer]}
    name = next(iter(exported["ledger"][4]["words"]))
    exported["ledger"][4]["words"][name]["public_answer"] = "不归我们管"
    assert verified(script, exported) == (1, f"AssertionError: line 5: what was said ({name}) was altered")
    exported["ledger"][4]["said"][name] = "0" * 64
    assert verified(script, exported) == (1, "AssertionError: line 5 was altered")


def test_words_that_later_ones_replaced_are_not_shown(script: Path, cast: Cast) -> None:
    row = cast.ticket_in(State.REWORK)
    lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="这次修好了")
    anchored()
    story = told(Browser(cast.lead), row)
    answers = [line for line in story["ledger"] if line["kind"] == "answered"]
    assert [[words["public_answer"] for words in line["words"].values()] for line in answers] == [[], ["这次修好了"]]
    assert verified(script, story)[0] == 0


def test_who_may_not_read_the_words_gets_no_nonce(script: Path, cast: Cast) -> None:
    row = ticket(text="我是张三丰，举报邻居违建", contact=contact(), confidential=True)
    agent, clerk = actors.staff(cast.agent), actors.staff(cast.clerk)
    lifecycle.accept(ticket=row, by=agent, version=row.version)
    lifecycle.dispatch_to(ticket=row, by=agent, version=row.version, department=cast.unit)
    lifecycle.sign_for(ticket=row, by=clerk, version=row.version)
    lifecycle.answer(ticket=row, by=clerk, version=row.version, public="已拆除")
    closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)
    closing.rate(ticket=row, channel="web", satisfied=5, words="张三丰谢谢")
    anchored()
    unit, hotline = told(Browser(cast.clerk), row), told(Browser(cast.agent), row)
    assert unseen(unit) == ["received", "rated"]
    assert "张三丰" not in json.dumps(unit, ensure_ascii=False)
    assert unseen(hotline) == []
    assert (verified(script, unit)[0], verified(script, hotline)[0]) == (0, 0)


def test_a_protected_raters_words_on_another_ticket_stay_in_the_hotline(cast: Cast) -> None:
    row = cast.ticket_in(State.FOLLOW_UP)
    report = ticket(text="举报同一件事", contact=contact(), confidential=True)
    merging.merge(ticket=report, by=actors.staff(cast.agent), version=report.version, into=row)
    closing.rate(ticket=report, channel="web", satisfied=1, words="我是举报人")
    closing.rate(ticket=row, channel="web", satisfied=5, words="很好")
    assert unseen(told(Browser(cast.clerk), row)) == ["rated", "rated"]
    assert unseen(told(Browser(cast.agent), row)) == []


# --- on paper -----------------------------------------------------------------------------------------


def test_the_document_shows_every_hash_on_numbered_pages(cast: Cast) -> None:
    row = cast.ticket_in(State.CLOSED)
    anchored()
    response = Browser(cast.lead).get(f"/tickets/{row.number}/story.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'attachment; filename="{row.number}.pdf"'
    assert len(response.content) < 200_000
    document = pypdfium2.PdfDocument(response.content)
    pages = [page.get_textpage().get_text_range() for page in document]
    text = re.sub(r"\s+", "", "".join(pages))
    assert row.number in text
    assert row.text in text
    assert "已修好" in text
    assert "张三丰" not in text
    for line in row.ledger.all():
        assert line.hash in text
    assert len(pages) >= 2
    assert b"/FontFile3" in response.content, "the typeface is inside, whatever the viewer has"


def test_long_words_and_rare_signs_fit_on_paper(cast: Cast) -> None:
    row = ticket(text="很长的诉求𠮷😀 " * 900)
    response = Browser(cast.agent).get(f"/tickets/{row.number}/story.pdf")
    assert response.status_code == 200
    assert len(pypdfium2.PdfDocument(response.content)) >= 5


# --- who was accountable ------------------------------------------------------------------------------


def test_the_chain_of_accountability_with_names(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    body = Browser(cast.clerk).get(f"/tickets/{row.number}/accountability").json()
    assert body["first_asked"] == {"username": cast.agent.username, "name": str(cast.agent)}
    last = body["spans"][-1]
    assert (last["holder"], last["department"], last["department_name"]) == ("unit", cast.unit.code, cast.unit.name)
    assert (last["staff"]["username"], last["clock"], last["end"], last["late"]) == (
        cast.clerk.username,
        "answer",
        None,
        False,
    )
    assert body["beside"] == []


# --- the list as an Excel file --------------------------------------------------------------------------


def sheet(browser: Browser, **parameters: Any) -> list[dict[str, Any]]:
    response = browser.get("/tickets.xlsx", **parameters)
    assert response.status_code == 200, response.content
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    titles, *rows = book.active.iter_rows()
    return [{str(title.value): cell for title, cell in zip(titles, row, strict=True)} for row in rows]


def _values(rows: list[dict[str, Any]], title: str) -> list[Any]:
    return [row[title].value for row in rows]


@pytest.fixture
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.mark.usefixtures("_english")
def test_the_sheet_holds_what_the_list_shows(cast: Cast) -> None:
    handled = cast.ticket_in(State.HANDLING)
    fresh = ticket(text="井盖松动")
    agent = Browser(cast.agent, accept_language="en")
    assert _values(sheet(agent), "Ticket number") == [fresh.number, handled.number]
    assert _values(sheet(agent, state="handling"), "Ticket number") == [handled.number]
    assert _values(sheet(agent, q="井盖"), "Ticket number") == [fresh.number]
    assert agent.get("/tickets.xlsx", queue="nonsense").status_code == 422
    unit = sheet(Browser(cast.clerk, accept_language="en"), group="handling")
    assert _values(unit, "Ticket number") == [handled.number]
    assert _values(unit, "Citizen") == ["张**"]
    assert _values(unit, "Phone") == ["138****0001"]
    received = timezone.localtime(handled.created_at).replace(tzinfo=None)
    assert abs(_values(unit, "Received at")[0] - received) < timedelta(milliseconds=1), "Excel keeps milliseconds"
    assert sheet(Browser(cast.other_clerk), group="handling") == []


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")'])
def test_what_looks_like_a_formula_is_text(cast: Cast, text: str) -> None:
    ticket(text=text + "，请处理")
    cell = sheet(Browser(cast.agent, accept_language="en"))[0]["What was asked"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text + "，请处理", "s", True)


@pytest.mark.usefixtures("_english")
def test_signs_that_excel_cannot_hold_are_left_out(cast: Cast) -> None:
    ticket(text="响\x07铃\x0b扰民")
    assert sheet(Browser(cast.agent, accept_language="en"))[0]["What was asked"].value == "响铃扰民"


def test_the_sheet_reads_rows_by_hundreds(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        ticket()
    agent = Browser(cast.agent)
    agent.get("/me")
    with django_assert_max_num_queries(30):
        assert len(sheet(agent)) == 12


# --- on record ------------------------------------------------------------------------------------------


def opened(browser: Browser, row: Ticket, file: Attachment) -> int:
    """Open a file and read it to its end."""
    response = browser.get(f"/tickets/{row.number}/attachments/{file.pk}")
    b"".join(response.streaming_content)
    return int(response.status_code)


def reads() -> list[tuple[str, str, str, str]]:
    rows = PersonalDataRead.objects.order_by("pk").select_related("staff")
    return [(row.what, row.staff.username, row.ticket_number, row.reason) for row in rows]


def test_exports_are_on_record(cast: Cast) -> None:
    row = ticket()
    agent, who = Browser(cast.agent), cast.agent.username
    told(agent, row)
    agent.get(f"/tickets/{row.number}/story.pdf")
    sheet(agent, state="received")
    assert reads() == [
        ("export", who, row.number, "story.json"),
        ("export", who, row.number, "story.pdf"),
        ("export", who, "", "tickets.xlsx 1: state=received"),
    ]
    assert Browser(cast.other_clerk).get(f"/tickets/{row.number}/story.json").status_code == 404
    assert len(reads()) == 3, "what was refused was not taken"


def test_playing_a_voice_is_on_record_once_an_hour(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = ticket()
    voice = files.keep(row, content=WAV, filename="a.wav", purpose="citizen", by=None)
    paper = files.keep(row, content=b"%PDF-1.4", filename="a.pdf", purpose="handling", by=None)
    proof = files.keep(row, content=b"%PDF-1.4 id", filename="id.pdf", purpose="identity", by=None)
    agent, lead = Browser(cast.agent), Browser(cast.lead)
    for start in (0, 10, 20):
        path = f"/api/v1/tickets/{row.number}/attachments/{voice.pk}"
        assert agent.client.get(path, headers={"range": f"bytes={start}-"}).status_code == 206
    for browser, file in ((lead, voice), (agent, paper), (agent, proof)):
        assert opened(browser, row, file) == 200
    assert reads() == [
        ("recording", cast.agent.username, row.number, f"attachment {voice.pk}"),
        ("recording", cast.lead.username, row.number, f"attachment {voice.pk}"),
        ("identity", cast.agent.username, row.number, f"attachment {proof.pk}"),
    ]


def test_a_voice_played_again_later_is_another_reading(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = ticket()
    voice = files.keep(row, content=WAV, filename="a.wav", purpose="citizen", by=None)
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        agent = Browser(cast.agent)
        assert opened(agent, row, voice) == 200
        traveller.shift(timedelta(hours=1))
        assert opened(agent, row, voice) == 200
    assert [what for what, *_rest in reads()] == ["recording", "recording"]


def test_the_auditor_reads_who_read_what(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    agent.post(f"/tickets/{row.number}/unmask", reason="回拨电话")
    told(agent, row)
    told(Browser(cast.lead), row)
    auditor = Browser(cast.auditor)
    page = auditor.get("/audit/personal-data", limit=2).json()
    assert [(r["what"], r["staff"], r["ticket"], r["reason"]) for r in page["results"]] == [
        ("export", cast.lead.username, row.number, "story.json"),
        ("export", cast.agent.username, row.number, "story.json"),
    ]
    rest = auditor.get("/audit/personal-data", limit=2, after=page["next"]).json()
    assert [(r["what"], r["reason"]) for r in rest["results"]] == [("identity", "回拨电话")]
    assert rest["next"] is None
    assert "张三丰" not in auditor.get("/audit/personal-data").content.decode()

    def found(**narrow: str) -> int:
        return len(auditor.get("/audit/personal-data", **narrow).json()["results"])

    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert found(what="identity") == 1
    assert found(staff=cast.lead.username) == 1
    assert found(ticket=row.number) == 3
    assert (found(since=tomorrow), found(until=tomorrow)) == (0, 3)
    assert Browser(cast.lead).get("/audit/personal-data").status_code == 403


def test_past_moments_stay_past(cast: Cast) -> None:
    """Lines are exported at the moment they were hashed with, in UTC."""
    with clock.at(timezone.now() - timedelta(days=400)):
        row = ticket()
    line = told(Browser(cast.agent), row)["ledger"][0]
    assert line["at"] == row.ledger.get().at.isoformat()
    assert line["at"].endswith("+00:00")

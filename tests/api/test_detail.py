"""One whole ticket: thread, files, clocks, drafts, unmasking, and what confidentiality hides."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import ExifTags, Image

from hotline.people.models import PersonalDataRead
from hotline.tickets import actors, files, lifecycle
from hotline.tickets.models import Attachment, Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from tests.api.conftest import V1, Browser
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(100))


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings: Any) -> Path:
    """Files of one test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(*, place: bool = False, size: tuple[int, int] = (40, 30)) -> bytes:
    picture, out = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretPhone"
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (23.0, 6.0, 0.0), 3: "E", 4: (113.0, 15.0, 0.0)})
    picture.save(out, "JPEG", exif=exif, comment=b"hidden words")
    return out.getvalue()


def with_voice(row: Ticket) -> Attachment:
    message = lifecycle.add_words(ticket=row, words=Words(text="", kind="voice", voice=True), channel="web")
    attachment = files.keep(row, content=WAV, filename="说话.wav", purpose="citizen", by=None)
    lifecycle.keep_media(ticket=row, message=message, attachment=attachment)
    return attachment


def test_the_thread_in_order_with_its_files(cast: Cast) -> None:
    row = ticket(text="路灯坏了")
    attachment = with_voice(row)
    row.refresh_from_db()
    lifecycle.reply(ticket=row, by=actors.staff(cast.agent), version=row.version, text="收到")
    body = Browser(cast.agent).get(f"/tickets/{row.number}").json()
    said = [(m["direction"], m["kind"], m["text"], m["author"], m["delivery"]) for m in body["messages"]]
    assert said == [
        ("in", "text", "路灯坏了", "", "none"),
        ("in", "voice", "", "", "none"),
        ("out", "text", "收到", cast.agent.display_name, "queued"),
    ]
    voice = body["messages"][1]
    assert voice["transcript_state"] == "pending"
    assert voice["attachment"] == {
        "id": attachment.pk,
        "url": f"/api/v1/tickets/{row.number}/attachments/{attachment.pk}",
        "play_url": f"/api/v1/tickets/{row.number}/attachments/{attachment.pk}",
        "content_type": "audio/wav",
        "filename": "说话.wav",
        "size": len(WAV),
        "duration": None,
        "purpose": "citizen",
        "created_at": timezone.localtime(attachment.created_at).isoformat(),
    }


def test_clocks_explain_themselves(cast: Cast) -> None:
    row = cast.ticket_in(State.DISPATCHED)
    clocks = Browser(cast.clerk).get(f"/tickets/{row.number}").json()["clocks"]
    assert [clock["name"] for clock in clocks] == ["sign", "contact", "return", "answer"]
    basis, begun, *days = clocks[3]["explanation"]
    assert basis == "广东省政务服务便民热线 2022：10 个工作日内答复"
    assert begun.endswith("起 10 个工作日，当日不计。")
    assert any(day.endswith("：第 10 个工作日") for day in days)
    fresh = Browser(cast.agent).get(f"/tickets/{ticket().number}").json()["clocks"]
    assert [clock["name"] for clock in fresh] == ["accept"]


def test_terms_say_what_a_dispatch_would_set(cast: Cast) -> None:
    row = cast.ticket_in(State.ACCEPTED)
    body = Browser(cast.agent).get(f"/tickets/{row.number}/terms", department=cast.unit.code).json()
    assert [clock["name"] for clock in body["results"]] == ["sign", "contact", "return", "answer"]
    assert body["results"][3]["explanation"][0] == "广东省政务服务便民热线 2022：10 个工作日内答复"


def test_a_draft_is_its_writers_own(cast: Cast) -> None:
    row = ticket()
    agent, lead = Browser(cast.agent), Browser(cast.lead)
    draft = {"reply": "正在写 ", "answer": "", "fields": {"title": "路灯"}}
    assert agent.put(f"/tickets/{row.number}/draft", **draft).json() == draft
    assert agent.get(f"/tickets/{row.number}").json()["draft"] == draft
    assert lead.get(f"/tickets/{row.number}").json()["draft"] is None
    lead.put(f"/tickets/{row.number}/draft", reply="别的")
    assert agent.get(f"/tickets/{row.number}").json()["draft"] == draft


def test_unmasking_is_on_record(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    assert agent.get(f"/tickets/{row.number}").json()["citizen"] == {"name": "张**", "phone": "138****0001"}
    assert agent.post(f"/tickets/{row.number}/unmask").status_code == 422
    assert not PersonalDataRead.objects.exists()
    body = agent.post(f"/tickets/{row.number}/unmask", reason="回拨电话").json()
    assert body == {"name": "张三丰", "phone": "13800000001"}
    read = PersonalDataRead.objects.get()
    assert (read.staff, read.citizen, read.ticket_number, read.reason) == (
        cast.agent,
        row.citizen,
        row.number,
        "回拨电话",
    )


def test_a_unit_unmasks_only_what_it_handles_in_the_open(cast: Cast) -> None:
    clerk = Browser(cast.clerk)
    waiting, handled, secret = (cast.ticket_in(s) for s in (State.DISPATCHED, State.HANDLING, State.HANDLING))
    Ticket.objects.filter(pk=secret.pk).update(confidential=True)
    asked = {
        row: clerk.post(f"/tickets/{row.number}/unmask", reason="联系").status_code
        for row in (waiting, handled, secret)
    }
    assert asked == {waiting: 403, handled: 200, secret: 403}
    assert PersonalDataRead.objects.count() == 1


def test_a_unit_learns_nothing_of_who_asks_confidentially(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    other = cast.ticket_in(State.HANDLING)
    Ticket.objects.filter(pk__in=[row.pk, other.pk]).update(confidential=True)
    Ticket.objects.filter(pk=other.pk).update(citizen=row.citizen)
    voice = with_voice(row)
    identity = files.keep(row, content=photo(), filename="身份证.jpg", purpose="identity", by=None)
    clerk, agent = Browser(cast.clerk), Browser(cast.agent)
    body = clerk.get(f"/tickets/{row.number}").json()
    assert body["citizen"] is None
    assert body["related"] == body["attachments"] == []
    assert [message["attachment"] for message in body["messages"]] == [None, None]
    for attachment in (voice, identity):
        path = f"/tickets/{row.number}/attachments/{attachment.pk}"
        assert clerk.get(path).status_code == 403
        assert b"".join(agent.get(path).streaming_content)
    assert [row["number"] for row in agent.get(f"/tickets/{row.number}").json()["related"]] == [other.number]


def test_an_open_ticket_does_not_lead_to_a_confidential_one(cast: Cast) -> None:
    row, secret = cast.ticket_in(State.HANDLING), cast.ticket_in(State.HANDLING)
    Ticket.objects.filter(pk=secret.pk).update(confidential=True, citizen=row.citizen)
    assert Browser(cast.clerk).get(f"/tickets/{row.number}").json()["related"] == []


def test_evidence_is_cleaned_and_kept(cast: Cast, media_root: Path) -> None:
    row = cast.ticket_in(State.HANDLING)
    clerk = Browser(cast.clerk)
    upload = SimpleUploadedFile("../../修好了.jpg", photo(place=True), "image/png")
    path = f"{V1}/tickets/{row.number}/attachments"
    response = clerk.client.post(path, {"file": upload, "purpose": "handling"})
    assert response.status_code == 201, response.json()
    attachment = Attachment.objects.get()
    assert (attachment.filename, attachment.content_type, attachment.by) == (
        "修好了.jpg",
        "image/jpeg",
        cast.clerk,
    )
    assert (attachment.lat, attachment.lng) == (23.1, 113.25)
    kept = (media_root / attachment.key).read_bytes()
    assert b"SecretPhone" not in kept
    assert b"hidden words" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert response.json()["url"] == f"{path}/{attachment.pk}"
    assert [shown["id"] for shown in clerk.get(f"/tickets/{row.number}").json()["attachments"]] == [attachment.pk]


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload='alert(1)'/>", b"<html>", b"MZ\x90", b"\xff\xd8\xff broken", b"GIF89a" + b"0" * 50],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(cast: Cast, content: bytes, media_root: Path) -> None:
    row = cast.ticket_in(State.HANDLING)
    upload = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    response = Browser(cast.clerk).client.post(f"{V1}/tickets/{row.number}/attachments", {"file": upload})
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["file"]
    assert not [path for path in media_root.rglob("*") if path.is_file()]


def test_a_file_too_large_or_with_too_many_pixels_is_refused(cast: Cast, settings: Any) -> None:
    row = cast.ticket_in(State.HANDLING)
    bomb = io.BytesIO()
    Image.new("1", (8000, 8000)).save(bomb, "PNG")
    settings.MAX_ATTACHMENT_BYTES = len(bomb.getvalue())
    path = f"{V1}/tickets/{row.number}/attachments"
    for content in (bomb.getvalue(), bomb.getvalue() + b"0"):
        upload = SimpleUploadedFile("a.png", content, "image/png")
        assert Browser(cast.clerk).client.post(path, {"file": upload}).status_code == 422


def test_evidence_cannot_pose_as_the_citizens(cast: Cast) -> None:
    row = cast.ticket_in(State.HANDLING)
    upload = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    path = f"{V1}/tickets/{row.number}/attachments"
    response = Browser(cast.clerk).client.post(path, {"file": upload, "purpose": "citizen"})
    assert response.status_code == 422


def test_a_file_is_shown_but_never_run(cast: Cast) -> None:
    row = ticket()
    agent = Browser(cast.agent)
    picture = files.keep(row, content=photo(), filename="灯\r\n.jpg", purpose="citizen", by=None)
    paper = files.keep(row, content=b"%PDF-1.4 x", filename="通知.pdf", purpose="citizen", by=None)
    shown = agent.get(f"/tickets/{row.number}/attachments/{picture.pk}")
    saved = agent.get(f"/tickets/{row.number}/attachments/{paper.pk}")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(saved.streaming_content) == b"%PDF-1.4 x"
    assert b"".join(shown.streaming_content)
    for response in (shown, saved):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=4-9", 206, WAV[4:10], f"bytes 4-9/{len(WAV)}"),
        ("bytes=100-", 206, WAV[100:], f"bytes 100-{len(WAV) - 1}/{len(WAV)}"),
        ("bytes=-5", 206, WAV[-5:], f"bytes {len(WAV) - 5}-{len(WAV) - 1}/{len(WAV)}"),
        ("bytes=0-99999", 206, WAV, f"bytes 0-{len(WAV) - 1}/{len(WAV)}"),
        ("bytes=99999-", 416, b"", f"bytes */{len(WAV)}"),
    ],
)
def test_a_player_can_seek(cast: Cast, asked: str, status: int, content: bytes, told: str) -> None:
    row = ticket()
    voice = with_voice(row)
    response = Browser(cast.agent, range=asked).get(f"/tickets/{row.number}/attachments/{voice.pk}")
    assert (response.status_code, response.content) == (status, content)
    assert response.headers["Content-Range"] == told


@pytest.mark.parametrize("asked", ["bytes=-", "lines=1-2", "bytes=0-1,3-4"])
def test_a_range_of_another_form_gets_the_whole(cast: Cast, asked: str) -> None:
    row = ticket()
    voice = with_voice(row)
    response = Browser(cast.agent, range=asked).get(f"/tickets/{row.number}/attachments/{voice.pk}")
    assert (response.status_code, b"".join(response.streaming_content)) == (200, WAV)


def test_where_a_reply_would_go(cast: Cast) -> None:
    fresh, old = contact("wechat"), contact("wechat")
    fresh.last_word_at = timezone.now() - timedelta(hours=1)
    old.last_word_at = timezone.now() - timedelta(hours=49)
    fresh.save()
    old.save()
    agent = Browser(cast.agent, accept_language="en")
    shown = [agent.get(f"/tickets/{ticket(contact=c).number}").json()["reply_channel"] for c in (fresh, old)]
    assert [(channel["slug"], channel["can_push"]) for channel in shown] == [
        ("wechat", True),
        ("wechat", False),
    ]
    assert shown[0]["window_ends_at"] == timezone.localtime(fresh.last_word_at + timedelta(hours=48)).isoformat()
    assert (shown[0]["note"], "notice with a link" in shown[1]["note"]) == ("", True)


def test_a_reply_after_the_time_of_a_channel_without_templates_goes_by_short_message(cast: Cast) -> None:
    silent = contact("weibo")
    silent.last_word_at = timezone.now() - timedelta(hours=49)
    silent.save()
    agent = Browser(cast.agent, accept_language="en")
    shown = agent.get(f"/tickets/{ticket(contact=silent).number}").json()["reply_channel"]
    assert (shown["can_push"], "short message if a number is known" in shown["note"]) == (False, True)


def test_queries_do_not_grow_with_the_requests_to_set_aside(cast: Cast, django_assert_max_num_queries: Any) -> None:
    row = cast.ticket_in(State.HANDLING)
    quality, lead, used = Browser(cast.quality), Browser(cast.lead), []
    for _ in range(3):
        asked = quality.post(f"/tickets/{row.number}/set-aside", version=row.version, code="duplicate", note="x").json()
        body = {"version": asked["version"], "approved": False, "note": "不是"}
        row.version = lead.post(f"/tickets/{row.number}/rule-on-set-aside", **body).json()["version"]
        with django_assert_max_num_queries(40) as queries:
            shown = lead.get(f"/tickets/{row.number}").json()["set_asides"]
        used.append(len(queries))
    assert [request["code_label"] for request in shown] == ["重复诉求"] * 3
    assert used[0] == used[1] == used[2]


def test_queries_do_not_grow_with_the_thread(cast: Cast, django_assert_max_num_queries: Any) -> None:
    row = cast.ticket_in(State.HANDLING)
    agent = Browser(cast.agent)
    used = []
    for many in (5, 50):
        while Message.objects.filter(ticket=row).count() < many:
            lifecycle.add_words(ticket=row, words=Words(text="还有"), channel="web")
        with django_assert_max_num_queries(28) as queries:
            assert len(agent.get(f"/tickets/{row.number}").json()["messages"]) == many
        used.append(len(queries))
    assert used[0] == used[1]

"""The same life on the other written channels: SMS, web form with a photo, open interface, WeChat voice."""

import io
import json
import re
import uuid
from pathlib import Path

import av
import numpy
import pytest
from PIL import Image

from channels_ingest import words
from channels_ingest.models import ChannelAccount, OutboundMessage
from hotline.tickets import files
from hotline.tickets.models import Ticket
from nlp.speech import SpeechSettings, Transcript
from tests.fakes.aliyun_sms import AliyunSms
from tests.fakes.wechat_api import WeChatServer
from tests.stories.world import World, nothing_new, wechat_query, wechat_xml

PHONE = "13800000001"
EAST_STATION = {34853: {1: "N", 2: (22.0, 56.0, 24.0), 3: "E", 4: (112.0, 27.0, 36.0)}}


def handle(world: World, number: str, unit: str = "urban") -> None:
    """The plain way from the desk to an approved answer."""
    world.does("agent1", "accept", number)
    world.does("agent1", "dispatch", number, department=unit)
    world.does(unit, "sign", number)
    world.does(unit, "answer", number, public="已经处理好了。", solved=True)
    world.does("lead1", "review", number, approved=True)


PLAIN_STORY = [
    "received",
    "suggested",
    "accepted by agent1",
    "dispatched by agent1",
    "signed by urban",
    "answered by urban",
    "review_passed by lead1",
    "rated",
    "closed",
]


# --- SMS ---------------------------------------------------------------------------------------------


@pytest.fixture
def aliyun(world: World):
    """Aliyun's SMS server, to which the demonstration account points."""
    with AliyunSms("key-id", "key-secret", {"SMS_NOTICE": {"text"}}) as server:
        account = ChannelAccount.objects.get(adapter="sms-aliyun", name="demo")
        account.settings = json.dumps(
            {
                "sender": "aliyun",
                "access_key_id": "key-id",
                "access_key_secret": "key-secret",
                "sign_name": "云水市12345",
                "api_base": server.url,
                "templates": {"default": {"id": "SMS_NOTICE", "fields": {"text": "short"}}},
            }
        )
        account.save()
        yield server


def texts(world: World, content: str, sequence: int) -> None:
    body = [
        {
            "phone_number": PHONE,
            "content": content,
            "send_time": "2026-11-21 09:49:58",
            "dest_code": "8106001",
            "sequence_id": sequence,
        }
    ]
    answer = world.public.post("/in/sms-aliyun/demo-secret/", json.dumps(body), "application/json")
    assert answer.status_code == 200
    assert answer.json()["code"] == 0


def test_sms(world: World, aliyun: AliyunSms) -> None:
    texts(world, "翠湖路垃圾桶满了好几天，气味很大", 1)
    with nothing_new():
        texts(world, "翠湖路垃圾桶满了好几天，气味很大", 1)
    world.settle()
    ticket = Ticket.objects.get()
    handle(world, ticket.number)
    texts(world, f"CX {ticket.number}", 2)
    world.settle()
    texts(world, "1", 3)
    world.settle()
    assert world.story_of(ticket.number) == PLAIN_STORY
    ticket.refresh_from_db()
    assert (ticket.state, ticket.satisfied) == ("closed", 5)
    due = ticket.ledger.get(kind="dispatched").data["due_at"]
    assert {sent.phone for sent in aliyun.sent} == {PHONE}
    told = [sent.blanks["text"] for sent in aliyun.sent]
    number = ticket.number
    assert told[0] == words.received(number, ticket.public_code).short
    assert told[1] == words.accepted(number).short
    assert told[2].startswith(f"编号{number}的诉求已交")
    assert due[8:10].lstrip("0") in told[2]
    assert told[3] == words.answered(number, "已经处理好了。").short
    assert told[4].startswith(f"{number} 已答复，等待您评价")
    assert words.RATED in told
    assert told[-1] == words.closed(number, invite=False).short
    assert len(told) == 7


# --- web form with a photo --------------------------------------------------------------------------------


def photo() -> bytes:
    """A small photo that says where it was taken."""
    picture = Image.new("RGB", (64, 48), (90, 120, 90))
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(EAST_STATION[34853])
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def test_web_form_with_photo(world: World) -> None:
    said = {"text": "滨江公园的健身器材断了，露出铁尖，孩子容易受伤"}
    page = world.public.post("/ask/", said)
    submission = re.search(r'name="submission" value="([^"]+)"', page.content.decode())
    assert submission
    form = {**said, "submission": submission[1], "phone": PHONE, "name": "李四", "type": "help"}
    answer = world.public.post("/ask/", {**form, "attached": upload()}, follow=True)
    ticket = Ticket.objects.get()
    assert ticket.number in answer.content.decode()
    assert ticket.public_code in answer.content.decode()
    with nothing_new():
        world.public.post("/ask/", {**form, "attached": upload()}, follow=True)

    attachment = ticket.attachments.get()
    assert (round(attachment.lat, 2), round(attachment.lng, 2)) == (22.94, 112.46)
    kept = Image.open(io.BytesIO(files.path_of(attachment).read_bytes()))
    assert not kept.getexif()

    world.settle()
    handle(world, ticket.number)
    address = world.sees("urban", ticket.number)["messages"][0]["attachment"]["url"]
    assert world.fetches("urban", address) == 200
    assert world.fetches("water", address) == 404

    page = world.public.post("/follow/", {"number": ticket.number, "proof": PHONE[-4:]})
    assert page.status_code in (302, 422), page.status_code
    page = world.public.get(f"/t/{ticket.public_code}/").content.decode()
    assert "已经处理好了。" in page
    assert "urban" not in page
    assert "agent1" not in page
    rates(world, ticket, satisfied=5)
    world.settle()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.satisfied) == ("closed", 5)
    assert world.story_of(ticket.number)[-3:] == ["review_passed by lead1", "rated", "closed"]


def rates(world: World, ticket: Ticket, satisfied: int) -> None:
    """The five faces of the citizen's page."""
    form = {"satisfied": satisfied, "solved": "yes", "words": "谢谢", "submission": str(uuid.uuid4())}
    answer = world.public.post(f"/rate/{ticket.public_code}/", form)
    assert answer.status_code in (200, 302), answer.content


def upload() -> io.BytesIO:
    """The photo as a browser sends it."""
    sent = io.BytesIO(photo())
    sent.name = "器材.jpg"
    return sent


# --- the open interface -------------------------------------------------------------------------------------


def test_open_interface(world: World) -> None:
    request = {
        "channel": "terminal",
        "external_id": "T-0007",
        "sender": {"phone": PHONE, "name": "王五"},
        "text": "政务大厅的自助终端打印不出社保清单",
        "place": {"address": "云水市政务服务中心"},
    }
    key = {"headers": {"Authorization": "Bearer demo-api-key"}}
    first = world.public.post("/api/v1/requests", json.dumps(request), "application/json", **key)
    assert first.status_code == 201
    with nothing_new():
        again = world.public.post("/api/v1/requests", json.dumps(request), "application/json", **key)
    assert again.status_code == 200
    assert again.json() == first.json()
    ticket = Ticket.objects.get()
    assert first.json() == {"number": ticket.number, "public_code": ticket.public_code}
    assert (ticket.channel, ticket.source, ticket.address) == ("api", "terminal", "云水市政务服务中心")
    world.settle()
    handle(world, ticket.number)
    rates(world, ticket, satisfied=4)
    world.settle()
    assert world.story_of(ticket.number) == PLAIN_STORY
    assert Ticket.objects.get().state == "closed"
    assert not OutboundMessage.objects.exclude(state="sent").exists()


# --- a WeChat voice -----------------------------------------------------------------------------------------


def amr() -> bytes:
    """Two seconds of a tone in AMR-NB, as WeChat keeps voices."""
    sound = (numpy.sin(numpy.arange(16_000) * 0.2) * 8_000).astype(numpy.int16)
    kept = io.BytesIO()
    with av.open(kept, "w", format="amr") as container:
        stream = container.add_stream("libopencore_amrnb", rate=8_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 8_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return kept.getvalue()


OPENID = "oJ5XbtwDq3ZkR9yN1mVh7LcGeUaE"


def speaks(world: World, wechat: WeChatServer, message_id: int) -> Ticket:
    wechat.spoke(OPENID)
    wechat.media["mVoice_1Zq8"] = (amr(), "audio/amr")
    body = wechat_xml(
        "voice", message_id, "<MediaId><![CDATA[mVoice_1Zq8]]></MediaId><Format><![CDATA[amr]]></Format>", OPENID
    )
    for _time in range(2):  # WeChat sends again when it is not answered in five seconds
        answer = world.public.post(f"/in/wechat/demo/?{wechat_query()}", body, "text/xml")
        assert answer.status_code == 200
    world.settle()
    return Ticket.objects.get()


def test_wechat_voice(world: World, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []

    def recogniser(data: bytes, hint: str | None, settings: SpeechSettings) -> Transcript:
        heard.append(len(data))
        return Transcript(text="我们楼下的路灯不亮了，晚上看不见路", words=(), seconds=2.0, engine="whisper")

    monkeypatch.setattr("channels_ingest.fetching.speech.transcribe", recogniser)
    ticket = speaks(world, wechat, 5001)
    assert heard == [len(amr())]
    assert ticket.text == "我们楼下的路灯不亮了，晚上看不见路"
    voice = world.sees("agent1", ticket.number)["messages"][0]
    assert (voice["kind"], voice["transcript_state"], voice["transcript"]) == ("voice", "done", ticket.text)
    assert world.fetches("agent1", voice["attachment"]["url"]) == 200
    handle(world, ticket.number)
    body = wechat_xml("text", 5002, "<Content><![CDATA[满意]]></Content>", OPENID)
    world.public.post(f"/in/wechat/demo/?{wechat_query()}", body, "text/xml")
    world.settle()
    assert world.story_of(ticket.number) == ["received", "media_kept", "transcribed", *PLAIN_STORY[1:]]
    assert Ticket.objects.get().satisfied == 4


def test_a_voice_without_a_model_is_still_a_ticket(
    world: World, wechat: WeChatServer, settings, tmp_path: Path
) -> None:
    settings.SPEECH_ENGINE = "vosk"
    settings.MODEL_DIR = tmp_path
    ticket = speaks(world, wechat, 6001)
    voice = world.sees("agent1", ticket.number)["messages"][0]
    assert voice["transcript_state"] == "no_model"
    assert world.fetches("agent1", voice["attachment"]["url"]) == 200
    assert world.story_of(ticket.number) == ["received", "media_kept", "transcribed"]

"""The disk of the media folder is full: words become tickets, calls go on, and files come when there is room again."""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.db import connections
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker

from channels_ingest.models import InboundMessage
from hotline.calls.models import PhoneCall
from hotline.demo.simulate.pages import hidden_fields
from hotline.demo.simulate.wire import account, signed_query
from hotline.people.models import Staff
from hotline.tickets.models import Attachment, LedgerEntry, Message
from tests.channels_ingest.telephony.around import at_the_desk, both_speak, calling, there
from tests.channels_ingest.telephony.hall import until as becomes
from tests.launcher.conftest import needs_root
from tests.launcher.house import House, built

Until = Callable[[Callable[[], bool]], None]
ROOM = 24 * 2**20
PICTURE = """<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>
<CreateTime>{at}</CreateTime><MsgType><![CDATA[image]]></MsgType><MediaId><![CDATA[{media}]]></MediaId>
<PicUrl><![CDATA[x]]></PicUrl><MsgId>{id}</MsgId></xml>"""


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A disk of its own, small enough to be filled."""
    with tempfile.TemporaryDirectory(prefix="hotline-disk-") as name:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", name], capture_output=True)
        if mounted.returncode:
            pytest.skip(f"no disk may be mounted here: {mounted.stderr.decode().strip()}")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True)


@pytest.fixture(scope="module")
def house(disk: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), built(media=disk) as house:
        for process in house.processes:
            process.start()
        connections.close_all()
        yield house


class Filled:
    """The disk without room for another byte, until `empty`."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "filler"
        with self._file.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        assert shutil.disk_usage(disk).free == 0

    def empty(self) -> None:
        self._file.unlink()


def picture() -> bytes:
    """A photo that cannot be packed."""
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 300), secrets.token_bytes(400 * 300 * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


def files_in(disk: Path) -> set[str]:
    """What lies there for good: files, whole or not."""
    return {str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file() and path.name != "filler"}


def stands_in(database: type[Attachment] = Attachment) -> set[str]:
    return set(database.objects.values_list("key", flat=True))


@needs_root
def test_a_photo_waits_for_room_and_its_words_do_not(house: House, disk: Path, long_until: Until) -> None:
    long_until(house.is_ready)
    house.vendors.wechat.media["m1"] = (picture(), "image/jpeg")
    full = Filled(disk)
    settings = account("wechat").settings
    body = PICTURE.format(sender="citizen-1", at=int(time.time()), media="m1", id=8_001)
    where = f"http://{house.web_address}/in/wechat/demo/"
    query = signed_query(settings["token"])
    assert httpx.post(where, params=query, content=body.encode(), timeout=30).status_code == 200
    said = InboundMessage.objects.get(external_id="8001")
    assert said.ticket is not None
    message = said.ticket.messages.get(kind="image")
    long_until(lambda: any(asked.path == "/cgi-bin/media/get" for asked in house.vendors.wechat.asked))
    long_until(lambda: waits("fetch_media"))
    assert (Attachment.objects.count(), stands_in()) == (0, set())
    assert {name for name in files_in(disk) if not name.startswith("calls/")} == set()
    full.empty()
    long_until(lambda: Message.objects.filter(pk=message.pk).exclude(attachment=None).exists())
    kept = Attachment.objects.get()
    assert hashlib.sha256((disk / kept.key).read_bytes()).hexdigest() == kept.sha256
    assert [line.kind for line in said.ticket.ledger.order_by("sequence")][:2] == ["received", "media_kept"]


def waits(task: str) -> bool:
    """Whether a job failed and will be tried again."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name__endswith=task, status="todo", attempts__gt=0).exists()


@needs_root
def test_a_form_tells_that_its_photo_cannot_be_kept_and_is_taken_without(
    house: House, disk: Path, long_until: Until
) -> None:
    long_until(house.is_ready)
    full = Filled(disk)
    before = Message.objects.count()
    with httpx.Client(base_url=f"http://{house.web_address}", timeout=30) as browser:
        box = hidden_fields(browser.get("/ask/").text) | {"text": "公园长椅坏了一张"}
        form = hidden_fields(browser.post("/ask/", data=box).text) | box | {"phone": "13800000007"}
        answer = browser.post("/ask/", data=form, files={"attached": ("photo.jpg", picture(), "image/jpeg")})
        assert (answer.status_code, Message.objects.count()) == (422, before)
        form |= hidden_fields(answer.text)
        assert browser.post("/ask/", data=form).status_code == 302
    assert Message.objects.count() == before + 1
    assert not [name for name in files_in(disk) if name.startswith("incoming/")]
    full.empty()


@needs_root
@pytest.mark.asyncio
async def test_a_call_goes_on_and_what_of_it_is_not_kept_is_told(house: House, disk: Path) -> None:
    agent = await there(lambda: Staff.objects.get(username="agent1"))
    async with at_the_desk(house.browsers, agent, patient=True) as desk, calling(house.sip, "13800000008") as caller:
        call = await desk.answers()
        await becomes(lambda: desk.last("call").get("call", {}).get("ticket"))
        await both_speak(caller, desk)
        full = Filled(disk)
        assert min(await both_speak(caller, desk)) > 0
        full.empty()
        await both_speak(caller, desk)
        await caller.leg.hang_up()
        await becomes(lambda: desk.last("call_over"))
        await desk.says("wrapup_done")
    row = await there(lambda: PhoneCall.objects.filter(uuid=call).exclude(recording="").first())
    assert row is not None
    sound = disk / "recordings" / row.recording
    assert hashlib.sha256(sound.read_bytes()).hexdigest() == row.recording_sha256
    with wave.open(str(sound)) as there_is:
        assert there_is.getnframes() / there_is.getframerate() == pytest.approx(row.recording_seconds, abs=0.01)
    told = await there(lambda: LedgerEntry.objects.filter(kind="noted", ticket=row.ticket).first())
    assert told is not None
    assert told.data["text"].startswith("磁盘已满") or "disk was full" in told.data["text"]

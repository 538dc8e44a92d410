"""While PostgreSQL is away WeChat's messages are acknowledged, wait on the disk, and become tickets in their order."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from channels_ingest.models import ChannelAccount, InboundMessage
from hotline.people.models import Citizen
from hotline.tickets.models import Ticket
from tests.launcher.installation import Database, Web, in_use, make_tables

Until = Callable[[Callable[[], bool]], None]
VENDORS_PATIENCE = 5
TOKEN = "a-token-of-the-tests"
WORDS = ("路灯不亮", "井盖坏了", "垃圾没有人收", "水管爆了")
MESSAGE = """<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>
<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content><MsgId>{id}</MsgId></xml>"""


@dataclass(frozen=True)
class House:
    """A web process on a database that can be taken away."""

    database: Database
    web: Web
    spool: Path

    def wechat(self, number: int, *, token: str = TOKEN) -> httpx.Response:
        """The message of one citizen, as the platform signs and sends it."""
        stamp, nonce = str(int(time.time())), f"n{number}"
        signature = hashlib.sha1("".join(sorted((token, stamp, nonce))).encode()).hexdigest()
        body = MESSAGE.format(sender=f"citizen-{number}", at=stamp, text=WORDS[number], id=7_000 + number)
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce}
        address = f"http://{self.web.address}/in/wechat/demo/"
        return httpx.post(
            address, params=query, content=body.encode(), headers={"Content-Type": "text/xml"}, timeout=30
        )


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path))
    with tempfile.TemporaryDirectory(prefix="hotline-spool-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        database, web = Database(Path(folder) / "postgres", durable=True), Web()
        try:
            with in_use(database.url), django_db_blocker.unblock():
                make_tables()
                ChannelAccount.objects.create(
                    adapter="wechat", name="demo", settings=json.dumps({"token": TOKEN, "appid": "wx1"})
                )
                connections.close_all()  # what the test itself holds would break with the server
                web.start()
                yield House(database, web, tmp_path / "spool")
        finally:
            web.stop()
            database.close()


def test_acknowledged_words_become_tickets_in_their_order(house: House, long_until: Until) -> None:
    assert house.wechat(0).status_code == 200
    house.database.kill()
    answers = [house.wechat(1), house.wechat(2), house.wechat(3), house.wechat(2)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "success")] * 4
    assert max(answer.elapsed for answer in answers) < timedelta(seconds=VENDORS_PATIENCE)
    assert house.wechat(1, token="somebody-else").status_code == 403
    kept = sorted(house.spool.glob("[0-9]*"))
    assert (len(kept), {path.stat().st_mode & 0o777 for path in kept}) == (4, {0o600})
    assert not any(WORDS[1].encode() in path.read_bytes() for path in kept)
    broken = house.spool / f"{0:020d}-broken"
    broken.write_bytes(b"not ours")
    house.database.start()
    long_until(lambda: not any(house.spool.glob("[0-9]*-?" + "?" * 31)))
    assert [ticket.text for ticket in Ticket.objects.order_by("pk")] == list(WORDS)
    assert InboundMessage.objects.count() == Citizen.objects.count() == len(WORDS)
    assert [path.name for path in house.spool.iterdir() if path.name != ".lock"] == [f"{broken.name}.aside"]
    late: Any = InboundMessage.objects.order_by("pk").last()
    assert (late.reply, late.ticket.text) == ("", WORDS[3])

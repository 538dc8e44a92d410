"""Our link against a message centre that somebody else wrote: the server of smpp34, whose sessions are not ours."""

import asyncio
from typing import Any

import pytest
import smpp34

from channels_ingest.sms_links import segments
from channels_ingest.sms_links.dialect import Piece
from channels_ingest.sms_links.link import Link
from channels_ingest.sms_links.options import LinkOptions
from channels_ingest.sms_links.smpp_dialect import SmppAccount, SmppDialect
from tests.channels_ingest.sms_links.test_sessions import Memory
from tests.processes import free_port

pytestmark = pytest.mark.asyncio


async def test_a_whole_conversation_with_a_foreign_message_centre() -> None:
    port, keeper = free_port(), Memory()
    long = "翠湖路垃圾桶满了好几天，气味很大。" * 6
    keeper.queue = [Piece(n, "8613800000001", content, n, 2) for n, content in enumerate(segments.cut(long, 9), 1)]
    server = smpp34.Server("127.0.0.1", port, system_id="FOREIGN")
    await server.start()
    said: list[tuple[bool, str]] = []

    async def changed(connected: bool, detail: str) -> None:
        said.append((connected, detail))

    dialect = SmppDialect(SmppAccount("hotline", "demo1234", "12345"))
    link = Link("foreign", LinkOptions("127.0.0.1", port), dialect, keeper, changed)
    task = asyncio.create_task(link.run())
    async with asyncio.timeout(20):
        esme = await server.next()
        assert isinstance(esme, smpp34.Esme)
        assert (esme.system_id, esme.can_receive) == ("hotline", True)
        taken: list[Any] = []
        for number in (1, 2):
            piece = await server.next()
            assert isinstance(piece, smpp34.SubmitSmEvent)
            taken.append((piece.destination_addr, piece.esm_class, piece.data_coding, piece.registered_delivery))
            assert piece.short_message == segments.cut(long, 9)[number - 1]
            piece.accept(f"f{number}")
        assert taken == [("8613800000001", 0x40, 8, 1)] * 2
        words = await esme.deliver_sm(
            "12345", "路灯不亮".encode("utf-16-be"), source_addr="8613800000001", data_coding=8
        )
        receipt = await esme.deliver_sm(
            "12345", b"id:f1 sub:001 dlvrd:001 stat:DELIVRD err:000 Text:", source_addr="8613800000001", esm_class=4
        )
        assert (words.is_success, receipt.is_success) == (True, True)
        await link.stop(task)
        assert isinstance(await server.next(), smpp34.Unbound)
    await server.stop()
    assert keeper.answers == [(1, "accepted", ""), (2, "accepted", "")]
    assert [segments.read(uplink).text for uplink in keeper.uplinks] == ["路灯不亮"]
    assert [(report.reference, report.delivered) for report in keeper.reports] == [("f1", True)]
    assert said[0] == (True, "")

"""The AMI client against a server on a real socket: login, orders, and every way a connection can end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from channels_ingest.telephony.ami.client import AmiClient, Refused, Unreachable
from channels_ingest.telephony.ami.settings import AmiSettings
from channels_ingest.telephony.ami.wire import BadWire, Message
from tests.fakes.asterisk_ami import AsteriskAmi


class Followed:
    """A client at work, and what it gave out, in order."""

    def __init__(self, settings: AmiSettings) -> None:
        self.heard: list[str] = []
        self.fails_at = ""
        self.came: asyncio.Queue[str] = asyncio.Queue()
        self.client = AmiClient(settings, self._up, self._event)

    async def _up(self, client: AmiClient) -> None:
        self.put("up")
        await client.ask("QueueStatus")
        self.put("in step")

    async def _event(self, message: Message) -> None:
        if message.event == self.fails_at:
            raise RuntimeError(f"cannot follow {message.event}")
        self.put(message.event)

    def put(self, word: str) -> None:
        self.heard.append(word)
        self.came.put_nowait(word)

    async def until(self, word: str) -> None:
        async with asyncio.timeout(5):
            while await self.came.get() != word:
                pass


def settings(server: AsteriskAmi, **changes: object) -> AmiSettings:
    quick = AmiSettings(
        host="127.0.0.1",
        port=server.port,
        secret=server.secret,
        first_pause=0.01,
        most_pause=0.02,
        answer_seconds=2.0,
    )
    return replace(quick, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def following(server: AsteriskAmi, **changes: object) -> AsyncIterator[Followed]:
    followed = Followed(settings(server, **changes))
    task = asyncio.create_task(followed.client.run())
    try:
        yield followed
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
async def test_it_logs_in_by_challenge_and_never_sends_the_secret() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await asyncio.wait_for(followed.client.up.wait(), 5)
        assert followed.heard == ["up", "in step"]
        assert [message["Action"] for message in server.asked] == ["Challenge", "Login", "QueueStatus"]
        assert not any(server.secret in value for message in server.asked for _, value in message.lines)


@pytest.mark.asyncio
async def test_a_wrong_secret_is_said_and_tried_again_only_after_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    async with AsteriskAmi() as server, following(server, secret="wrong") as followed:
        async with asyncio.timeout(5):
            while len(server.actions("Login")) < 2:
                await asyncio.sleep(0.01)
        assert followed.heard == []
    assert "Authentication failed" in caplog.text
    assert "wrong" not in caplog.text


@pytest.mark.asyncio
async def test_events_wait_until_we_are_in_step() -> None:
    async with AsteriskAmi() as server:
        server.answers["Login"] = lambda _: {"Message": "ok\r\n\r\nEvent: Early\r\nUniqueid: 1"}
        async with following(server) as followed:
            await followed.until("Early")
            assert followed.heard == ["up", "in step", "Early"]


@pytest.mark.asyncio
async def test_after_a_break_it_comes_back_and_gets_into_step_anew() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        server.cut()
        await followed.until("in step")
        await asyncio.wait_for(followed.client.up.wait(), 5)
        server.say("Hangup", Uniqueid="1")
        await followed.until("Hangup")
        assert followed.heard == ["up", "in step", "up", "in step", "Hangup"]


@pytest.mark.asyncio
async def test_an_exchange_that_is_down_for_a_while_is_found_again() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        await server.go_away()
        async with asyncio.timeout(5):
            while followed.client.up.is_set():
                await asyncio.sleep(0.01)
        with pytest.raises(Unreachable):
            await followed.client.act("Ping")
        await server.come_back()
        await followed.until("in step")


@pytest.mark.asyncio
async def test_a_connection_that_says_nothing_any_more_is_given_up() -> None:
    async with AsteriskAmi() as server, following(server, ping_seconds=0.02, answer_seconds=0.2) as followed:
        await followed.until("in step")
        server.silent = True
        async with asyncio.timeout(5):
            while followed.client.up.is_set():
                await asyncio.sleep(0.01)
        server.silent = False
        await followed.until("in step")


@pytest.mark.asyncio
async def test_an_order_fails_with_the_exchanges_own_words() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        server.refused["Redirect"] = "Channel not existent"
        with pytest.raises(Refused, match="Channel not existent"):
            await followed.client.act("Redirect", {"Channel": "PJSIP/x"})


@pytest.mark.asyncio
async def test_an_order_that_the_end_overtakes_fails_and_is_not_sent_again() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        server.silent = True
        order = asyncio.create_task(followed.client.act("Redirect", {"Channel": "PJSIP/x"}))
        async with asyncio.timeout(5):
            while not server.actions("Redirect"):
                await asyncio.sleep(0.01)
        server.silent = False
        server.cut()
        with pytest.raises(Unreachable):
            await order
        await followed.until("in step")
        assert len(server.actions("Redirect")) == 1


@pytest.mark.asyncio
async def test_an_order_with_a_line_break_never_leaves_and_harms_nothing() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        with pytest.raises(BadWire):
            await followed.client.act("Setvar", {"Channel": "x\r\n\r\nAction: Command\r\nCommand: core stop now"})
        assert (await followed.client.act("Ping"))["Response"] == "Success"
        assert server.actions("Command") == []


@pytest.mark.asyncio
async def test_an_event_that_cannot_be_followed_is_logged_and_everything_asked_anew(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        followed.fails_at = "Odd"
        server.say("Odd")
        await followed.until("in step")
        server.say("Even")
        await followed.until("Even")
    assert "cannot follow Odd" in caplog.text


@pytest.mark.asyncio
async def test_answers_that_cross_reach_whom_they_are_for() -> None:
    async with AsteriskAmi() as server, following(server) as followed:
        await followed.until("in step")
        server.variables.update({("a", "X"): "1", ("b", "X"): "2"})
        asked = [followed.client.act("Getvar", {"Channel": channel, "Variable": "X"}) for channel in "ab"]
        assert [answer["Value"] for answer in await asyncio.gather(*asked)] == ["1", "2"]

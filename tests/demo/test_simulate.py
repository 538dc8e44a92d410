"""`hotline simulate` against the real pages and webhooks, and against servers that lose or double."""

import argparse
import asyncio
import random
import re
from collections.abc import Callable

import httpx
import pytest
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.live_server_helper import LiveServer

from channels_ingest.models import InboundMessage
from hotline.demo.city.catalogue import load_catalogue
from hotline.demo.simulate import command
from hotline.demo.simulate.command import CHANNELS, wire_of
from hotline.demo.simulate.running import Simulation, Tally
from hotline.demo.simulate.traffic import Traffic
from hotline.tickets.models import Message, Ticket
from tests.nlp.run import run

MARK = re.compile("登记([0-9a-f]+)")
ADAPTERS = [adapter for adapters in CHANNELS.values() for adapter in adapters]


@pytest.fixture
def city(time_limits: None) -> None:
    cache.clear()  # the pages count requests from one address
    ProcrastinateJob.objects.all().delete()  # the queue's tables are not Django's, so they are not emptied
    load_catalogue("a password of no account")


def test_every_channel_takes_the_traffic_and_nothing_is_lost(
    city: None, live_server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(command, "--url", live_server.url, "--rate", "40", "--seconds", "1.2", "--seed", "3")
    printed = capsys.readouterr().out.splitlines()
    assert status == 0, printed
    assert printed[0].split() == ["sent", "accepted", "refused", "resent", "duplicated", "doubled", "lost"]
    rows = {words[0]: [int(word) for word in words[1:]] for line in printed[1:] if (words := line.split())}
    assert rows["total"] == [48, 48, 0, 0, 6, 0, 0]
    assert all(rows[adapter][0] > 0 for adapter in ADAPTERS)
    kept = InboundMessage.objects.filter(state="done")
    assert {a: kept.filter(account__adapter=a).count() for a in ADAPTERS} == {a: rows[a][1] for a in ADAPTERS}
    located = Message.objects.filter(kind="location").count()  # these join the words before them
    marks = {tuple(MARK.findall(text)) for text in Ticket.objects.values_list("text", flat=True)}
    assert {len(found) for found in marks} == {1}
    assert len(marks) == Ticket.objects.count() == 48 - located
    assert set(Ticket.objects.values_list("channel", flat=True)) == set(ADAPTERS)


@pytest.mark.parametrize(
    ("channel", "found", "lost", "doubled"), [("api", 0, 4, 0), ("sms-tencent", 2, 0, 4), ("weibo", 1, 0, 0)]
)
def test_what_the_interface_shows_decides(channel: str, found: int, lost: int, doubled: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/tickets":
            return httpx.Response(200, json={"results": [{}] * found, "next": None})
        return httpx.Response(200, json={"number": "1", "result": 0})

    tally = _play(answer, channel)
    assert (tally.accepted[channel], tally.lost[channel], tally.doubled[channel]) == (4, lost, doubled)
    assert tally.clean == (found == 1)


def test_a_refusal_is_no_loss() -> None:
    tally = _play(lambda request: httpx.Response(503), "sms-aliyun")
    assert (tally.sent.total(), tally.refused.total(), tally.accepted.total()) == (4, 4, 0)
    assert tally.reasons == {"sms-aliyun: HTTP 503": 4}
    assert tally.clean


def test_an_interface_that_does_not_answer_shows_nothing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500 if request.method == "GET" else 201, json={"number": "1"})

    tally = _play(answer, "api")
    assert tally.lost["api"] == 4
    assert tally.reasons == {"could not look: HTTP 500": 4}


def test_without_a_server_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--url", "http://127.0.0.1:9", "--seconds", "1") == 2
    assert "http://127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--rate", "0"], ["--seconds", "-1"], ["--channels", "pigeon"]])
def test_wrong_options_are_refused(words: list[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(words)


def _play(answer: Callable[[httpx.Request], httpx.Response], channel: str) -> Tally:
    """Four messages of one channel to a server that answers so."""

    async def play() -> Tally:
        async with httpx.AsyncClient(base_url="http://city", transport=httpx.MockTransport(answer)) as client:
            simulation = Simulation(client, {channel: wire_of(channel)}, patience=0)
            traffic = Traffic([channel], random.Random(5), run=7_000_000)
            await simulation.send(traffic.utterances(), rate=1000, seconds=0.004, progress=lambda: None)
            await simulation.check(lambda: None)
            return simulation.tally

    return asyncio.run(play())

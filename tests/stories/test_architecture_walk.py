"""The walk of a WeChat voice message in docs/architecture.md, taken: what it names, in its order."""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from dispatch import clocks
from hotline.tickets.facts import Kind
from nlp.speech import Availability, Transcript
from tests.fakes.wechat_api import WeChatServer
from tests.stories.test_other_channels import OPENID, handle, speaks
from tests.stories.world import World, wechat_query, wechat_xml

ROOT = Path(__file__).parent.parent.parent
WORDS = "我们楼下的路灯不亮了，晚上看不见路"
NAMED = re.compile(r"`([\w./]+)`")


class Ear:
    """A recogniser that always hears the same."""

    name = "whisper"

    def available(self) -> Availability:
        return Availability(True)

    def transcribe(self, pcm16: bytes, rate: int = 16_000) -> Transcript:
        return Transcript(WORDS, (), len(pcm16) / 2 / rate, self.name)

    def rest(self) -> None:
        """Nothing was loaded."""


@contextmanager
def steps_taken() -> Iterator[list[tuple[str, str]]]:
    """Every function that is entered inside, as (file, function), repeats left out."""
    taken: list[tuple[str, str]] = []
    steps: dict[CodeType, tuple[str, str]] = {}

    def enter(frame: FrameType, event: str, _arg: Any) -> None:
        code = frame.f_code
        step = steps.get(code)
        if step is None:
            step = steps[code] = (code.co_filename.removeprefix(f"{ROOT}/"), code.co_name)
        if event == "call" and taken[-1:] != [step]:
            taken.append(step)

    threading.setprofile(enter)
    sys.setprofile(enter)
    try:
        yield taken
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def walk() -> list[tuple[str, str]]:
    """What the document names, in its order: (file or folder, function or empty)."""
    text = (ROOT / "docs/architecture.md").read_text().partition("## A WeChat voice message, file by file")[2]
    named: list[tuple[str, str]] = []
    for word in NAMED.findall(text.partition("\n## ")[0]):
        if "/" in word:
            named.append((word, ""))
        elif word not in set(Kind):
            module, _dot, function = word.rpartition(".")
            path = next(path for path, _ in reversed(named) if not module or Path(path).stem == module)
            if named[-1] == (path, ""):
                named.pop()  # the file was entered by this function
            named.append((path, function))
    return named


def is_step(named: tuple[str, str], taken: tuple[str, str]) -> bool:
    path, function = named
    return (taken[0].startswith(path) if path.endswith("/") else taken[0] == path) and function in ("", taken[1])


def test_the_walk_is_the_way(
    world: World, wechat: WeChatServer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SPEECH_ENGINE = "whisper"
    monkeypatch.setattr("nlp.speech.engines._make", lambda name, settings: Ear())
    monkeypatch.setattr(
        "nlp.speech.transcriber.Transcriber._wait_for_more", lambda self: None
    )  # nothing to put to rest
    with steps_taken() as taken:
        ticket = speaks(world, wechat, 7001)
        handle(world, ticket.number)
        body = wechat_xml("text", 7002, "<Content><![CDATA[不满意]]></Content>", OPENID)
        world.public.post(f"/in/wechat/demo/?{wechat_query()}", body, "text/xml")
        world.settle()
        clocks.sweep()  # each minute, in the worker
    ticket.refresh_from_db()
    assert (ticket.text, ticket.state) == (WORDS, "rework")
    way = iter(taken)
    missed = [named for named in walk() if not any(is_step(named, step) for step in way)]
    assert missed == []

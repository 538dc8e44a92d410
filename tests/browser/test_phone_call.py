"""A citizen telephones by SIP, an agent answers in a browser: both hear each other, also after a reload of the page."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from channels_ingest.telephony.legs import RATE, SAMPLE_BYTES
from hotline import demo
from tests import processes
from tests.browser.conftest import CHROMIUM_FLAGS, PASSWORD
from tests.browser.street import Street
from tests.browser.telephones import Caller, heard_at, put_ear, speech
from tests.browser.test_looks import AXE, RULES
from tests.browser.test_phone_desk import HEADSET
from tests.browser.visitors import Visitors
from tests.channels_ingest.telephony.sounding import likeness

SAMPLES = Path(demo.__file__).parent / "calls"
CITIZEN, AGENT = SAMPLES / "01-streetlight.wav", SAMPLES / "06-refund.wav"
SECONDS, STRETCH, QUIET = 3.0, 0.25, 300
HEARD, STRANGE = 0.6, 0.45
"""Of the stretches of what was said, found in what was heard. The line's 8 kHz and the browser's voice processing
take from 1; a voice that is not there still resembles others a little."""


@pytest.fixture(scope="module")
def sip_port(city: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The telephone's own process beside the served city."""
    sip, exchange = processes.free_port(), processes.free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "HOTLINE_DATA_DIR", str(tmp_path_factory.mktemp("telephony")))
        with processes.hotline("telephony", "--sip-port", str(sip), "--port", str(exchange)) as process:
            _wait_for(process, int(os.environ["HOTLINE_PHONE_SOCKET_PORT"]))
            yield sip


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until browsers may connect."""
    until = time.monotonic() + processes.PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


@pytest.fixture
def agents(
    browser: Browser, chromium_path: str, city: str, signed_in: dict[str, dict[str, object]]
) -> Iterator[Visitors]:
    """Windows of a Chromium whose microphone is a recording, over and over."""
    microphone = f"--use-file-for-fake-audio-capture={AGENT}"
    running = browser.browser_type.launch(executable_path=chromium_path, args=[*CHROMIUM_FLAGS, *HEADSET, microphone])
    opened = Visitors(running, f"http://{city}", PASSWORD, signed_in)
    yield opened
    complaints = opened.complaints()
    opened.close()
    running.close()
    assert complaints == []


def piece(recording: Path) -> bytes:
    """Some seconds of a recording, from its first second on."""
    sound, second = speech(recording), RATE * SAMPLE_BYTES
    return sound[second : second + int(SECONDS * second)]


def found(said: bytes, heard: bytes) -> float:
    """How much the middle one of the stretches that are not silent is like the best place for it in what was heard."""
    size = int(STRETCH * RATE) * SAMPLE_BYTES
    stretches = [said[at : at + size] for at in range(0, len(said) - size + 1, size)]
    loud = [stretch for stretch in stretches if np.std(np.frombuffer(stretch, "<i2")) > QUIET]
    return median(likeness(stretch, heard) for stretch in loud)


def expect_both_to_hear(page: Page, caller: Caller) -> None:
    """First the agent is heard at the citizen's telephone, then the citizen at the desk, each as who they are."""
    caller.heard.clear()
    page.wait_for_timeout(speech_seconds(AGENT) * 1000)
    at_citizen = bytes(caller.heard)
    page.evaluate("listen()")
    caller.says(piece(CITIZEN))
    page.wait_for_timeout((SECONDS + 1) * 1000)
    at_desk = heard_at(page)
    assert found(piece(AGENT), at_citizen) > HEARD
    assert found(piece(CITIZEN), at_desk) > HEARD
    assert found(piece(CITIZEN), at_citizen) < STRANGE
    assert found(piece(AGENT), at_desk) < STRANGE


def speech_seconds(recording: Path) -> float:
    """One whole round of a recording and a little."""
    return len(speech(recording)) / (RATE * SAMPLE_BYTES) + 1


def test_both_hear_each_other_and_a_reload_keeps_the_caller(
    agents: Visitors, street: Street, sip_port: int, axe: str
) -> None:
    page = agents.staff("agent1")
    put_ear(page)
    page.goto("/desk/")
    expect(page.locator("footer.strip")).to_contain_text("没有人在等")
    state = page.get_by_role("button", name="我的状态")
    state.click()
    page.get_by_role("menuitem", name="示闲", exact=True).click()
    expect(state).to_contain_text("示闲")

    with Caller(sip_port) as caller:
        bar = page.get_by_role("region", name="电话")
        expect(bar).to_contain_text("138****5678")
        page.keyboard.press("F2")
        expect(bar).to_contain_text("通话中")
        expect(page.locator(".conversation .facts .number")).to_contain_text("12345")
        number = page.locator(".conversation .facts .number").inner_text().strip()
        expect_both_to_hear(page, caller)

        page.reload()
        expect(bar).to_contain_text("通话中")
        expect(page.locator(".conversation .facts .number")).to_have_text(number)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect_both_to_hear(page, caller)
        page.evaluate(axe)
        assert page.evaluate(AXE, RULES) == []

        page.keyboard.press("F4")
        expect(bar).to_contain_text("话后整理")
    page.keyboard.press("F2")
    expect(state).to_contain_text("示闲")
    ticket = street.sees("agent1", number)
    assert (ticket["channel"], ticket["state"], ticket["citizen"]["phone"]) == ("phone", "received", "138****5678")
    page.get_by_role("button", name="我的状态").click()
    page.get_by_role("menuitem", name="离席", exact=True).click()
    expect(state).to_contain_text("离席")

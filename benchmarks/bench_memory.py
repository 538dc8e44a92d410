"""The memory of every process of a whole installation while people work in it for an hour."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks import stage
from hotline.demo import processes
from hotline.demo.supervisor_home import DEMO_PASSWORD

MOMENTS = (0, 10, 30, 60)
CONSOLES = ("agent1", "agent2", "lead1", "supervisor1", "quality1")
PARTS = (
    ("--queues speech", "speech worker"),
    ("hotline.cli worker", "worker"),
    ("hotline.cli serve", "web"),
    ("hotline.cli telephony", "telephony"),
    ("hotline.cli demo", "supervisor"),
    ("nlp.speech.live", "recogniser of calls"),
    ("postgres", "PostgreSQL"),
    ("valkey", "Valkey"),
)
WORK_EVERY, READ_EVERY, AGAIN_AFTER, SAMPLE_EVERY = 10.0, 30.0, 2.0, 60.0


# --- the installation -------------------------------------------------------------------------------------


@contextmanager
def installation(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`hotline demo` in its folder: web, worker, speech worker, telephony, PostgreSQL, Valkey."""
    command = [sys.executable, "-m", "hotline.cli", "demo", "--port", str(port)]
    process = processes.spawn(command, env=os.environ | {"HOTLINE_HOME": str(home)})
    try:
        _wait_for(process, home, port)
        yield process
    finally:
        processes.stop(process, patience=60)


def _wait_for(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    """Until the pages answer and the telephony, which comes up last, holds its port."""
    until = time.monotonic() + 1800
    while process.poll() is None and time.monotonic() < until:
        with suppress(httpx.HTTPError, FileNotFoundError):
            if httpx.get(f"http://127.0.0.1:{port}/readyz").is_success and "telephony" in measured(process.pid):
                return
        time.sleep(1)
    raise RuntimeError(f"the installation in {home} did not come up")


def measured(root: int) -> dict[str, float]:
    """Megabytes (PSS, which counts a page shared by n processes as an n-th) of each part below this process."""
    sizes: dict[str, float] = defaultdict(float)
    for pid in _family(root):
        with suppress(FileNotFoundError, ProcessLookupError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            name = next((name for word, name in PARTS if word in command), "other")
            sizes[name] += int(rollup.partition("\nPss:")[2].split()[0]) / 1024
    return dict(sizes)


def _family(root: int) -> Iterator[int]:
    yield root
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{root}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


# --- the people -------------------------------------------------------------------------------------------


class Person:
    """Somebody signed in, with a browser of their own."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self.browser = httpx.AsyncClient(base_url=f"http://{address}", timeout=60)

    async def sign_in(self) -> None:
        """By the page, as everybody."""
        await self.browser.get("/login/")
        form = {"username": self.name, "password": DEMO_PASSWORD}
        answer = await self.browser.post("/login/", data=form, headers=self._token())
        if answer.status_code != 302:
            raise RuntimeError(f"{self.name} could not sign in: {answer.status_code}")

    def _token(self) -> dict[str, str]:
        return {"X-CSRFToken": self.browser.cookies["csrftoken"], "Referer": str(self.browser.base_url)}

    async def get(self, path: str) -> Any:
        """What the interface says."""
        return (await self.browser.get(f"/api/v1/{path}")).raise_for_status().json()

    async def post(self, path: str, **body: Any) -> Any:
        """Do a verb."""
        answer = await self.browser.post(f"/api/v1/{path}", json=body, headers=self._token())
        return answer.raise_for_status().json()


async def watch(who: Person) -> None:
    """A console that stays open."""
    cookies = "; ".join(f"{name}={value}" for name, value in who.browser.cookies.items())
    async with connect(f"ws://{who.address}/ws/desk/", additional_headers={"Cookie": cookies}) as feed:
        async for _line in feed:
            pass


async def accept_and_dispatch(agent: Person) -> None:
    """The newest ticket that waits is read, accepted, and goes to the unit that is suggested first."""
    new = (await agent.get("tickets?state=received&limit=1"))["results"]
    if not new:
        return
    path = f"tickets/{new[0]['number']}"
    await agent.get(path)
    accepted = await agent.post(f"{path}/accept", version=new[0]["version"])
    units = (await agent.get(f"{path}/suggestion"))["departments"]
    if units:
        await agent.post(f"{path}/dispatch", version=accepted["version"], department=units[0]["code"])


async def read_pages(supervisor: Person) -> None:
    """The pages that are looked at all day."""
    for path in ("supervision", "wallboard", "scores", "tickets?q=小区", "queue-counts"):
        await supervisor.get(path)


async def answer_calls(agent: Person) -> None:
    """The agent's telephone: take what rings, say nothing, be ready for the next."""
    opened = await agent.post("phone/token")
    async with connect(f"{opened['url']}?token={opened['token']}", compression=None) as phone:
        await _say(phone, "hello", version=1)
        await _say(phone, "ready")
        async for told in phone:
            frame = {} if isinstance(told, bytes) else json.loads(told)
            if frame.get("type") == "ringing":
                await _say(phone, "answer", call=frame["call"]["call"])
            elif frame.get("type") == "call_over":
                await _say(phone, "wrapup_done")
                await _say(phone, "ready")


async def _say(phone: ClientConnection, kind: str, **more: Any) -> None:
    await phone.send(json.dumps({"type": kind} | more))


async def every(seconds: float, work: Callable[[Person], Coroutine[Any, Any, None]], who: Person) -> None:
    """Again and again, as a browser does that lost its server or was overtaken by a colleague."""
    while True:
        try:
            await work(who)
        except (httpx.HTTPError, OSError, TimeoutError, WebSocketException) as error:
            print(f"{who.name}: {error!r}", file=sys.stderr)
        await asyncio.sleep(seconds)


# --- the hour ---------------------------------------------------------------------------------------------


@contextmanager
def traffic(home: Path, minutes: float, rate: float, calls: float) -> Iterator[None]:
    """Messages of all channels and telephone calls, by `hotline simulate`."""
    kept = (line.partition("=") for line in (home / "demo.env").read_text().splitlines())
    sip = next(value.strip("'") for name, _is, value in kept if name == "HOTLINE_SIP_PORT")
    seconds = str(60 * minutes)
    wanted = (
        ["--rate", str(rate), "--seconds", seconds],
        ["--channels", "phone", "--rate", str(calls / 60), "--seconds", seconds, "--sip", f"sip:12345@127.0.0.1:{sip}"],
    )
    with ExitStack() as running:
        for words in wanted:
            command = [sys.executable, "-m", "hotline.cli", "simulate", *words]
            running.callback(processes.stop, processes.spawn(command, env=os.environ | {"HOTLINE_HOME": str(home)}))
        yield


async def live(address: str, root: int, minutes: float) -> list[dict[str, float]]:
    """Everybody works; one sample a minute, the first before anything happens."""
    samples = [measured(root)]
    people = {name: Person(name, address) for name in CONSOLES}
    for person in people.values():
        await person.sign_in()
    busy = [asyncio.create_task(every(AGAIN_AFTER, watch, person)) for person in people.values()]
    busy.append(asyncio.create_task(every(WORK_EVERY, accept_and_dispatch, people["agent1"])))
    busy.append(asyncio.create_task(every(READ_EVERY, read_pages, people["supervisor1"])))
    busy.append(asyncio.create_task(every(AGAIN_AFTER, answer_calls, people["agent2"])))
    began = time.monotonic()
    while len(samples) <= minutes:
        await asyncio.sleep(began + len(samples) * SAMPLE_EVERY - time.monotonic())
        samples.append(measured(root))
        print(json.dumps({name: round(size) for name, size in samples[-1].items()}), file=sys.stderr, flush=True)
        for task in busy:
            if task.done():
                task.result()  # who fell over must not be taken for one who works
    for task in busy:
        task.cancel()
    return samples


def main() -> None:
    """Run the hour and show it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_memory", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=float, default=1.0, help="messages a second")
    parser.add_argument("--calls", type=float, default=1.0, help="telephone calls a minute")
    parser.add_argument("--home", type=Path, help="its folder, with speech models in it; otherwise a new one")
    args = parser.parse_args()
    with ExitStack() as leaving:
        home = args.home or Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="hotline-bench-")))
        port = stage.free_port()
        process = leaving.enter_context(installation(home, port))
        leaving.enter_context(traffic(home, args.minutes, args.rate, args.calls))
        samples = asyncio.run(live(f"127.0.0.1:{port}", process.pid, args.minutes))
    moments = [minute for minute in (*MOMENTS, len(samples) - 1) if minute < len(samples)]
    parts = [name for _word, name in PARTS if any(name in sample for sample in samples)]
    rows = [
        {"process": name} | {f"{minute} min": round(samples[minute].get(name, 0)) for minute in dict.fromkeys(moments)}
        for name in parts
    ]
    stage.show("memory, MB (PSS)", rows, messages_a_second=args.rate, calls_a_minute=args.calls)


if __name__ == "__main__":
    main()

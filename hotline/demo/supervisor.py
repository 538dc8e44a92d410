"""The demonstration's supervisor: brings everything up in order, keeps it up, takes it down in order.

It never imports Django: what needs it runs in child processes, and the kernel ends those should it be killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from types import FrameType

from hotline.demo import embedded
from hotline.demo.embedded_binaries import EmbeddedError
from hotline.demo.supervisor_child import Child, say
from hotline.demo.supervisor_home import DEMO_PASSWORD, Home
from hotline.demo.supervisor_ports import moved, phone_ports

TICK_SECONDS = 0.2
READY_PATIENCE = 120.0
Starter = Callable[[], embedded.Running]
ACCOUNTS = "agent1 agent2 lead1 urban traffic water supervisor1 quality1 admin"


class Supervisor:
    """One run of the demonstration."""

    def __init__(self, home: Home, *, port: int) -> None:
        self._home = home
        self._port = port
        self._began = time.monotonic()
        self._stopping = False
        self._engines: dict[str, tuple[embedded.Running, Starter]] = {}
        self._children: list[Child] = []

    def run(self) -> int:
        """Come up, stay up until a signal, go down; the exit code is 0 for a wanted end."""
        require_free_port(self._port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            servers = self._start_engines()
            self._prepare(self._environment(servers, phone={}))
            env = self._environment(servers, phone=self._choose_phone_ports())
            self._start_children(env)
            self._welcome(env["HOTLINE_SIP_PORT"])
            self._stay_up()
        except _Stopped:
            pass
        finally:
            self._stop_all()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _check_stopping(self) -> None:
        if self._stopping:
            raise _Stopped

    # --- coming up -----------------------------------------------------------------------------

    def _start_engines(self) -> dict[str, str]:
        """Start what is not configured, and return where the servers are, by variable."""
        folder = self._home.folder
        starters: dict[str, tuple[str, Starter]] = {
            "DATABASE_URL": ("database", lambda: embedded.start_postgres(folder / "postgres")),
            "REDIS_URL": ("redis", lambda: embedded.start_valkey(folder / "valkey")),
        }
        urls: dict[str, str] = {}
        for variable, (name, starter) in starters.items():
            if configured := os.environ.get(variable):
                urls[variable] = configured
                say(name, f"使用已配置的服务 using the server of {variable}")
                continue
            began = time.monotonic()
            running = starter()
            self._engines[name] = (running, starter)
            urls[variable] = running.url
            say(name, f"就绪 ready ({time.monotonic() - began:.1f} s)")
            self._check_stopping()
        return urls

    def _choose_phone_ports(self) -> dict[str, str]:
        """Chosen late: preparing takes so long that another program may have taken a port that was free before."""
        ports = phone_ports()
        for word in moved(ports):
            say("telephony", word)
        return ports

    def _environment(self, servers: Mapping[str, str], phone: Mapping[str, str]) -> dict[str, str]:
        return self._home.environment(
            port=self._port, database=servers["DATABASE_URL"], redis=servers["REDIS_URL"], phone=phone
        )

    def _prepare(self, env: Mapping[str, str]) -> None:
        """Tables, models and city, unless this very code has prepared this very database before."""
        if self._home.is_prepared():
            return
        began = time.monotonic()
        say("prepare", "建表、训练模型、装入演示城市 tables, models, demonstration city …")
        preparing = Child("prepare", [sys.executable, "-m", "hotline.demo.supervisor_prepare"], env)
        self._children.append(preparing)
        preparing.start()
        while (code := preparing.exit_code) is None:
            self._check_stopping()
            time.sleep(TICK_SECONDS)
        self._children.remove(preparing)
        preparing.finish()
        if code != 0:
            raise EmbeddedError("演示未能准备好 The demonstration could not be prepared; see above.")
        self._home.note_prepared()
        say("prepare", f"完成 done ({time.monotonic() - began:.1f} s)")

    def _start_children(self, env: Mapping[str, str]) -> None:
        """Web first: the first page should not share the processor with workers that are coming up."""
        self._start_child("web", ["serve", "--port", str(self._port)], env)
        self._wait_until_ready()
        self._start_child("worker", ["worker"], env)
        self._start_child("speech", ["worker", "--queues", "speech", "--concurrency", "1"], env)
        self._start_child("telephony", ["telephony"], env)

    def _start_child(self, name: str, command: list[str], env: Mapping[str, str]) -> None:
        child = Child(name, [sys.executable, "-m", "hotline.cli", *command], env)
        self._children.append(child)
        child.start()

    def _wait_until_ready(self) -> None:
        """Wait for /readyz, telling every few seconds what is missing."""
        deadline = time.monotonic() + READY_PATIENCE
        told = time.monotonic()
        while (missing := not_ready(self._port)) is not None:
            self._check_stopping()
            self._keep_up()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"网页没有就绪 The pages did not become ready: {missing}")
            if time.monotonic() - told > 3:
                told = time.monotonic()
                say("web", f"等待 waiting: {missing}")
            time.sleep(TICK_SECONDS)

    def _welcome(self, sip_port: str) -> None:
        base = f"http://127.0.0.1:{self._port}"
        password = os.environ.get("HOTLINE_DEMO_PASSWORD", DEMO_PASSWORD)
        for line in (
            f"就绪 ready in {time.monotonic() - self._began:.1f} s",
            f"市民 citizens      {base}/",
            f"坐席 desk          {base}/desk/",
            f"承办单位 portal    {base}/portal/",
            f"督办 supervision   {base}/supervision/",
            f"电话 telephone     sip:12345@127.0.0.1:{sip_port}",
            f"账号 accounts      {ACCOUNTS}",
            f"密码 password      {password}",
            "停止 stop          Ctrl-C",
        ):
            say("hotline", line)

    # --- staying up ----------------------------------------------------------------------------

    def _stay_up(self) -> None:
        while not self._stopping:
            self._keep_up()
            time.sleep(TICK_SECONDS)

    def _keep_up(self) -> None:
        """Restart what has fallen: the engines first, for the others live on them."""
        for name, (running, starter) in self._engines.items():
            if running.process.poll() is not None:
                say(name, "意外退出 ended unexpectedly; starting again")
                running.stop()
                self._engines[name] = (starter(), starter)
        for child in self._children:
            child.keep_running()

    # --- going down ----------------------------------------------------------------------------

    def _stop_all(self) -> None:
        """Doors first, then hands, then memory: web, workers, Valkey, PostgreSQL."""
        say("hotline", "正在停止 stopping …")
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.finish()
        for running, _ in reversed(self._engines.values()):
            running.stop()
        say("hotline", "已停止，数据已保存 stopped, nothing lost")


class _Stopped(Exception):
    """A signal arrived while coming up."""


def port_problem(port: int) -> str | None:
    """Why nobody could listen on this port now; None when somebody could."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror
    return None


def require_free_port(port: int) -> None:
    """Refuse a port that cannot be had, before anything is started."""
    if (problem := port_problem(port)) is not None:
        raise EmbeddedError(
            f"端口 {port} 不可用 Port {port} cannot be used ({problem}): "
            f"choose another, for example `make demo PORT={port + 1}`."
        )


def not_ready(port: int) -> str | None:
    """What /readyz says is missing; None when it may take traffic."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy cannot reach our loopback
    try:
        with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return None
    except urllib.error.HTTPError as error:
        with error, contextlib.suppress(json.JSONDecodeError):
            return json.dumps(json.load(error), ensure_ascii=False)
        return f"HTTP {error.code}"
    except OSError as error:
        return str(error)

"""A whole installation whose every process can be killed and whose every way can be cut, with vendors that remember."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from urllib.parse import unquote, urlsplit

import httpx
from django.db import connections

from channels_ingest.models import ChannelAccount
from hotline.demo import embedded
from hotline.demo.city.catalogue import load_catalogue
from tests.channels_ingest import samples
from tests.fakes.aliyun_sms import AliyunSms
from tests.fakes.tencent_sms import TencentSms
from tests.fakes.wechat_api import WeChatServer
from tests.fakes.weibo_api import WeiboServer
from tests.launcher.installation import Database, in_use, make_tables
from tests.launcher.relay import Relay
from tests.processes import free_port, hotline

Until = Callable[[Callable[[], object]], None]
PORT = 5432


class Kept:
    """A process of the product; who kills it starts it again, as an operator's unit file does."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._command, self._environment = command, environment
        self._running = ExitStack()
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        self.process = self._running.enter_context(hotline(*self._command, **self._environment))

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self._running.close()


class Vendors:
    """Every vendor on a socket of its own; the way to the one of short messages can be cut."""

    def __init__(self, stack: ExitStack) -> None:
        sms, other = samples.account("sms-aliyun").options, samples.account("sms-tencent").options
        templates = {"SMS_1000001": {"content"}, "SMS_1000002": {"number", "code"}}
        self.sms = stack.enter_context(AliyunSms(sms["access_key_id"], sms["access_key_secret"], templates))
        self.way = stack.enter_context(Relay(urlsplit(self.sms.url).port or 0))
        self.tencent = stack.enter_context(
            TencentSms(other["access_key_id"], other["access_key_secret"], {"449739": 1})
        )
        self.wechat = stack.enter_context(WeChatServer("wxdemo0000000000", "a-secret-of-the-tests"))
        self.weibo = stack.enter_context(WeiboServer("a-token-of-the-tests"))

    def are_used(self) -> None:
        """The demonstration's accounts send to them."""
        ours = {
            "wechat": {"secret": self.wechat.secret, "api_base": self.wechat.url},
            "weibo": {"access_token": self.weibo.access_token, "api_base": self.weibo.url},
            "sms-aliyun": samples.account("sms-aliyun").options | {"api_base": f"http://127.0.0.1:{self.way.port}"},
            "sms-tencent": samples.account("sms-tencent").options | {"api_base": self.tencent.url},
        }
        for slug, options in ours.items():
            account = ChannelAccount.objects.get(adapter=slug)
            kept = {name: value for name, value in account.options.items() if name != "sender"}
            account.settings = json.dumps(kept | options | {"allowed_networks": []})
            account.save()


class House:
    """The processes, the ways between them, and the folders."""

    def __init__(self, stack: ExitStack, folder: Path, media: Path) -> None:
        self.folder, self.media = folder, media
        self.spool = folder / "data" / "spool"
        self.database = Database(folder / "postgres", durable=True)
        stack.callback(self.database.close)
        self.valkey = embedded.start_valkey(folder / "valkey", durable=False)
        stack.callback(lambda: self.valkey.stop())
        self.vendors = Vendors(stack)
        sockets = unquote(urlsplit(self.database.url).netloc.rpartition("@")[2].rpartition(":")[0])
        self.web_database, self.worker_database = (
            stack.enter_context(Relay(f"{sockets}/.s.PGSQL.{PORT}")) for _ in range(2)
        )
        self.web_valkey = stack.enter_context(Relay(unquote(self.valkey.url.removeprefix("unix://"))))
        self._port, self.sip, self.browsers = free_port(), free_port(), free_port()
        self.page = stack.enter_context(Relay(self._port))
        self.web, self.worker, self.speech, self.telephony = self._processes()

    def _processes(self) -> tuple[Kept, ...]:
        common = {
            "HOTLINE_MEDIA_ROOT": str(self.media),
            "HOTLINE_DATA_DIR": str(self.folder / "data"),
            "HOTLINE_SPEECH": "none",
            "REDIS_URL": self.valkey.url,
        }
        to_web = common | {
            "DATABASE_URL": f"postgresql://hotline@127.0.0.1:{self.web_database.port}/hotline",
            "REDIS_URL": f"redis://127.0.0.1:{self.web_valkey.port}/0",
        }
        to_worker = common | {"DATABASE_URL": f"postgresql://hotline@127.0.0.1:{self.worker_database.port}/hotline"}
        phone = {"--sip-port": self.sip, "--browser-port": self.browsers, "--port": free_port()}
        words = [word for pair in phone.items() for word in map(str, pair)]
        return (
            Kept("serve", "--port", str(self._port), **to_web),
            Kept("worker", **to_worker),
            Kept("worker", "--queues", "speech", "--concurrency", "1", **common),
            Kept("telephony", *words, **common),
        )

    @property
    def web_address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def processes(self) -> tuple[Kept, ...]:
        return self.web, self.worker, self.speech, self.telephony

    def is_ready(self) -> bool:
        """Whether the web process may take traffic."""
        try:
            return httpx.get(f"http://{self.web_address}/readyz", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def restart_valkey(self) -> None:
        self.valkey.process.kill()
        self.valkey.stop()
        self.valkey = embedded.start_valkey(self.folder / "valkey", durable=False)


@contextmanager
def built(media: Path | None = None) -> Iterator[House]:
    """An installation with the demonstration's city and nobody in it; its processes are not started yet."""
    with (
        tempfile.TemporaryDirectory(prefix="hotline-faults-", ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data" / "static").mkdir(parents=True)
        house = House(stack, folder, media or folder / "media")
        stack.enter_context(in_use(house.database.url))
        make_tables()
        load_catalogue("a password of no account")
        house.vendors.are_used()
        connections.close_all()
        for process in house.processes:
            stack.callback(process.stop)
        yield house


def kill_a_backend(database: Database) -> None:
    """One process of a connection is gone: PostgreSQL breaks all others off and recovers."""
    children = Path(f"/proc/{database.pid}/task/{database.pid}/children").read_text().split()
    ours = [pid for pid in map(int, children) if b"hotline hotline" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(ours[0], signal.SIGKILL)

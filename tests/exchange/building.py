"""A real Asterisk of the tests' own, run in the folder that scripts/pbx filled, with the files that deploy/ ships."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from channels_ingest.telephony.sounds import WORDS
from hotline.demo import processes
from tests.exchange.waiting import until

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "deploy" / "asterisk"
SECRET = "test-ami-secret"
HOTLINE = "127.0.0.2"
"""Where our own SIP comes from: the exchange knows us from the carrier by nothing else."""
ROOT = Path(os.environ.get("HOTLINE_PBX_DIR") or Path.home() / ".cache" / "hotline" / "pbx")


def missing() -> str:
    """Why this level cannot run here, or ""."""
    if os.geteuid() != 0:
        return "the exchange runs in a folder of its own (chroot), which needs root"
    if not (ROOT / "usr/sbin/asterisk").exists():
        return "there is no Asterisk here; `scripts/pbx` builds one from Debian's packages"
    if shutil.which("sipp") is None:
        return "there is no sipp here; `apt-get install sip-tester`"
    return ""


@dataclass(frozen=True)
class Pbx:
    """A running exchange and its ports."""

    home: Path
    ami: int
    sip: int
    platform: int
    carrier: int
    desks: dict[str, int]

    def log(self) -> str:
        return (self.home / "log" / "full").read_text(errors="replace")

    def cli(self, command: str) -> str:
        """What the exchange answers on its own console."""
        words = ["chroot", str(ROOT), "asterisk", "-C", "/hotline/etc/asterisk.conf", "-rx", command]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout

    def cut_manager(self) -> None:
        """End every connection to the manager interface from the exchange's side."""
        for line in self.cli("manager show connected").splitlines():
            if line.split()[:1] == ["hotline"]:
                self.cli(f"manager kick session {line.split()[4]}")


def free_ports(count: int, kind: socket.SocketKind) -> list[int]:
    """Ports that nobody has now."""
    sockets = [socket.socket(type=kind) for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@contextmanager
def running() -> Iterator[Pbx]:
    """An exchange that has just been started, with nothing left of the one before."""
    ami, platform = free_ports(2, socket.SOCK_STREAM)
    sip, carrier, first, second = free_ports(4, socket.SOCK_DGRAM)
    pbx = Pbx(ROOT / "hotline", ami, sip, platform, carrier, {"8001": first, "8002": second})
    shutil.rmtree(pbx.home, ignore_errors=True)
    for name in ("etc", "lib", "spool/monitor", "run", "log", "moh"):
        (pbx.home / name).mkdir(parents=True)
    _configure(pbx)
    sounds = ROOT / "usr/share/asterisk/sounds"
    sounds.mkdir(parents=True, exist_ok=True)
    shutil.copy(WORDS / "rate.wav", sounds / "hotline-rate.wav")
    words = ["chroot", str(ROOT), "asterisk", "-C", "/hotline/etc/asterisk.conf", "-f"]
    process = processes.spawn(words, output=subprocess.DEVNULL)  # it ends with us, also when we are killed
    try:
        until(lambda: _listens(ami), "the exchange answers at its manager interface", seconds=30)
        yield pbx
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _configure(pbx: Pbx) -> None:
    """The tests' files with the ports in them, beside those that are shipped, changed only where they say so."""
    ports = {"{ami}": pbx.ami, "{sip}": pbx.sip, "{carrier}": pbx.carrier} | {
        f"{{desk_{desk}}}": port for desk, port in pbx.desks.items()
    }
    changes = {
        "wrapuptime=15": "wrapuptime=0",
        "timeout=15": "timeout=3",
        "retry=2": "retry=1",
        "@trunk,60": "@trunk,3",
        "match=127.0.0.1 ": f"match={HOTLINE} ",
        "secret=CHANGE-ME": f"secret={SECRET}",
        "127.0.0.1:9092": f"127.0.0.1:{pbx.platform}",
    }
    for file in [*(HERE / "pbx").glob("*.conf"), *SHIPPED.glob("*.conf")]:
        text = file.read_text()
        for old, new in (ports | changes).items():
            text = text.replace(old, str(new))
        (pbx.home / "etc" / file.name).write_text(text)


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        trying.settimeout(1)
        return trying.connect_ex(("127.0.0.1", port)) == 0

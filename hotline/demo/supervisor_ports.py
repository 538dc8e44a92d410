"""Ports of the demonstration's telephone: the usual ones, or free ones where another program has them."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import closing

USUAL = {  # variable: usual port, kind of socket, what listens there
    "HOTLINE_AUDIOSOCKET_PORT": (9092, socket.SOCK_STREAM, "AudioSocket"),
    "HOTLINE_SIP_PORT": (5060, socket.SOCK_DGRAM, "SIP"),
    "HOTLINE_PHONE_SOCKET_PORT": (8090, socket.SOCK_STREAM, "坐席话机 browsers"),
}


def phone_ports(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that name the ports: as configured, else the usual ones where they are free."""
    return {
        variable: environment.get(variable) or str(_free(port, kind)) for variable, (port, kind, _who) in USUAL.items()
    }


def moved(ports: Mapping[str, str]) -> list[str]:
    """A word for each that is not where it usually is."""
    return [
        f"{who}: {usual} 已占用，改用 port in use, instead {ports[variable]}"
        for variable, (usual, _kind, who) in USUAL.items()
        if ports[variable] != str(usual)
    ]


def _free(port: int, kind: int) -> int:
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found

"""Ports for the sound of calls, held from the moment they are offered: another process cannot take them meanwhile."""

from __future__ import annotations

import socket


class Ports:
    """Pairs of UDP ports, the even one for RTP and the next for RTCP."""

    def __init__(self, within: tuple[int, int]) -> None:
        self._first, self._last = within[0] + within[0] % 2, within[1]
        self._held: dict[int, list[socket.socket]] = {}

    def hold(self) -> int:
        """A pair that nobody has; RuntimeError when there is none."""
        for port in range(self._first, self._last, 2):
            if port not in self._held and (sockets := _bound(port, port + 1)):
                self._held[port] = sockets
                return port
        raise RuntimeError("no pair of ports is free for the sound of a call")

    def open(self, port: int) -> None:
        """Let go of the sockets: whoever held the pair binds it in this moment (or the call has ended meanwhile)."""
        sockets = self._held.get(port, [])
        while sockets:
            sockets.pop().close()

    def release(self, port: int) -> None:
        """The call is over."""
        if port in self._held:
            self.open(port)
            del self._held[port]

    def release_all(self) -> None:
        """Nobody calls any more."""
        for port in list(self._held):
            self.release(port)


def _bound(*ports: int) -> list[socket.socket]:
    """Sockets on all of them; none when one is taken."""
    sockets: list[socket.socket] = []
    for port in ports:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sockets.append(one)
        try:
            one.bind(("", port))
        except OSError:
            for opened in sockets:
                opened.close()
            return []
    return sockets

"""The demonstration's telephone moves aside for whoever has its ports."""

import socket
from contextlib import closing

from hotline.demo.supervisor_ports import USUAL, moved, phone_ports


def test_configured_ports_are_kept() -> None:
    chosen = dict.fromkeys(USUAL, "12345")
    assert phone_ports(chosen) == chosen


def test_a_port_that_is_taken_is_replaced_by_a_free_one_and_told() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        try:
            other.bind(("127.0.0.1", 5060))
        except OSError:  # somebody else has it already: all the same
            assert other.getsockname()[1] == 0
        ports = phone_ports({})
    assert ports["HOTLINE_SIP_PORT"] != "5060"
    assert [word.split(":")[0] for word in moved(ports) if word.startswith("SIP")] == ["SIP"]


def test_nothing_is_said_where_all_is_as_usual() -> None:
    assert moved({variable: str(usual) for variable, (usual, _kind, _who) in USUAL.items()}) == []

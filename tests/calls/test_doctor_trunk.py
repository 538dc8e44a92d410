"""The doctor says whether numbers outside can be called."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.commands import doctor


@pytest.mark.parametrize(
    ("trunk", "networks", "port", "state", "detail"),
    [
        ("", [], 5060, "absent", "no trunk: nobody is called back or transferred by SIP"),
        ("127.0.0.1:5070", [], 5060, "ok", "127.0.0.1:5070"),
        ("127.0.0.1", ["10.0.0.0/8"], 5060, "broken", "127.0.0.1 is not of the networks that the hotline speaks with"),
        ("127.0.0.1", [], 0, "broken", "HOTLINE_SIP_PORT is 0: the hotline speaks no SIP"),
    ],
)
def test_the_trunk_is_looked_at(
    settings: Any, trunk: str, networks: list[str], port: int, state: str, detail: str
) -> None:
    settings.TELEPHONY_SIP_TRUNK, settings.TELEPHONY_SIP_NETWORKS = trunk, networks
    settings.TELEPHONY_SIP_PORT = port
    found = doctor._outside()
    assert (found.name, found.state) == ("calls outside", state)
    assert found.detail.endswith(detail)
    assert bool(found.remedy) == (state != "ok")

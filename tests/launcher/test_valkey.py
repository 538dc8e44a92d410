"""The embedded Valkey: keeps its data over restarts and kills, and one launcher a folder."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis

from hotline.demo import embedded


def test_it_keeps_its_data_over_a_stop_and_a_kill(place: Path) -> None:
    running = embedded.start_valkey(place / "valkey")
    with redis.Redis.from_url(running.url) as client:
        client.set("token", "一")
    running.stop()

    running = embedded.start_valkey(place / "valkey")
    with redis.Redis.from_url(running.url, decode_responses=True) as client:
        assert client.get("token") == "一"
        client.set("token", "二")
    os.kill(running.process.pid, signal.SIGKILL)
    running.stop()

    running = embedded.start_valkey(place / "valkey")
    with redis.Redis.from_url(running.url, decode_responses=True) as client:
        assert client.get("token") == "二"
    running.stop()


def test_no_network_port_and_a_private_socket(place: Path) -> None:
    running = embedded.start_valkey(place / "valkey", durable=False)
    with redis.Redis.from_url(running.url, decode_responses=True) as client:
        assert client.config_get("port") == {"port": "0"}
    assert (place / "valkey").stat().st_mode & 0o777 == 0o700
    running.stop()


def test_a_folder_serves_one_launcher_at_a_time(place: Path) -> None:
    running = embedded.start_valkey(place / "valkey", durable=False)
    with pytest.raises(embedded.AlreadyRunning):
        embedded.start_valkey(place / "valkey")
    running.stop()

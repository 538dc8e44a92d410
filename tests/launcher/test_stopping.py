"""A web process that is told to stop does so at once, with consoles open and an upload that never ends."""

import signal
import socket
import time

import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests import processes
from tests.factories import staff

SOON = 20.0
UNFINISHED = (
    b"POST /ask/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\ntext="
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("server", "goodbye"), [("daphne", 1006), ("uvicorn", 1012)])
def test_open_consoles_and_half_an_upload_do_not_hold_the_process(server: str, goodbye: int) -> None:
    """Consoles come back after either goodbye: 1006 is a connection that was cut, 1012 a service that restarts."""
    if server == "uvicorn":
        pytest.importorskip("uvicorn")
    port = processes.free_port()
    browser = Client()
    browser.force_login(staff("agent"), backend="django.contrib.auth.backends.ModelBackend")
    cookies = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}", "Origin": f"http://127.0.0.1:{port}"}
    with processes.hotline("serve", "--port", str(port), "--server", server) as process:
        processes.wait_until_ready(process, f"http://127.0.0.1:{port}/readyz")
        with (
            connect(f"ws://127.0.0.1:{port}/ws/desk/", additional_headers=cookies) as console,
            socket.create_connection(("127.0.0.1", port)) as upload,
        ):
            assert "caught_up" in console.recv(timeout=SOON)
            upload.sendall(UNFINISHED)
            told = time.monotonic()
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                console.recv(timeout=SOON)
            process.wait(SOON)
            assert time.monotonic() - told < SOON
            assert (closed.value.rcvd.code if closed.value.rcvd else 1006) == goodbye

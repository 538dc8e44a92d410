"""`hotline telephony`: answers calls, queues them, rings agents in their browsers, records and makes tickets."""

import argparse
import errno
import os
import sys

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the ports; the hosts and all else are settings."""
    parser.add_argument("--host", help="of the AudioSocket: a loopback or private address; there is no login")
    parser.add_argument("--port", type=int, help="of the AudioSocket, 9092")
    parser.add_argument("--sip-host", help="where SIP calls are answered")
    parser.add_argument("--sip-port", type=int, help="5060; 0: no SIP")
    parser.add_argument("--browser-port", type=int, help="where agents' browsers connect, 8090")


def run(args: argparse.Namespace) -> int:
    """Answer until stopped."""
    for name, value in (
        ("HOTLINE_PHONE_HOST", args.host),
        ("HOTLINE_AUDIOSOCKET_PORT", args.port),
        ("HOTLINE_SIP_HOST", args.sip_host),
        ("HOTLINE_SIP_PORT", args.sip_port),
        ("HOTLINE_PHONE_SOCKET_PORT", args.browser_port),
    ):
        if value is not None:
            os.environ[name] = str(value)
    start_django()
    from django.conf import settings

    from channels_ingest.telephony import serving

    where = serving.places(
        audiosocket=settings.TELEPHONY_AUDIOSOCKET_PORT,
        browser=settings.TELEPHONY_BROWSER_PORT,
        sip=settings.TELEPHONY_SIP_PORT,
    )
    try:
        serving.run(where)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"端口被占用 another program has the port: {error.strerror}", file=sys.stderr)
        return 1
    return 0

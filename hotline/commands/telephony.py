"""`hotline telephony`: answers calls that the exchange hands over, records them and makes their tickets."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the addresses of the AudioSocket and of SIP."""
    parser.add_argument("--host", default="127.0.0.1", help="a loopback or private address; there is no login")
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--sip-host", default="127.0.0.1", help="where SIP calls are answered")
    parser.add_argument("--sip-port", type=int, default=5060, help="0: no SIP")


def run(args: argparse.Namespace) -> int:
    """Answer until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from django.conf import settings

    from channels_ingest.telephony import process, taking
    from channels_ingest.telephony.calls import SipSettings, TelephonySettings

    recordings = settings.MEDIA_ROOT / "recordings"
    sip = SipSettings(host=args.sip_host, port=args.sip_port) if args.sip_port else None
    process.run(TelephonySettings(recordings=recordings, host=args.host, port=args.port), taking.take, sip)
    return 0

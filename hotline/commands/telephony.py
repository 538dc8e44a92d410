"""`hotline telephony`: answers calls that the exchange hands over, records them and makes their tickets."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --host and --port of the AudioSocket."""
    parser.add_argument("--host", default="127.0.0.1", help="a loopback or private address; there is no login")
    parser.add_argument("--port", type=int, default=9092)


def run(args: argparse.Namespace) -> int:
    """Answer until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from django.conf import settings

    from channels_ingest.telephony import process, taking
    from channels_ingest.telephony.calls import TelephonySettings

    recordings = settings.MEDIA_ROOT / "recordings"
    process.run(TelephonySettings(recordings=recordings, host=args.host, port=args.port), taking.take)
    return 0

"""`hotline sms`: holds the connections to the SMS gateways; a second one stands by and takes over from a dead one."""

import argparse

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the accounts under /admin/ say which gateways there are."""


def run(args: argparse.Namespace) -> int:
    """Hold the links until stopped."""
    start_django()
    from channels_ingest.sms_links import process

    process.run()
    return 0

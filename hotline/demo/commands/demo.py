"""`hotline demo`: the whole product on one machine, started and stopped by one command."""

from __future__ import annotations

import argparse
import sys

from hotline.demo.embedded_binaries import EmbeddedError
from hotline.demo.supervisor import Supervisor
from hotline.demo.supervisor_home import Home

HELP = "run the demonstration city: database, web, workers; Ctrl-C stops all and loses nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `hotline demo`."""
    parser.add_argument("--port", type=int, default=8000, help="port of the web pages (default: 8000)")
    parser.add_argument("--fresh", action="store_true", help="throw the earlier demonstration away first")


def run(args: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM; 1 when the demonstration could not start."""
    try:
        with Home.open(fresh=args.fresh) as home:
            return Supervisor(home, port=args.port).run()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1

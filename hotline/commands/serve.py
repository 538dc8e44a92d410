"""`hotline serve`: pages, interface and sockets by daphne, or by uvicorn for large sites."""

import argparse

from hotline.commands import start_django

LAST_SECONDS = 5
"""So long what is under way at SIGTERM may take under uvicorn; half an upload would hold a restart for ever."""
HELP_SERVER = "daphne (default), or uvicorn: more sockets per process, needs the `large` extra"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --port, --host and --server."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne", help=HELP_SERVER)


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    start_django()
    from channels_ingest import spool

    spool.follow()
    if args.server == "uvicorn":
        import uvicorn

        # No log configuration of its own: its lines, too, go through the formatter that cleans them.
        place = "hotline.asgi:application"
        uvicorn.run(
            place,
            host=args.host,
            port=args.port,
            lifespan="off",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=LAST_SECONDS,
            ws_per_message_deflate=False,  # packing each line anew for each console takes longer than sending it
        )
        return 0
    from daphne.cli import CommandLineInterface

    # No access log: addresses of citizens' pages hold their codes.
    options = ["-b", args.host, "-p", str(args.port), "-v", "0", "--no-server-name", "--ping-interval", "20"]
    CommandLineInterface().run([*options, "hotline.asgi:application"])
    return 0

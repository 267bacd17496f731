"""Serve the pages alone, for several machines on one PostgreSQL database."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8000, help="port (default 8000)")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.doors.commands.listening import listen, place_of

    pages = listen(options.host, options.port, "--port")
    parts.prepare_database()
    parts.preload()
    parts.warm_up()
    print(f"Apaise serves its pages on {place_of(pages)}", flush=True)
    parts.web(pages)
    return 0

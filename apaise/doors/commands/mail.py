"""Listen for inbound mail alone, for several machines on one PostgreSQL database."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=2525, help="port (default 2525)")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.doors.commands.listening import listen, place_of

    post = listen(options.host, options.port, "--port")
    parts.prepare_database()
    parts.preload("apaise.intake.channels.mail.smtp_in")
    print(f"Mail comes in on {place_of(post)}", flush=True)
    parts.mail(post)
    return 0

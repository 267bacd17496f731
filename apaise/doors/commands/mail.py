"""Take inbound mail alone, by SMTP, LMTP and from the mailboxes, for several machines on one PostgreSQL database."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=2525, help="port (default 2525)")


def run(options: argparse.Namespace) -> int:
    from django.conf import settings

    from apaise.doors.commands import parts
    from apaise.doors.commands.listening import listen, listen_lmtp, place_of

    post = listen(options.host, options.port, "--port")
    lmtp = listen_lmtp(settings.LMTP)
    parts.prepare_database()
    parts.preload("apaise.intake.channels.mail.smtp_in", "apaise.intake.channels.mail.watching")
    by_lmtp = f", by LMTP on {place_of(lmtp)}" if lmtp else ""
    print(f"Mail comes in on {place_of(post)}{by_lmtp}", flush=True)
    parts.mail(post, lmtp=lmtp)
    return 0

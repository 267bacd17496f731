"""Work the queues and the periodic tasks alone, for several machines on one PostgreSQL database."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: what there is to do stands in the database."""


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts

    parts.prepare_database()
    parts.preload("apaise.journey.worker")
    parts.worker()
    return 0

"""A site with something on every page, for a browser: `python -m tests.house.site` fills APAISE_DATA and says how to get at each page.

Run in a process of its own, so that the pages are served by the real server on a real database, and no test shares its connection."""

import json
from typing import Any

from apaise.config.start import start_django


def fill() -> dict[str, Any]:
    """Build the world and the battered one; answer with sessions and addresses."""
    from django.conf import settings
    from django.db import transaction

    from apaise.doors.commands import parts

    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # nobody types these passwords
    parts.prepare_database()
    from apaise.ground.accounts.models import Alert
    from apaise.intake.cases import tracking
    from apaise.lib import clock

    from .test_markup import Battered
    from .world import World, _session

    with transaction.atomic():
        world = World()
        for kind in ("deadline.near", "deadline.missed", "case.assigned", "mail.failed"):
            Alert.objects.create(
                user=world.keeper,
                kind=kind,
                chain=world.cases["answered"].reference,
                at=clock.now(),
                once=f"site:{kind}",
            )
        waiting = _ask(world)
        battered = Battered(world, most=8)
    by_mail = battered.by_mail[1].messages.filter(direction="in")[0]
    people = {
        role: world.actor(role, "team").session
        for role in ("complaints_manager", "auditor", "administrator", "team_lead", "handler")
    }
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": {**people, "keeper": _session(world.keeper)},
        "cases": {stage: case.reference for stage, case in world.cases.items()} | {"waiting": waiting, "battered": battered.long.reference}
        | {"by_mail": battered.by_mail[1].reference},
        "links": {stage: tokens["holder"] for stage, tokens in world.links.items()}
        | {"battered": tracking.link_for(battered.long).rpartition("/")[2]},
        "draft": world.draft,
        "customers": {name: thing.pk for name, thing in world.customers._asdict().items()},
        "mail": world.outbox_mail.pk,
        "mailbox": world.mailbox.pk,
        "trial": world.trial.pk,
        "visit": world.cases["on_paper"].messages.filter(direction="in")[0].pk,
        "hostile_mail": battered.mails[0].pk,
        "written": world.cases["investigating"].messages.filter(direction="in")[0].pk,
        "hostile_written": by_mail.pk,
        "harmful": by_mail.attachments.all()[0].pk,
        "letter": _letter(world),
        "note": world.notes[world.users["handler", "team"].pk].pk,
    }  # fmt: skip


def _ask(world: Any) -> str:
    """A case that waits for the customer's answer."""
    from datetime import timedelta

    from apaise.intake.cases import conversation
    from apaise.lib import clock

    case = world._case("investigating")
    conversation.ask(
        case,
        "Avez-vous gardé le numéro du colis ?",
        (clock.now() + timedelta(days=5)).date(),
        by=world.keeper,
    )
    world.links["waiting"] = {"holder": _holder(case)}
    from .world import leave

    leave()
    return str(case.reference)


def _holder(case: Any) -> str:
    from apaise.intake.cases import tracking

    return tracking.link_for(case).rpartition("/")[2]


def _letter(world: Any) -> str:
    from apaise.intake.channels.mail import compose

    mail = compose.mail_of(world.cases["answered"].messages.filter(kind="final_reply")[0])
    return next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/html")


if __name__ == "__main__":
    start_django()
    print(json.dumps(fill()))

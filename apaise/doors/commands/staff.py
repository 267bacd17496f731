"""Add a member of staff, or give them a new password. The password is shown once."""

import argparse
import secrets

from apaise.__main__ import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="address they sign in with")
    parser.add_argument("--name", help="name customers and colleagues read (needed for a new person)")
    parser.add_argument(
        "--role", action="append", default=[], help="a role; may be given several times (default: handler)"
    )
    parser.add_argument("--language", default="fr", choices=["fr", "en"])
    parser.add_argument("--signs", action="store_true", help="this person signs the desk's acknowledgements")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.ground.accounts.models import Desk, Membership, User

    parts.prepare_database()
    password = secrets.token_urlsafe(12)
    user = User.objects.filter(email=options.email.lower()).first()
    if user is None and not options.name:
        raise CommandError(f"Nobody signs in as {options.email} yet. Add --name to create the account.")
    try:
        if user is None:
            user = User.objects.create_user(
                options.email,
                options.name,
                password,
                language=options.language,
                roles=options.role or ["handler"],
            )
        else:
            user.set_password(password)
            user.save()
            if options.role:
                user.give_roles(options.role)
    except ValueError as problem:
        raise CommandError(str(problem)) from problem
    desk = Desk.objects.main()
    if desk:
        Membership.objects.get_or_create(team=desk.team, user=user)
        if options.signs or desk.signatory is None:
            desk.signatory = user
            desk.save()
    print(f"{user.name} signs in as {user.email} with: {password}")
    return 0

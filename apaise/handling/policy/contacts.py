"""Who answers at each stage, and what the public reads of them. An empty contact is an error, told with where to fill it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.functions import MAPPED, held, is_of_each_case
from apaise.ground.accounts.models import Desk, User
from apaise.ground.accounts.naming import named
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.policy.models import PublicContact
from apaise.lib import clock

EDITORS = ("complaints_manager", "administrator")
_PHONE = re.compile(r"\+?[\d .()\-]{6,38}")
FIELDS = ("name_fr", "name_en", "phone", "email", "hours_fr", "hours_en")


class ContactRefused(Exception):
    """What is wrong with each field: {name: words}; "" for the whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


class Stage(NamedTuple):
    """A level of the ladder of an active pack, and whoever stands there."""

    code: str
    name: str
    people: Sequence[str]
    contact: PublicContact | None
    is_mapped: bool  # a function that the company gives to somebody, not a role

    @property
    def is_hole(self) -> bool:
        """Nobody answers where the pack counts on somebody."""
        return not self.people and not is_of_each_case(self.code)


def edit_refusal(user: User) -> str | None:
    if user.has_role(*EDITORS):
        return None
    return _("The complaints manager or an administrator changes who is reached at each stage.")


def stages(packs: Sequence[Pack]) -> list[Stage]:
    """Everybody on the ladders of these packs, in the order in which a complaint meets them."""
    ladders = (each["role"] for pack in packs for each in pack.block("escalation") or ())
    return _stages(dict.fromkeys(ladders))


def functions(packs: Sequence[Pack]) -> list[Stage]:
    """The functions that these packs give something to do, beside the ladder."""
    ladder = {each["role"] for pack in packs for each in pack.block("escalation") or ()}
    given = {code for pack in packs for code in pack.functions_named()}
    return _stages(code for code in MAPPED if code in given - ladder)


def _stages(codes: Iterable[str]) -> list[Stage]:
    codes = list(codes)
    people = held(codes)
    contacts = {one.code: one for one in PublicContact.objects.filter(code__in=codes)}
    return [
        Stage(
            code,
            named(code),
            [user.name for user in people.get(code, ())],
            contacts.get(code),
            code in MAPPED,
        )
        for code in codes
    ]


def gaps(packs: Sequence[Pack], desk: Desk | None) -> list[str]:
    """What is missing before the public page may be published, each with where to fill it."""
    named = stages(packs)
    held_by_nobody = [stage.name for stage in (*named, *functions(packs)) if stage.is_hole]
    out_of_reach = [stage.name for stage in named if stage.contact is None]
    return [*_nobody_holds(held_by_nobody), *_not_reached(out_of_reach), *_desk_gaps(packs, desk)]


def _nobody_holds(who: Sequence[str]) -> list[str]:
    if len(who) > 1:
        told = _("Nobody holds these functions: %(who)s. Name somebody for each on the page “Contacts”.")
        return [told % {"who": ", ".join(who)}]
    return [_("Nobody holds “%(who)s”. Name somebody on the page “Contacts”.") % {"who": one} for one in who]


def _not_reached(who: Sequence[str]) -> list[str]:
    if len(who) > 1:
        told = _(
            "The public cannot reach: %(who)s. Give each a name and a phone number or an e-mail address on the page “Contacts”."
        )
        return [told % {"who": ", ".join(who)}]
    told = _(
        "The public cannot reach “%(who)s”. Give a name and a phone number or an e-mail address on the page “Contacts”."
    )
    return [told % {"who": one} for one in who]


def _desk_gaps(packs: Sequence[Pack], desk: Desk | None) -> list[str]:
    if desk is None:
        return [_("There is no complaints desk. Set APAISE_DESKS and start again.")]
    wanted = {
        "phone": _("The desk has no phone number. Fill it in on the page “Contacts”."),
        "postal_address": _("The desk has no postal address. Fill it in on the page “Contacts”."),
        "dpo_contact": _("Nobody is named for data protection. Fill it in on the page “Contacts”."),
    }
    if any(needs_mediator(pack) for pack in packs):
        wanted |= {
            "mediator_name": _("The mediator is not named. Fill it in on the page “Contacts”."),
            "mediator_postal_address": _(
                "The mediator has no postal address. Fill it in on the page “Contacts”."
            ),
            "mediator_website": _("The mediator has no website. Fill it in on the page “Contacts”."),
        }
    return [words for name, words in wanted.items() if not getattr(desk, name)]


def needs_mediator(pack: Pack) -> bool:
    """Whether this pack obliges us to name the mediator on the public page. To others than consumers it would mislead."""
    return any(
        "complaint_policy_page" in each["where"]
        and not each.get("forbid")
        and any(field.startswith("mediator.") for field in each.get("required_fields") or ())
        for each in pack.mandatory_mentions
    )


def publish_contact(code: str, told: Mapping[str, str], *, by: User) -> PublicContact | None:
    """What the public reads of whoever holds this role or function; with no name at all, nothing. Raises ContactRefused."""
    if refusal := edit_refusal(by):
        raise ContactRefused({"": refusal})
    if code not in (*ROLES, *FUNCTIONS):
        raise ContactRefused({"": _("There is no such function.")})
    kept = {name: " ".join(told.get(name, "").split())[:160] for name in FIELDS}
    with transaction.atomic():
        before = PublicContact.objects.filter(code=code).first()
        if not any(kept.values()):
            if before:
                PublicContact.objects.filter(code=code).delete()
                record(HOUSE, "contact.published", by=by, function=code, gone=True)
            return None
        if errors := _wrong(kept):
            raise ContactRefused(errors)
        if before and all(getattr(before, name) == words for name, words in kept.items()):
            return before
        defaults = {**kept, "changed_by": by, "changed_at": clock.now()}
        contact, _new = PublicContact.objects.update_or_create(code=code, defaults=defaults)
        record(HOUSE, "contact.published", by=by, function=code)
    return contact


def _wrong(kept: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if not kept["name_fr"]:
        errors["name_fr"] = _("Write the name and the title people read in French.")
    if not kept["name_en"]:
        errors["name_en"] = _("Write the name and the title people read in English.")
    if not kept["phone"] and not kept["email"]:
        errors["phone"] = _("Give a phone number or an e-mail address.")
    if kept["phone"] and not _PHONE.fullmatch(kept["phone"]):
        errors["phone"] = _("This is no phone number; write it with digits and spaces.")
    if kept["email"]:
        try:
            validate_email(kept["email"])
        except ValidationError:
            errors["email"] = _("This is no e-mail address.")
    return errors

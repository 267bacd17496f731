"""The company's own packs: checked, kept as a draft, published, withdrawn. Cases that run keep what they have frozen."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Function, User, everyone_with
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.choose import configured_packs, takes_the_place_of
from apaise.ground.packs.edition import PackDraft, PackEdition
from apaise.ground.packs.load import circle, load_pack, read_pack, refuse, shipped_ids
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import ROLES
from apaise.lib import clock
from apaise.lib.sayable import Sayable, sayable

EDITORS: Final = ("complaints_manager",)
READERS: Final = (*EDITORS, "team_lead", "auditor", "legal_dpo", "quality")
LONGEST_WHY: Final = 400


class PackRefused(Exception):
    """Why it was not done, for a person."""


class Overlay(NamedTuple):
    """A company's pack that passed every check."""

    pack: Pack
    parent: Pack
    text: str


def edit_refusal(user: User) -> str | None:
    """Why this person may not change the company's packs."""
    return None if user.has_role(*EDITORS) else _("The complaints manager changes the rules we work by.")


def check(text: str, *, only: str = "") -> Overlay:
    """The pack this text makes. Raises WrongPack, with the line and the reason of everything that is wrong.

    only   the id it must have"""
    from apaise.ground.packs.stricter import stricter_problems

    name = f"{only}.yaml" if only else "pack.yaml"
    raw, resolved, lines = read_pack(name, text, _parent_of)
    for where, what in _ours_to_decide(raw, resolved, only):
        refuse(name, lines, [(where, what)])  # the first is enough: the next may follow from it
    parent = pack_named(raw["extends"])
    if parent is not None:
        refuse(name, lines, stricter_problems(raw, resolved, parent.as_dict()))
    return Overlay(Pack.from_dict(resolved), parent or Pack.from_dict(resolved), text)


def _ours_to_decide(
    raw: Mapping[str, Any], resolved: Mapping[str, Any], only: str
) -> Iterator[tuple[tuple[str], Sayable]]:
    """What a company's pack may not be, though any other may."""
    if only and raw["id"] != only:
        yield ("id",), sayable("the id of this pack is `%(name)s`; leave it, or make another pack", name=only)
    if raw["id"] in {*shipped_ids(), *(pack.id for pack in configured_packs())}:
        yield (
            ("id",),
            sayable("`%(name)s` is a shipped pack; choose another id, and extend it", name=raw["id"]),
        )
    if not raw.get("extends"):
        yield (
            ("extends",),
            sayable("a company's pack extends another one; name it here, such as `extends: fr-consommation`"),
        )
    if not resolved["escalation"]:
        yield (
            ("escalation",),
            sayable("a ladder without a level helps nobody; leave the block out to keep the extended pack's"),
        )
    if len(raw["id"]) > 60 or len(raw["version"]) > 40:
        yield ("id",), sayable("the id has 60 letters at most, the version 40; shorten it")


def _parent_of(pack_id: str, links: tuple[str, ...]) -> Mapping[str, Any] | None:
    above = {each.pack_id: each.extends for each in PackEdition.objects.in_force()}
    following, chain = pack_id, list(links)
    while following in above:
        chain.append(following)
        following = above[following]
        if following in links:
            # The published one was frozen and would not run in circles; whoever reads the two would.
            from apaise.ground.packs.load import Problem, WrongPack

            raise WrongPack([Problem(f"{links[0]}.yaml", 1, circle([*chain, following]))])
    found = pack_named(pack_id)
    return found.as_dict() if found else None


def pack_named(pack_id: str) -> Pack | None:
    """The pack in force under this id: the company's, one of the settings, a shipped one."""
    own = {each.pack_id: each.pack for each in PackEdition.objects.in_force()}
    known = {**{pack.id: pack for pack in configured_packs()}, **own}
    if pack_id in known:
        return known[pack_id]
    return load_pack(pack_id, check=False) if pack_id in shipped_ids() else None


def keep_draft(text: str, *, by: User, only: str = "", seen: int = 0) -> PackDraft:
    """Keep what somebody works on. Raises WrongPack, and PackRefused if a colleague was quicker.

    seen   the revision the person has worked on, 0 for a draft that is new to them"""
    if refusal := edit_refusal(by):
        raise PackRefused(refusal)
    overlay = check(text, only=only)
    kept = {"text": text, "changed_by": by, "changed_at": clock.now()}
    with transaction.atomic():
        if seen:
            rows = PackDraft.objects.filter(pack_id=overlay.pack.id, revision=seen)
            if not rows.update(**kept, revision=seen + 1):
                raise PackRefused(
                    _(
                        "A colleague has changed this draft meanwhile. Your words are below; reload to see theirs."
                    )
                )
        else:
            try:
                with transaction.atomic():
                    PackDraft.objects.create(pack_id=overlay.pack.id, **kept)
            except IntegrityError:
                raise PackRefused(
                    _("There is a draft of this pack already. Open it and change it there.")
                ) from None
    return PackDraft.objects.get(pack_id=overlay.pack.id)


def drop_draft(draft: PackDraft, *, by: User) -> None:
    if refusal := edit_refusal(by):
        raise PackRefused(refusal)
    PackDraft.objects.filter(pk=draft.pk).delete()


def publish(draft: PackDraft, *, by: User, why: str) -> PackEdition:
    """From now on new cases are handled by it. Raises PackRefused or WrongPack; then nothing has changed."""
    if refusal := edit_refusal(by):
        raise PackRefused(refusal)
    overlay = check(draft.text, only=draft.pack_id)
    if gaps := nobody_holds(overlay.pack):
        names = ", ".join(gaps)
        raise PackRefused(
            _("Nobody is named for: %(names)s. Name a person or a team on the page “Contacts”, then publish.")
            % {"names": names}
        )
    with transaction.atomic():
        edition = _publish(overlay, by=by, why=why)
        PackDraft.objects.filter(pk=draft.pk, revision=draft.revision).delete()
    return edition


def publish_again(edition: PackEdition, *, by: User, why: str) -> PackEdition:
    """Go back to an earlier edition: it is published anew, and the history shows both."""
    if refusal := edit_refusal(by):
        raise PackRefused(refusal)
    return _publish(check(edition.text, only=edition.pack_id), by=by, why=why)


def withdraw(pack_id: str, *, by: User, why: str) -> PackEdition:
    """New cases are handled by the pack it extends again."""
    if refusal := edit_refusal(by):
        raise PackRefused(refusal)
    last = PackEdition.objects.of(pack_id).first()
    if last is None or last.withdraws:
        raise PackRefused(_("This pack is not in force."))
    if other := next((e for e in PackEdition.objects.in_force() if e.extends == pack_id), None):
        raise PackRefused(_("%(other)s extends it; withdraw that one first.") % {"other": other.pack_id})
    return _edition(last.pack, last.text, last.extends, by=by, why=why, withdraws=True)


def nobody_holds(pack: Pack) -> list[str]:
    """The functions of this pack that the organisation has given to nobody, and the roles of its ladder without people."""
    roles = {each["role"] for each in pack.block("escalation") or () if each["role"] in ROLES}
    empty = [role for role in sorted(roles) if not everyone_with(role).exists()]
    return [*Function.objects.nobody_holds(sorted(pack.functions_named())), *empty]


def _publish(overlay: Overlay, *, by: User, why: str) -> PackEdition:
    pack, parent = overlay.pack, str(overlay.pack.block("extends"))
    last = PackEdition.objects.of(pack.id).first()
    if last and not last.withdraws and last.digest == pack.digest:
        raise PackRefused(_("Nothing differs from what is in force."))
    same_name = PackEdition.objects.filter(pack_id=pack.id, version=pack.version).exclude(digest=pack.digest)
    if same_name.exists():
        told = _("Version %(version)s was published with other words; give this one another number.")
        raise PackRefused(told % {"version": pack.version})
    for edition in PackEdition.objects.in_force():
        rival = edition.pack
        if edition.pack_id != pack.id and edition.extends == parent and takes_the_place_of(pack, rival):
            told = _("%(other)s is for the same customers; withdraw it first, or extend it.")
            raise PackRefused(told % {"other": rival.id})
    return _edition(pack, overlay.text, parent, by=by, why=why)


def _edition(
    pack: Pack, text: str, extends: str, *, by: User, why: str, withdraws: bool = False
) -> PackEdition:
    why = why.strip()
    if not why:
        raise PackRefused(_("Say why: whoever reads the history in two years will want to know."))
    if len(why) > LONGEST_WHY:
        raise PackRefused(_("Say why in 400 letters at most."))
    last = PackEdition.objects.of(pack.id).first()
    with transaction.atomic():
        try:
            with transaction.atomic():
                edition = PackEdition.objects.create(
                    pack_id=pack.id,
                    number=last.number + 1 if last else 1,
                    version=pack.version,
                    extends=extends,
                    text=text,
                    content=pack.as_dict(),
                    digest=pack.digest,
                    withdraws=withdraws,
                    why=why,
                    published_by=by,
                )
        except IntegrityError:
            raise PackRefused(
                _("A colleague has just published this pack. Reload, and look at what differs.")
            ) from None
        what = "pack.withdrawn" if withdraws else "pack.published"
        record(
            HOUSE,
            what,
            by=by,
            pack=pack.id,
            pack_version=pack.version,
            number=edition.number,
            pack_digest=pack.digest,
        )
    return edition

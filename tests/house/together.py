"""For the small world: cases that were merged, split, linked or suggested, and a promise."""

from collections.abc import Callable
from datetime import date, timedelta

from apaise.ground.accounts.models import User
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.grouping import Suggestion
from apaise.intake.cases.happenings import tell
from apaise.intake.cases.linking import link
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.promises import make_promise
from apaise.intake.cases.splitting import split
from apaise.lib import clock


def bring(cases: dict[str, Case], make: Callable[[str], Case], keeper: User) -> None:
    """Add to `cases`: merged (into survivor), twofold (may be split), split (off origin); and tie two others together."""
    survivor, merged = make("fresh"), make("fresh")
    merge(merged, survivor, reason="sent_twice", by=keeper)
    cases |= {"survivor": survivor, "merged": merged}
    for name, leaves in (("twofold", False), ("origin", True)):
        cases[name] = make("fresh")
        more = add_customer_message(
            cases[name], cases[name].complainant, channel="email", text="Et ma facture 4711 est fausse aussi."
        )
        assign(cases[name], keeper, by=keeper)
        if leaves:
            cases["split"] = split(cases[name], [more.pk], by=keeper)
    link(cases["investigating"], cases["uncertain"], kind="same_incident", by=keeper)
    Suggestion.objects.create(
        case=cases["answered"],
        other=cases["investigating"],
        score=83,
        reasons=[["contract", "4711"], ["text", "83"]],
    )
    tell(cases["investigating"], "adr.notified", on=clock.now().date() - timedelta(days=2), by=keeper)
    make_promise(cases["investigating"], "Un appel de votre conseillère", date(2026, 12, 4), by=keeper)

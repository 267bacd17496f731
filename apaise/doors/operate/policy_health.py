"""Whether the public can read how we handle complaints, and reach whoever it names: for the doctor."""

from django.utils.translation import override

from apaise.doors.operate.saying import Said
from apaise.ground.accounts.models import Desk
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.load import PackError
from apaise.handling.policy.contacts import gaps
from apaise.handling.policy.public import built, current, digest_of


def public_page() -> Said:
    try:
        packs = active_packs()
    except PackError:
        return  # said above
    desk = Desk.objects.main()
    with override("en"):
        missing = gaps(packs, desk)
        page = built(packs, desk) if desk else None
    for words in missing:
        yield "warning", words
    published = current()
    if published is None:
        yield "warning", "The public page on complaints was never published. Look at /desk/policy."
    elif page is not None and published.digest != digest_of(page):
        yield (
            "warning",
            f"Edition {published.number} of the public page no longer says what the rules say. Publish it again at /desk/policy.",
        )
    else:
        yield "ok", f"Edition {published.number} of the public page says what the rules say."

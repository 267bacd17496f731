"""What those who lead look for: one test for each row of the comparison that their pages own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case
from apaise.intake.cases.promises import break_overdue, make_promise
from apaise.lib import clock

pytestmark = pytest.mark.django_db


def test_s4_4_contracts_near_renewal_with_unresolved_issues_are_listed(
    client, complain, ana, mara, cleo, staff, noon
):
    """A customer who has said nothing since we broke our word stands on the list before the renewal; a calm one does not."""
    manager = staff("handler", team=True)
    silent, calm = (Organisation.objects.create(name=name) for name in ("Hôtel Arvelle", "Atelier Brun"))
    for company in (silent, calm):
        Contract.objects.create(
            number=f"K-{company.pk}", organisation=company, amount=28640, account_manager=manager,
            renews_on=noon.date() + timedelta(days=41),
        )  # fmt: skip
    case = complain()
    assign(case, ana, by=ana)
    case.refresh_from_db()
    case.keep(organisation=silent, contract=silent.contracts.get())
    make_promise(case, "Un avoir", noon.date() + timedelta(days=1), by=ana)
    keep_apart(case, manager, because="account_manager", by=cleo)
    with clock.at_moment(noon + timedelta(days=3)):
        break_overdue(clock.now())
        client.force_login(mara)
        page = client.get(reverse("workspace:renewals")).content.decode()
        table = client.get(reverse("workspace:renewals-table")).content.decode().splitlines()
    assert "Hôtel Arvelle" in page and "Atelier Brun" not in page
    assert table[1:] == [
        f"K-{silent.pk};Hôtel Arvelle;2027-01-05;38;28640.00;EUR;a year;1;1;0;{case.reference};Ana Handler;{manager.name}"
    ]
    assert Case.objects.visible_to(manager).count() == 0

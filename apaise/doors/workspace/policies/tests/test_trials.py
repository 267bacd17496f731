"""Trying a changed policy by page: upload, wait, read, open the cases behind a figure."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apaise.ground.packs import DATA
from apaise.intake.cases.models import Deadline, Exclusion
from apaise.intake.cases.what_if.trial import PolicyTrial
from apaise.lib import clock

pytestmark = pytest.mark.django_db
SHIPPED = (DATA / "packs" / "fr-consommation.yaml").read_text(encoding="utf-8")


def extending(name):
    return SHIPPED.replace("id: fr-consommation\n", "id: ours\n", 1).replace(
        "extends: null", f"extends: {name}"
    )


TERMS = "".join(
    f"      C{level}: {{value: {days}, unit: business_days}}\n"
    for level, days in enumerate((2, 5, 10, 15), 1)
)


def shorter():
    """The shipped pack, in which every reply is owed the same day."""
    assert SHIPPED.count(TERMS) == 1
    return SHIPPED.replace(
        TERMS,
        "".join(f"{line.split('{')[0]}{{value: 0, unit: business_days}}\n" for line in TERMS.splitlines()),
    )


def post(client, text, since="2020-01-01", name="ours.yaml"):
    return client.post(
        reverse("workspace:policy-trials"), {"pack": SimpleUploadedFile(name, text.encode()), "since": since}
    )


def test_a_changed_pack_is_tried_by_the_worker_and_its_cases_can_be_opened(client, cleo, complain, work):
    case = complain(kind="consumer")
    before = list(Deadline.objects.order_by("pk").values())
    client.force_login(cleo)
    with clock.at_moment(clock.now() + timedelta(days=4)):
        page = post(client, shorter())
        [trial] = PolicyTrial.objects.all()
        assert (page.status_code, page["Location"]) == (
            302,
            reverse("workspace:policy-trial", args=[trial.pk]),
        )
        assert "0 cases of 1 so far" in client.get(page["Location"]).content.decode()
        work()
    found = client.get(f"{page['Location']}?rule=reply_target&change=newly_late").content.decode()
    assert "so far" not in found
    assert f'href="{reverse("workspace:case", args=[case.reference])}"' in found
    assert list(Deadline.objects.order_by("pk").values()) == before


def test_cases_one_may_not_see_are_counted_and_not_named(client, cleo, complain, work):
    case = complain(kind="consumer")
    Exclusion.objects.create(case=case, user=cleo, because="account_manager")
    client.force_login(cleo)
    with clock.at_moment(clock.now() + timedelta(days=4)):
        address = post(client, shorter())["Location"]
        work()
    found = client.get(f"{address}?rule=reply_target&change=newly_late").content.decode()
    assert case.reference not in found
    assert "None of these cases is one you may see." in found


@pytest.mark.parametrize(
    ("text", "since", "word"),
    [
        ("schema: policy-pack/1\nid: ours\n", "2020-01-01", "ours.yaml, line 1: "),
        (extending("nothing"), "2020-01-01", "there is no pack `nothing` to extend"),
        (extending("ours"), "2020-01-01", "in a circle: ours → ours"),
        (
            SHIPPED.replace("fact: customer.kind", "fact: customer.mood", 1),
            "2020-01-01",
            "there is no fact `customer.mood`",
        ),
        (SHIPPED.replace("set: fr-metropole", "set: fr-lune", 1), "2020-01-01", "line "),
        (SHIPPED, "soon", "Choose since which day"),
        (SHIPPED, "2090-01-01", "Choose a day in the past"),
        (SHIPPED, "2020-01-01", "No case received since then"),
    ],
)
def test_a_bad_pack_or_day_is_refused_with_the_reason_and_nothing_is_tried(client, cleo, text, since, word):
    client.force_login(cleo)
    page = post(client, text, since)
    assert page.status_code == 409
    assert word in page.content.decode().replace("&#x27;", "'")
    assert not PolicyTrial.objects.exists()


def test_without_a_file_the_page_says_so(client, cleo):
    client.force_login(cleo)
    page = client.post(reverse("workspace:policy-trials"), {"since": "2020-01-01"})
    assert page.status_code == 409
    assert "Choose the file" in page.content.decode()


def test_only_the_complaints_manager_tries_policies(client, ana, cleo, complain):
    complain()
    client.force_login(cleo)
    address = post(client, SHIPPED)["Location"]
    client.force_login(ana)
    for one in (reverse("workspace:policy-trials"), address):
        assert client.get(one).status_code == 403
    assert client.post(f"{address}/stopping").status_code == 403
    assert PolicyTrial.objects.get().state == "running"
    client.force_login(cleo)
    assert client.post(f"{address}/stopping").status_code == 302
    assert PolicyTrial.objects.get().state == "stopped"

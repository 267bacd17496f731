"""One test for each row of criticality and segments, named after it: its acceptance test, for real."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.people import add_organisation, add_person
from apaise.handling.routing.levels import standing as level_of
from apaise.handling.tasks.models import Task
from apaise.intake.cases.criticality import set_criticality, standing
from apaise.intake.cases.knowing import know
from apaise.intake.cases.labels import labels_in
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.segments import segment_of
from apaise.intake.cases.weighing import Weighing
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_s0_8_a_case_with_reach_above_the_threshold_goes_up_to_the_level_of_its_policy(
    complain, ana, cleo, work, noon
):
    case = complain(channel="social_media")
    know(case, "case.reach", 63_000, by=ana)
    work()
    passed = Entry.objects.of(case.reference).get(what="reach.passed")
    assert passed.facts == {"reach": 63_000, "above": 10_000, "level": 3}
    case.refresh_from_db()
    assert (level_of(case), case.handler) == (3, cleo)
    assert Alert.objects.filter(kind="reach_passed", user=cleo, chain=case.reference).exists()


def test_s1_1_a_first_complaint_is_tagged_and_its_answer_followed_up_first(answered, client, ana, work, noon):
    case = answered()
    work()
    assert Weighing.objects.get(case=case).first_complaint
    assert Task.objects.get(case=case, kind="first_complaint").due_at < noon + timedelta(days=8)
    client.force_login(ana)
    page = client.get(reverse("workspace:case", args=[case.reference])).content.decode()
    assert "First complaint" in page


def test_s4_2_a_label_never_lowers_the_score_and_the_word_is_pointed_out(complain, client, ana, work, noon):
    levels = []
    for number in range(4):
        with clock.at_moment(noon + timedelta(days=number)):
            case = complain(subject=f"Plainte {number}", text=f"Motif tout autre numéro {number}.")
            work()
            know(case, "case.safety_risk", True, by=ana)
            levels.append(Case.objects.get(pk=case.pk).criticality)
    assert levels == ["C1"] * 4
    client.force_login(ana)
    answer = client.post(
        reverse("workspace:notes", args=[case.reference]), {"text": "Un râleur.", "mode": "note"}
    )
    assert answer.status_code == 409 and "“râleur”" in answer.content.decode()
    assert labels_in("Un râleur.") == ["râleur"]


def test_s4_10_the_segment_is_computed_from_activity_amount_and_commitment_and_narrows_the_list(
    client, desk, ana, work, noon
):
    company = add_organisation(
        by=ana, name="Ateliers Brun", kind="business", sector="maintenance", activity="industry"
    )
    add_contract(company, by=ana, number="M-1", amount=300_000, commitment="Gold", sector="maintenance")
    person = add_person(by=ana, name="Léa Brun", organisation=company)
    case = open_case(person, desk=desk, channel="email", language="fr", by=person, title="Arrêt de presse")
    assert segment_of(case).codes == {
        "activity:industry", "contract_amount:250000", "commitment_level:gold", "key_accounts",
    }  # fmt: skip
    know(case, "case.production_stopped", True, by=ana)
    client.force_login(ana)
    page = client.get("/desk/cases?view=team&segment=commitment_level:gold").content.decode()
    assert "Arrêt de presse" in page
    assert (
        "Arrêt de presse" not in client.get("/desk/cases?view=team&segment=activity:health").content.decode()
    )


def test_s4_27_the_score_lists_its_factors_and_a_humans_level_is_logged_and_kept(complain, ana, noon):
    case = complain()
    know(case, "case.legal_threat", True, by=ana)
    factors = {one.id: (one.weight, one.holds) for one in standing(case).score.factors}
    assert factors["legal_threat"] == (15, True) and factors["safety"] == (60, None)
    set_criticality(case, "C4", by=ana, reason="La lettre vise une autre société.")
    know(case, "case.safety_risk", True, by=ana)
    said = Entry.objects.of(case.reference).filter(what="criticality.changed").last()
    assert (said.by, said.facts["criticality"], said.facts["proposed"]) == (ana.actor_code, "C4", "C3")
    assert (Case.objects.get(pk=case.pk).criticality, standing(case).suggested) == ("C4", "C1")

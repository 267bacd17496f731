"""The account of a criticality on the pages: factors, facts people say, the level they set, the list by segment."""

import pytest
from django.urls import reverse

from apaise.ground.accounts.models import Function
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.people import add_organisation, add_person
from apaise.intake.cases.criticality import set_criticality, weigh
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.knowing import know
from apaise.intake.cases.models import Case, Note
from apaise.intake.cases.opening import open_case
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, noon):
    return complain()


def words(page):
    return " ".join(page.content.decode().split())


def test_every_factor_stands_on_the_page_with_its_weight_and_what_is_not_read_says_so(
    client, case, ana, mara
):
    Function.objects.create(code="senior_handler", person=mara)
    know(case, "case.claim_amount", "1200", by=ana)
    know(case, "case.legal_threat", True, by=ana)
    know(case, "case.safety_risk", False, by=ana)
    know(case, "case.anger_score", 0.8, by=ana)
    client.force_login(ana)
    page = words(client.get(reverse("workspace:weight", args=[case.reference])))
    assert "40 points of 100" in page
    assert "a large sum is asked for" in page and "+15" in page
    assert page.count("not read") >= 5
    assert "does not hold" in page  # nobody's safety is at risk
    assert "Senior handler<small>Mara Lead</small>" in page  # the circuit of C2 has names


def test_what_a_person_says_is_kept_and_the_level_follows_at_once(client, case, ana):
    client.force_login(ana)
    answer = client.post(
        reverse("workspace:told-facts", args=[case.reference]),
        {"case.safety_risk": "yes", "case.claim_amount": "1 200,50 €", "case.legal_threat": ""},
    )
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/desk/cases/{case.reference}/weight?done=facts",
    )
    facts = facts_of(case)
    assert (facts["case.safety_risk"], facts["case.claim_amount"]) == (True, "1200.50")
    assert "case.legal_threat" not in facts
    assert Case.objects.get(pk=case.pk).criticality == "C1"
    client.post(reverse("workspace:told-facts", args=[case.reference]), {"case.safety_risk": ""})
    assert "case.safety_risk" not in facts_of(case)


def test_a_sum_that_is_none_is_refused_and_what_was_typed_stays(client, case, ana):
    client.force_login(ana)
    with nothing_changed():
        answer = client.post(
            reverse("workspace:told-facts", args=[case.reference]), {"case.claim_amount": "beaucoup"}
        )
    assert answer.status_code == 409
    assert "cannot have this answer" in words(answer) and 'value="beaucoup"' in words(answer)


def test_a_level_without_its_reason_is_refused_beside_the_form(client, case, ana):
    client.force_login(ana)
    answer = client.post(reverse("workspace:criticality", args=[case.reference]), {"criticality": "C1"})
    assert answer.status_code == 409 and "Say why in a few words" in words(answer)
    client.post(
        reverse("workspace:criticality", args=[case.reference]),
        {"criticality": "C1", "reason": "Un enfant malade."},
    )
    assert "Un enfant malade." in words(client.get(reverse("workspace:weight", args=[case.reference])))


def test_a_higher_score_is_offered_on_the_case_with_one_click(client, case, ana):
    set_criticality(case, "C4", by=ana, reason="Rien ne presse.")
    know(case, "case.safety_risk", True, by=ana)
    client.force_login(ana)
    page = words(client.get(reverse("workspace:case", args=[case.reference])))
    assert "What is known comes to C1, critical." in page and "Take over C1" in page
    client.post(reverse("workspace:criticality", args=[case.reference]), {"criticality": "C1"})
    assert Case.objects.get(pk=case.pk).criticality == "C1"


def test_the_list_is_narrowed_to_a_segment_and_to_first_complaints(client, desk, ana, complain, noon):
    company = add_organisation(
        by=ana, name="Ateliers Brun", kind="business", sector="maintenance", activity="industry"
    )
    add_contract(company, by=ana, number="M-1", amount="300000", sector="maintenance")
    person = add_person(by=ana, name="Léa Brun", organisation=company)
    big, small = (
        open_case(person, desk=desk, channel="email", language="fr", by=person, title="Arrêt de presse"),
        complain(),
    )
    for one in (big, small, again := complain(subject="Encore moi")):
        weigh(one)
    client.force_login(ana)
    grand = words(client.get("/desk/cases?view=team&segment=key_accounts"))
    assert "Arrêt de presse" in grand and small.title not in grand
    firsts = words(client.get("/desk/cases?view=team&segment=first"))
    assert "Arrêt de presse" in firsts and small.title in firsts and again.title not in firsts


def test_a_label_in_a_note_is_pointed_out_once_and_kept_if_the_writer_wants_it(client, case, ana):
    client.force_login(ana)
    address, text = reverse("workspace:notes", args=[case.reference]), "Encore ce râleur, à rappeler."
    answer = client.post(address, {"text": text, "mode": "note"})
    assert (answer.status_code, Note.objects.count()) == (409, 0)
    assert "“râleur”: the customer reads this note if they ask for their data" in words(answer)
    assert text in words(answer) and 'name="known" value="1"' in words(answer)
    client.post(address, {"text": text, "mode": "note", "known": "1"})
    assert Note.objects.get().text == text
    page = words(client.get(reverse("workspace:case", args=[case.reference])))
    assert "Puts a label on the customer: râleur" in page

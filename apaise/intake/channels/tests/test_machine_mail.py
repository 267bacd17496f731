"""Stories of other desks, never to be ours: ping-pong, our own mail, absences that reopen or close."""

import pytest
from django.utils.translation import override

from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail.compose import mail_of
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive, replay
from apaise.intake.channels.second_look import hear
from apaise.intake.channels.tests.letters import mail

pytestmark = pytest.mark.django_db


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def acknowledgements():
    return Message.objects.filter(kind="acknowledgement").count()


def test_peers_1_a_storm_of_a_thousand_identical_auto_replies_makes_no_second_acknowledgement(
    complain, work, send
):
    case = complain()
    work()
    send()
    number = case.messages.get(kind="acknowledgement").message_id
    raw = mail(
        "Je suis absente.",
        subject="Réponse automatique : votre dossier",
        in_reply_to=number,
        auto_submitted="auto-replied",
    )
    told = [get(raw).outcome for _ in range(1_000)]
    assert (told[0], set(told[1:])) == ("machine", {"duplicate"})
    work()
    assert (Case.objects.count(), acknowledgements()) == (1, 1)


def test_peers_1_ping_pong_with_another_help_desk_ends_at_once(complain, work, send):
    """The other desk answers our acknowledgement with its own, from whatever header it has; we answer none."""
    case = complain(email="support@boutique.exemple.test", name="Boutique")
    work()
    send()
    number = case.messages.get(kind="acknowledgement").message_id
    for turn in range(5):
        raw = mail(
            f"Bonjour, nous avons bien reçu votre demande no {turn}. Ceci est un message automatique.",
            subject=f"[#{4800 + turn}] Votre demande a bien été reçue",
            in_reply_to=number,
            **{"from": "support@boutique.exemple.test"},
        )
        assert get(raw).outcome == "machine"
        work()
        send()
    assert (Case.objects.count(), acknowledgements()) == (1, 1)
    assert Message.objects.filter(direction="out").count() == 1


def test_peers_2_our_own_address_is_never_a_requester(desk, ana):
    raw = mail("Bonjour.", subject="Formulaire du site", **{"from": "reclamations@exemple.test"})
    outcome = get(raw)
    assert (outcome.outcome, outcome.reason) == ("quarantined", "from_ourselves")
    assert replay(Arrival.objects.get(), by=ana, accept=True).reason == "from_ourselves"
    assert not Case.objects.exists() and not Person.objects.exists()


def test_our_own_reply_come_back_without_its_marks_is_a_loop(complain, work, send):
    case = complain()
    work()
    send()
    letter = mail_of(case.messages.select_related("case__desk").get(kind="acknowledgement"))
    del letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]
    outcome = get(letter.as_bytes())
    assert (outcome.outcome, outcome.reason) == ("machine", "loop")
    work()
    assert (Case.objects.count(), acknowledgements()) == (1, 1)


@pytest.mark.parametrize("closed", [False, True])
def test_peers_3_an_absence_neither_reopens_nor_closes(answered, work, send, closed):
    case = answered()
    if closed:
        Case.objects.filter(pk=case.pk).update(state="closed")
    work()
    send()
    number = case.messages.get(kind="final_reply").message_id
    before = Case.objects.values().get(), list(case.deadlines.values()), acknowledgements()
    raw = mail(
        "Je suis absente jusqu'au 12.",
        subject="Réponse automatique : dossier",
        in_reply_to=number,
        return_path="<>",
    )
    assert get(raw).outcome == "machine"
    work()
    assert (Case.objects.values().get(), list(case.deadlines.values()), acknowledgements()) == before


def test_a_desk_that_is_a_group_of_its_host_hears_the_people_who_write_to_it(desk):
    heard = mail("Ma box est morte.", list_id="<reclamations.exemple.test>", precedence="list")
    assert get(heard).outcome == "opened"
    assert (
        get(mail("Sortie de dimanche", list_id="<club.listes.test>", precedence="list")).outcome == "machine"
    )


def test_the_reason_of_a_machine_is_said_in_words(desk):
    get(mail("x", auto_submitted="auto-generated"))
    with override("fr"):
        assert Arrival.objects.get().reason_text() == "Son en-tête dit qu’un programme l’a envoyé."


def test_nobody_who_looks_like_a_machine_is_left_unheard(desk):
    looks = [
        {"subject": "Réponse automatique : ras le bol"},
        {"return_path": "<>"},
        {"precedence": "normal", "x_auto_response_suppress": "All"},
        {"from": "postmaster@mairie.exemple.test"},
        {"list_unsubscribe": "<mailto:x@outil.test>"},
    ]
    assert {get(mail(f"Je veux un humain. {one}", **one)).outcome for one in looks} == {"opened"}


def test_a_person_taken_for_a_machine_is_heard_with_one_click(desk, ana, noon):
    get(mail("Je veux une réponse.", auto_submitted="auto-generated"))
    outcome = hear(Arrival.objects.get(), by=ana)
    assert (outcome.outcome, outcome.case.received_at) == ("opened", noon)
    assert hear(Arrival.objects.get(), by=ana).outcome == "duplicate"
    assert Case.objects.count() == 1

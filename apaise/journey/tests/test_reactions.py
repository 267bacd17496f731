"""What happens when …: each reaction once, in the transaction that asked for it, harmless to repeat."""

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.packs.vocabulary import EVENTS
from apaise.ground.parties import addresses, contracts, people
from apaise.ground.parties.addresses import add_address
from apaise.ground.parties.merging import merge
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import outgoing, search
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.calls import note_call
from apaise.journey import queue
from apaise.journey.models import Job
from apaise.journey.reactions import REACTIONS, react, react_all
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


def alerts():
    return sorted(Alert.objects.values_list("user__name", "kind"))


def test_the_table_speaks_the_words_of_the_ledger_and_names_each_reaction_once():
    assert set(REACTIONS) <= set(EVENTS)
    for reactions in REACTIONS.values():
        assert len({reaction.__name__ for reaction in reactions}) == len(reactions)


def test_a_complaint_is_acknowledged_because_it_was_received(complain):
    case = complain()
    job = Job.objects.get(unique_key=f"{case.reference}/1:reactions")
    assert (job.task, job.arguments["args"]) == (
        "apaise.journey.reactions.react_all",
        [f"{case.reference}/1", ["acknowledge", "enter_the_ladder", "place_case"]],
    )
    queue.run_all(("default",))
    assert case.messages.filter(kind="acknowledgement").count() == 1


def test_every_reaction_may_run_twice(complain, mara, ana, work, noon):
    from datetime import timedelta

    from apaise.intake.cases import deadlines
    from apaise.lib import clock

    case = complain()
    assign(case, ana, by=mara)
    add_customer_message(case, case.complainant, channel="email", text="Alors ?")
    with clock.at_moment(noon + timedelta(days=30)):
        deadlines.sweep(clock.now())
        work()
        mail = case.messages.get(kind="acknowledgement")
        Message.objects.claim(mail.pk)
        outgoing.mark_uncertain(mail.pk)
        work()
        with nothing_changed():
            for entry in Entry.objects.all():
                for reaction in REACTIONS.get(entry.what, ()):
                    if reaction.__name__ != "deliver_it":
                        react(entry.pk, reaction.__name__)


def test_an_unknown_reaction_does_nothing(complain):
    case = complain()
    with nothing_changed():
        react(f"{case.reference}/1", "no_such_reaction")
        react_all(f"{case.reference}/1", ["no_such_reaction"])


def failing(monkeypatch, name, how):
    """A reaction that does something and then goes wrong."""

    def reaction(entry):
        how(entry)

    reaction.__name__ = name
    monkeypatch.setitem(REACTIONS, "case.received", [reaction, *REACTIONS["case.received"]])


def test_a_reaction_that_fails_is_tried_again_by_itself_and_keeps_none_waiting(complain, monkeypatch):
    ran = []

    def fail(entry):
        Person.objects.filter(cases__reference=entry.chain).update(name="half done")
        ran.append(entry.pk)
        raise ValueError("Claire's secret")

    failing(monkeypatch, "fails", fail)
    case = complain()
    queue.run_all(("default",))
    case.complainant.refresh_from_db()
    assert case.messages.filter(kind="acknowledgement").count() == 1
    assert case.complainant.name != "half done"
    again = Job.objects.get(unique_key=f"{case.reference}/1:fails")
    assert (again.task, again.state, again.attempts) == ("apaise.journey.reactions.react", "ready", 1)
    assert again.problem.startswith("ValueError") and "secret" not in again.problem
    assert Job.objects.get(unique_key=f"{case.reference}/1:reactions").state == "done"
    assert ran == [f"{case.reference}/1"] * 2  # once with the others, once alone


def test_after_a_worker_ended_in_the_middle_each_reaction_is_a_job_of_its_own(complain, monkeypatch):
    case = complain()
    jobs = Job.objects.filter(unique_key=f"{case.reference}/1:reactions")
    jobs.update(state="running", crashes=0, leased_until=None, worker="elsewhere/1/1", attempts=1)
    assert queue.free_abandoned() == 1
    assert jobs.get().crashes == 1
    for job in queue.claim("default", queue.this_worker()):
        queue.run(job)
    alone = Job.objects.filter(unique_key__startswith=f"{case.reference}/1:", task__endswith=".react")
    assert [job.arguments["args"][1] for job in alone.order_by("pk")] == [
        "acknowledge",
        "enter_the_ladder",
        "place_case",
    ]
    queue.run_all(("default",))
    assert case.messages.filter(kind="acknowledgement").count() == 1


def test_whoever_is_given_a_case_is_told_even_if_it_moved_on_since(complain, mara, ana, bo, work):
    case = complain()
    work()
    assign(case, ana, by=mara)
    assign(case, bo, by=mara)
    work()
    assert alerts() == [("Ana Handler", "case_assigned"), ("Bo Handler", "case_assigned")]


def test_who_takes_a_case_is_not_told_so(complain, ana, work):
    case = complain()
    work()
    assign(case, ana, by=ana)
    work()
    assert alerts() == []


def test_the_handler_is_told_of_new_words_but_not_of_a_machines(complain, ana, work):
    case = complain()
    work()
    assign(case, ana, by=ana)
    add_customer_message(case, case.complainant, channel="email", text="Absent", machine=True)
    work()
    assert alerts() == []
    add_customer_message(case, case.complainant, channel="email", text="Alors ?")
    work()
    assert alerts() == [("Ana Handler", "customer_wrote")]


def test_a_message_is_handed_to_the_mail_queue_in_the_same_transaction(complain, work):
    case = complain()
    work()
    mail = case.messages.get(kind="acknowledgement")
    assert [job.arguments["args"] for job in Job.objects.filter(queue="mail")] == [[mail.pk]]


def test_no_words_of_a_customer_wait_in_the_queue(complain, work, ana):
    case = complain(
        name="Quillfeather",
        email="quillfeather@courriel.exemple.test",
        subject="Bidulotronique",
        text="Machinchose",
    )
    assign(case, ana, by=ana)
    work()
    said = str(list(Job.objects.values_list())) + str(list(Alert.objects.values_list()))
    for word in ("quillfeather", "bidulotronique", "machinchose", "@"):
        assert word not in said.lower()


def test_a_case_is_found_by_a_name_its_customer_has_got_since(complain, ana, work):
    from apaise.ground.ledger.record import record
    from apaise.ground.parties.models import Person

    case = complain()
    work()
    assert search.cases("zorglubine", user=ana) == []
    Person.objects.filter(pk=case.complainant_id).update(name="Ève Zorglubine")
    record(case.complainant, "person.changed", by=ana)
    work()
    assert [hit.pk if hasattr(hit, "pk") else hit for hit in search.cases("zorglubine", user=ana)] == [
        case.pk
    ]


def test_who_could_not_be_reached_is_acknowledged_once_an_address_is_known(desk, ana, mara, work, noon):
    told = Told("1", Who(name="Paul", phone="06 11 22 33 44"), "Rien ne marche.", "fr", noon)
    case = note_call(told, recap="declined", by=ana)
    work()
    assert not case.messages.filter(kind="acknowledgement").exists()
    assert case.deadlines.get(rule="ack").state == "running"
    add_address(Person.objects.get(pk=case.complainant_id), "email", "paul@x.test", by=mara)
    work()
    assert case.messages.get(kind="acknowledgement").to_address == "paul@x.test"


def test_a_case_is_found_by_whatever_its_merged_customer_and_its_contract_are_called(
    complain, ana, cleo, work
):
    case = complain()
    kept = people.add_person(by=cleo, name="Ève Zorglubine")
    contract = contracts.add_contract(kept, number="K-1", by=cleo)
    Case.objects.filter(pk=case.pk).update(contract=contract)
    merge(kept, case.complainant, by=cleo, sure=True)
    addresses.add_address(kept, "email", "quetzal@exemple.test", by=cleo)
    contracts.change_contract(contract, number="WXYZ-778899", by=cleo)
    work()
    for word in ("zorglubine", "quetzal@exemple.test", "claire@courriel.exemple.test", "WXYZ-778899"):
        assert [hit.pk if hasattr(hit, "pk") else hit for hit in search.cases(word, user=ana)] == [case.pk]

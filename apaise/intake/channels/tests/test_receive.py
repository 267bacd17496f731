"""The way in: durable first, then read, then filed where it belongs, once."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person, Representative
from apaise.intake.cases import conversation
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.channels import receive as inbound
from apaise.intake.channels.mail import addresses, threading
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.receive import fingerprint, keep, overdue, receive, replay, set_aside
from apaise.intake.channels.tests.letters import CORPUS, mail
from apaise.lib import clock
from apaise.lib.mime import read
from tests.nothing_changed import everything, nothing_changed, refused

pytestmark = pytest.mark.django_db


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def reasons():
    return list(Arrival.objects.filter(state="quarantined").values_list("reason", flat=True))


# --- durable first ---------------------------------------------------------------------------------------


def test_the_raw_bytes_are_kept_before_anything_is_read(desk, noon):
    arrival = keep(
        b"\xff\x00 no mail at all", envelope_from="x@y.test", envelope_to="reclamations@exemple.test"
    )
    assert (arrival.state, arrival.received_at, arrival.size) == ("new", noon, 17)
    assert arrival.raw_bytes() == b"\xff\x00 no mail at all"
    assert not Case.objects.exists()


def test_a_disk_that_fails_says_no_to_the_sender(desk, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with refused(OSError):
        keep(b"words")
    assert not list(Path(file_store().root).glob("draft-*"))


def test_a_stored_name_cannot_lead_outside():
    for name in ("../secret-key", "..", "a" * 63, "A" * 64, "a" * 64 + "/..", ""):
        with pytest.raises(ValueError, match="not a SHA-256"):
            file_store().read(name)


def test_the_same_bytes_are_stored_once():
    assert file_store().keep(b"same") == file_store().keep([b"sa", b"me"])


# --- the corpus ------------------------------------------------------------------------------------------


def files_in_store():
    return sorted(path for path in Path(file_store().root).rglob("*") if path.is_file())


def kept_beyond_the_door():
    rows = {name: rows for name, rows in everything().items() if not name.startswith("channels.")}
    return rows, files_in_store()


def addresses_in_the_corpus() -> set[str]:
    words = (word for path in CORPUS for word in path.read_text(errors="ignore").split())
    return {word.strip(".,!?'\"<>") for word in words if "@" in word and len(word) > 11}


def test_every_mail_of_the_corpus_ends_as_its_name_says_once(desk, work, noon, caplog):
    told = {path.stem: get(path.read_bytes(), desk=desk) for path in CORPUS}
    assert {name: outcome.outcome for name, outcome in told.items()} == {
        name: name.split("_")[1] for name in told
    }
    work()
    assert list(verify()) == []

    opened = sorted(outcome.case.pk for outcome in told.values() if outcome.outcome == "opened")
    assert opened == sorted(Case.objects.values_list("pk", flat=True))
    assert sorted(Message.objects.filter(kind="acknowledgement").values_list("case_id", flat=True)) == opened

    assert [arrival.raw_bytes() for arrival in Arrival.objects.order_by("pk")] == [
        path.read_bytes() for path in CORPUS
    ]
    assert not Arrival.objects.filter(state="new").exists()
    for arrival in Arrival.objects.filter(state="filed"):
        assert arrival.message and arrival.case and arrival.fingerprint
    for arrival in Arrival.objects.filter(state="quarantined"):
        assert arrival.reason and arrival.owner and arrival.attend_by

    for file in Attachment.objects.all():  # hostile names are tamed
        assert (
            not {"/", "\\", "\x00"} & set(file.name)
            and not file.name.startswith(".")
            and file.name.isprintable()
        ), file.name
        assert len(file_store().read(file.sha256)) == file.size

    logged = " ".join(record.getMessage() for record in caplog.records)
    assert [address for address in addresses_in_the_corpus() if address in logged] == []

    before = kept_beyond_the_door()
    assert {get(path.read_bytes()).outcome for path in CORPUS} == {"duplicate"}
    assert kept_beyond_the_door() == before
    assert work() == 0


# --- filing ----------------------------------------------------------------------------------------------


def test_a_mail_opens_a_case_with_its_words_and_files(desk, noon):
    outcome = get(mail("Le colis est ouvert.", subject="Colis", files=[("photo.png", b"PNG")]))
    message = outcome.case.messages.get()
    assert (outcome.outcome, outcome.case.title, outcome.case.channel) == ("opened", "Colis", "email")
    assert outcome.case.complainant.email == "claire@courriel.exemple.test"
    assert message.text.strip() == "Le colis est ouvert."
    (file,) = message.attachments.all()
    assert (file.name, file.size, file_store().read(file.sha256)) == ("photo.png", 3, b"PNG")
    assert outcome.case.sent_at == datetime(2026, 11, 25, 10, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Sun, 15 Nov 2026 13:00:00 +0100", datetime(2026, 11, 15, 12, 0, tzinfo=UTC)),
        ("Sun, 15 Nov 2026 11:59:00 +0100", None),
        ("Wed, 25 Nov 2026 13:00:00 +0100", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_date_that_cannot_be_believed_is_not(desk, noon, sent, kept):
    assert get(mail(date=sent)).case.sent_at == (kept or noon)


@pytest.mark.parametrize(
    ("text", "language"), [("The router never worked and nobody answers my letters.", "en"), ("", "fr")]
)
def test_a_case_speaks_the_language_of_its_first_mail(desk, text, language):
    assert get(mail(text, subject="" if text else "Panne")).case.language == language


def test_a_mail_is_filed_with_the_desk_it_was_sent_to(desk):
    from apaise.ground.accounts.setup import add_desk

    other = add_desk("sav@exemple.test")
    assert get(mail(to="SAV@exemple.test")).case.desk == other
    assert get(mail(to="x@ailleurs.test", cc="sav@exemple.test")).case.desk == other
    assert get(mail(to="x@ailleurs.test")).case.desk == desk
    assert get(mail(to="x@ailleurs.test", subject="2"), desk=other).case.desk == other


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "unreadable"),
        (b"\x00\x01\x02", "unreadable"),
        (mail(**{"from": None}), "no_sender"),
        (mail("", subject=""), "empty"),
        (mail("  \n ", subject="  "), "empty"),
    ],
)
def test_what_cannot_be_filed_waits_where_people_look(desk, mara, noon, raw, reason):
    assert get(raw) == ("quarantined", None, reason)
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason, arrival.owner, arrival.attend_by) == (
        "quarantined",
        reason,
        mara,
        noon + timedelta(hours=1),
    )
    assert arrival.reason_text() != reason
    assert arrival.raw_bytes() == raw
    assert not Case.objects.exists() and not Person.objects.exists()


def test_a_photo_without_a_word_is_a_complaint(desk, work):
    outcome = get(mail("", subject="", files=[("photo.png", b"PNG")]))
    assert outcome.outcome == "opened"
    work()
    assert (
        "les éléments que vous nous avez transmis" in outcome.case.messages.get(kind="acknowledgement").text
    )


def test_one_bad_mail_does_not_stop_the_next(desk, monkeypatch, caplog):
    def stumble(*args, **more):
        raise KeyError("claire@courriel.exemple.test said secret words")

    with monkeypatch.context() as broken:
        broken.setattr(inbound, "add_customer_message", stumble)
        assert get(mail("Secret words")).outcome == "quarantined"
    assert reasons() == ["failed"]
    assert not Case.objects.exists()
    assert "secret" not in caplog.text.lower() and "claire" not in caplog.text
    assert get(mail("Autre chose")).outcome == "opened"
    assert (
        replay(Arrival.objects.get(state="quarantined"), by=Case.objects.get().desk.signatory).outcome
        == "opened"
    )


def test_a_mail_the_database_refuses_twice_waits_in_quarantine(desk, monkeypatch):
    from django.db import IntegrityError

    def refuse(*args, **more):
        raise IntegrityError

    monkeypatch.setattr(inbound, "add_customer_message", refuse)
    assert get(mail()).reason == "failed"
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.case, arrival.fingerprint) == ("quarantined", None, None)
    assert not Case.objects.exists()


def test_no_desk_at_all_loses_nothing(db):
    assert get(mail()).reason == "no_desk"
    assert Arrival.objects.get().raw_bytes()


# --- the same message again ------------------------------------------------------------------------------


def test_the_same_bytes_twice_are_one_message(desk):
    first, again = get(mail()), get(mail())
    assert (again.outcome, again.case) == ("duplicate", first.case)
    assert Message.objects.count() == 1


def test_the_same_message_by_another_way_is_one_message(desk):
    raw = mail()
    first, again = (
        get(raw),
        get(b"Received: from relay.test by mx.test; Wed, 25 Nov 2026 12:00:00 +0100\r\n" + raw),
    )
    assert (again.outcome, again.case) == ("duplicate", first.case)


def test_a_message_is_known_by_its_words_not_by_its_number(desk):
    number = "<same@courriel.exemple.test>"
    first, second = get(mail("Un", message_id=number)), get(mail("Deux", message_id=number))
    assert (first.outcome, second.outcome) == ("opened", "opened")
    assert first.case != second.case


def test_what_a_fingerprint_sees_and_what_it_does_not():
    same = fingerprint(read(mail("Un  deux\n")))
    assert fingerprint(read(mail("Un deux", message_id=f"<{abs(hash('x'))}@y.test>"))) != same
    for change in (
        {"from": "luc@courriel.exemple.test"},
        {"subject": "Autre"},
        {"date": "Wed, 25 Nov 2026 11:59:00 +0100"},
    ):
        number = "<n@y.test>"
        assert fingerprint(read(mail("Un", message_id=number, **change))) != fingerprint(
            read(mail("Un", message_id=number))
        )
    number = "<n@y.test>"
    assert fingerprint(read(mail("Un", message_id=number, files=[("a", b"1")]))) != fingerprint(
        read(mail("Un", message_id=number, files=[("a", b"2")]))
    )
    assert fingerprint(read(mail("Un  deux", message_id=number, to="autre@exemple.test"))) == fingerprint(
        read(mail("Un deux", message_id=number))
    )


def test_filing_again_what_was_filed_tells_the_same_and_changes_nothing(desk):
    arrival = keep(mail())
    case = receive(arrival).case
    with nothing_changed():
        assert receive(Arrival.objects.get(pk=arrival.pk)) == ("duplicate", case, "received_before")


@pytest.mark.django_db(transaction=True)
def test_the_same_message_by_two_ways_at_once_is_one_message(desk):
    from tests.at_once import at_once

    raw = mail()
    arrivals = [
        keep(raw),
        keep(b"Received: from relay.test by mx.test; Wed, 25 Nov 2026 12:00:00 +0100\r\n" + raw),
    ]
    results = at_once(
        [lambda number=arrival.pk: receive(Arrival.objects.get(pk=number)).outcome for arrival in arrivals]
    )
    assert sorted(map(str, results)) == ["duplicate", "opened"]
    assert Message.objects.count() == Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_strangers_at_once_are_ten_cases(desk):
    from tests.at_once import at_once

    numbers = [keep(mail(f"Dossier {n}", **{"from": f"p{n}@exemple.test"})).pk for n in range(10)]
    results = at_once([lambda n=n: receive(Arrival.objects.get(pk=n)).outcome for n in numbers], threads=4)
    assert results == ["opened"] * 10
    assert Case.objects.count() == Person.objects.count() == 10
    assert list(verify()) == []


# --- which case it answers -------------------------------------------------------------------------------


def test_an_answer_to_our_mail_finds_its_case(written_to):
    case, number = written_to()
    for way in (
        {"in_reply_to": number},
        {"references": f"<other@x.test> {number}"},
        {"subject": f"Re: {case.reference}: votre réclamation"},
    ):
        outcome = get(mail("Le 4711.", **{"subject": "Re", **way}))
        assert (outcome.outcome, outcome.case) == ("threaded", case), way
    assert get(mail("Le 4711 !", to=addresses.reply_address(case))).case == case
    assert get(mail("Encore", to="x@ailleurs.test"), envelope_to=addresses.reply_address(case)).case == case


def test_a_stranger_does_not_get_into_somebody_elses_case(written_to, desk, mara):
    case, number = written_to()
    before = case.messages.count()
    ways = [
        {"in_reply_to": number},
        {"subject": f"Re: {case.reference}"},
        {"to": addresses.reply_address(case)},
    ]
    for nth, way in enumerate(ways):
        outcome = get(mail(f"Laissez-moi entrer {nth}", **{"from": f"x{nth}@ailleurs.test", **way}))
        assert (outcome.outcome, outcome.case, outcome.reason) == ("quarantined", None, "not_a_participant")
    assert case.messages.count() == before
    assert Case.objects.count() == 1
    assert not Person.objects.filter(addresses__value__startswith="x").exists()
    assert {arrival.owner for arrival in Arrival.objects.in_quarantine()} == {mara}


def test_a_person_of_ours_may_let_a_stranger_in_who_is_then_known_here(written_to, ana):
    case, number = written_to()
    get(mail("Je suis sa sœur.", **{"from": "soeur@ailleurs.test", "in_reply_to": number}))
    outcome = replay(Arrival.objects.get(), by=ana, accept=True)
    assert (outcome.outcome, outcome.case) == ("threaded", case)
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.accepted_by) == ("filed", ana)
    assert (
        get(mail("Encore moi.", **{"from": "soeur@ailleurs.test", "in_reply_to": number})).outcome
        == "threaded"
    )
    assert get(mail("Autre dossier", **{"from": "soeur@ailleurs.test"})).case != case


def test_a_replay_without_letting_in_leaves_it_where_it_was(written_to, ana):
    _, number = written_to()
    get(mail("Je suis sa sœur.", **{"from": "soeur@ailleurs.test", "in_reply_to": number}))
    assert replay(Arrival.objects.get(), by=ana).reason == "not_a_participant"
    assert Message.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda address: address.replace("+r", "+r1", 1),
        lambda address: address.replace("@", "0@"),
        lambda address: address.partition("-")[0] + "-0000000000000000@exemple.test",
        lambda address: address.partition("+")[0] + "+r@exemple.test",
        lambda address: address.partition("+")[0] + "+rzzzzzzzzzzzz-0000000000000000@exemple.test",
    ],
)
def test_a_forged_reply_address_names_no_case(written_to, forge):
    case, _ = written_to()
    forged = forge(addresses.reply_address(case))
    assert addresses.split_token(forged)[1] is None
    assert not addresses.is_ours(forged)
    assert get(mail("Bonjour", to=forged, **{"from": "x@ailleurs.test"})).case != case


def test_a_reply_address_goes_round(written_to):
    case, _ = written_to()
    address = addresses.reply_address(case)
    assert addresses.split_token(address) == ("reclamations@exemple.test", case.pk)
    assert addresses.split_token(f" <{address.upper()}> ") == ("reclamations@exemple.test", case.pk)
    assert addresses.is_ours(address) and addresses.is_ours("Reclamations@exemple.test")
    assert not addresses.is_ours("relay@ailleurs.test") and not addresses.is_ours("")
    assert addresses.desk_of(address) == case.desk
    assert len(address.partition("@")[0]) <= 64
    for pk in (0, 1, 35, 36, 10**11):
        assert addresses.split_token(addresses.reply_address(Case(pk=pk, desk=case.desk)))[1] == pk


def test_a_reply_address_outlives_a_new_key_that_names_the_old_one(written_to, settings):
    case, _ = written_to()
    address = addresses.reply_address(case)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["a key for tests only"]
    assert addresses.split_token(address)[1] == case.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert addresses.split_token(address)[1] is None


def test_a_mail_that_quotes_another_case_stays_with_its_senders_own(written_to, complain):
    case, number = written_to()
    _other, others_number = written_to(email="luc@courriel.exemple.test")
    outcome = get(mail("Comme Luc.", in_reply_to=others_number, references=f"{others_number} {number}"))
    assert outcome.case == case


def test_a_number_that_two_mails_share_leads_to_the_senders_case(complain):
    number = "<shared@courriel.exemple.test>"
    mine = get(mail("Un", message_id=number)).case
    theirs = get(mail("Deux", message_id=number, **{"from": "luc@courriel.exemple.test"})).case
    assert get(mail("Suite", in_reply_to=number)).case == mine
    assert get(mail("Suite", in_reply_to=number, **{"from": "luc@courriel.exemple.test"})).case == theirs


def test_an_unknown_thread_opens_a_case(desk):
    assert (
        get(mail(in_reply_to="<gone@x.test>", references="<gone@x.test>", subject="Re: R-2019-00001")).outcome
        == "opened"
    )


@pytest.mark.parametrize(
    ("from_day", "to_day", "outcome"),
    [
        (None, None, "threaded"),
        (date(2026, 11, 20), None, "threaded"),
        (date(2026, 11, 28), None, "threaded"),  # given after the complaint, valid on the day of the mail
        (date(2026, 12, 1), None, "quarantined"),
        (None, date(2026, 11, 29), "quarantined"),  # ended since
        (None, date(2026, 11, 30), "threaded"),
    ],
)
def test_a_representative_writes_while_the_mandate_lasts(written_to, noon, from_day, to_day, outcome):
    case, number = written_to()
    lawyer = Person.objects.identify("maitre@avocat.exemple.test")
    Representative.objects.create(
        person=lawyer, represents=case.complainant, quality="lawyer", from_day=from_day, to_day=to_day
    )
    with clock.at_moment(datetime(2026, 11, 30, 10, tzinfo=UTC)):
        assert (
            get(
                mail("Au nom de ma cliente.", in_reply_to=number, **{"from": "maitre@avocat.exemple.test"})
            ).outcome
            == outcome
        )


def test_whoever_speaks_for_the_organisation_of_the_case_writes_too(desk, noon):
    from apaise.ground.parties.models import Organisation
    from apaise.intake.cases.opening import open_case

    firm = Organisation.objects.create(name="Hôtel", kind="business")
    person = Person.objects.identify("direction@hotel.exemple.test")
    person.organisation = firm
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    Representative.objects.create(
        person=Person.objects.identify("syndic@hotel.exemple.test"), organisation=firm, quality="manager"
    )
    assert threading.is_participant(case, "syndic@hotel.exemple.test")
    assert not threading.is_participant(case, "autre@hotel.exemple.test")


def test_a_thread_of_two_hundred_numbers_costs_few_questions(written_to, django_assert_max_num_queries):
    case, number = written_to()
    for n in range(30):
        get(mail(f"Suite {n}", in_reply_to=number, message_id=f"<s{n}@x.test>"))
    letter = read(
        mail("x", references=" ".join(f"<s{n}@x.test>" for n in range(30)), **{"from": "x@ailleurs.test"})
    )
    with django_assert_max_num_queries(8):
        assert threading.case_answered_by(letter) == case


# --- machines --------------------------------------------------------------------------------------------


def test_a_machines_mail_changes_no_state_no_clock_and_is_not_acknowledged(written_to, ana, work, noon):
    case, number = written_to()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 10), by=ana)
    work()
    case.refresh_from_db()
    before = (
        Case.objects.values().get(),
        list(case.deadlines.values()),
        Message.objects.filter(direction="out").count(),
    )
    outcome = get(mail("Je suis absente.", in_reply_to=number, auto_submitted="auto-replied"))
    assert (outcome.outcome, outcome.case, outcome.reason) == ("machine", case, "out-of-office")
    work()
    assert (
        Case.objects.values().get(),
        list(case.deadlines.values()),
        Message.objects.filter(direction="out").count(),
    ) == before
    message = case.messages.order_by("pk").last()
    assert message.is_machine and message.author_person == case.complainant
    assert not case.messages.shown_to_complainant().filter(pk=message.pk).exists()


def test_a_machine_that_nobody_waits_for_opens_nothing(desk):
    outcome = get(mail("Votre ticket 123.", auto_submitted="auto-generated"))
    assert (outcome.outcome, outcome.case) == ("machine", None)
    assert not Case.objects.exists() and not Message.objects.exists() and not Person.objects.exists()


def test_our_own_acknowledgement_come_back_is_a_machines(complain, work, send):
    from apaise.intake.channels.mail.compose import mail_of

    case = complain(email="reclamations@exemple.test")  # somebody gave our own address as theirs
    work()
    raw = mail_of(case.messages.select_related("case__desk").get(kind="acknowledgement")).as_bytes()
    assert get(raw).outcome == "machine"
    assert Case.objects.count() == 1


# --- what people do with the quarantine ------------------------------------------------------------------


def test_setting_aside_is_kept_with_who_decided(desk, ana):
    get(b"")
    arrival = Arrival.objects.get()
    assert set_aside(arrival, by=ana) is True
    assert set_aside(arrival, by=ana) is False
    arrival.refresh_from_db()
    assert (arrival.state, arrival.accepted_by) == ("set_aside", ana)
    assert receive(arrival).outcome == "quarantined"
    assert Arrival.objects.get().state == "set_aside"


def test_what_another_has_settled_is_told_and_not_done_again(written_to, ana, bo):
    _, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    mine, theirs = Arrival.objects.get(), Arrival.objects.get()
    replay(mine, by=ana, accept=True)
    with nothing_changed():
        assert replay(theirs, by=bo, accept=True).outcome == "duplicate"
        assert set_aside(theirs, by=bo) is False


@pytest.mark.parametrize("role", ["auditor", "quality", "administrator", "contributor", "executive"])
def test_readers_decide_nothing_about_the_quarantine(written_to, staff, role, eve):
    _case, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    arrival, reader = Arrival.objects.get(), staff(role)
    for act in (lambda by: replay(arrival, by=by, accept=True), lambda by: set_aside(arrival, by=by)):
        with refused(Refused):
            act(reader)
        with refused(Refused, match="another desk"):
            act(eve)


def test_an_excluded_person_sees_nothing_of_a_stranger_at_the_door_of_the_case(written_to, bo):
    case, number = written_to()
    get(mail("Sœur", in_reply_to=number, **{"from": "soeur@ailleurs.test"}))
    assert Arrival.objects.visible_to(bo).count() == 1
    Exclusion.objects.create(case=case, user=bo, because="onsite_technician")
    assert not Arrival.objects.visible_to(bo).exists()
    arrival = Arrival.objects.get()
    with refused(Refused):
        replay(arrival, by=bo, accept=True)


@pytest.mark.parametrize(
    ("role", "team", "seen"),
    [
        ("handler", True, 1),
        ("handler", False, 0),
        ("team_lead", True, 1),
        ("complaints_manager", False, 1),
        ("auditor", False, 1),
        ("quality", True, 0),
        ("administrator", False, 0),
    ],
)
def test_the_desks_people_see_what_their_desk_received(desk, staff, role, team, seen):
    get(mail())
    assert Arrival.objects.visible_to(staff(role, team=team)).count() == seen


def test_after_an_hour_without_anybody_the_leads_are_told_once(desk, mara, cleo, noon):
    from apaise.ground.accounts.models import Alert
    from apaise.journey.rounds import sweep_quarantine

    get(b"")
    with clock.at_moment(noon + timedelta(minutes=60)):
        assert not list(overdue())
    with clock.at_moment(noon + timedelta(minutes=61)):
        sweep_quarantine()
        sweep_quarantine()
    assert sorted(Alert.objects.filter(kind="quarantine_overdue").values_list("user__name", flat=True)) == [
        "Cleo Manager",
        "Mara Lead",
    ]


def test_receiving_writes_the_ledger_in_one_go_with_the_case(desk, noon):
    case = get(mail()).case
    assert list(Entry.objects.of(case.reference).values_list("what", flat=True)) == [
        "case.received",
        "complaint.written",
        *["deadline.started"] * 6,
        "message.received",
    ]


def test_a_hostile_mail_is_filed_or_quarantined_but_never_lost(desk):
    hostile = [
        mail("x", subject="S" * 5000, message_id="<" + "m" * 3000 + "@x.test>"),
        mail("x", **{"from": '"' + "N" * 900 + '" <' + "l" * 400 + "@" + "d" * 100 + ".test>"}),
        mail("x", files=[("n" * 600 + ".pdf", b"1")]),
        b"From: a@b.test\r\nTo: reclamations@exemple.test\r\nSubject: x\r\nContent-Type: "
        + b"a" * 300
        + b"/"
        + b"b" * 300
        + b"\r\n\r\nx",
        b"From: a@b.test\r\nSubject: =?utf-8?q?=00=01=ED=A0=80?=\r\n\r\n\x00\xed\xa0\x80 words",
        b"From: <>\r\nTo: reclamations@exemple.test\r\nSubject: x\r\n\r\nx",
        b"From: Nobody\r\nSubject: y\r\n\r\nx",
        b"From: a@b.test, c@d.test\r\nSubject: z\r\n\r\nx",
        b"From: a@b.test\r\nReferences: " + b"<r@x.test> " * 5000 + b"\r\n\r\nx",
        b'From: "a\r\n b" <a@b.test>\r\nSubject: a\r\n b\r\nDate: Fri, 31 Feb 2026 25:61:00 +9999\r\n\r\nx',
    ]
    for raw in hostile:
        outcome = get(raw)
        assert outcome.outcome in ("opened", "quarantined"), raw[:60]
        assert outcome.reason != "failed", raw[:60]

"""Mail fetched from a real IMAP server."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import fetch
from apaise.intake.channels.mail.connect import try_out
from apaise.intake.channels.mail.mailboxes import Fetched, Mailbox, MailDoor
from apaise.intake.channels.mail.trouble import Trouble
from apaise.intake.channels.mail.watching import fetch_once, holder
from apaise.intake.channels.models import Arrival
from apaise.lib import clock
from tests.chaos import Chaos, Mood
from tests.dovecot import PASSWORD, Dovecot

pytestmark = [pytest.mark.imap, pytest.mark.django_db, pytest.mark.xdist_group("dovecot")]
Describe = Callable[..., Mailbox]
Letter = Callable[..., bytes]
SEEN = b"\\Seen"


def titles() -> list[str]:
    return sorted(Case.objects.values_list("title", flat=True))


def test_a_mail_in_the_mailbox_becomes_a_case_of_its_desk_and_is_marked_as_read(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Colis ouvert"), letter("Facture double"))
    assert fetch_once(mailbox) == 2
    work()
    assert titles() == ["Colis ouvert", "Facture double"]
    assert {case.desk for case in Case.objects.all()} == {mailbox.desk}
    assert set(map(frozenset, dovecot.flags().values())) == {frozenset({SEEN})}
    assert list(Arrival.objects.values_list("raw", flat=True)) == list(
        Fetched.objects.values_list("raw", flat=True)
    )
    mailbox.refresh_from_db()
    assert (mailbox.trouble, mailbox.lease_by) == ("", "")
    assert mailbox.checked_at and MailDoor.objects.get(code=mailbox.door).last_mail_at


def test_the_raw_bytes_are_kept_as_they_lay_on_the_server(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    raw = letter("Accents é", text="€ œ ’")
    dovecot.deliver(raw)
    fetch_once(describe(dovecot.port))
    assert Arrival.objects.get().raw_bytes() == raw


def test_fetching_twice_brings_nothing_twice(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Colis ouvert"))
    assert [fetch_once(mailbox), fetch_once(mailbox), fetch_once(mailbox)] == [1, 0, 0]
    dovecot.deliver(letter("Facture double"))
    assert fetch_once(mailbox) == 1
    work()
    assert titles() == ["Colis ouvert", "Facture double"]
    assert Arrival.objects.count() == 2


def test_what_was_read_before_we_came_is_left_and_what_somebody_reads_before_us_later_is_not(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    dovecot.deliver(letter("Lu avant"), flags=(SEEN,))
    dovecot.deliver(letter("Pas encore lu"))
    mailbox = describe(dovecot.port)
    fetch_once(mailbox)
    dovecot.deliver(letter("Lu par un collègue"), flags=(SEEN,))
    fetch_once(mailbox)
    work()
    assert titles() == ["Lu par un collègue", "Pas encore lu"]


def test_a_mail_struck_out_by_somebody_is_not_taken(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    dovecot.deliver(letter("Effacé"), flags=(b"\\Deleted",))
    assert fetch_once(describe(dovecot.port)) == 0
    assert not Arrival.objects.exists()


def test_an_account_may_have_its_mail_moved_to_a_folder_made_when_it_is_missing(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    mailbox = describe(dovecot.port, after="move", move_to="Traité é")
    dovecot.deliver(letter("Colis ouvert"))
    fetch_once(mailbox)
    assert dovecot.flags() == {}
    assert list(dovecot.flags("Traité é").values()) == [{SEEN}]
    assert fetch_once(mailbox) == 0


@pytest.mark.parametrize("after", ["move", "delete"])
def test_a_server_without_move_and_uidplus_loses_nothing_that_others_struck_out(
    after: str, dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter
) -> None:
    chaos.always = Mood(
        answers={b"CAPABILITY": lambda tag: b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"}
    )
    dovecot.deliver(letter("Effacé par un autre"), flags=(b"\\Deleted",))
    dovecot.deliver(letter("Colis ouvert"))
    assert fetch_once(describe(chaos.port, after=after, move_to="Archive")) == 1
    assert [flags >= {b"\\Deleted"} for flags in dovecot.flags().values()] == [True, True]
    if after == "move":
        assert len(dovecot.flags("Archive")) == 1


def test_an_account_may_have_its_mail_deleted_once_it_is_kept(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    mailbox = describe(dovecot.port, after="delete")
    dovecot.deliver(letter("Colis ouvert"))
    assert fetch_once(mailbox) == 1
    assert dovecot.flags() == {}
    assert Arrival.objects.get().raw_bytes() == letter("Colis ouvert")


def test_new_uids_for_the_same_mails_double_nothing_and_lose_nothing(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    dovecot.deliver(letter("Lu avant nous"), flags=(SEEN,))
    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Un"), letter("Deux"))
    fetch_once(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(begun_at=clock.now() - timedelta(hours=1))
    dovecot.deliver(letter("Trois, lu par un autre"), flags=(SEEN,))
    before = mailbox.uidvalidity
    dovecot.renumber()
    mailbox.refresh_from_db()
    fetch_once(mailbox)
    work()
    mailbox.refresh_from_db()
    assert mailbox.uidvalidity != before
    assert not mailbox.catch_up
    assert {"Un", "Deux", "Trois, lu par un autre"} <= set(titles())
    assert Arrival.objects.count() == Case.objects.count()
    assert fetch_once(mailbox) == 0


def test_a_mail_too_large_is_left_there_and_shown_to_people_with_its_reason(
    dovecot: Dovecot,
    describe: Describe,
    letter: Letter,
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 2000)
    monkeypatch.setattr(fetch, "BEGINNING", 500)
    dovecot.deliver(letter("Énorme", text="x" * 3000), letter("Colis ouvert"))
    mailbox = describe(dovecot.port)
    assert fetch_once(mailbox) == 1
    work()
    assert titles() == ["Colis ouvert"]
    arrival = Arrival.objects.in_quarantine().get()
    assert (arrival.reason, arrival.size, arrival.desk) == ("too_large", 500, mailbox.desk)
    assert sorted(map(len, dovecot.flags().values())) == [0, 1]
    fetch_once(mailbox)
    assert Arrival.objects.count() == 2


def test_the_address_a_mail_was_delivered_to_is_kept(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    dovecot.deliver(
        letter("Par un alias", head="Delivered-To: reclamations+r1-0123456789abcdef@exemple.test\r\n")
    )
    fetch_once(describe(dovecot.port))
    assert Arrival.objects.get().envelope_to == "reclamations+r1-0123456789abcdef@exemple.test"


def test_of_two_workers_only_one_fetches(dovecot: Dovecot, describe: Describe, letter: Letter) -> None:
    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Colis ouvert"))
    assert mailbox.claim("another-machine/1/1/1")
    mailbox.refresh_from_db()
    assert fetch_once(mailbox) == 0
    assert not Arrival.objects.exists()
    Mailbox.objects.filter(pk=mailbox.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    assert fetch_once(mailbox) == 1


def test_the_lease_of_a_process_of_this_machine_that_has_ended_is_not_waited_for(
    dovecot: Dovecot, describe: Describe, letter: Letter
) -> None:
    mailbox = describe(dovecot.port)
    host, pid, began, thread = holder().split("/")
    assert mailbox.claim(f"{host}/{pid}/{int(began) - 1}/{thread}")  # the number was given to us after it
    mailbox.refresh_from_db()
    dovecot.deliver(letter("Colis ouvert"))
    assert fetch_once(mailbox) == 1


def test_tls_is_used_and_its_certificate_looked_at(
    dovecot: Dovecot, describe: Describe, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypted = describe(dovecot.tls_port, security="tls", host="localhost")
    upgraded = describe(dovecot.port, security="starttls", host="localhost")
    dovecot.deliver(letter("Colis ouvert"))
    for mailbox in (encrypted, upgraded):
        with pytest.raises(Trouble) as trouble:
            try_out(mailbox)
        assert trouble.value.code == "certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    assert [try_out(encrypted), try_out(upgraded)] == [1, 1]
    assert dovecot.flags() == {1: set()} or list(dovecot.flags().values()) == [set()]


def test_trying_a_mailbox_out_says_what_is_wrong(dovecot: Dovecot, chaos: Chaos, describe: Describe) -> None:
    def says(mailbox: Mailbox) -> str:
        with pytest.raises(Trouble) as trouble:
            try_out(mailbox)
        assert PASSWORD not in f"{trouble.value.detail}{trouble.value.code}"
        return trouble.value.code

    wrong = describe(dovecot.port, folder="Nulle part")
    assert says(wrong) == "no_folder"
    wrong.seal("password", "faux")
    assert says(wrong) == "login_refused"
    wrong.sealed = {}
    assert says(wrong) == "no_secret"
    wrong.sealed = {"password": "gAAAAABnonsense"}
    assert says(wrong) == "sealed"
    assert says(describe(dovecot.port, security="tls", user="a")) == "no_tls"
    assert says(describe(dovecot.port, sign_in="oauth2", user="b")) == "no_oauth2"
    assert says(describe(dovecot.port, host="n" * 64 + ".invalid", security="tls")) == "no_such_host"
    assert says(describe(dovecot.port, host="192.0.2.1")) == "plain_refused"
    chaos.always = Mood(
        answers={b"CAPABILITY": lambda tag: b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"}
    )
    assert says(describe(chaos.port, security="starttls", user="c")) == "no_starttls"
    chaos.close()
    assert says(describe(chaos.port, user="d")) == "refused"

from datetime import date
from decimal import Decimal

import pytest

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.customer_file import CustomerFile, RefusedRow
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.importing import columns, passes, values
from apaise.ground.parties.models import Address, Organisation, Person
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
HEAD = "N° client;Nom;E-mail;Téléphone;Société;N° contrat;Montant;Échéance;Commercial;VIP\r\n"
ROWS = (
    "C1;Claire Fontanel;claire@a.test;06 12 34 56 78;Hôtel des Tilleuls;K-1;1 200,50 €;31/03/2027;Ana Handler;oui\r\n"
    'C2;"Vidal; Luc";luc@a.test;;;;;;;\r\n'
)


def _upload(text=HEAD + ROWS, encoding="cp1252", by=None):
    return passes.upload("clients.csv", [text.encode(encoding)], by=by)


def _tried(text=HEAD + ROWS, encoding="cp1252"):
    file = _upload(text, encoding)
    passes.name_columns(file, file.columns, by=None)
    passes.run(file)
    return file


def _loaded(text=HEAD + ROWS, encoding="cp1252"):
    file = _tried(text, encoding)
    passes.start_loading(file, by=None)
    passes.run(file)
    return file


def _counts(file):
    return (file.new, file.changed, file.unchanged, file.refused)


def _why(file):
    return [(row.line, row.column, row.why) for row in passes.refusals(file)]


def test_a_windows_file_is_read_tried_and_loaded():
    User.objects.create_user("ana@exemple.test", "Ana Handler")
    file = _upload()
    assert (file.encoding, file.delimiter, file.headers[0]) == ("cp1252", ";", "N° client")
    assert {"customer_key", "name", "contract_number", "renews_on", "vip"} <= set(file.columns)
    tried = _tried()
    assert (tried.state, _counts(tried)) == ("checked", (2, 0, 0, 0))
    assert not Person.objects.exists()
    loaded = _loaded()
    assert (loaded.state, _counts(loaded)) == ("loaded", (2, 0, 0, 0))
    claire = Person.objects.get(external_key="C1")
    contract = Contract.objects.get()
    assert (claire.name, claire.email, claire.phone, claire.vip) == (
        "Claire Fontanel",
        "claire@a.test",
        "0612345678",
        True,
    )
    assert claire.organisation == contract.organisation == Organisation.objects.get(name="Hôtel des Tilleuls")
    assert (contract.amount, contract.renews_on) == (Decimal("1200.50"), date(2027, 3, 31))
    assert contract.account_manager.name == "Ana Handler"
    assert Person.objects.get(external_key="C2").name == "Vidal; Luc"
    entry = Entry.objects.of("house").get(what="customers.imported")
    assert (entry.facts["new"], entry.facts["refused"]) == (2, 0)


def test_the_bytes_are_gone_once_loaded_or_dropped(django_capture_on_commit_callbacks):
    file = _upload()
    assert file.has_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        passes.drop(file, by=None)
    assert not file.has_bytes()
    file = _tried()
    passes.start_loading(file, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        passes.run(file)
    assert not file.has_bytes()


def test_loading_the_same_file_again_changes_nothing():
    _loaded()
    people = list(Person.objects.values_list("pk", "name"))
    again = _loaded()
    assert _counts(again) == (0, 0, 2, 0)
    assert list(Person.objects.values_list("pk", "name")) == people
    assert Address.objects.count() == 3


def test_a_changed_row_changes_one_thing_and_an_empty_cell_takes_nothing_away():
    _loaded()
    changed = _loaded(HEAD + "C1;;;;Hôtel des Tilleuls;K-1;1500;;;\r\n")
    assert _counts(changed) == (0, 1, 0, 0)
    claire, contract = Person.objects.get(external_key="C1"), Contract.objects.get()
    assert (claire.name, claire.vip, contract.amount) == ("Claire Fontanel", True, Decimal("1500.00"))
    assert contract.renews_on == date(2027, 3, 31)


def test_each_refused_row_says_where_and_why_and_the_others_are_taken():
    text = HEAD + (
        "C1;Claire;pas une adresse;;;;;;;\r\n"  # line 2
        "C2;Luc;luc@a.test\r\n"  # 3: short
        "C3;Ana;ana@a.test;;;;;;;;surplus\r\n"  # 4: long
        ";;;;;K-9;;;;\r\n"  # 5: nobody
        'C4;"Léa\r\nRoy";lea@a.test;;Mairie;K-2;1,234;31/02/2027;;peut-être\r\n'  # 6 and 7
        "C5;Zoé;zoe@a.test;;;;;;;\r\n"
        "C5;Zoé B.;zoe@a.test;;;;;;;\r\n"  # 9: repeated with another value
        "C5;Zoé;zoe@a.test;;;;;;;\r\n"  # 10: the same again
    )
    file = _loaded(text)
    assert _counts(file) == (1, 0, 1, 6)
    assert _why(file) == [
        (2, "E-mail", "bad_email"),
        (3, "", "short"),
        (4, "", "long"),
        (5, "", "no_key"),
        (6, "Montant", "ambiguous_amount"),
        (6, "Échéance", "bad_date"),
        (6, "VIP", "bad_yes_no"),
        (9, "", "repeated"),
    ]
    assert set(RefusedRow.objects.filter(file=file).values_list("value", flat=True)) == {""}
    assert [person.name for person in Person.objects.all()] == ["Zoé"]


def test_a_row_is_taken_whole_or_not_at_all():
    _loaded("N° client;Nom;E-mail\r\nC1;Claire;claire@a.test\r\nC2;Luc;luc@a.test\r\n")
    file = _loaded(HEAD + "C1;Claire;luc@a.test;;Nouvelle Société;K-3;;;;\r\n")
    assert _why(file) == [(2, "E-mail", "email_of_other")]
    assert not Organisation.objects.exists() and not Contract.objects.exists()


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", "|")]
)
def test_any_usual_encoding_and_separator_is_recognised(encoding, delimiter):
    text = f'customer id{delimiter}name{delimiter}email\nC1{delimiter}"Élodie{delimiter} Roy"{delimiter}e@a.test\n'
    file = _loaded(text, encoding)
    assert (file.delimiter, _counts(file)) == (delimiter, (1, 0, 0, 0))
    assert Person.objects.get().name == f"Élodie{' ' if delimiter == chr(9) else delimiter} Roy".replace(
        "  ", " "
    )


@pytest.mark.parametrize(
    "content", [b"", b"  \r\n", b"PK\x03\x04xlsx", b"a\x00b;c\r\n", b"one column\r\nx\r\n"]
)
def test_what_is_no_csv_is_refused_and_nothing_is_kept(content):
    with refused(NotKept):
        passes.upload("clients.csv", [content], by=None)


def test_quotes_that_never_close_are_found_by_the_try_and_nothing_can_be_loaded():
    file = _tried(HEAD + 'C1;Claire;c@a.test;;;;;;;\r\nC2;"Luc;l@a.test;;;;;;;\r\nC3;Ana;a@a.test;;;;;;;\r\n')
    assert (file.state, _why(file)) == ("broken", [(3, "", "open_quote")])
    with refused(NotKept):
        passes.start_loading(file, by=None)


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(monkeypatch):
    rows = "".join(f"C{number};Client {number};c{number}@a.test\r\n" for number in range(10))
    file = _tried("N° client;Nom;E-mail\r\n" + rows)
    passes.start_loading(file, by=None)
    monkeypatch.setattr(passes, "BATCH", 4)
    took = passes.take

    def cut(row, run):
        if row["customer_key"] == "C6":
            raise KeyboardInterrupt
        return took(row, run)

    monkeypatch.setattr(passes, "take", cut)
    with pytest.raises(KeyboardInterrupt):
        passes.run(file)
    assert (CustomerFile.objects.get(pk=file.pk).done, Person.objects.count()) == (4, 4)
    monkeypatch.setattr(passes, "take", took)
    passes.run(file)
    assert (file.state, _counts(file), Person.objects.count()) == ("loaded", (10, 0, 0, 0), 10)


def test_two_workers_with_one_file_take_no_row_twice():
    file = _tried()
    passes.start_loading(file, by=None)
    other = CustomerFile.objects.get(pk=file.pk)
    passes.run(file)
    with nothing_changed():
        passes.run(other)


def test_the_meaning_of_columns_is_remembered_and_checked():
    file = _upload("A;B;C\r\nC1;Claire;c@a.test\r\n")
    assert file.columns == {}
    for wrong in ({}, {"name": 1}, {"customer_key": 0, "name": 0}, {"customer_key": 9}):
        with refused(NotKept):
            passes.name_columns(file, wrong, by=None)
    passes.name_columns(file, {"customer_key": 0, "name": 1}, by=None)
    assert _upload("a;b;c\r\nC2;Luc;l@a.test\r\n").columns == {"customer_key": 0, "name": 1}


def test_only_those_who_import_import(staff):
    handler, administrator = staff("handler"), staff("administrator")
    with refused(NotKept):
        _upload(by=handler)
    file = _upload(by=administrator)
    assert list(CustomerFile.objects.visible_to(handler)) == []
    assert list(CustomerFile.objects.visible_to(administrator)) == [file]
    for verb in (
        lambda: passes.name_columns(file, file.columns, by=handler),
        lambda: passes.start_loading(file, by=handler),
        lambda: passes.drop(file, by=handler),
    ):
        with refused(NotKept):
            verb()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.56", "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567.00"),
        ("12", "12.00"),
        ("0,5", "0.50"),
    ],
)
def test_amounts_are_read_as_french_and_english_write_them(text, amount):
    assert values.amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.amount, "1,234"), (values.amount, "-5"), (values.amount, "dix"), (values.amount, "9" * 15), (values.day, "31/02/2026"),
        (values.day, "12/2026"), (values.day, "0001-01-01"), (values.yes_no, "peut-être"), (values.sector, "sport"), (values.currency, "EURO"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(read, text):
    with pytest.raises(values.BadCell):
        read(text)


@pytest.mark.parametrize(
    "text", ["2027-03-31", "31/03/2027", "31.3.27", "31 mars 2027", "31 March 2027", "31-mars-2027"]
)
def test_dates_are_read_with_the_day_first(text):
    assert values.day(text) == date(2027, 3, 31)


def test_codes_are_read_in_both_languages():
    assert (values.kind("Particulier"), values.kind("Business"), values.state("résilié")) == (
        "consumer",
        "business",
        "ended",
    )
    assert columns.plain("N° Client :") == "n client"

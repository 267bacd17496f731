"""Cases are found by their words, by those who may read them, on both databases."""

import random

import pytest
from django.db import connection, transaction

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, findable, search
from apaise.intake.cases.messages import add_customer_message, add_note
from apaise.intake.cases.models import Case, Exclusion

pytestmark = pytest.mark.django_db


def found(query, user, **more):
    references = dict(Case.objects.values_list("pk", "title"))
    return [references[pk] for pk in search.cases(query, user=user, **more)]


@pytest.fixture
def three(complain):
    return [
        complain(subject="Cuisine inondée", text="Le dégât des eaux n’a jamais été réparé."),
        complain(subject="Colis", text="Colis livré abîmé, commande CMD-2026-4711.", name="Paul Noël", email="paul@x.test"),
        complain(subject="Parcel", text="The parcel was never delivered to our office.", language="en", email="j@x.test"),
    ]  # fmt: skip


def test_a_word_is_found_without_accents_in_other_forms_and_by_its_beginning(three, ana):
    assert found("degat", ana) == ["Cuisine inondée"]
    assert found("DÉGÂTS", ana) == ["Cuisine inondée"]
    assert found("réparation", ana) == ["Cuisine inondée"]
    assert found("livraison abim", ana) == ["Colis"]
    assert found("delivery", ana) == ["Parcel"]
    assert found("inond", ana) == ["Cuisine inondée"]
    assert found("ino", ana) == []


def test_words_of_message_title_name_and_number_meet_in_one_case(three, ana):
    assert found("noel colis 4711", ana) == ["Colis"]
    assert found("noel cuisine", ana) == []
    assert found("paul@x.test", ana) == ["Colis"]
    assert found(three[2].reference, ana) == ["Parcel"]


def test_the_newest_comes_first_and_the_next_page_goes_on_from_there(three, ana, complain):
    complain(subject="Encore", text="Un autre colis.")
    first = search.cases("colis", user=ana, limit=1)
    assert found("colis", ana) == ["Encore", "Colis"]
    assert found("colis", ana, before=first[0]) == ["Colis"]


def test_by_relevance_the_very_word_comes_before_its_family(ana, complain):
    complain(subject="Mot", text="La livraison a eu lieu.")
    complain(subject="Famille", text="Le colis fut livré.")
    assert found("livraison", ana) == ["Famille", "Mot"]
    assert found("livraison", ana, order="relevance") == ["Mot", "Famille"]


def test_new_words_are_found_at_once_wherever_they_are_written(three, ana):
    case = three[0]
    add_customer_message(case, case.complainant, channel="email", text="La moisissure gagne le plafond.")
    assert found("moisissures", ana) == ["Cuisine inondée"]
    assign(case, ana, by=ana)
    add_note(case, "L’expert passera jeudi.", by=ana)
    assert found("expertise", ana) == ["Cuisine inondée"]
    case.refresh_from_db()
    conversation.reply(case, "Nous vous envoyons un plombier.", by=ana)
    assert found("plombiers degats", ana) == ["Cuisine inondée"]


def test_words_written_in_a_transaction_taken_back_are_not_found(three, ana):
    case = three[0]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add_customer_message(case, case.complainant, channel="email", text="Moisissure")
        raise ZeroDivisionError
    assert found("moisissure", ana) == []
    assert found("degat", ana) == ["Cuisine inondée"]


def test_only_those_who_may_read_a_case_find_it(three, ana, eve, cleo, staff):
    assert found("colis", cleo) == ["Colis"]
    for stranger in (eve, staff("administrator"), staff("quality"), staff("executive")):
        assert found("colis", stranger) == []
        assert found("colis", stranger, order="relevance") == []
        assert search.count("colis", user=stranger) == 0
    Exclusion.objects.create(case=three[1], user=ana, because="onsite_technician")
    assert found("colis", ana) == []
    assert found("colis", ana, among=Case.objects.all()) == []


def test_a_page_is_full_although_others_cases_lie_between(ana, eve, complain):
    for number in range(6):
        case = complain(subject=f"Colis {number}", text="Colis perdu.")
        if number % 2:
            Case.objects.filter(pk=case.pk).update(team=min(eve.team_ids))
    assert found("colis", ana, limit=2) == ["Colis 4", "Colis 2"]
    assert search.count("colis", user=ana) == 3


def test_old_cases_are_found_behind_the_newest_ones_looked_at_first(ana, complain, monkeypatch):
    monkeypatch.setattr(search, "WALKED", 2)
    for number in range(7):
        complain(subject=f"Colis {number}", text="Colis perdu." if number != 5 else "Autre chose")
    assert found("perdu", ana) == [f"Colis {number}" for number in (6, 4, 3, 2, 1, 0)]
    assert found("perdu", ana, limit=3) == ["Colis 6", "Colis 4", "Colis 3"]
    third = search.cases("perdu", user=ana, limit=3)[-1]
    assert found("perdu", ana, before=third) == ["Colis 2", "Colis 1", "Colis 0"]
    assert len(found("perdu", ana, order="relevance")) == 6


def test_a_search_may_be_narrowed(three, ana):
    assert found("colis", ana, among=Case.objects.filter(channel="phone")) == []
    assert found("colis", ana, among=Case.objects.filter(channel="email")) == ["Colis"]


@pytest.mark.parametrize("few", [0, 3, 100])  # the open ones are more than few, just few, few
def test_whether_the_readable_ones_are_few_changes_nothing(ana, eve, complain, monkeypatch, few):
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "WALKED", 1)
    for number in range(8):
        case = complain(subject=f"Colis {number}", text="Colis perdu." if number % 3 else "Autre chose")
        if number in (2, 4):
            Case.objects.filter(pk=case.pk).update(state="withdrawn")
        if number == 7:
            Case.objects.filter(pk=case.pk).update(team=min(eve.team_ids))
    opened = Case.objects.all().open()
    assert found("perdu", ana, among=opened) == ["Colis 5", "Colis 1"]
    assert found("perdu", ana, among=opened, order="relevance") == ["Colis 5", "Colis 1"]
    last = search.cases("perdu", user=ana, among=opened, limit=1)[0]
    assert found("perdu", ana, among=opened, before=last) == ["Colis 1"]
    assert search.count("perdu", user=ana, among=opened) == 2


def test_words_moved_or_erased_are_gone_after_a_refresh(three, ana):
    case = three[1]
    case.messages.update(text="", new_text="", subject="")
    assert findable.refresh([case.pk]) == 1
    assert found("livraison", ana) == []
    assert found("noel", ana) == ["Colis"]
    case.complainant.addresses.all().delete()
    Case.objects.filter(pk=case.pk).update(title="Effacé")
    findable.refresh([case.pk])
    assert found("paul x test", ana) == []


def test_the_whole_index_can_be_made_anew_and_is_the_same(three, ana):
    add_customer_message(three[0], three[0].complainant, channel="email", text="Moisissure")
    before = {pk: findable._words_of(pk) for pk in Case.objects.values_list("pk", flat=True)}
    assert before[three[0].pk] >= {"moisissure", "degat", "=degat"}
    findable.Findable.objects.all().delete()
    assert found("degat", ana) == []
    assert list(findable.rebuild()) == [3]
    assert {pk: findable._words_of(pk) for pk in before} == before
    assert found("moisissure degat", ana) == ["Cuisine inondée"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite keeps the index in a table of its own")
def test_the_index_of_sqlite_holds_exactly_the_words_of_the_cases(three, ana):
    add_customer_message(
        three[0], three[0].complainant, channel="email", text="Moisissure partout, dégât encore"
    )
    findable.refresh([three[1].pk])
    findable.Findable.objects.filter(pk=three[2].pk).delete()
    with connection.cursor() as cursor:  # raises when the index and the words differ
        cursor.execute("INSERT INTO cases_words(cases_words, rank) VALUES('integrity-check', 1)")
        cursor.execute("SELECT count(*) FROM cases_words WHERE cases_words MATCH 'degat'")
        assert cursor.fetchone() == (1,)


HOSTILE = [
    '"', "'", "*", "colis*", '"colis', "colis NEAR livré", "NEAR(a b)", "words:colis", "^colis", "colis AND", "NOT colis", "a OR b",
    "(", ")", "colis) OR (1", "'; DROP TABLE cases_case; --", "\\", "\\'", "%s", "%(x)s", "🙂", "𝕮olis", "é" * 10_000, "co lis " * 2_000,
    "&|!<->:*", "=colis", "!port", "\ufeff", "ﬁn", "ß", "你好", "\u202e", "e\u0301te\u0301", "-colis", "{colis}", "colis:*", "½", "a\tb\nc",
]  # fmt: skip


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_what_is_typed_is_never_syntax(order, three, ana):
    signs = [sign for text in HOSTILE for sign in text[:20]] + list("\"'*():^&|!\\ -") * 9
    chance = random.Random(4711)
    made = ["".join(chance.choices(signs, k=chance.randint(1, 30))) for _ in range(200)]
    for typed in HOSTILE + made:
        assert set(search.cases(typed, user=ana, order=order)) <= {case.pk for case in three}
    assert found("colis*", ana, order=order) == found('"colis', ana, order=order) == ["Colis"]
    assert (
        found("NEAR", ana, order=order) == found("", ana, order=order) == found("🙂", ana, order=order) == []
    )
    assert Case.objects.count() == 3


def test_a_text_of_any_length_or_script_can_be_kept(three, ana):
    case = three[0]
    chance = random.Random(7)
    endless = " ".join("".join(chance.choices("abcdefghij你éß'-", k=30)) for _ in range(40_000))
    for _ in range(3):
        add_customer_message(case, case.complainant, channel="email", text=endless)
    add_customer_message(case, case.complainant, channel="email", text="x" * 300_000)
    assert found("degat", ana) == ["Cuisine inondée"]
    assert len(" ".join(findable._words_of(case.pk)).encode()) <= findable.MOST_BYTES

"""Staff: their roles, their teams, the functions the organisation maps to them."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apaise.ground.accounts.models import Function, Membership, RoleGrant, Team, User, everyone_with
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES

pytestmark = pytest.mark.django_db


def test_a_person_has_the_roles_that_were_given_and_no_others(ana):
    assert ana.roles == {"handler"}
    assert ana.has_role("handler", "team_lead")
    assert not ana.has_role("team_lead")
    ana.give_roles(["quality", "trainer"])
    assert ana.roles == {"quality", "trainer"}
    assert User.objects.get(pk=ana.pk).roles == {"quality", "trainer"}


def test_a_role_outside_the_closed_list_is_refused_and_changes_nothing(ana):
    with pytest.raises(ValueError, match=r"^No such role: king\.$"):
        ana.give_roles(["team_lead", "king"])
    assert User.objects.get(pk=ana.pk).roles == {"handler"}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=ana, role="king")


def test_an_account_with_an_unknown_role_is_not_made(desk):
    before = User.objects.count()
    with pytest.raises(ValueError, match="No such role"):
        User.objects.create_user("zoe@exemple.test", "Zoé", "correct horse battery", roles=["king"])
    assert User.objects.count() == before


def test_every_role_of_the_closed_list_may_be_given(ana):
    ana.give_roles(ROLES)
    assert ana.roles == set(ROLES)


def test_an_address_is_one_account_whatever_its_capitals(ana):
    assert User.objects.create_user(" Zoe@Exemple.TEST ", "Zoé", "x" * 12).email == "zoe@exemple.test"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANA@exemple.test", "Another Ana", "x" * 12)


def test_without_a_password_nobody_signs_in():
    assert not User.objects.create_user("zoe@exemple.test", "Zoé").has_usable_password()


def test_rights_never_come_from_a_function(ana, staff):
    contributor = staff("contributor")
    Function.objects.create(code="dpo", person=contributor)
    assert contributor.roles == {"contributor"}


def test_a_function_is_held_by_its_person_or_by_its_team(desk, mara, ana):
    Function.objects.create(code="dpo", person=ana)
    assert Function.objects.holders("dpo") == [ana]
    assert Function.objects.holders("desk") == [mara, ana]
    assert Function.objects.holders("billing") == []


def test_who_has_left_holds_nothing(desk, mara, ana):
    Function.objects.create(code="dpo", person=ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert Function.objects.holders("dpo") == []
    assert Function.objects.holders("desk") == [mara]
    assert Function.objects.nobody_holds(["dpo", "desk"]) == ["dpo"]


def test_functions_nobody_holds_are_named_but_not_those_found_elsewhere(desk, mara):
    wanted = [
        "desk",
        "billing",
        "dpo",
        "account_manager",
        "regulator",
        "commitment_author",
        "complaints_manager",
    ]
    assert Function.objects.nobody_holds(wanted) == ["billing", "dpo"]


def test_a_function_is_held_by_one_person_or_one_team_never_both_or_none(desk, ana):
    for wrong in ({"person": ana, "team": desk.team}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Function.objects.create(code="billing", **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Function.objects.create(code="butler", person=ana)
    assert set(Function.objects.values_list("code", flat=True)) == {"desk"}
    assert set(Function.objects.values_list("code", flat=True)) <= set(FUNCTIONS)


def test_a_member_is_in_a_team_once(desk, ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(team=desk.team, user=ana)


def test_everyone_with_a_role_is_told_once_and_only_while_active(ana, bo, eve, cleo):
    ana.give_roles(["handler", "team_lead"])
    User.objects.filter(pk=eve.pk).update(is_active=False)
    assert list(everyone_with("handler", "team_lead").exclude(name="Mara Lead")) == [ana, bo]


def test_the_title_under_a_signature_is_in_the_readers_language(ana):
    assert (ana.title("fr"), ana.title("en"), ana.initials) == ("conseillère", "case handler", "AH")


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("onze lettre", False),
        ("douze lettre", True),
        ("password1234", False),
        ("ana.handler@exemple.test", False),
        ("Ana Handler 1", False),
        ("correct horse battery", True),
        ("é" * 12, True),
    ],
)
def test_a_password_has_twelve_signs_and_is_neither_common_nor_the_name(ana, password, accepted):
    if accepted:
        validate_password(password, ana)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, ana)


def test_a_desk_is_found_by_its_address_in_any_capitals(desk):
    assert type(desk).objects.at(" Reclamations@EXEMPLE.test ") == desk
    assert type(desk).objects.at("autre@exemple.test") is None
    assert type(desk).objects.main() == desk


def test_a_second_desk_shares_the_first_ones_team(desk):
    from apaise.ground.accounts.setup import add_desk, ensure_desks

    other = add_desk("SAV@exemple.test")
    assert (other.address, other.team) == ("sav@exemple.test", desk.team)
    ensure_desks(["sav@exemple.test", "reclamations@exemple.test", "nouveau@exemple.test"])
    ensure_desks([])
    assert list(type(desk).objects.order_by("pk").values_list("address", flat=True)) == [
        "reclamations@exemple.test",
        "sav@exemple.test",
        "nouveau@exemple.test",
    ]
    assert Team.objects.filter(code="guichet").count() == 1

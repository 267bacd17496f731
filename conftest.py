"""The standing cast and the things most tests need."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from apaise.ground.accounts.models import Desk, Membership, Team, User
from apaise.ground.accounts.setup import add_desk
from apaise.lib import clock

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Paris


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_demo_left_in_templates() -> Iterator[None]:
    """Templates learn once in a process whether it is a demonstration: a test that makes it one must not leave it so."""
    yield
    from django.template import engines

    for engine in engines.all():
        if engine.name == "jinja2":
            engine.env.globals["demo"] = False


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The test happens at noon in Paris on Wednesday 25 November 2026."""
    with clock.at_moment(NOON):
        yield NOON


@pytest.fixture
def desk(db: None) -> Desk:
    """reclamations@exemple.test, signed by Mara."""
    desk = add_desk("reclamations@exemple.test", name="Tramontel, réclamations", organisation="Tramontel")
    desk.phone, desk.dpo_contact = "01 99 00 12 34", "dpo@exemple.test"
    desk.mediator_name, desk.mediator_website = "Médiateur du commerce", "https://mediateur.exemple.test"
    desk.mediator_postal_address = "1 rue de la Paix, 75000 Paris"
    desk.contract_dispute_clause, desk.escalation_contact = "18", "direction@exemple.test"
    desk.signatory = _person("mara", "Mara Lead", ["team_lead"], desk.team)
    desk.save()
    return desk


def _person(login: str, name: str, roles: list[str], team: Team | None = None, language: str = "en") -> User:
    user = User.objects.create_user(
        f"{login}@exemple.test",
        name,
        "correct horse battery",
        roles=roles,
        language=language,
        title_fr="conseillère",
        title_en="case handler",
    )
    if team:
        Membership.objects.create(team=team, user=user)
    return user


@pytest.fixture
def mara(desk: Desk) -> User:
    """Team lead of the desk, who signs its acknowledgements."""
    assert desk.signatory is not None
    return desk.signatory


@pytest.fixture
def ana(desk: Desk) -> User:
    """Handler of the desk."""
    return _person("ana", "Ana Handler", ["handler"], desk.team)


@pytest.fixture
def bo(desk: Desk) -> User:
    """Another handler of the desk."""
    return _person("bo", "Bo Handler", ["handler"], desk.team)


@pytest.fixture
def cleo(desk: Desk) -> User:
    """Complaints manager."""
    return _person("cleo", "Cleo Manager", ["complaints_manager"])


@pytest.fixture
def eve(desk: Desk) -> User:
    """Handler of another team: a stranger to this desk's cases."""
    return _person(
        "eve", "Eve Elsewhere", ["handler"], Team.objects.create(code="elsewhere", name="Elsewhere")
    )


@pytest.fixture
def staff(desk: Desk) -> Callable[..., User]:
    """Make somebody with these roles: staff("auditor")."""

    def make(*roles: str, team: bool = False) -> User:
        login = f"{'-'.join(roles).replace('_', '-')}-{User.objects.count()}"
        return _person(login, login.title(), list(roles), desk.team if team else None)

    return make


@pytest.fixture
def complain(desk: Desk) -> Callable[..., Any]:
    """File a complaint as a mail would, and return its case: complain(email=…, subject=…, text=…)."""
    from apaise.ground.parties.models import Person
    from apaise.intake.cases.messages import add_customer_message
    from apaise.intake.cases.opening import open_case

    def make(
        email: str = "claire@courriel.exemple.test",
        name: str = "Claire Fontanel",
        subject: str = "Fibre jamais installée",
        text: str = "Bonjour, personne n'est venu le 12 novembre.",
        language: str = "fr",
        channel: str = "email",
        kind: str = "",
    ) -> Any:
        person = Person.objects.identify(email, name, language=language)
        if kind:
            person.kind = kind
            person.save()
        case = open_case(person, desk=desk, channel=channel, language=language, title=subject, by=person)
        add_customer_message(case, person, channel=channel, text=text, subject=subject, first=True)
        return case

    return make


@pytest.fixture
def work() -> Callable[[], int]:
    """Run every job that is due now, but for the mail queue."""
    from apaise.journey import queue

    return lambda: queue.run_all(("default",))


@pytest.fixture
def send(settings: Any) -> Callable[[], int]:
    """Let every queued message leave as if the mail server had taken it."""
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.outgoing import mark_sent

    def leave() -> int:
        left = 0
        for pk in Message.objects.filter(state="queued").values_list("pk", flat=True):
            if message := Message.objects.claim(pk):
                mark_sent(message)
                left += 1
        return left

    return leave


@pytest.fixture
def answered(complain: Callable[..., Any], ana: User, send: Callable[[], int]) -> Callable[..., Any]:
    """A case that Ana took, qualified and answered; the reply has left."""
    from apaise.handling.resolution.answer import answer
    from apaise.handling.routing.assignment import assign
    from apaise.intake.cases.guards import Finding
    from apaise.intake.cases.qualification import qualify

    def make(**words: Any) -> Any:
        case = complain(**words)
        assign(case, ana, by=ana)
        qualify(
            case,
            grievances=["Personne n'est venu le 12."],
            cause="service.missed_visit",
            criticality="C3",
            restatement="Si je comprends bien, personne n'est venu le 12 ?",
            by=ana,
        )
        send()
        answer(
            case,
            findings={1: Finding("upheld", "Le technicien avait une adresse fausse.")},
            outcome="accepted",
            found_cause="service.missed_visit",
            scope="isolated",
            by=ana,
            text="Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
            "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même. Ana",
        )
        send()
        case.refresh_from_db()
        return case

    return make

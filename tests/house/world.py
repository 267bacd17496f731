"""A small world for the guards: every role in every relation to the cases, a case in every stage, something at every address."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.test import Client

from apaise.ground.accounts.models import Alert, Desk, Membership, Team, User
from apaise.ground.accounts.setup import add_desk
from apaise.ground.ledger.record import System
from apaise.ground.packs.vocabulary import ROLES
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases import conversation, ending, tracking
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.link import TrackingLink
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.cases.outgoing import mark_sent
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels import receive, visits
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.drafts import keep_draft, token_of
from apaise.intake.channels.mail import compose
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.stops import Stop
from apaise.intake.channels.models import Arrival, OutboxMail, file_store
from apaise.intake.channels.post import out
from apaise.intake.channels.spam import mark_spam
from apaise.journey.models import Job
from apaise.lib import clock

from . import apart, customers, late, placed, policies, rules, together

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Paris
RELATIONS = (
    "own",
    "team",
    "other",
    "excluded",
)  # holds it; same team; another team; kept apart from it, though holding it
LINKS = ("holder", "forged", "revoked", "expired")
PASSWORD = "correct horse battery"
SECRETS = (
    "Clairefontaine",
    "arrivée en retard de dix-sept jours",
    "entre nous seulement",
)  # words that only readers of the case may see

LETTER = (
    "Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
    "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même. Ana"
)
MAIL = b"""\
From: Jeanne Clairefontaine <jeanne@courriel.exemple.test>\r
To: reclamations@exemple.test\r
Subject: Ma commande est =?utf-8?q?arriv=C3=A9e_en_retard_de_dix-sept_jours?=\r
Message-ID: <%(number)d@courriel.exemple.test>\r
Date: Wed, 25 Nov 2026 09:00:00 +0100\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
\r
Bonjour, ma commande n'est jamais venue.\r
--x\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename=facture.pdf\r
\r
%%PDF-1.4\r
--x--\r
"""
TWIN = b"""\
From: Jeanne Clairefontaine <jeanne@bureau.exemple.test>\r
To: reclamations@exemple.test\r
Subject: Encore moi\r
Message-ID: <twin@bureau.exemple.test>\r
\r
Toujours rien au bureau.\r
"""
STRANGER = b"""\
From: Paul Passant <paul@ailleurs.exemple.test>\r
To: reclamations@exemple.test\r
Subject: Re: %(reference)s\r
In-Reply-To: <%(number)d@courriel.exemple.test>\r
Message-ID: <stranger-%(number)d@ailleurs.exemple.test>\r
\r
Moi aussi je veux savoir.\r
"""
FORWARDED = """\
From: Keeper <%(colleague)s>\r
To: reclamations@exemple.test\r
Subject: TR: Mon compteur\r
Message-ID: <forwarded@exemple.test>\r
Content-Type: text/plain; charset=utf-8\r
\r
Pour vous.\r
\r
De : Marc Vidal <marc@courriel.exemple.test>\r
Envoyé : mardi 24 novembre 2026 10:12\r
À : Keeper\r
Objet : Mon compteur\r
\r
Mon compteur est faux.\r
"""


class Actor(NamedTuple):
    """Somebody who asks: a role in a relation to the case, or anybody at all."""

    role: str
    relation: str
    user: User | None
    session: str


STAGES = ("received", "qualifying", "investigating", "answered", "accepted", "closed", "uncertain")


class World:
    """Builds itself inside the caller's transaction. Attributes name what stands at the addresses."""

    def __init__(self) -> None:
        self.desk = _desk()
        self.keeper = _person(
            "keeper", ["handler"], self.desk.team
        )  # holds the cases nobody of the matrix holds
        self.cases: dict[str, Case] = {}
        self._numbers = iter(range(1, 1000))
        self._tell_the_stages()
        self.customers = customers.furnish(self)
        self._to_do()
        together.bring(self.cases, self._case, self.keeper)
        self.cases["absent"] = self._absent()
        self.apart = apart.bring(self, _person)
        late.bring(self.cases, self._case, self.keeper)
        self.cases["held"] = self._case("held")  # last: whatever makes a case lets what is queued leave
        self.stop = Stop.objects.create(what=Stop.What.ALL, why=Stop.Why.IMPORT, by=self.keeper)
        self.quarantined = self._stranger()
        self.spam, self.by_machine, self.duplicate = self._sorted_out()
        self.job = Job.objects.create(
            task="apaise.intake.channels.tasks.deliver",
            state=Job.State.DEAD,
            problem="Boom",
            finished_at=clock.now(),
        )
        self.outbox_mail = self._in_the_outbox()
        self.mailbox = _mailbox(self.desk)
        self.draft = token_of(
            keep_draft({"once": "a-draft-number", "story": "Rien ne"}, [], desk=self.desk, language="fr")
        )
        self.links = self._links()
        self.users = {
            (role, relation): self._user(role, relation) for role in ROLES for relation in RELATIONS
        }
        self.notes = apart.ask_everybody(self)
        self.placed = placed.make(self.users, self.keeper, self.cases["qualifying"])
        self.alerts = {user.pk: self._alert(user) for user in self.users.values()}
        self.trial = policies.tried(by=self.users["complaints_manager", RELATIONS[0]])
        self.client = Client(raise_request_exception=False)
        self._sessions = {user.pk: _session(user) for user in self.users.values()}
        rules.bring(self, self.users["complaints_manager", "own"])

    def _tell_the_stages(self) -> None:
        for stage in STAGES:
            self.cases[stage] = self._case(stage)
        self.cases["on_paper"] = self._by_hand()
        self.cases["forwarded"] = self._forwarded()
        self.cases["twin"] = self._twin()

    # --- the people ----------------------------------------------------------------------------------------

    def _user(self, role: str, relation: str) -> User:
        team = self.elsewhere if relation == "other" else self.desk.team
        user = _person(f"{role}-{relation}".replace("_", "-"), [role], team)
        if relation == "excluded":
            Exclusion.objects.bulk_create(
                Exclusion(case=case, user=user, because="onsite_technician") for case in self.cases.values()
            )
        return user

    @property
    def elsewhere(self) -> Team:
        return Team.objects.get_or_create(code="elsewhere", defaults={"name": "Elsewhere"})[0]

    def _alert(self, user: User) -> Alert:
        chain = self.cases["investigating"].reference
        return Alert.objects.create(
            user=user, kind="deadline.near", chain=chain, at=clock.now(), once=f"world:{user.pk}"
        )

    def actor(self, role: str, relation: str) -> Actor:
        user = self.users[role, relation if relation in RELATIONS else "team"]
        return Actor(role, relation, user, self._sessions[user.pk])

    def _to_do(self) -> None:
        """Something to do on a case, for whoever holds it."""
        about = self.cases["investigating"]
        open_task(about, "progress_update", owner="handler", once="world:task", by=System("journey"))

    # --- the cases ------------------------------------------------------------------------------------------

    def _case(self, stage: str) -> Case:
        number = next(self._numbers)
        arrival = receive.keep(MAIL % {b"number": number}, desk=self.desk)
        case = receive.receive(arrival).case
        assert case is not None, arrival.reason
        for reach in _STEPS[stage]:
            reach(case, self.keeper)
            case.refresh_from_db()
        if stage == "uncertain":
            case.messages.filter(kind="restatement").update(state=Message.State.UNCERTAIN)
        return case

    def _absent(self) -> Case:
        """Its customer wrote by a program that says so: taken for a machine's, it may be a person's."""
        case = self._case("absent")
        number = case.messages.get(kind="restatement").message_id.encode()
        sender = case.messages.get(direction="in").from_address.encode()
        head = (
            b"From: %s\r\nTo: reclamations@exemple.test\r\nSubject: Re: votre dossier\r\nIn-Reply-To: %s\r\n"
        )
        raw = head % (sender, number) + b"Auto-Submitted: auto-replied\r\n\r\nLe numero est 4711.\r\n"
        assert receive.receive(receive.keep(raw, desk=self.desk)).outcome == "machine"
        return case

    def _in_the_outbox(self) -> OutboxMail:
        letter = self.cases["answered"].messages.filter(kind="final_reply")[0]
        return OutboxMail.objects.create(
            envelope_from="a@exemple.test",
            envelope_to="b@exemple.test",
            raw=file_store().keep(compose.mail_of(letter).as_bytes())[0],
            subject=letter.subject,
            message=letter,
        )

    def _by_hand(self) -> Case:
        """A visitor who wants paper: one letter waits to be posted, one has left with a proof."""
        postal = "Résidence Les Tilleuls\n14 rue des Lilas\n29200 Brest"
        who = Who(None, "Jeanne Clairefontaine", "jeanne@papier.exemple.test", "02 98 00 11 22", postal)
        told = Told("a-visit-of-the-world", who, "Ma commande est perdue.", "fr", clock.now())
        case = visits.note_visit(
            told, place="Guichet de Nantes", received_by=self.keeper, recap="letter", by=self.keeper
        )
        acknowledge(case)
        recap = case.messages.get(kind="recap")
        proof = File("preuve.pdf", "application/pdf", *reversed(file_store().keep(b"%PDF-1.4")))
        out.mark_posted(
            recap,
            clock.today(case.calendar.zone),
            by=self.keeper,
            registered_number="1A 234 567 8901 2",
            proof=proof,
        )
        return Case.objects.get(pk=case.pk)

    def _twin(self) -> Case:
        """A case of somebody who may be the same person, in a company with a contract."""
        case = receive.receive(receive.keep(TWIN, desk=self.desk)).case
        assert case is not None
        assign(case, self.keeper, by=self.keeper)
        return case

    def _sorted_out(self) -> tuple[Arrival, Arrival, Arrival]:
        spam = self._stranger(b"Gagnez")
        assert mark_spam(spam, by=self.keeper)
        machine = self._stranger(b"Recu", b"Auto-Submitted: auto-replied\r\n", "auto-submitted")
        return spam, machine, self._stranger(reason="received_before")

    def _forwarded(self) -> Case:
        """A customer's complaint that a colleague passed on."""
        raw = FORWARDED % {"colleague": self.keeper.email}
        case = receive.receive(receive.keep(raw.encode(), desk=self.desk)).case
        assert case is not None
        assign(case, self.keeper, by=self.keeper)
        return case

    def _stranger(self, words: bytes = b"", field: bytes = b"", reason: str = "not_a_participant") -> Arrival:
        case = self.cases["investigating"]
        about = {b"reference": case.reference.encode(), b"number": 3}
        arrival = receive.keep(field + STRANGER % about + words, desk=self.desk)
        outcome = receive.receive(arrival)
        assert outcome.reason == reason, outcome
        return arrival

    def _links(self) -> dict[str, dict[str, str]]:
        """Stage -> kind of link -> token."""
        return {stage: {kind: _token(case, kind) for kind in LINKS} for stage, case in self.cases.items()}

    # --- asking -----------------------------------------------------------------------------------------------

    def ask(
        self, actor: Actor, method: str, address: str, body: Mapping[str, Any] | None = None, **more: Any
    ) -> Any:
        """One request; nothing is left over in the client for the next."""
        self.client.cookies.clear()
        if actor.session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = actor.session
        asked = getattr(self.client, method.lower())
        answer = asked(address, dict(body or {}), **more)
        signed = answer.headers.get("Location", "")
        if signed.startswith(
            f"{address.partition('?')[0]}?until="
        ):  # the address of a file leads to its signed one
            return asked(signed)
        return answer


ANYBODY = Actor("anonymous", "", None, "")


def _desk() -> Desk:
    desk = add_desk("reclamations@exemple.test", name="Tramontel, réclamations", organisation="Tramontel")
    desk.phone, desk.dpo_contact = "01 99 00 12 34", "dpo@exemple.test"
    desk.mediator_name, desk.mediator_website = "Médiateur du commerce", "https://mediateur.exemple.test"
    desk.mediator_postal_address = "1 rue de la Paix, 75000 Paris"
    desk.contract_dispute_clause, desk.escalation_contact = "18", "direction@exemple.test"
    desk.signatory = _person("signatory", ["team_lead"], desk.team)
    desk.save()
    return desk


def _mailbox(desk: Desk) -> Mailbox:
    """On this machine, where nothing answers."""
    return Mailbox.objects.create(
        name="Boîte", host="127.0.0.1", port=1, security="plain", user="reclamations", desk=desk
    )


def _person(login: str, roles: list[str], team: Team) -> User:
    user = User.objects.create_user(
        f"{login}@exemple.test", login.title(), PASSWORD, roles=roles, language="fr", title_fr="conseillère"
    )
    Membership.objects.create(team=team, user=user)
    return user


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _token(case: Case, kind: str) -> str:
    if kind == "holder":
        return tracking.link_for(case).rpartition("/")[2]
    if kind == "forged":
        return tracking.link_for(case).rpartition("/")[2][:-8] + "00000000"
    link = TrackingLink.objects.create(
        case=case,
        person=case.complainant,
        nonce=kind,
        expires_at=clock.now() + timedelta(days=-1 if kind == "expired" else 9),
        revoked_at=clock.now() if kind == "revoked" else None,
    )
    return tracking.token_of(link)


# --- how a case reaches a stage ------------------------------------------------------------------------------


def _take(case: Case, keeper: User) -> None:
    assign(case, keeper, by=keeper)


def _qualify(case: Case, keeper: User) -> None:
    qualify(
        case,
        grievances=["Dix-sept jours de retard."],
        cause="service.missed_visit",
        criticality="C3",
        restatement="Si je comprends bien, rien n'est venu ?",
        by=keeper,
    )
    leave()


def _write(case: Case, keeper: User) -> None:
    conversation.ask(case, "Quel est le numéro de colis ?", clock.now().date() + timedelta(days=9), by=keeper)


def _answer(case: Case, keeper: User) -> None:
    answer(
        case,
        findings={1: Finding("upheld", "Le colis était perdu.")},
        outcome="accepted",
        found_cause="service.missed_visit",
        scope="isolated",
        by=keeper,
        text=LETTER,
    )
    leave()


def _accept(case: Case, keeper: User) -> None:
    ending.accept(case, by=case.complainant, said="tracking_page")


def _close(case: Case, keeper: User) -> None:
    ending.close(case, reason="accepted", followup="done", summary="Le colis est remboursé.", by=keeper)
    leave()


def leave() -> None:
    """Every queued message leaves as if the mail server had taken it."""
    for pk in Message.objects.filter(state="queued").values_list("pk", flat=True):
        if message := Message.objects.claim(pk):
            mark_sent(message)


_STEPS: dict[str, list[Callable[[Case, User], None]]] = {
    "received": [],
    "fresh": [],
    "qualifying": [_take],
    "investigating": [_take, _qualify],
    "uncertain": [_take, _qualify],
    "absent": [_take, _qualify],
    "held": [_take, _qualify, _write],
    "answered": [_take, _qualify, _answer],
    "accepted": [_take, _qualify, _answer, _accept],
    "closed": [_take, _qualify, _answer, _accept, _close],
}

"""Every address of the site, how to make a real one, and what a good form would send there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from apaise.lib import clock

from . import rules
from .customers import csv_form
from .policies import trial_form
from .world import LETTER, PASSWORD, RELATIONS, Actor, World

Make = Callable[[World, Actor], dict[str, Any]]


class Way(NamedTuple):
    """How to reach an address: the stage of its case, what stands in the address, what a form sends."""

    stage: str = ""  # of the case it is about; without one, nobody's relation to a case matters
    arguments: Make = lambda world, actor: {}
    form: Make = lambda world, actor: {}
    query: str = ""
    demo: bool = False


def names() -> list[str]:
    """The names of all addresses, as the resolver knows them."""
    return sorted(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name}" if one.name else f"{prefix}({one.pattern})"


def relations_of(name: str) -> tuple[str, ...]:
    """Which relations make a difference at this address."""
    from .world import LINKS

    if name.startswith("tracking"):
        return LINKS
    way = WAYS[name]
    return RELATIONS if way.stage else ("any",)


def _case(world: World, stage: str) -> dict[str, Any]:
    return {"reference": world.cases[stage].reference}


def _in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def _staff(
    stage: str, form: Make = lambda world, actor: {}, more: Make = lambda world, actor: {}, query: str = ""
) -> Way:
    return Way(stage, lambda world, actor: {**_case(world, stage), **more(world, actor)}, form, query)


def _portal(
    stage: str, form: Make = lambda world, actor: {}, more: Make = lambda world, actor: {}, query: str = ""
) -> Way:
    return Way(
        stage,
        lambda world, actor: {"token": world.links[stage][actor.relation], **more(world, actor)},
        form,
        query,
    )


def _file(stage: str) -> Make:
    return lambda world, actor: {
        "file_id": world.cases[stage].messages.order_by("pk")[0].attachments.all()[0].pk
    }


def _message(stage: str, **which: str) -> Make:
    return lambda world, actor: {
        "message_id": world.cases[stage].messages.filter(**which).order_by("pk")[0].pk
    }


def _of_the_case(what: str, name: str) -> Make:
    """The one row of this kind on the case under investigation."""
    return lambda world, actor: {name: getattr(world.cases["investigating"], what).get().pk}


def _arrival(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.quarantined.pk}


def _spam(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.spam.pk}


def _duplicate(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.duplicate.pk}


def _by_machine(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.by_machine.pk}


def _alert(world: World, actor: Actor) -> dict[str, Any]:
    return {"alert_id": world.alerts[actor.user.pk].pk if actor.user else 1}


def _known(**arguments: str) -> Make:
    """Numbers in an address, each that of something of world.customers: _known(person_id="person")."""
    return lambda world, actor: {name: getattr(world.customers, what).pk for name, what in arguments.items()}


def _asked(world: World, actor: Actor) -> dict[str, Any]:
    """Everybody has a note asked of them; nobody sees another's."""
    return {"note_id": world.notes[actor.user.pk].pk if actor.user else 1}


def _say(**form: Any) -> Make:
    return lambda world, actor: form


def _who(world: World, actor: Actor) -> dict[str, Any]:
    return {
        "once": f"typed-{actor.role}",
        "name": "Luc",
        "email": f"luc-{actor.role}@courriel.exemple.test",
        "language": "fr",
        "text": "Rien ne marche.",
    }


def _call(world: World, actor: Actor) -> dict[str, Any]:
    return {**_who(world, actor), "recap": "email", "tried": "email", "tried_line": "Sans réponse"}


_mailbox = _say(
    name="Réclamations", host="imap.exemple.test", port="993", security="tls", user="sav@exemple.test", folder="INBOX",
    sign_in="password", password="mot-de-passe", after="seen", move_to="", token_url="", client_id="", desk="1",
)  # fmt: skip


def _mailbox_form(world: World, actor: Actor) -> dict[str, Any]:
    return {**_mailbox(world, actor), "desk": str(world.desk.pk)}


_contract = _say(
    number="K-9", state="active", sector="maintenance", amount="1 200,50", currency="EUR", period="year", starts_on="2026-01-01",
    renews_on="2027-01-01", commitment="GTR 4 h", site="Lyon", technician_name="Paul",
)  # fmt: skip


def _absence(world: World, actor: Actor) -> dict[str, Any]:
    user = actor.user.pk if actor.user else 1
    return {"user": user, "first_day": _in_days(1), "last_day": _in_days(2), "stand_in": ""}


def _rule(world: World, actor: Actor) -> dict[str, Any]:
    target = f"person:{world.keeper.pk}"
    return {
        "name": "Facturation",
        "family": "billing",
        "target": target,
        "names_person": "on",
        "active": "on",
    }


def _second_rule(world: World, actor: Actor) -> dict[str, Any]:
    return {"rule_id": world.placed.rules[1].pk}


WAYS: dict[str, Way] = {
    # --- the workspace
    "workspace:home": Way(),
    "workspace:cases": Way("investigating", query="view=team&q=commande"),
    "workspace:case": _staff("investigating", query="done=noted"),
    "workspace:assignment": _staff("received"),
    "workspace:qualification": _staff(
        "qualifying",
        _say(
            grievances="Dix-sept jours de retard.",
            cause="service.missed_visit",
            criticality="C3",
            restatement="Rien n'est venu ?",
        ),
    ),
    "workspace:criticality": _staff("investigating", _say(criticality="C2", reason="Vu avec la cliente.")),
    "workspace:weight": _staff("investigating"),
    "workspace:told-facts": _staff("investigating", _say(**{"case.safety_risk": "yes"})),
    "workspace:replies": _staff("investigating", _say(text="Bonjour, nous cherchons. Bien à vous.")),
    "workspace:notes": _staff("investigating", _say(text="À rappeler.")),
    "workspace:final-reply": _staff(
        "investigating",
        _say(
            verdict_1="upheld",
            reason_1="",
            outcome="accepted",
            found_cause="service.missed_visit",
            scope="isolated",
            text=LETTER,
        ),
    ),
    "workspace:reply-by-date": _staff(
        "investigating",
        lambda world, actor: {
            "new_date": _in_days(40),
            "next_update": _in_days(7),
            "done_so_far": "Vu",
            "remaining": "Voir",
            "reason": "Une pièce manque",
        },
    ),
    "workspace:redirection": _staff(
        "qualifying", _say(to="not_a_complaint", text="Votre demande est suivie par le service commercial.")
    ),
    "workspace:acceptance": _staff("answered", _say(said="phone")),
    "workspace:closure": _staff(
        "accepted", _say(reason="accepted", followup="done", summary="Le colis est remboursé.")
    ),
    "workspace:reopening": _staff("closed", _say(why="new_fact")),
    "workspace:merger": _staff(
        "qualifying",
        lambda world, actor: {"other": world.cases["investigating"].reference, "reason": "sent_twice"},
    ),
    "workspace:merger-undoing": _staff("merged"),
    "workspace:split": _staff(
        "twofold",
        lambda world, actor: {"messages": [world.cases["twofold"].messages.filter(direction="in").last().pk]},
    ),
    "workspace:split-undoing": _staff("split"),
    "workspace:links": _staff(
        "investigating",
        lambda world, actor: {"other": world.cases["answered"].reference, "kind": "related"},
    ),
    "workspace:link-removal": _staff(
        "investigating",
        more=lambda world, actor: {"link_id": world.cases["investigating"].links_out.get().pk},
    ),
    "workspace:dismissal": _staff(
        "investigating",
        more=lambda world, actor: {"suggestion_id": world.cases["investigating"].suggested_by.get().pk},
    ),
    "workspace:promises": _staff(
        "investigating",
        lambda world, actor: {"promise": "Un appel", "due_on": _in_days(3), "hour": "16:00"},
    ),
    "workspace:promise-keeping": _staff(
        "investigating",
        more=lambda world, actor: {"promise_id": world.cases["investigating"].promises.get().pk},
    ),
    "workspace:case-dates": _staff("investigating"),
    "workspace:case-facts": _staff(
        "investigating",
        lambda world, actor: {"word": "withdrawal.notified", "on": _in_days(-3), "amount": "49,90"},
    ),
    "workspace:case-fact-undoing": _staff(
        "investigating",
        more=lambda world, actor: {"happening_id": world.cases["investigating"].happenings.get().pk},
    ),
    "workspace:case-date-extension": _staff(
        "investigating",
        lambda world, actor: {"to": _in_days(200), "reason": "Litige complexe"},
        lambda world, actor: {
            "deadline_id": world.cases["investigating"].deadlines.get(rule="mediator_outcome").pk
        },
    ),
    "workspace:second-sending": _staff("uncertain", more=_message("uncertain", kind="restatement")),
    "workspace:taking-back": _staff("held", more=_message("held", kind="question")),
    "workspace:reminder-stop": _staff("held"),
    "workspace:complainant": _staff(
        "forwarded", _say(whose="colleague"), _message("forwarded", direction="in")
    ),
    "workspace:message-hearing": _staff("absent", more=_message("absent", kind="message")),
    "workspace:arrival": _staff("uncertain", more=_message("uncertain", kind="restatement")),
    "workspace:original": _staff("investigating", more=_message("investigating", direction="in")),
    "workspace:as-written": _staff("investigating", more=_message("investigating", direction="in")),
    "workspace:as-written-page": _staff("investigating", more=_message("investigating", direction="in")),
    "workspace:file": _staff("investigating", more=_file("investigating")),
    # --- escalation, prepared messages, tickets elsewhere, missed dates
    "workspace:case-ladder": _staff("investigating"),
    "workspace:escalation": _staff(
        "investigating", _say(done="Lu.", left="Répondre.", promised="Rien.", tell="on")
    ),
    "workspace:escalation-return": _staff("escalated", _say(reason="À vous.")),
    "workspace:update-sending": _staff(
        "investigating",
        _say(text="Bonjour, nous cherchons encore."),
        more=_of_the_case("updates", "update_id"),
    ),
    "workspace:update-dropping": _staff("investigating", more=_of_the_case("updates", "update_id")),
    "workspace:tickets": _staff("investigating", _say(system="Incidents", number="INC-1", url="")),
    "workspace:ticket-state": _staff(
        "investigating", _say(state="closed"), more=_of_the_case("tickets", "ticket_id")
    ),
    "workspace:ticket-removal": _staff("investigating", more=_of_the_case("tickets", "ticket_id")),
    "workspace:breaches": Way("investigating"),
    "workspace:breaches-csv": Way("investigating"),
    "workspace:breach-reason": Way(
        "investigating",
        lambda world, actor: {"breach_id": world.cases["investigating"].breaches.get().pk},
        _say(reason="Le technicien était absent."),
    ),
    "workspace:notifications": Way(form=_say(occasion="decision", code="quality")),
    # --- typed in for somebody, and posted
    "workspace:entry-phone": Way(form=_call, query="q=jeanne"),
    "workspace:entry-letter": Way(
        form=lambda world, actor: {**_who(world, actor), "received_on": _in_days(0), "answer_by": "email"}
    ),
    "workspace:entry-counter": Way(
        form=lambda world, actor: {**_who(world, actor), "place": "Nantes", "recap": "handed"}
    ),
    "workspace:post": Way("on_paper"),
    "workspace:letter": _staff("on_paper", more=_message("on_paper", kind="acknowledgement")),
    "workspace:posting": _staff(
        "on_paper",
        lambda world, actor: {"posted_on": _in_days(0), "registered_number": "1A 234 567 8901 3"},
        more=_message("on_paper", kind="acknowledgement"),
    ),
    "workspace:posting-proof": _staff("on_paper", more=_message("on_paper", kind="recap")),
    "workspace:receipt": _staff("on_paper", more=_message("on_paper", direction="in"), query="paper=80"),
    "workspace:medium": _staff("on_paper", _say(channel="email")),
    "workspace:case-contract": _staff("investigating", _say(contract="none")),
    # --- the day of those who lead
    "workspace:today": Way("investigating"),
    "workspace:today-dates": Way("investigating"),
    "workspace:load": Way("investigating"),
    "workspace:load-table": Way("investigating"),
    "workspace:case-table": Way("investigating", query="view=team"),
    "workspace:tasks": Way("investigating", query="of=team"),
    "workspace:tasks-table": Way("investigating", query="of=team"),
    "workspace:task-finishing": _staff(
        "investigating",
        more=lambda world, actor: {
            "task_id": world.cases["investigating"].tasks.get(kind="progress_update").pk
        },
    ),
    "workspace:circuits": Way(query="pack=fr-consommation"),
    "workspace:calendars": Way(),
    "workspace:calendar-region": Way(
        arguments=lambda world, actor: {"desk_id": world.desk.pk}, form=_say(region="alsace-moselle")
    ),
    "workspace:calendar-file": Way(
        arguments=lambda world, actor: {"desk_id": world.desk.pk, "pack_id": "fr-consommation"}
    ),
    "workspace:renewals": Way("twin", query="days=365&sort=amount"),
    "workspace:renewals-table": Way("twin"),
    "workspace:broken-promises": Way("investigating", query="days=30"),
    "workspace:broken-promises-table": Way("investigating"),
    # --- customers
    "workspace:people": Way("investigating", query="q=jeanne"),
    "workspace:person": Way("investigating", _known(person_id="person")),
    "workspace:person-identity": Way(
        "investigating",
        _known(person_id="person"),
        _say(name="Jeanne F.", language="fr", kind="consumer", organisation="Mairie", vip="on"),
    ),
    "workspace:person-addresses": Way(
        "investigating", _known(person_id="person"), _say(kind="phone", value="01 99 00 99 99")
    ),
    "workspace:person-address": Way(
        "investigating",
        _known(person_id="person", address_id="address"),
        _say(do="correct", value="01 99 00 99 98"),
    ),
    "workspace:person-contracts": Way("investigating", _known(person_id="person"), _contract),
    "workspace:mandates": Way(
        "investigating",
        _known(person_id="person"),
        _say(
            email="fils@courriel.exemple.test",
            name="Léo",
            quality="relative",
            told="all",
            from_day="2026-01-01",
            to_day="2027-01-01",
        ),
    ),
    "workspace:mandate-ending": Way("investigating", _known(person_id="person", mandate_id="mandate")),
    "workspace:mandate-document": Way("investigating", _known(person_id="person", mandate_id="mandate")),
    "workspace:organisations": Way("twin", query="q=tilleuls"),
    "workspace:organisation": Way("twin", _known(organisation_id="company")),
    "workspace:organisation-identity": Way(
        "twin",
        _known(organisation_id="company"),
        _say(name="Hôtel du Parc", kind="business", sector="maintenance"),
    ),
    "workspace:organisation-contracts": Way("twin", _known(organisation_id="company"), _contract),
    "workspace:contract": Way("investigating", _known(contract_id="contract"), _contract),
    "workspace:duplicates": Way("investigating"),
    "workspace:merging": Way(
        "investigating",
        _known(pair_id="pair"),
        lambda world, actor: {"survivor": world.customers.person.pk, "sure": "on"},
    ),
    "workspace:pair-dismissal": Way("investigating", _known(pair_id="pair")),
    "workspace:undoing": Way("investigating", _known(merge_id="merge")),
    "workspace:customer-files": Way(form=lambda world, actor: csv_form()),
    "workspace:customer-file": Way(arguments=_known(file_id="checked")),
    "workspace:customer-file-columns": Way(
        arguments=_known(file_id="uploaded"), form=_say(column_0="customer_key", column_1="name")
    ),
    "workspace:customer-file-loading": Way(arguments=_known(file_id="checked")),
    "workspace:customer-file-dropping": Way(arguments=_known(file_id="uploaded")),
    "workspace:customer-file-refusals": Way(arguments=_known(file_id="checked")),
    "workspace:quarantine": Way("investigating"),
    "workspace:replay": Way("investigating", _arrival, _say(accept="1")),
    "workspace:setting-aside": Way("investigating", _arrival),
    "workspace:quarantine-original": Way("investigating", _arrival),
    "workspace:spam": Way("investigating"),
    "workspace:machines": Way("investigating"),
    "workspace:hearing": Way("investigating", _by_machine),
    "workspace:received-before": Way("investigating"),
    "workspace:telling-apart": Way("investigating", _duplicate),
    "workspace:spam-marking": Way("investigating", _arrival),
    "workspace:spam-reversal": Way("investigating", _spam),
    "workspace:alerts": Way("investigating"),
    "workspace:alert-seen": Way(arguments=_alert),
    "workspace:account": Way(form=_say(language="en")),
    "workspace:queue": Way(),
    "workspace:sending": Way(),
    "workspace:muting": Way(),
    "workspace:letting-go": Way(arguments=lambda world, actor: {"stop_id": world.stop.pk}),
    "workspace:form-figures": Way(),
    "workspace:policy-trials": Way(form=lambda world, actor: trial_form()),
    "workspace:policy-trial": Way(arguments=lambda world, actor: {"trial_id": world.trial.pk}),
    "workspace:policy-trial-stopping": Way(arguments=lambda world, actor: {"trial_id": world.trial.pk}),
    "workspace:mailboxes": Way(form=_mailbox_form),
    "workspace:mailbox": Way(
        arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}, form=_mailbox_form
    ),
    "workspace:mailbox-trial": Way(arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}),
    "workspace:mailbox-watching": Way(
        arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}, form=_say(on="no")
    ),
    "workspace:queue-retry": Way(arguments=lambda world, actor: {"job_id": world.job.pk}),
    # --- who gets which cases
    "workspace:next-case": Way(),
    "workspace:assigning": _staff("investigating"),
    "workspace:giving-back": _staff("qualifying", _say(because="not_my_subject")),
    "workspace:team": Way(form=_absence),
    "workspace:presence": Way(
        arguments=lambda world, actor: {"user_id": actor.user.pk if actor.user else 1},
        form=_say(state="no_new", most_open="12"),
    ),
    "workspace:absence-ending": Way(
        arguments=lambda world, actor: {
            "absence_id": world.placed.absences[actor.user.pk].pk if actor.user else 1
        }
    ),
    "workspace:routing-rules": Way(form=_rule),
    "workspace:routing-rule": Way(arguments=_second_rule, form=_rule),
    "workspace:rule-moving": Way(arguments=_second_rule),
    "workspace:rule-removal": Way(arguments=_second_rule),
    "workspace:skills": Way(
        arguments=lambda world, actor: {"user_id": world.keeper.pk},
        form=_say(cause=["billing", "delivery"], language=["en"]),
    ),
    "workspace:fairness": Way(query="as=csv"),
    "workspace:outbox": Way("answered", demo=True),
    "workspace:outbox-mail": Way(
        "answered", lambda world, actor: {"mail_id": world.outbox_mail.pk}, demo=True
    ),
    "workspace:outbox-letter": Way(
        "answered", lambda world, actor: {"mail_id": world.outbox_mail.pk}, demo=True
    ),
    # --- judge and party
    "workspace:parties": _staff(
        "investigating",
        lambda world, actor: {
            "person": world.users["contributor", "team"].pk,
            "because": "person_complained_about",
        },
        query="apart=parties",
    ),
    "workspace:own-tie": _staff("investigating", _say(because="personal_tie")),
    "workspace:party-override": _staff(
        "investigating",
        lambda world, actor: {"reason": "Lui seul connaît le site.", "until": _in_days(2)},
        lambda world, actor: {"exclusion_id": world.apart.outsider.pk},
    ),
    "workspace:party-override-ending": _staff(
        "investigating", more=lambda world, actor: {"exclusion_id": world.apart.insider.pk}
    ),
    "workspace:named-confirmation": _staff(
        "investigating", more=lambda world, actor: {"named_id": world.apart.named.pk}
    ),
    "workspace:named-dismissal": _staff(
        "investigating", more=lambda world, actor: {"named_id": world.apart.named.pk}
    ),
    "workspace:second-look": _staff("objected"),
    "workspace:context-notes": _staff(
        "investigating",
        lambda world, actor: {
            "person": world.users["contributor", "team"].pk,
            "question": "Qui a ouvert le local ?",
        },
        query="apart=notes",
    ),
    "workspace:context-note-withdrawal": _staff(
        "investigating", more=lambda world, actor: {"note_id": world.apart.asked.pk}
    ),
    "workspace:asked-notes": Way("twin"),
    "workspace:asked-note": Way("twin", _asked, query="read=1"),
    "workspace:asked-note-draft": Way("twin", _asked, _say(text="Passé le 12, à mon avis.")),
    "workspace:asked-note-sending": Way("twin", _asked, _say(text="Passé le 12 à 9 h.")),
    "workspace:asked-note-declining": Way("twin", _asked, _say(why="Je n'y étais pas.")),
    "workspace:style-guide": Way(),
    # --- the rules
    "workspace:packs": Way(),
    "workspace:pack-new": Way(
        form=_say(extends="fr-energie", id="notre-pack", label_fr="Le nôtre", label_en="Ours", text="")
    ),
    "workspace:pack": Way(arguments=lambda world, actor: {"pack_id": "published"}),
    "workspace:pack-draft": Way(
        arguments=lambda world, actor: {"pack_id": "drafted"},
        form=lambda world, actor: {
            "do": "text",
            "seen": "1",
            "text": rules.PACK % {**rules.TEXT, "opens": "07:30"},
        },
    ),
    "workspace:pack-draft-dropping": Way(arguments=lambda world, actor: {"pack_id": "drafted"}),
    "workspace:pack-publication": Way(
        arguments=lambda world, actor: {"pack_id": "drafted"}, form=_say(why="Nous ouvrons plus tôt.")
    ),
    "workspace:pack-withdrawal": Way(
        arguments=lambda world, actor: {"pack_id": "published"}, form=_say(why="Essai fini.")
    ),
    "workspace:pack-edition": Way(arguments=lambda world, actor: {"pack_id": "published", "number": 2}),
    "workspace:pack-edition-again": Way(
        arguments=lambda world, actor: {"pack_id": "published", "number": 1}, form=_say(why="Retour.")
    ),
    "workspace:contacts": Way(
        form=_say(code="executive", name_fr="La direction", name_en="Management", phone="01 99 00 12 34")
    ),
    "workspace:contacts-desk": Way(form=_say(phone="01 99 00 12 36")),
    "workspace:policy": Way(),
    # --- the portal and the door
    "complaint": Way(
        form=_say(
            once="a-form-number",
            name="Luc",
            email="luc@courriel.exemple.test",
            phone="",
            subject="Panne",
            story="Rien ne marche",
            wish="",
        )
    ),
    "tracking": _portal("answered", query="received=1"),
    "tracking-messages": _portal("investigating", _say(text="J'ajoute une photo.")),
    "tracking-acceptance": _portal("answered"),
    "tracking-objection": _portal("answered", _say(text="Ce n'est pas réglé.")),
    "tracking-withdrawal": _portal("investigating", _say(sure="yes")),
    "tracking-file": _portal("investigating", more=_file("investigating")),
    "sign-in": Way(form=_say(email="signatory@exemple.test", password=PASSWORD)),
    "sign-out": Way(),
    "healthz": Way(),
    "readyz": Way(),
    "form-step": Way(form=_say(once="a-form-number", step="1")),
    "draft": Way(
        arguments=lambda world, actor: {"token": world.draft},
        form=_say(once="a-draft-number", story="Rien ne marche ici.", email="luc@courriel.exemple.test"),
    ),
    "data": Way(),
    "policy": Way(),
    "policy-edition": Way(arguments=lambda world, actor: {"number": 1}),
}

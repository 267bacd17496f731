"""The day, the queues, the rules: whatever is about no one case."""

from typing import Any

from . import rules
from .policies import trial_form
from .ways import Way, in_days, say, staff
from .world import Actor, World


def arrival(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.quarantined.pk}


def spam(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.spam.pk}


def duplicate(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.duplicate.pk}


def by_machine(world: World, actor: Actor) -> dict[str, Any]:
    return {"arrival_id": world.by_machine.pk}


def alert(world: World, actor: Actor) -> dict[str, Any]:
    return {"alert_id": world.alerts[actor.user.pk].pk if actor.user else 1}


mailbox = say(
    name="Réclamations", host="imap.exemple.test", port="993", security="tls", user="sav@exemple.test", folder="INBOX",
    sign_in="password", password="mot-de-passe", after="seen", move_to="", token_url="", client_id="", desk="1",
)  # fmt: skip


def mailbox_form(world: World, actor: Actor) -> dict[str, Any]:
    return {**mailbox(world, actor), "desk": str(world.desk.pk)}


def absence(world: World, actor: Actor) -> dict[str, Any]:
    user = actor.user.pk if actor.user else 1
    return {"user": user, "first_day": in_days(1), "last_day": in_days(2), "stand_in": ""}


def rule(world: World, actor: Actor) -> dict[str, Any]:
    target = f"person:{world.keeper.pk}"
    return {
        "name": "Facturation",
        "family": "billing",
        "target": target,
        "names_person": "on",
        "active": "on",
    }


def second_rule(world: World, actor: Actor) -> dict[str, Any]:
    return {"rule_id": world.placed.rules[1].pk}


WAYS: dict[str, Way] = {
    # --- the day of those who lead
    "workspace:today": Way("investigating"),
    "workspace:today-dates": Way("investigating"),
    "workspace:load": Way("investigating"),
    "workspace:load-table": Way("investigating"),
    "workspace:case-table": Way("investigating", query="view=team"),
    "workspace:tasks": Way("investigating", query="of=team"),
    "workspace:tasks-table": Way("investigating", query="of=team"),
    "workspace:task-finishing": staff(
        "investigating",
        more=lambda world, actor: {
            "task_id": world.cases["investigating"].tasks.get(kind="progress_update").pk
        },
    ),
    "workspace:circuits": Way(query="pack=fr-consommation"),
    "workspace:calendars": Way(),
    "workspace:calendar-region": Way(
        arguments=lambda world, actor: {"desk_id": world.desk.pk}, form=say(region="alsace-moselle")
    ),
    "workspace:calendar-file": Way(
        arguments=lambda world, actor: {"desk_id": world.desk.pk, "pack_id": "fr-consommation"}
    ),
    "workspace:renewals": Way("twin", query="days=365&sort=amount"),
    "workspace:renewals-table": Way("twin"),
    "workspace:broken-promises": Way("investigating", query="days=30"),
    "workspace:broken-promises-table": Way("investigating"),
    # --- what came in and waits, the machine room
    "workspace:quarantine": Way("investigating"),
    "workspace:replay": Way("investigating", arrival, say(accept="1")),
    "workspace:setting-aside": Way("investigating", arrival),
    "workspace:quarantine-original": Way("investigating", arrival),
    "workspace:spam": Way("investigating"),
    "workspace:machines": Way("investigating"),
    "workspace:hearing": Way("investigating", by_machine),
    "workspace:received-before": Way("investigating"),
    "workspace:telling-apart": Way("investigating", duplicate),
    "workspace:spam-marking": Way("investigating", arrival),
    "workspace:spam-reversal": Way("investigating", spam),
    "workspace:alerts": Way("investigating"),
    "workspace:alert-seen": Way(arguments=alert),
    "workspace:alerts-seen": Way(form=lambda world, actor: {"up_to": str(alert(world, actor)["alert_id"])}),
    "workspace:account": Way(form=say(language="en")),
    "workspace:queue": Way(),
    "workspace:sending": Way(),
    "workspace:muting": Way(),
    "workspace:letting-go": Way(arguments=lambda world, actor: {"stop_id": world.stop.pk}),
    "workspace:form-figures": Way(),
    "workspace:policy-trials": Way(form=lambda world, actor: trial_form()),
    "workspace:policy-trial": Way(arguments=lambda world, actor: {"trial_id": world.trial.pk}),
    "workspace:policy-trial-stopping": Way(arguments=lambda world, actor: {"trial_id": world.trial.pk}),
    "workspace:mailboxes": Way(form=mailbox_form),
    "workspace:mailbox": Way(
        arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}, form=mailbox_form
    ),
    "workspace:mailbox-trial": Way(arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}),
    "workspace:mailbox-watching": Way(
        arguments=lambda world, actor: {"mailbox_id": world.mailbox.pk}, form=say(on="no")
    ),
    "workspace:queue-retry": Way(arguments=lambda world, actor: {"job_id": world.job.pk}),
    "workspace:outbox": Way("answered", demo=True),
    "workspace:outbox-mail": Way(
        "answered", lambda world, actor: {"mail_id": world.outbox_mail.pk}, demo=True
    ),
    "workspace:outbox-letter": Way(
        "answered", lambda world, actor: {"mail_id": world.outbox_mail.pk}, demo=True
    ),
    "workspace:style-guide": Way(),
    # --- who gets which cases
    "workspace:next-case": Way(),
    "workspace:assigning": staff("investigating"),
    "workspace:giving-back": staff("qualifying", say(because="not_my_subject")),
    "workspace:team": Way(form=absence),
    "workspace:presence": Way(
        arguments=lambda world, actor: {"user_id": actor.user.pk if actor.user else 1},
        form=say(state="no_new", most_open="12"),
    ),
    "workspace:absence-ending": Way(
        arguments=lambda world, actor: {
            "absence_id": world.placed.absences[actor.user.pk].pk if actor.user else 1
        }
    ),
    "workspace:routing-rules": Way(form=rule),
    "workspace:routing-rule": Way(arguments=second_rule, form=rule),
    "workspace:rule-moving": Way(arguments=second_rule),
    "workspace:rule-removal": Way(arguments=second_rule),
    "workspace:skills": Way(
        arguments=lambda world, actor: {"user_id": world.keeper.pk},
        form=say(cause=["billing", "delivery"], language=["en"]),
    ),
    "workspace:fairness": Way(query="as=csv"),
    # --- the rules
    "workspace:packs": Way(),
    "workspace:pack-new": Way(
        form=say(extends="fr-energie", id="notre-pack", label_fr="Le nôtre", label_en="Ours", text="")
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
        arguments=lambda world, actor: {"pack_id": "drafted"}, form=say(why="Nous ouvrons plus tôt.")
    ),
    "workspace:pack-withdrawal": Way(
        arguments=lambda world, actor: {"pack_id": "published"}, form=say(why="Essai fini.")
    ),
    "workspace:pack-edition": Way(arguments=lambda world, actor: {"pack_id": "published", "number": 2}),
    "workspace:pack-edition-again": Way(
        arguments=lambda world, actor: {"pack_id": "published", "number": 1}, form=say(why="Retour.")
    ),
    "workspace:contacts": Way(
        form=say(code="executive", name_fr="La direction", name_en="Management", phone="01 99 00 12 34")
    ),
    "workspace:contacts-desk": Way(form=say(phone="01 99 00 12 36")),
    "workspace:policy": Way(),
}

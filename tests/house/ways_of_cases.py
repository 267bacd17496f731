"""The pages of one case, and what is done there."""

from typing import Any

from .ways import Way, first_file, in_days, message, of_the_case, say, staff
from .world import LETTER, Actor, World


def asked(world: World, actor: Actor) -> dict[str, Any]:
    """Everybody has a note asked of them; nobody sees another's."""
    return {"note_id": world.notes[actor.user.pk].pk if actor.user else 1}


WAYS: dict[str, Way] = {
    # --- the workspace
    "workspace:home": Way(),
    "workspace:cases": Way("investigating", query="view=team&q=commande"),
    "workspace:case": staff("investigating", query="done=noted"),
    "workspace:assignment": staff("received"),
    "workspace:qualification": staff(
        "qualifying",
        say(
            grievances="Dix-sept jours de retard.",
            cause="service.missed_visit",
            criticality="C3",
            restatement="Rien n'est venu ?",
        ),
    ),
    "workspace:criticality": staff("investigating", say(criticality="C2", reason="Vu avec la cliente.")),
    "workspace:weight": staff("investigating"),
    "workspace:told-facts": staff("investigating", say(**{"case.safety_risk": "yes"})),
    "workspace:replies": staff("investigating", say(text="Bonjour, nous cherchons. Bien à vous.")),
    "workspace:notes": staff("investigating", say(text="À rappeler.")),
    "workspace:final-reply": staff(
        "investigating",
        say(
            verdict_1="upheld",
            reason_1="",
            outcome="accepted",
            found_cause="service.missed_visit",
            scope="isolated",
            text=LETTER,
        ),
    ),
    "workspace:reply-by-date": staff(
        "investigating",
        lambda world, actor: {
            "new_date": in_days(40),
            "next_update": in_days(7),
            "done_so_far": "Vu",
            "remaining": "Voir",
            "reason": "Une pièce manque",
        },
    ),
    "workspace:redirection": staff(
        "qualifying", say(to="not_a_complaint", text="Votre demande est suivie par le service commercial.")
    ),
    "workspace:acceptance": staff("answered", say(said="phone")),
    "workspace:closure": staff(
        "accepted", say(reason="accepted", followup="done", summary="Le colis est remboursé.")
    ),
    "workspace:reopening": staff("closed", say(why="new_fact")),
    "workspace:merger": staff(
        "qualifying",
        lambda world, actor: {"other": world.cases["investigating"].reference, "reason": "sent_twice"},
    ),
    "workspace:merger-undoing": staff("merged"),
    "workspace:split": staff(
        "twofold",
        lambda world, actor: {"messages": [world.cases["twofold"].messages.filter(direction="in").last().pk]},
    ),
    "workspace:split-undoing": staff("split"),
    "workspace:links": staff(
        "investigating",
        lambda world, actor: {"other": world.cases["answered"].reference, "kind": "related"},
    ),
    "workspace:link-removal": staff(
        "investigating",
        more=lambda world, actor: {"link_id": world.cases["investigating"].links_out.get().pk},
    ),
    "workspace:dismissal": staff(
        "investigating",
        more=lambda world, actor: {"suggestion_id": world.cases["investigating"].suggested_by.get().pk},
    ),
    "workspace:promises": staff(
        "investigating",
        lambda world, actor: {"promise": "Un appel", "due_on": in_days(3), "hour": "16:00"},
    ),
    "workspace:promise-keeping": staff(
        "investigating",
        more=lambda world, actor: {"promise_id": world.cases["investigating"].promises.get().pk},
    ),
    "workspace:case-dates": staff("investigating"),
    "workspace:case-facts": staff(
        "investigating",
        lambda world, actor: {"word": "withdrawal.notified", "on": in_days(-3), "amount": "49,90"},
    ),
    "workspace:case-fact-undoing": staff(
        "investigating",
        more=lambda world, actor: {"happening_id": world.cases["investigating"].happenings.get().pk},
    ),
    "workspace:case-date-extension": staff(
        "investigating",
        lambda world, actor: {"to": in_days(200), "reason": "Litige complexe"},
        lambda world, actor: {
            "deadline_id": world.cases["investigating"].deadlines.get(rule="mediator_outcome").pk
        },
    ),
    "workspace:second-sending": staff("uncertain", more=message("uncertain", kind="restatement")),
    "workspace:taking-back": staff("held", more=message("held", kind="question")),
    "workspace:reminder-stop": staff("held"),
    "workspace:complainant": staff("forwarded", say(whose="colleague"), message("forwarded", direction="in")),
    "workspace:message-hearing": staff("absent", more=message("absent", kind="message")),
    "workspace:arrival": staff("uncertain", more=message("uncertain", kind="restatement")),
    "workspace:original": staff("investigating", more=message("investigating", direction="in")),
    "workspace:as-written": staff("investigating", more=message("investigating", direction="in")),
    "workspace:as-written-page": staff("investigating", more=message("investigating", direction="in")),
    "workspace:file": staff("investigating", more=first_file("investigating")),
    # --- escalation, prepared messages, tickets elsewhere, missed dates
    "workspace:case-ladder": staff("investigating"),
    "workspace:escalation": staff(
        "investigating", say(done="Lu.", left="Répondre.", promised="Rien.", tell="on")
    ),
    "workspace:escalation-return": staff("escalated", say(reason="À vous.")),
    "workspace:update-sending": staff(
        "investigating",
        say(text="Bonjour, nous cherchons encore."),
        more=of_the_case("updates", "update_id"),
    ),
    "workspace:update-dropping": staff("investigating", more=of_the_case("updates", "update_id")),
    "workspace:tickets": staff("investigating", say(system="Incidents", number="INC-1", url="")),
    "workspace:ticket-state": staff(
        "investigating", say(state="closed"), more=of_the_case("tickets", "ticket_id")
    ),
    "workspace:ticket-removal": staff("investigating", more=of_the_case("tickets", "ticket_id")),
    "workspace:breaches": Way("investigating"),
    "workspace:breaches-csv": Way("investigating"),
    "workspace:breach-reason": Way(
        "investigating",
        lambda world, actor: {"breach_id": world.cases["investigating"].breaches.get().pk},
        say(reason="Le technicien était absent."),
    ),
    "workspace:notifications": Way(form=say(occasion="decision", code="quality")),
    # --- judge and party
    "workspace:parties": staff(
        "investigating",
        lambda world, actor: {
            "person": world.users["contributor", "team"].pk,
            "because": "person_complained_about",
        },
        query="apart=parties",
    ),
    "workspace:own-tie": staff("investigating", say(because="personal_tie")),
    "workspace:party-override": staff(
        "investigating",
        lambda world, actor: {"reason": "Lui seul connaît le site.", "until": in_days(2)},
        lambda world, actor: {"exclusion_id": world.apart.outsider.pk},
    ),
    "workspace:party-override-ending": staff(
        "investigating", more=lambda world, actor: {"exclusion_id": world.apart.insider.pk}
    ),
    "workspace:named-confirmation": staff(
        "investigating", more=lambda world, actor: {"named_id": world.apart.named.pk}
    ),
    "workspace:named-dismissal": staff(
        "investigating", more=lambda world, actor: {"named_id": world.apart.named.pk}
    ),
    "workspace:second-look": staff("objected"),
    "workspace:context-notes": staff(
        "investigating",
        lambda world, actor: {
            "person": world.users["contributor", "team"].pk,
            "question": "Qui a ouvert le local ?",
        },
        query="apart=notes",
    ),
    "workspace:context-note-withdrawal": staff(
        "investigating", more=lambda world, actor: {"note_id": world.apart.asked.pk}
    ),
    "workspace:asked-notes": Way("twin"),
    "workspace:asked-note": Way("twin", asked, query="read=1"),
    "workspace:asked-note-draft": Way("twin", asked, say(text="Passé le 12, à mon avis.")),
    "workspace:asked-note-sending": Way("twin", asked, say(text="Passé le 12 à 9 h.")),
    "workspace:asked-note-declining": Way("twin", asked, say(why="Je n'y étais pas.")),
}

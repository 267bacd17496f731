"""What our people do in a demo story: each scene calls the verb a person would have called."""

from collections.abc import Callable
from datetime import timedelta

from apaise.doors.demo.arrivals import WE_RING, ring, say_more
from apaise.doors.demo.customers import contract_chosen_for
from apaise.doors.demo.scene import Scene, colleague
from apaise.handling.contributions import asking, writing
from apaise.handling.contributions.models import ContextNote
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending, postponement
from apaise.intake.cases.contract import choose_contract
from apaise.intake.cases.criticality import set_criticality
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.knowing import know_all
from apaise.intake.cases.linking import link
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import add_note
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.promises import keep_promise, make_promise
from apaise.intake.cases.qualification import qualify


def _assign(scene: Scene) -> None:
    by = scene.who if scene.case.handler is None else scene.case.handler
    lead = colleague("mathilde.guerrin")
    assign(scene.case, scene.who, by=by if by == scene.who else lead)
    if contract := contract_chosen_for(scene.story.data["id"], scene.case.complainant):
        choose_contract(scene.case, contract, by=scene.who)


def _note(scene: Scene) -> None:
    add_note(scene.case, scene.text("text"), by=scene.who)


def _know(scene: Scene) -> None:
    know_all(scene.case, scene.act["facts"], by=scene.who)


def _set_level(scene: Scene) -> None:
    set_criticality(scene.case, scene.act["criticality"], by=scene.who, reason=scene.text("text"))


def _reply(scene: Scene) -> None:
    conversation.reply(scene.case, scene.text("text"), by=scene.who)


def _ask(scene: Scene) -> None:
    conversation.ask(
        scene.case, scene.text("text"), scene.day_after(scene.act["answer_within_days"]), by=scene.who
    )


def _customer(scene: Scene) -> None:
    say_more(scene)


def _qualify(scene: Scene) -> None:
    qualify(
        scene.case,
        grievances=[str(scene.story.text(point, scene.at)) for point in scene.act["grievances"]],
        cause=scene.act["cause"],
        criticality=scene.act["criticality"],
        restatement=scene.text("restatement"),
        by=scene.who,
    )


def _final_reply(scene: Scene) -> None:
    findings = {
        number: Finding(each["verdict"], str(scene.story.text(each["reason"], scene.at)))
        for number, each in enumerate(scene.act["findings"], start=1)
    }
    answer(
        scene.case,
        findings=findings,
        outcome=scene.act["outcome"],
        found_cause=scene.act["found_cause"],
        scope=scene.act["scope"],
        text=scene.text("text"),
        by=scene.who,
    )


def _accept(scene: Scene) -> None:
    said = say_more(scene) if scene.act.get("text") else "tracking_page"
    ending.accept(scene.case, by=scene.case.complainant, said=said)


def _reopen(scene: Scene) -> None:
    ending.reopen(scene.case, by=scene.case.complainant, why="customer_objects")
    say_more(scene)


def _extend(scene: Scene) -> None:
    clock = scene.case.deadlines.get(rule="reply_target")
    told = max(clock.due_at, scene.case.announced_for or clock.due_at)  # a holding message may have moved it
    postponement.postpone(
        scene.case,
        to=told.date() + timedelta(days=scene.act["days"]),
        done_so_far=scene.text("done_so_far"),
        remaining=scene.text("remaining"),
        reason=scene.text("reason"),
        next_update=scene.day_after(scene.act["next_update_days"]),
        by=scene.who,
    )


def _close(scene: Scene) -> None:
    ending.close(
        scene.case,
        reason=scene.act["reason"],
        followup="done" if scene.act["reason"] == "accepted" else "declined",
        summary=scene.text("text").rstrip("."),
        by=scene.who,
    )


def _withdraw(scene: Scene) -> None:
    if scene.act.get("text"):
        say_more(scene)
    ending.withdraw(scene.case, by=scene.case.complainant)


def _promise(scene: Scene) -> None:
    make_promise(scene.case, scene.text("text"), scene.day_after(scene.act["due_in_days"]), by=scene.who)


def _keep_promise(scene: Scene) -> None:
    """The one that is due first. One that was not kept in time is done late, and stays broken."""
    keep_promise(
        Promise.objects.filter(case=scene.case, kept_at=None).earliest("ends_at", "pk"), by=scene.who
    )


def _call_in(scene: Scene) -> None:
    ring(scene, scene.text("text"), scene.who)


def _call_out(scene: Scene) -> None:
    ring(scene, f"{WE_RING[scene.case.language]} {scene.text('text')}", scene.who)


def _exclude(scene: Scene) -> None:
    keep_apart(scene.case, colleague(scene.act["person"]), because=scene.act["because"], by=scene.who)


def _ask_note(scene: Scene) -> None:
    asking.ask(scene.case, colleague(scene.act["person"]), scene.text("text"), by=scene.who)


def _write_note(scene: Scene) -> None:
    person = colleague(scene.act["person"])
    note = ContextNote.objects.waiting().get(case=scene.case, person=person)
    writing.send(note, scene.text("text"), by=person)


def _merge(scene: Scene) -> None:
    into = scene.other("into")
    reason = "sent_twice" if into.channel == scene.case.channel else "other_channel"
    merge(scene.case, into, reason=reason, by=scene.who)


def _link(scene: Scene) -> None:
    link(scene.case, scene.other("to"), kind=scene.act["kind"], by=scene.who)


SCENES: dict[str, Callable[[Scene], None]] = {
    "assign": _assign,
    "note": _note,
    "know": _know,
    "set_level": _set_level,
    "reply": _reply,
    "ask": _ask,
    "customer": _customer,
    "qualify": _qualify,
    "final_reply": _final_reply,
    "accept": _accept,
    "reopen": _reopen,
    "extend": _extend,
    "close": _close,
    "withdraw": _withdraw,
    "promise": _promise,
    "keep_promise": _keep_promise,
    "call_in": _call_in,
    "call_out": _call_out,
    "exclude": _exclude,
    "ask_note": _ask_note,
    "write_note": _write_note,
    "merge": _merge,
    "link": _link,
}

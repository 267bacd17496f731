"""Past cases under a changed pack: what would have been late, what moves; and the quick way finds what the slow one does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.packs.load import load_pack
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.pack import Pack
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import ending
from apaise.intake.cases.merging import merge
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.promises import make_promise
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.intake.cases.what_if import trial as trials
from apaise.intake.cases.what_if.comparison import SHOWN, Comparison
from apaise.intake.cases.what_if.reading import Trial
from apaise.intake.cases.what_if.retelling import MISSED, RUNNING, Told
from apaise.intake.cases.what_if.tasks import go_on_trying
from apaise.intake.cases.what_if.trial import PolicyTrial, TrialRefused
from apaise.lib import clock

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
LEVELS = ("C1", "C2", "C3", "C4")


def changed(leaving_out=(), calendar=None, **rules):
    """The usual pack with other terms for some deadlines, other blocks, or without some deadlines."""
    data = load_pack("fr-consommation", check=False).as_dict()
    kept = [each for each in data["deadlines"] if each["id"] not in leaving_out]
    data["deadlines"] = [{**each, **rules.get(each["id"], {})} for each in kept]
    data["calendar"] |= calendar or {}
    return data


def shorter(days):
    terms = {"value": days, "unit": "business_days"}
    return changed(reply_target={"duration_by_criticality": dict.fromkeys(LEVELS, terms)})


def tried(data, at=MONDAY):
    """By the quick way, which must find what the slow one finds."""
    trial = Trial(Pack.from_dict(data), at)
    pks = list(trial.cases(LONG_AGO).order_by("pk").values_list("pk", flat=True))
    found = trial.compare(pks)
    assert found.as_data() == Trial(Pack.from_dict(data), at).one_by_one(pks).as_data()
    assert Comparison.from_data(found.as_data()).as_data() == found.as_data()
    return found


def changes(found):
    return {
        name: {k: n for k, n in rule.changes.items() if n}
        for name, rule in found.rules.items()
        if rule.changes
    }


@pytest.fixture
def case(complain):
    with clock.at_moment(WEDNESDAY):
        return complain(kind="consumer")


def test_the_pack_of_the_cases_changes_nothing(case, complain):
    complain("paul@courriel.exemple.test")
    found = tried(changed())
    assert found.cases == 2
    assert "reply_target" in found.rules
    assert all(rule.before == rule.after and not rule.changes for rule in found.rules.values())
    assert found.mentions == {}


def test_a_shorter_time_to_reply_names_the_case_that_would_have_been_late(case):
    found = tried(shorter(2))
    assert changes(found) == {"reply_target": {"earlier": 1, "newly_late": 1}}
    reply = found.rules["reply_target"]
    due = case.deadlines.get(rule="reply_target").due_at
    # Two business days after Wednesday 25 November: Friday, 23:59:59 in Paris.
    assert reply.examples["newly_late"] == [
        [case.pk, due.isoformat(timespec="seconds"), "2026-11-27T22:59:59+00:00"]
    ]
    assert (reply.before["running"], reply.after["missed"]) == (1, 1)
    assert dict(reply.days) == {(date(2026, 11, 27) - due.date()).days: 1}


def test_a_longer_time_to_reply_saves_the_one_that_was_late(case):
    late = clock.now() + timedelta(days=365)
    found = tried(
        changed(
            reply_target={
                "duration_by_criticality": {level: {"value": 9, "unit": "years"} for level in LEVELS}
            }
        ),
        late,
    )
    assert changes(found) == {"reply_target": {"later": 1, "no_longer_late": 1}}


def test_another_calendar_moves_what_is_counted_in_it(complain):
    with clock.at_moment(datetime(2026, 11, 10, 9, 0, tzinfo=UTC)):
        case = complain(kind="consumer")
    found = tried(
        changed(calendar={"holidays": {"set": "gb-england"}}), datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
    )
    # The acknowledgement is owed within one business day; in England nobody is off on 11 November.
    ack = found.rules["ack"]
    assert (ack.changes["earlier"], ack.changes["newly_late"]) == (1, 1)
    assert ack.examples["newly_late"] == [[case.pk, "2026-11-12T22:59:59+00:00", "2026-11-11T22:59:59+00:00"]]


def test_a_deadline_that_is_taken_away_or_new_is_counted_as_such(case):
    without = tried(changed(leaving_out=("reply_target",)))
    assert changes(without) == {"reply_target": {"gone": 1}}
    data = changed()
    new = next(dict(each) for each in data["deadlines"] if each["id"] == "ack")
    data["deadlines"].append(
        {
            **new,
            "id": "second_ack",
            "duration": {"value": 1, "unit": "calendar_days"},
            "stop_on": ["final_reply.sent"],
        }
    )
    assert changes(tried(data)) == {"second_ack": {"added": 1, "newly_late": 1}}


def test_a_new_condition_is_asked_of_the_facts_of_today(case, complain):
    with clock.at_moment(WEDNESDAY):
        complain("paul@courriel.exemple.test", kind="business")
    data = changed(reply_target={"applies_when": {"fact": "customer.kind", "eq": "business"}})
    found = tried(data)
    assert changes(found) == {"reply_target": {"gone": 1}}
    assert found.rules["reply_target"].examples["gone"][0][0] == case.pk


def test_what_is_said_differently_is_counted_by_case(case):
    data = changed()
    away = next(
        each
        for each in data["mandatory_mentions"]
        if each["when"] == {"always": True} and not each.get("forbid")
    )
    data["mandatory_mentions"] = [each for each in data["mandatory_mentions"] if each["id"] != away["id"]]
    found = tried(data)
    assert {name: dict(each.changes) for name, each in found.mentions.items()} == {
        away["id"]: {"required>no": 1}
    }
    assert found.mentions[away["id"]].examples == [case.pk]


def test_criticality_promises_and_merged_cases_are_told_as_they_were(case, complain, ana):
    with clock.at_moment(WEDNESDAY + timedelta(hours=1)):
        assign(case, ana, by=ana)
        qualify(
            case,
            grievances=["Personne."],
            cause="service.missed_visit",
            criticality="C3",
            restatement="Personne ?",
            by=ana,
        )
        set_criticality(case, criticality="C1", by=ana, reason="Grave.")
        make_promise(case, "Je vous rappelle.", date(2026, 12, 2), by=ana)
        other = complain(kind="consumer")
        assign(other, ana, by=ana)
        merge(other, case, reason="same_matter", by=ana)
        third = complain("paul@courriel.exemple.test")
        assign(third, ana, by=ana)
        ending.withdraw(third, by=third.complainant)
    assert not changes(tried(changed()))
    found = tried(shorter(1))
    assert found.cases == 3
    assert found.rules["reply_target"].changes["earlier"] >= 1


def test_only_cases_of_this_pack_received_since_then_are_tried(case):
    trial = Trial(Pack.from_dict(changed()), MONDAY)
    assert list(trial.cases(WEDNESDAY)) == [case]
    assert not trial.cases(WEDNESDAY + timedelta(seconds=1)).exists()
    assert not Trial(load_pack("uk-fca", check=False), MONDAY).cases(LONG_AGO).exists()
    ours = Pack.from_dict({**changed(), "id": "ours", "extends": "fr-consommation"})
    assert list(Trial(ours, MONDAY).cases(LONG_AGO)) == [case]


def test_only_the_last_cases_are_named_and_all_are_counted():
    found, other = Comparison(), Comparison()
    for pk in range(1, 501):
        (found if pk % 2 else other).add(
            pk, {"ack": Told("ack", WEDNESDAY, RUNNING)}, {"ack": Told("ack", MONDAY, MISSED)}
        )
    rule = found.plus(other).as_data()["rules"]["ack"]
    assert rule["changes"]["newly_late"] == rule["changes"]["later"] == 500
    assert [example[0] for example in rule["examples"]["later"]] == list(range(501 - SHOWN, 501))
    assert rule["days"] == {"5": 500}


# --- a trial that somebody asked for ----------------------------------------------------------------------


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Case, Deadline, Entry, PackVersion)]


def test_a_trial_is_carried_out_in_parts_and_changes_nothing(case, complain, cleo, work, monkeypatch):
    complain("paul@courriel.exemple.test")
    work()
    monkeypatch.setattr(trials, "PART", 1)
    before = everything()
    with clock.at_moment(MONDAY):
        trial = trials.start(Pack.from_dict(shorter(2)), LONG_AGO, by=cleo)
        assert (trial.state, trial.total, trial.percent) == ("running", 2, 0)
        assert trials.go_on(trial)
        trial.refresh_from_db()
        assert (trial.done, trial.percent) == (1, 50)
        go_on_trying.enqueue(trial.pk)
        work()
    trial.refresh_from_db()
    assert (trial.state, trial.done, trial.percent) == ("done", 2, 100)
    pks = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    assert trial.found == Trial(Pack.from_dict(shorter(2)), MONDAY).compare(pks).as_data()
    assert everything() == before


def test_of_two_workers_with_one_part_only_one_adds_it(case, cleo):
    trial = trials.start(Pack.from_dict(shorter(2)), LONG_AGO, by=cleo)
    same = PolicyTrial.objects.get(pk=trial.pk)
    assert trials.go_on(trial)
    assert not trials.go_on(same)
    assert PolicyTrial.objects.get(pk=trial.pk).done == 1


def test_a_stopped_trial_keeps_what_it_found_and_goes_no_further(case, cleo, ana):
    trial = trials.start(Pack.from_dict(shorter(2)), LONG_AGO, by=cleo)
    with pytest.raises(TrialRefused):
        trials.stop(trial, by=ana)
    trials.stop(trial, by=cleo)
    trial.refresh_from_db()
    assert trial.state == "stopped"
    assert not trials.go_on(trial)
    assert trial.done == 0


def test_a_trial_without_right_without_cases_or_of_the_future_is_refused(case, cleo, ana):
    pack = Pack.from_dict(changed())
    for by, since, word in (
        (ana, LONG_AGO, "complaints manager"),
        (cleo, clock.now() + timedelta(days=1), "past"),
        (cleo, clock.now() - timedelta(seconds=1), "No case"),
    ):
        with pytest.raises(TrialRefused, match=word):
            trials.start(pack, since, by=by)
    assert not PolicyTrial.objects.exists()
    assert not PolicyTrial.objects.visible_to(User.objects.get(pk=ana.pk)).exists()

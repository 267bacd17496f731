"""The demo must be believable and playable: closed lists, order of events, our typography and our manners."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta

from apaise.doors.demo.dates import fill
from apaise.doors.demo.tests.reading import (
    BY_CUSTOMER,
    CASES,
    CAUSES,
    CHANNELS,
    COMPANY,
    FORBIDDEN,
    LETTERS_OF_PAPER,
    MAY_ANSWER,
    SEVERE,
    STAFF,
    STEPS,
    clock,
    final_stage,
    kinds,
    lasting,
    our_texts,
    plain,
    played,
    sent_texts,
    strings,
)


def each_case(check):
    """The check of every story, as one test: thousands of tests of a millisecond would cost half a minute."""

    def over_all():
        for case in CASES:
            try:
                check(case)
            except Exception as problem:
                problem.add_note(f"in the story {case['id']}")
                raise

    over_all.__name__, over_all.__doc__ = check.__name__, check.__doc__
    return over_all


def test_ids_and_senders_are_unique():
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert len({case["text"] for case in CASES}) == len(CASES)
    by_address = Counter(case["customer"]["email"] for case in CASES if "email" in case["customer"])
    often = [address for address, times in by_address.items() if times > 2]
    assert len(often) <= 3, "only a few people write three times"


@each_case
def test_shape(case):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case["id"])
    required = {"id", "days_ago", "at", "channel", "language", "customer", "subject", "text", "steps"}
    assert 0 <= case["days_ago"] <= 184
    brings = CHANNELS[case["channel"]]
    assert (
        required | ({brings[0]} if brings else set())
        <= set(case)
        <= required | {"attachments"} | ({brings[0]} if brings else set())
    )
    if brings:
        assert set(case[brings[0]]) == brings[1], case[brings[0]]
    assert case["language"] in {"fr", "en"}
    customer = case["customer"]
    known = {"name", "kind", "email", "phone", "organisation", "postal", "handle", "vip"}
    assert {"name", "kind"} <= set(customer) <= known
    assert {"email", "phone", "postal", "handle"} & set(customer)
    assert "email" in customer or case["channel"] in LETTERS_OF_PAPER
    assert customer["kind"] in {"consumer", "business", "micro_business", "association", "public_body"}
    assert re.fullmatch(r"[a-z0-9._-]+@([a-z0-9-]+\.)*exemple\.test", customer.get("email", "a@exemple.test"))
    assert case["subject"].strip() and case["text"].strip()
    for attachment in case.get("attachments", []):
        assert set(attachment) == {"name", "about"}
        assert re.fullmatch(r"[\w.-]+\.(jpg|png|pdf|csv|txt)", attachment["name"])


@each_case
def test_steps_use_closed_lists(case):
    for step in case["steps"]:
        required, optional = STEPS[step["do"]]
        keys = set(step) - {"do", "after"}
        assert required <= keys <= required | optional, (step["do"], keys ^ required)
        assert "who" not in step or step["who"] in STAFF
        for key in ("cause", "found_cause"):
            assert key not in step or step[key] in CAUSES
        match step["do"]:
            case "qualify":
                assert step["criticality"] in {"C1", "C2", "C3", "C4"}
                assert 1 <= len(step["grievances"]) <= 4
                assert step["cause"] not in SEVERE or step["criticality"] == "C1"
            case "final_reply":
                assert step["outcome"] in {"accepted", "partial", "refused", "goodwill"}
                assert step["scope"] in {"isolated", "recurrent", "systemic"}
            case "extend":
                assert "complaints_manager" in STAFF[step["who"]]["roles"]
                assert 1 <= step["days"] <= 10 and step["next_update_days"] <= step["days"]
            case "close":
                assert step["reason"] in {"accepted", "silence"}
            case "ask":
                assert 3 <= step["answer_within_days"] <= 15
        if step["do"] in {"assign", "reply", "ask", "qualify", "final_reply", "close"}:
            assert MAY_ANSWER & set(STAFF[step["who"]]["roles"])


@each_case
def test_steps_follow_the_life_cycle(case):
    done = kinds(case)
    assert not done or done[0] in {"assign", "withdraw"}
    for do in ("qualify", "final_reply", "close", "accept", "reopen", "withdraw", "extend"):
        assert done.count(do) <= 1
    for later, earlier in (
        ("qualify", "assign"),
        ("extend", "qualify"),
        ("final_reply", "qualify"),
        ("accept", "final_reply"),
        ("reopen", "final_reply"),
        ("close", "final_reply"),
    ):
        assert later not in done or earlier in done[: done.index(later)], f"{later} before {earlier}"
    if "close" in done:
        close = case["steps"][-1]
        assert done[-1] == "close"
        assert ("accept" in done) == (close["reason"] == "accepted")
        if close["reason"] == "silence":
            assert done[-2] == "final_reply"
            assert lasting(close["after"]) >= timedelta(days=15)
    if "final_reply" in done:
        at_reply = case["steps"][: done.index("final_reply")]
        assert final_stage({"steps": at_reply}) == "investigating", "answered while the customer is asked"
        after_reply = {"accept", "reopen", "close", "customer", "assign", "note"}
        if "reopen" in done:
            after_reply |= {"reply"}  # on the way to the second answer
        assert set(done[done.index("final_reply") + 1 :]) <= after_reply


@each_case
def test_every_grievance_is_answered_and_signed(case):
    steps = {step["do"]: step for step in case["steps"]}
    if "qualify" in steps:
        assert re.search(r"(?i)si je comprends bien|if i understand", steps["qualify"]["restatement"])
    if "final_reply" not in steps:
        return
    reply = steps["final_reply"]
    assert len(reply["findings"]) == len(steps["qualify"]["grievances"])
    verdicts = [finding["verdict"] for finding in reply["findings"]]
    assert all(set(finding) == {"verdict", "reason"} and finding["reason"] for finding in reply["findings"])
    assert set(verdicts) <= {"upheld", "partly", "not_upheld"}
    match reply["outcome"]:
        case "accepted":
            assert "not_upheld" not in verdicts
        case "refused":
            assert "upheld" not in verdicts
        case "partial":
            assert set(verdicts) != {"upheld"}
    assert STAFF[reply["who"]]["name"] in reply["text"].strip().splitlines()[-1]
    assert 110 <= len(reply["text"].split()) <= 380
    assert re.search(r"(?i)\b(merci|thank)", reply["text"])
    if set(verdicts) != {"not_upheld"}:
        assert re.search(r"(?i)\b(excuse|pardon|apolog|sorry)", reply["text"])
    assert "{" in reply["text"], "a letter gives at least one date"


@each_case
def test_dates_are_plausible_whatever_the_weekday_of_the_start(case):
    for weekday in range(7):
        today = date(2026, 11, 23) + timedelta(days=weekday)
        last = datetime.combine(today - timedelta(days=case["days_ago"]), clock(case["at"]))
        for moment, step in played(case, today):
            assert moment > last or step["after"] == "0m"
            last = moment
        assert not case["steps"] or last < datetime.combine(today, time(0)), "runs past this morning"


@each_case
def test_staff_keep_office_hours(case):
    moment = datetime.combine(date(2026, 3, 2), clock(case["at"]))
    for step in case["steps"]:
        moment += lasting(step["after"])
        if step["do"] not in BY_CUSTOMER:
            assert time(8) <= moment.time() <= time(19), f"{step['do']} at {moment:%H:%M}"


@each_case
def test_date_marks_are_all_understood(case):
    day = date(2026, 11, 24)
    for text in strings(case):
        filled = fill(text, language=case["language"], received=day, written=day)
        assert not re.search(r"[{}]", filled), filled


@each_case
def test_our_words_stay_courteous(case):
    for text in sent_texts(case):
        said = plain(text)
        for phrase in FORBIDDEN[case["language"]]:
            assert not re.search(rf"\b{re.escape(phrase)}\b", said), phrase


@each_case
def test_our_typography(case):
    for text in our_texts(case):
        if case["language"] == "fr":
            assert_french(text)
        else:
            assert "'" not in text and '"' not in text and "..." not in text, text


def test_company_typography():
    assert_french(COMPANY["contract_disputes"]["clause"]["fr"])
    assert_french(COMPANY["desk"]["phone_note"]["fr"])


def assert_french(text: str) -> None:
    assert "'" not in text and '"' not in text, text
    assert "..." not in text, text
    assert not re.search(r"[^\u202f][;!?]", text), text
    assert not re.search(r"[^\u00a0\d]:(?=\s|$)", re.sub(r"\{[^}]*\}", "", text)), text
    assert not re.search(r"«[^\u00a0]|[^\u00a0]»", text), text
    assert not re.search(r"\d (€|%)", text), text


def test_no_real_addresses_or_numbers():
    for text in [*strings(CASES), *strings(COMPANY)]:
        for address in re.findall(r"[\w.-]+@[\w.-]+\w", text):
            assert address.endswith("exemple.test"), address
        for site in re.findall(r"(?:https?://|www\.)[\w.-]+", text):
            assert site.endswith("exemple.test"), site
        for number in re.findall(r"\b0[1-9](?:[ .]?\d\d){4}\b", text):
            assert re.match(r"01[ .]?99[ .]?00|06[ .]?39[ .]?98", number), number


def test_dates_are_spelled_in_both_languages():
    days = {"received": date(2026, 11, 8), "written": date(2026, 11, 13)}
    assert fill("{day R}", language="fr", **days) == "dimanche 8 novembre"
    assert fill("{day R open}", language="fr", **days) == "lundi 9 novembre"
    assert fill("{date R-7}", language="fr", **days) == "1er novembre"
    assert fill("{day W+1 open}", language="en", **days) == "Monday 16 November"
    assert fill("{day R-1 open}", language="en", **days) == "Friday 6 November"
    assert fill("{short R-8}, {month R-1}", language="fr", **days) == "31/10, octobre"

"""The demo must be believable and playable: closed lists, order of events, our typography and our manners."""

import re
import unicodedata
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from apaise.doors.demo.dates import fill

HERE = Path(__file__).resolve().parent.parent
COMPANY = yaml.safe_load((HERE / "company.yaml").read_text(encoding="utf-8"))
FILES = sorted((HERE / "cases").glob("*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
STAFF = {person["login"].partition("@")[0]: person for person in COMPANY["staff"]}


def listed(text: str, by: str | None = None) -> list[str]:
    """A closed list, kept readable."""
    return text.split(by)


MAY_ANSWER = {"handler", "team_lead", "complaints_manager"}

ROLES = set(
    listed(
        "handler team_lead complaints_manager executive quality trainer internal_mediator legal_dpo auditor "
        "administrator contributor"
    )
)
FUNCTIONS = set(
    listed(
        "desk frontline senior_handler complaints_service complaints_team internal_second_look service_director "
        "quality_manager senior_individual billing logistics after_sales fraud_team grid_liaison dpo "
        "customer_service operations product finance legal hr_training internal_control governing_body"
    )
)
CAUSES = {
    f"{family}.{cause}"
    for family, causes in {
        "communication": "no_reply unclear_policy contradictory misunderstanding no_notice",
        "incident": "outage cut degraded maintenance_window recurrence",
        "product": "defect damaged not_as_described missing_feature safety",
        "service": "quality missed_visit warranty connection_delay incomplete",
        "delivery": "late lost wrong_item carrier date_changed",
        "billing": "overcharge double hidden_fees price_change estimated_consumption",
        "payment": "refund_late refund_refused method_failure debt_collection fraud",
        "contract": "sla_breach quote_exceeded ambiguous termination legal_noncompliance",
        "returns": "policy_restrictive refused cost processing exchange",
        "staff": "rude incompetent not_listened discrimination mis_selling",
        "process": "hard_to_reach bounced repeat_info complaint_mishandled self_service_failure",
        "data": "access_right leak unwanted_contact inaccurate accessibility",
    }.items()
    for cause in causes.split()
}
# Causes whose criticality may not be lower than C1.
SEVERE = {"product.safety", "staff.discrimination", "data.leak"}

STEPS = {  # required keys of each step, then optional ones
    "assign": ({"who"}, set()),
    "note": ({"who", "text"}, set()),
    "reply": ({"who", "text"}, set()),
    "ask": ({"who", "text", "answer_within_days"}, set()),
    "customer": ({"text"}, set()),
    "qualify": ({"who", "criticality", "cause", "grievances", "restatement"}, set()),
    "final_reply": ({"who", "outcome", "found_cause", "scope", "findings", "remedy", "text"}, set()),
    "accept": (set(), {"text"}),
    "reopen": ({"text"}, set()),
    "extend": ({"who", "days", "done_so_far", "remaining", "reason", "next_update_days"}, set()),
    "close": ({"who", "reason", "text"}, set()),
    "withdraw": (set(), {"text"}),
    "promise": ({"who", "text", "due_in_days"}, set()),  # {promise: kept} later, else the sweep finds it broken
    "keep_promise": ({"who"}, set()),
    "call_in": ({"who", "minutes", "text"}, set()),  # the customer rings about this case
    "call_out": ({"who", "minutes", "text"}, set()),  # we ring, and write down what was said
    "exclude": ({"who", "person", "because"}, set()),
    "merge": ({"who", "into"}, set()),
    "link": ({"who", "to", "kind"}, set()),
}
BY_CUSTOMER = {"customer", "accept", "reopen", "withdraw"}
CHANNELS = {  # each with the fields it brings
    "email": None,
    "web_form": None,
    "phone": ("call", {"by", "minutes", "tried", "written_form"}),
    "letter": ("letter", {"by", "posted_days_before", "registered", "scan"}),
    "in_person": ("visit", {"by", "place", "shown"}),
    "chat": ("chat", {"turns"}),
    "social_media": ("post", {"network", "author", "reach", "url"}),
    "review_site": ("post", {"site", "author", "reach", "url", "rating"}),
    "app": ("app", {"version"}),
    "partner": ("partner", {"name", "their_reference"}),
}
LETTERS_OF_PAPER = {"letter", "phone", "in_person", "social_media", "review_site"}  # may come without an e-mail address

# What our staff never write (the patterns of deescalation.yaml), without accents.
FORBIDDEN = {
    "fr": listed(
        "calmez-vous|il faut vous calmer|restez calme|ce n'est pas notre politique|c'est notre politique|"
        "c'est la procedure|je ne peux rien faire|on ne peut rien faire|vous avez mal compris|"
        "vous n'avez pas compris|c'est comme ca|c'est ainsi|je suis occupe|je n'ai pas le temps|oui, mais|"
        "oui mais|ce n'est pas mon service|ce n'est pas de mon ressort|ce n'est pas moi|vous auriez du|"
        "il fallait|si vous avez ete gene|si cela vous a derange|desole si|evidemment|"
        "comme je vous l'ai deja dit|vous etes le seul|personne d'autre ne se plaint|"
        "dans les plus brefs delais|des que possible|nous comptons sur votre comprehension|"
        "nous accusons bonne reception|je vous informe que tout propos|nous nous reservons le droit",
        by="|",
    ),
    "en": listed(
        "calm down|not our policy|company policy|nothing i can do|you misunderstood|that's how it is|"
        "it is what it is|i'm busy|yes, but|yes but|not my department|not my job|you should have|sorry if|"
        "obviously|as i already said|nobody else complained|as soon as possible|"
        "thank you for your understanding|your feedback is important to us|we reserve the right",
        by="|",
    ),
}

each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def lasting(text: str) -> timedelta:
    """`3d 4h 20m` as a duration."""
    assert re.fullmatch(r"\d+[dhm]( \d+[dhm])*", text), text
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return sum((timedelta(**{units[n[-1]]: int(n[:-1])}) for n in text.split()), timedelta())


def clock(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()


def working(moment: datetime) -> datetime:
    """The same moment, or the next one when the desk is open (Mon-Sat, 8 to 19)."""
    if moment.time() >= time(19):
        moment = datetime.combine(moment.date() + timedelta(days=1), time(8, 10))
    if moment.time() < time(8):
        moment = datetime.combine(moment.date(), time(8, 10))
    while moment.weekday() == 6:
        moment += timedelta(days=1)
    return moment


def played(case: dict, today: date) -> list[tuple[datetime, dict]]:
    """When each step happens if the demo is started on this day."""
    moment = datetime.combine(today - timedelta(days=case["days_ago"]), clock(case["at"]))
    story = []
    for step in case["steps"]:
        moment += lasting(step["after"])
        if step["do"] not in BY_CUSTOMER:
            moment = working(moment)
        story.append((moment, step))
    return story


def strings(node) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    return [text for value in node for text in strings(value)] if isinstance(node, list) else []


def our_texts(case: dict) -> list[str]:
    prose = {"text", "grievances", "restatement", "findings", "remedy", "done_so_far", "remaining", "reason"}
    ours = [step for step in case["steps"] if step["do"] not in BY_CUSTOMER]
    return [text for step in ours for key in prose & set(step) for text in strings(step[key])]


def sent_texts(case: dict) -> list[str]:
    """What the customer reads from us."""
    return [
        step[key]
        for step in case["steps"]
        if step["do"] in {"reply", "ask", "qualify", "final_reply"}
        for key in ("text", "restatement")
        if key in step
    ]


def kinds(case: dict) -> list[str]:
    return [step["do"] for step in case["steps"]]


def final_stage(case: dict) -> str:
    stage = "received"
    for step in case["steps"]:
        before_ask = stage if step["do"] == "ask" else None
        if step["do"] == "assign" and stage != "received":
            continue  # handed to a colleague
        stage = {
            "assign": "qualifying",
            "qualify": "investigating",
            "ask": "awaiting_customer",
            "final_reply": "answered",
            "reopen": "reopened",
            "close": "closed",
            "withdraw": "withdrawn",
        }.get(step["do"], stage)
        if before_ask:
            left = before_ask
        if step["do"] == "customer" and stage == "awaiting_customer":
            stage = left
    return stage


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def test_company():
    assert COMPANY["desk"]["email"] == "reclamations@exemple.test"
    assert COMPANY["desk"]["phone"] == "01 99 00 12 34"
    assert COMPANY["mediator"]["website"] == "https://mediateur.exemple.test"
    for key in ("dpo", "contract_disputes", "escalation", "teams"):
        assert COMPANY[key]
    assert len(STAFF) == len(COMPANY["staff"]) == 8
    roles = Counter(role for person in COMPANY["staff"] for role in person["roles"])
    assert set(roles) <= ROLES
    assert roles["handler"] == 3
    for one in ("team_lead", "complaints_manager", "quality", "administrator", "contributor"):
        assert roles[one] == 1
    for person in COMPANY["staff"]:
        assert person["login"].endswith("@exemple.test")
        assert person["title"]["fr"] and person["title"]["en"]
        assert person["language"] in {"fr", "en"}


def test_every_function_is_held():
    assert set(COMPANY["functions"]) == FUNCTIONS
    for held in COMPANY["functions"].values():
        assert held["held_by"] in {"team", "person"}
        assert held["who"] and set(held["who"]) <= set(STAFF)
        assert held["held_by"] == "team" or len(held["who"]) == 1
    for team in COMPANY["teams"]:
        assert {team["lead"], *team["members"]} <= set(STAFF)


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
    assert required | ({brings[0]} if brings else set()) <= set(case) <= required | {"attachments"} | (
        {brings[0]} if brings else set()
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
@pytest.mark.parametrize("weekday", range(7))
def test_dates_are_plausible(case, weekday):
    today = date(2026, 11, 23) + timedelta(days=weekday)
    last = datetime.combine(today - timedelta(days=case["days_ago"]), clock(case["at"]))
    for moment, step in played(case, today):
        assert moment > last or step["after"] == "0m"
        last = moment
    assert not case["steps"] or last < datetime.combine(today, time(0)), "the story runs past this morning"


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

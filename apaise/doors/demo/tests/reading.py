"""The stories of the demo as the tests read them: the closed lists, and what happens when."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from pathlib import Path

import yaml

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
    "know": ({"who", "facts"}, set()),
    "set_level": ({"who", "criticality", "text"}, set()),
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
    "promise": (
        {"who", "text", "due_in_days"},
        set(),
    ),  # {promise: kept} later, else the sweep finds it broken
    "keep_promise": ({"who"}, set()),
    "call_in": ({"who", "minutes", "text"}, set()),  # the customer rings about this case
    "call_out": ({"who", "minutes", "text"}, set()),  # we ring, and write down what was said
    "exclude": ({"who", "person", "because"}, set()),
    "ask_note": ({"who", "person", "text"}, set()),
    "write_note": ({"person", "text"}, set()),  # whoever is kept apart: the one thing they may do
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
LETTERS_OF_PAPER = {
    "letter",
    "phone",
    "in_person",
    "social_media",
    "review_site",
}  # may come without an e-mail address

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


def special(do: str) -> list[dict]:
    return [case for case in CASES if do in kinds(case)]

"""In the stories people go on with their cases: whoever got one by the ladder looks at it, and gives it back."""

from apaise.doors.demo.scene import Scene, colleague
from apaise.handling.routing import escalation, levels
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.policies import LEADS

BY_WHOEVER_HOLDS_IT = ("assign", "reply", "ask", "qualify", "final_reply", "close", "promise")
REASONS = {
    "fr": "Lu avec vous : vous connaissez le dossier, répondez dans ce sens. Je reste en appui.",
    "en": "Read together: you know the case, answer along these lines. I am there if you need me.",
}


def let_them_go_on(scene: Scene) -> None:
    """Before a step of somebody whose case was passed up: it is handed back, with a reason."""
    if scene.act["do"] not in BY_WHOEVER_HOLDS_IT or "who" not in scene.act:
        return
    case, who = scene.case, scene.who
    while case.handler and case.handler != who and not (who.has_role(*LEADS) and scene.act["do"] != "assign"):
        last = levels.current(case)
        if last is None or not last.goes_up or escalation.return_refusal(case.handler, case):
            break
        escalation.hand_back(case, reason=REASONS[case.handler.language], by=case.handler)
        case.refresh_from_db()
    if case.handler and case.handler != who and not who.has_role(*LEADS) and case.is_open:
        lead = colleague("mathilde.guerrin")
        if who.has_role("handler") and scene.act["do"] != "assign" and not case.is_excluded(lead):
            assign(case, who, by=lead)

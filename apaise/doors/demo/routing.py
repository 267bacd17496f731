"""Who gets which cases in the demo: skills, rules, an absence to come, and what waits is put where it belongs."""

from datetime import timedelta

from apaise.doors.demo.scene import calendar, colleague
from apaise.handling.routing import absences, rules
from apaise.handling.routing.person import Skill
from apaise.handling.routing.placing import place
from apaise.handling.routing.rule import Rule
from apaise.handling.routing.skills import say_skills
from apaise.intake.cases.models import Case
from apaise.lib import clock

CAUSE, LANGUAGE = Skill.Kind.CAUSE.value, Skill.Kind.LANGUAGE.value
SKILLS = {
    "ines.carlier": [(CAUSE, "service"), (CAUSE, "delivery")],
    "karim.ouali": [(CAUSE, "billing"), (CAUSE, "payment"), (CAUSE, "contract")],
    "fiona.aldridge": [(LANGUAGE, "en"), (CAUSE, "incident")],
}
MOST_OPEN = 60


def say_who_gets_what() -> None:
    """Harmless to repeat."""
    manager = colleague("helene.marsac")
    for login, skills in SKILLS.items():
        say_skills(colleague(login), skills, by=manager)
    if not Rule.objects.exists():
        for name, said in (
            ("Facturation", {"family": "billing", "target": "function:billing"}),
            (
                "English-speaking customers",
                {"language": "en", "target": f"person:{colleague('fiona.aldridge').pk}"},
            ),
        ):
            rules.write(None, {"name": name, "names_person": True, **said}, by=manager)
        _absence_of_karim()
        absences.say_presence(colleague("ines.carlier"), "here", MOST_OPEN, by=colleague("ines.carlier"))
    around = Case.objects.select_related(
        "desk__signatory", "team", "pack_version", "organisation", "contract"
    )
    for case in around.select_related("complainant__merged_into").open().unassigned().order_by("pk"):
        place(case)


def _absence_of_karim() -> None:
    """The week after next, with Inès standing in."""
    karim = colleague("karim.ouali")
    today = clock.today(calendar().zone)
    monday = today + timedelta(days=14 - today.weekday())
    absences.announce(karim, monday, monday + timedelta(days=4), colleague("ines.carlier"), by=karim)

"""Addresses: who takes cases, by which rules, and the next case."""

from django.urls import path

from apaise.doors.workspace.routing import assigning, fairness, next_case, rules, team

urlpatterns = [
    path("next-case", next_case.next_case, name="next-case"),
    path("cases/<str:reference>/giving-back", next_case.giving_back, name="giving-back"),
    path("cases/<str:reference>/assigning", assigning.assigning, name="assigning"),
    path("team", team.team, name="team"),
    path("team/<int:user_id>/presence", team.presence, name="presence"),
    path("absences/<int:absence_id>/ending", team.absence_ending, name="absence-ending"),
    path("routing-rules", rules.routing_rules, name="routing-rules"),
    path("routing-rules/<int:rule_id>", rules.routing_rule, name="routing-rule"),
    path("routing-rules/<int:rule_id>/moving", rules.rule_moving, name="rule-moving"),
    path("routing-rules/<int:rule_id>/removal", rules.rule_removal, name="rule-removal"),
    path("team/<int:user_id>/skills", rules.skills, name="skills"),
    path("fairness", fairness.fairness, name="fairness"),
]

"""Addresses: what came in and waits for a person."""

from django.urls import path

from apaise.doors.workspace.intake import form_figures, quarantine, sorted_out

urlpatterns = [
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:arrival_id>/replay", quarantine.replay, name="replay"),
    path("quarantine/<int:arrival_id>/setting-aside", quarantine.setting_aside, name="setting-aside"),
    path("quarantine/<int:arrival_id>/spam", sorted_out.marking, name="spam-marking"),
    path("spam", sorted_out.spam_list, name="spam"),
    path("spam/<int:arrival_id>/reversal", sorted_out.reversal, name="spam-reversal"),
    path("machines", sorted_out.machine_list, name="machines"),
    path("received-before", sorted_out.duplicate_list, name="received-before"),
    path("received-before/<int:arrival_id>/telling-apart", sorted_out.telling_apart, name="telling-apart"),
    path("machines/<int:arrival_id>/hearing", sorted_out.hearing, name="hearing"),
    path("quarantine/<int:arrival_id>/original", quarantine.original, name="quarantine-original"),
    path("public-form", form_figures.form_figures, name="form-figures"),
]

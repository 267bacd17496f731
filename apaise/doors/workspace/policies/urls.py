"""Addresses: a policy tried on cases of the past."""

from django.urls import path

from apaise.doors.workspace.policies import trials

urlpatterns = [
    path("policy-trials", trials.trials, name="policy-trials"),
    path("policy-trials/<int:trial_id>", trials.trial_page, name="policy-trial"),
    path("policy-trials/<int:trial_id>/stopping", trials.stopping, name="policy-trial-stopping"),
]

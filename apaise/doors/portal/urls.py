"""Addresses of the public pages, and the staff's door."""

from django.urls import path

from apaise.doors.portal import complaint, data, health, policy, tracking
from apaise.doors.workspace import sign_in

urlpatterns = [
    path("", complaint.form, name="complaint"),
    path("b/<str:token>", complaint.draft, name="draft"),
    path("form-steps", complaint.step, name="form-step"),
    path("data", data.data, name="data"),
    path("policy", policy.policy, name="policy"),
    path("policy/<int:number>", policy.policy_edition, name="policy-edition"),
    path("t/<str:token>", tracking.case, name="tracking"),
    path("t/<str:token>/messages", tracking.messages, name="tracking-messages"),
    path("t/<str:token>/acceptance", tracking.acceptance, name="tracking-acceptance"),
    path("t/<str:token>/objection", tracking.objection, name="tracking-objection"),
    path("t/<str:token>/withdrawal", tracking.withdrawal, name="tracking-withdrawal"),
    path("t/<str:token>/files/<int:file_id>", tracking.attachment, name="tracking-file"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

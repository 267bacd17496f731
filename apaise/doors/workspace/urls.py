"""Addresses of the staff pages. Nouns only: what is posted to an address is made there."""

from django.urls import path

from apaise.doors.workspace import account, alerts, style_guide
from apaise.doors.workspace.cases import actions, files, listing, page, together
from apaise.doors.workspace.intake import quarantine
from apaise.doors.workspace.system import outbox, queue

app_name = "workspace"
urlpatterns = [
    path("", listing.home, name="home"),
    path("cases", listing.case_list, name="cases"),
    path("cases/<str:reference>", page.case_page, name="case"),
    path("cases/<str:reference>/assignment", actions.assignment, name="assignment"),
    path("cases/<str:reference>/qualification", actions.qualification, name="qualification"),
    path("cases/<str:reference>/criticality", actions.criticality, name="criticality"),
    path("cases/<str:reference>/replies", actions.replies, name="replies"),
    path("cases/<str:reference>/notes", actions.notes, name="notes"),
    path("cases/<str:reference>/final-reply", actions.final_reply, name="final-reply"),
    path("cases/<str:reference>/reply-by-date", actions.reply_by_date, name="reply-by-date"),
    path("cases/<str:reference>/redirection", actions.redirection, name="redirection"),
    path("cases/<str:reference>/acceptance", actions.acceptance, name="acceptance"),
    path("cases/<str:reference>/closure", actions.closure, name="closure"),
    path("cases/<str:reference>/reopening", actions.reopening, name="reopening"),
    path("cases/<str:reference>/merger", together.merger, name="merger"),
    path("cases/<str:reference>/merger/undoing", together.merger_undoing, name="merger-undoing"),
    path("cases/<str:reference>/split", together.split_, name="split"),
    path("cases/<str:reference>/split/undoing", together.split_undoing, name="split-undoing"),
    path("cases/<str:reference>/links", together.links, name="links"),
    path("cases/<str:reference>/links/<int:link_id>/removal", together.link_removal, name="link-removal"),
    path(
        "cases/<str:reference>/suggestions/<int:suggestion_id>/dismissal",
        together.dismissal,
        name="dismissal",
    ),
    path("cases/<str:reference>/promises", together.promises, name="promises"),
    path(
        "cases/<str:reference>/promises/<int:promise_id>/keeping",
        together.promise_keeping,
        name="promise-keeping",
    ),
    path(
        "cases/<str:reference>/messages/<int:message_id>/second-sending",
        actions.second_sending,
        name="second-sending",
    ),
    path("cases/<str:reference>/messages/<int:message_id>/arrival", actions.arrival, name="arrival"),
    path("cases/<str:reference>/messages/<int:message_id>/original", files.original, name="original"),
    path("cases/<str:reference>/files/<int:file_id>", files.attachment, name="file"),
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:arrival_id>/replay", quarantine.replay, name="replay"),
    path("quarantine/<int:arrival_id>/setting-aside", quarantine.setting_aside, name="setting-aside"),
    path("quarantine/<int:arrival_id>/original", quarantine.original, name="quarantine-original"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<int:alert_id>/seen", alerts.seen, name="alert-seen"),
    path("account", account.account, name="account"),
    path("queue", queue.queue_page, name="queue"),
    path("queue/<int:job_id>/retry", queue.retry, name="queue-retry"),
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<int:mail_id>", outbox.one_mail, name="outbox-mail"),
    path("outbox/<int:mail_id>/letter", outbox.letter, name="outbox-letter"),
    path("style-guide", style_guide.style_guide, name="style-guide"),
]

"""Addresses of the staff pages. Nouns only: what is posted to an address is made there."""

from django.urls import path

from apaise.doors.workspace import account, alerts, post, style_guide
from apaise.doors.workspace.cases import actions, files, listing, page
from apaise.doors.workspace.customers import duplicates, lists, organisation, person
from apaise.doors.workspace.customers import files as customer_files
from apaise.doors.workspace.entry import pages as entry
from apaise.doors.workspace.entry import receipt
from apaise.doors.workspace.intake import form_figures, quarantine
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
    path(
        "cases/<str:reference>/messages/<int:message_id>/second-sending",
        actions.second_sending,
        name="second-sending",
    ),
    path("cases/<str:reference>/messages/<int:message_id>/arrival", actions.arrival, name="arrival"),
    path("cases/<str:reference>/messages/<int:message_id>/original", files.original, name="original"),
    path("cases/<str:reference>/files/<int:file_id>", files.attachment, name="file"),
    path("cases/<str:reference>/medium", actions.medium, name="medium"),
    path("cases/<str:reference>/messages/<int:message_id>/receipt", receipt.receipt, name="receipt"),
    path("cases/<str:reference>/messages/<int:message_id>/letter", post.letter, name="letter"),
    path("cases/<str:reference>/messages/<int:message_id>/posting", post.posting, name="posting"),
    path("cases/<str:reference>/messages/<int:message_id>/posting/proof", post.proof, name="posting-proof"),
    path("entry/phone", entry.phone, name="entry-phone"),
    path("entry/letter", entry.letter, name="entry-letter"),
    path("entry/counter", entry.counter, name="entry-counter"),
    path("post", post.to_post, name="post"),
    path("cases/<str:reference>/contract", actions.contract, name="case-contract"),
    path("people", lists.people, name="people"),
    path("people/<int:person_id>", person.person_page, name="person"),
    path("people/<int:person_id>/identity", person.identity, name="person-identity"),
    path("people/<int:person_id>/addresses", person.new_address, name="person-addresses"),
    path("people/<int:person_id>/addresses/<int:address_id>", person.address, name="person-address"),
    path("people/<int:person_id>/contracts", person.new_contract, name="person-contracts"),
    path("people/<int:person_id>/mandates", person.new_mandate, name="mandates"),
    path(
        "people/<int:person_id>/mandates/<int:mandate_id>/ending",
        person.mandate_ending,
        name="mandate-ending",
    ),
    path(
        "people/<int:person_id>/mandates/<int:mandate_id>/document",
        person.mandate_document,
        name="mandate-document",
    ),
    path("organisations", lists.organisations, name="organisations"),
    path("organisations/<int:organisation_id>", organisation.organisation_page, name="organisation"),
    path("organisations/<int:organisation_id>/identity", organisation.identity, name="organisation-identity"),
    path(
        "organisations/<int:organisation_id>/contracts",
        organisation.new_contract,
        name="organisation-contracts",
    ),
    path("contracts/<int:contract_id>", organisation.contract_page, name="contract"),
    path("duplicates", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:pair_id>/merging", duplicates.merging, name="merging"),
    path("duplicates/<int:pair_id>/dismissal", duplicates.dismissal, name="dismissal"),
    path("merges/<int:merge_id>/undoing", duplicates.undoing, name="undoing"),
    path("customer-files", customer_files.files, name="customer-files"),
    path("customer-files/<int:file_id>", customer_files.file_page, name="customer-file"),
    path("customer-files/<int:file_id>/columns", customer_files.columns, name="customer-file-columns"),
    path("customer-files/<int:file_id>/loading", customer_files.loading, name="customer-file-loading"),
    path("customer-files/<int:file_id>/dropping", customer_files.dropping, name="customer-file-dropping"),
    path("customer-files/<int:file_id>/refusals", customer_files.refusals, name="customer-file-refusals"),
    path("quarantine", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:arrival_id>/replay", quarantine.replay, name="replay"),
    path("quarantine/<int:arrival_id>/setting-aside", quarantine.setting_aside, name="setting-aside"),
    path("quarantine/<int:arrival_id>/original", quarantine.original, name="quarantine-original"),
    path("public-form", form_figures.form_figures, name="form-figures"),
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

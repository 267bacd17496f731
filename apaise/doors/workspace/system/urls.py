"""Addresses: the machine room."""

from django.urls import path

from apaise.doors.workspace.system import mailboxes, outbox, queue, sending

urlpatterns = [
    path("queue", queue.queue_page, name="queue"),
    path("queue/<int:job_id>/retry", queue.retry, name="queue-retry"),
    path("sending", sending.sending, name="sending"),
    path("sending/stops", sending.muting, name="muting"),
    path("sending/stops/<int:stop_id>/ending", sending.letting_go, name="letting-go"),
    path("mailboxes", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/<int:mailbox_id>", mailboxes.mailbox_page, name="mailbox"),
    path("mailboxes/<int:mailbox_id>/trial", mailboxes.trial, name="mailbox-trial"),
    path("mailboxes/<int:mailbox_id>/watching", mailboxes.watching, name="mailbox-watching"),
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<int:mail_id>", outbox.one_mail, name="outbox-mail"),
    path("outbox/<int:mail_id>/letter", outbox.letter, name="outbox-letter"),
]

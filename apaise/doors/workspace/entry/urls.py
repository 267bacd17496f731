"""Addresses: what is typed in by hand."""

from django.urls import path

from apaise.doors.workspace.entry import pages as entry
from apaise.doors.workspace.entry import receipt

urlpatterns = [
    path("cases/<str:reference>/messages/<int:message_id>/receipt", receipt.receipt, name="receipt"),
    path("entry/phone", entry.phone, name="entry-phone"),
    path("entry/letter", entry.letter, name="entry-letter"),
    path("entry/counter", entry.counter, name="entry-counter"),
]

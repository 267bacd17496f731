"""Addresses: context notes asked of people kept apart."""

from django.urls import path

from apaise.doors.workspace.contributions import notes as context_notes

urlpatterns = [
    path("context-notes", context_notes.asked, name="asked-notes"),
    path("context-notes/<int:note_id>", context_notes.note_page, name="asked-note"),
    path("context-notes/<int:note_id>/draft", context_notes.draft, name="asked-note-draft"),
    path("context-notes/<int:note_id>/sending", context_notes.sending, name="asked-note-sending"),
    path("context-notes/<int:note_id>/declining", context_notes.declining, name="asked-note-declining"),
]

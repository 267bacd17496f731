"""Addresses: circuits, calendars and renewals: for those who lead."""

from django.urls import path

from apaise.doors.workspace.lead import calendars, circuits, renewals

urlpatterns = [
    path("circuits", circuits.circuits, name="circuits"),
    path("calendars", calendars.calendars, name="calendars"),
    path("calendars/<int:desk_id>/region", calendars.region, name="calendar-region"),
    path("calendars/<int:desk_id>/<slug:pack_id>.ics", calendars.ics, name="calendar-file"),
    path("renewals", renewals.renewals, name="renewals"),
    path("renewals/table", renewals.renewals_table, name="renewals-table"),
    path("renewals/broken-promises", renewals.broken_promises, name="broken-promises"),
    path("renewals/broken-promises/table", renewals.broken_promises_table, name="broken-promises-table"),
]

"""Addresses: the day: what is late or near, and who holds what."""

from django.urls import path

from apaise.doors.workspace.today import load
from apaise.doors.workspace.today import page as today

urlpatterns = [
    path("today", today.today, name="today"),
    path("today/dates", today.dates_table, name="today-dates"),
    path("today/load", load.load, name="load"),
    path("today/load/table", load.load_table, name="load-table"),
]

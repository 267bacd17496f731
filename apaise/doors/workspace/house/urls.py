"""Addresses: how the house does: missed dates, and who is told."""

from django.urls import path

from apaise.doors.workspace.house import breaches, notifications

urlpatterns = [
    path("breaches", breaches.breaches, name="breaches"),
    path("breaches/table", breaches.breaches_csv, name="breaches-csv"),
    path("breaches/<int:breach_id>/reason", breaches.reason, name="breach-reason"),
    path("notifications", notifications.notifications, name="notifications"),
]

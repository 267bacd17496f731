from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "apaise.handling.tickets"
    label = "tickets"

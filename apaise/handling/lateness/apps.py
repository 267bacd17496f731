from django.apps import AppConfig


class LatenessConfig(AppConfig):
    name = "apaise.handling.lateness"
    label = "lateness"

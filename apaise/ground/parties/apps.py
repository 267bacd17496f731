from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "apaise.ground.parties"
    label = "parties"

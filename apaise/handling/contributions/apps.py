from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "apaise.handling.contributions"
    label = "contributions"

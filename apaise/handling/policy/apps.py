from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "apaise.handling.policy"
    label = "policy"

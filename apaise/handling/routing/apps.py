from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "apaise.handling.routing"
    label = "routing"

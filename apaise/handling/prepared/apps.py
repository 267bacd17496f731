from django.apps import AppConfig


class PreparedConfig(AppConfig):
    name = "apaise.handling.prepared"
    label = "prepared"

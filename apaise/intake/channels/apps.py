from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "apaise.intake.channels"
    label = "channels"

from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "apaise.ground.packs"
    label = "packs"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apaise.ground.accounts"
    label = "accounts"

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "apaise.ground.ledger"
    label = "ledger"

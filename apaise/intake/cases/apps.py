from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "apaise.intake.cases"
    label = "cases"

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "apaise.doors.portal"
    label = "portal"

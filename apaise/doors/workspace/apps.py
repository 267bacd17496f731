from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "apaise.doors.workspace"
    label = "workspace"

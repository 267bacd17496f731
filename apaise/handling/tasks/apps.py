from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "apaise.handling.tasks"
    label = "tasks"

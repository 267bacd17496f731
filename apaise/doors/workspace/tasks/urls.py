"""Addresses: what is to be done on cases."""

from django.urls import path

from apaise.doors.workspace.tasks import listing as tasks

urlpatterns = [
    path("tasks", tasks.tasks, name="tasks"),
    path("tasks/table", tasks.tasks_table, name="tasks-table"),
    path("cases/<str:reference>/tasks/<int:task_id>/finishing", tasks.finishing, name="task-finishing"),
]

"""Django's Tasks API on our queue: `some_task.enqueue(id)` in a lower room writes a Job in its own transaction."""

from typing import Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus


class CaseDatabaseBackend(BaseTaskBackend):
    """The backend named in the settings. Results are not kept: what a task did stands in its room's tables."""

    supports_defer = True
    supports_async_task = False
    supports_get_result = False
    supports_priority = False

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        from apaise.journey import queue

        self.validate_task(task)
        job = queue.put(
            task.module_path, list(args), dict(kwargs), queue=task.queue_name, run_after=task.run_after
        )
        assert job is not None
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.made_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )

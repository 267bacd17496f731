"""The doorbell of trials: one part at a time, so that mail and acknowledgements need not wait for a long one."""

from django.db import transaction
from django_tasks import task

from apaise.intake.cases.what_if.trial import PolicyTrial, go_on


@task()
def go_on_trying(trial_id: int) -> None:
    """Compare some more cases, and ring again while there are any."""
    trial = PolicyTrial.objects.filter(pk=trial_id).first()
    if trial is None:
        return
    with transaction.atomic():
        if go_on(trial):
            go_on_trying.enqueue(trial_id)

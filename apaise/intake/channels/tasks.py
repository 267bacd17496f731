"""The doorbells of this room: the rows tell what is to be done, a task only says that there is something."""

from django_tasks import task

from apaise.intake.channels import receive
from apaise.intake.channels.mail import gate
from apaise.intake.channels.models import Arrival


@task()
def file_arrival(arrival_id: int) -> None:
    """Read and file what the mail server took."""
    if arrival := Arrival.objects.filter(pk=arrival_id, state=Arrival.State.NEW).first():
        receive.receive(arrival)


@task(queue_name="mail")
def deliver(message_id: int) -> None:
    """Send a queued message at most once; one found cut off in the middle is shown to people, never sent blindly."""
    gate.deliver(message_id)


@task(queue_name="mail")
def deliver_to_staff(mail_id: int) -> None:
    """Send a mail to somebody of ours at most once."""
    gate.deliver_to_staff(mail_id)

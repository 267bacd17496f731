"""The periodic rounds: small sweeps that find what is due. Each is harmless to repeat."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import everyone_with
from apaise.ground.accounts.sign_in import forget_old_attempts
from apaise.ground.parties import duplicates
from apaise.ground.parties.customer_file import CustomerFile
from apaise.ground.parties.tasks import run_customer_file
from apaise.handling.prepared.prepare import leave_unattended
from apaise.handling.routing import escalation
from apaise.handling.routing.covering import settle_absences
from apaise.intake.cases import deadlines, promises
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import lapse_unanswered
from apaise.intake.cases.reminders import remind_unanswered
from apaise.intake.channels import checking, drafts, folder, form_steps, receive, tasks, unnamed
from apaise.intake.channels.mail import doors
from apaise.intake.channels.mail.journal import settle_uncertain
from apaise.intake.channels.mail.to_staff import StaffMail, forget_old_staff_mail
from apaise.intake.channels.models import Arrival, file_store
from apaise.journey import queue
from apaise.journey.models import Job
from apaise.lib import clock


def sweep_deadlines() -> None:
    """Say which deadlines are near or missed and which promises were not kept; remind of questions, and go on where a customer's answer-by date has passed."""
    deadlines.sweep(clock.now())
    promises.break_overdue(clock.now())
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    remind_unanswered(today)
    lapse_unanswered(today)


def sweep_ladder() -> None:
    """Pass on what has been too long on its level; send the prepared updates that nobody looked at in time."""
    escalation.overstayed(clock.now())
    leave_unattended(clock.now())


def sweep_uncertain() -> None:
    """Settle by the journal which of the mails that may not have left did leave."""
    settle_uncertain()


def sweep_absences() -> None:
    """Hand over what absent people hold, and give back what those who returned held."""
    settle_absences(clock.now())


def sweep_intake_folder() -> None:
    """File the mails dropped into the intake folder."""
    folder.sweep()


def sweep_quarantine() -> None:
    """After an hour without anybody attending to it, the leads are told too."""
    for arrival in receive.overdue():
        leads = [*everyone_with("team_lead", "complaints_manager")]
        people = [arrival.owner, *leads] if arrival.owner else leads
        alert(people, "quarantine_overdue", detail=f"arrival:{arrival.pk}", once=f"quarantine:{arrival.pk}")
        Arrival.objects.filter(pk=arrival.pk).update(overdue_told=True)


def sweep_mail_doors() -> None:
    """Tell administrators of a way in that has been silent for too long, or cannot be fetched from."""
    doors.sweep()


def sweep_unsent() -> None:
    """Ring again for anything that waits without a job: a doorbell may be lost, a row is not."""
    old = clock.now() - timedelta(minutes=10)
    waiting = Message.objects.filter(state__in=[Message.State.QUEUED, Message.State.SENDING], at__lt=old)
    _ring(tasks.deliver.module_path, waiting.values_list("pk", flat=True), "mail")
    to_staff = StaffMail.objects.waiting().filter(at__lt=old)
    _ring(tasks.deliver_to_staff.module_path, to_staff.values_list("pk", flat=True), "mail")
    unread = Arrival.objects.filter(state=Arrival.State.NEW, received_at__lt=old)
    _ring(tasks.file_arrival.module_path, unread.values_list("pk", flat=True), "default")
    begun = CustomerFile.objects.filter(
        state__in=[CustomerFile.State.CHECKING, CustomerFile.State.LOADING], by__isnull=False, at__lt=old
    )
    _ring(run_customer_file.module_path, begun.values_list("pk", flat=True), "default")


def sweep_duplicates() -> None:
    """Compare the people who are new or changed with the others."""
    duplicates.sweep()


def _ring(task: str, rows: Iterable[int], queue_name: str) -> None:
    waiting = list(rows)
    if not waiting:
        return
    jobs = Job.objects.filter(task=task).exclude(state=Job.State.DONE).values_list("arguments", flat=True)
    alive = {arguments["args"][0] for arguments in jobs}
    for row_id in [row_id for row_id in waiting if row_id not in alive][:200]:
        queue.put(task, [row_id], queue=queue_name)


def sweep_unchecked() -> None:
    """Have the scanner look at the files it has not looked at, and tell whoever administers what it found."""
    checking.check_waiting()
    for found in checking.untold():
        alert(everyone_with("administrator"), "file_infected", detail="", once=f"infected:{found.sha256}")
        checking.told(found)


def sweep_files() -> None:
    """Remove the files that no row names any more."""
    unnamed.sweep()


def tidy() -> None:
    """Remove what only served its moment."""
    queue.forget_done()
    forget_old_attempts()
    drafts.forget_old_drafts()
    forget_old_staff_mail(clock.now() - timedelta(days=30))
    file_store().forget_drafts((clock.now() - timedelta(days=1)).timestamp())
    form_steps.forget_old_visits()

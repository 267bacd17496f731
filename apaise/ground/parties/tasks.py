"""The doorbell of this room: the row of the file tells what is to be done."""

from django_tasks import task

from apaise.ground.parties.customer_file import CustomerFile
from apaise.ground.parties.importing import passes


@task()
def run_customer_file(file_id: int) -> None:
    """Try or load a file of customers, whichever it waits for."""
    if file := CustomerFile.objects.filter(pk=file_id).first():
        passes.run(file)

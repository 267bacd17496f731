"""Mails dropped into the intake folder."""

import os
from email.message import EmailMessage
from typing import Any

from apaise.intake.cases.models import Case
from apaise.intake.channels import folder
from apaise.intake.channels.models import Arrival


def _drop(name: str, *, age: int) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "claire@courriel.exemple.test",
        "reclamations@exemple.test",
        "Colis abîmé",
    )
    mail["Message-ID"] = f"<{name}@courriel.exemple.test>"
    mail.set_content("Le colis est arrivé ouvert.")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="colis.png")
    folder.intake_folder().mkdir(parents=True, exist_ok=True)
    file = folder.intake_folder() / f"{name}.eml"
    file.write_bytes(mail.as_bytes())
    written = file.stat().st_mtime - age
    os.utime(file, (written, written))


def test_a_mail_dropped_into_the_folder_opens_a_case_with_its_file(desk: Any) -> None:
    _drop("un", age=10)
    assert folder.sweep() == 1
    case = Case.objects.get()
    assert case.title == "Colis abîmé"
    assert [file.name for file in case.messages.get().attachments.all()] == ["colis.png"]
    assert [file.name for file in (folder.intake_folder() / "taken").iterdir()] == ["un.eml"]
    (folder.intake_folder() / "taken" / "un.eml").unlink()


def test_a_file_still_being_written_is_left_for_the_next_round(desk: Any) -> None:
    _drop("deux", age=0)
    assert folder.sweep() == 0
    assert not Arrival.objects.exists()
    (folder.intake_folder() / "deux.eml").unlink()


def test_the_same_mail_dropped_twice_is_one_case(desk: Any) -> None:
    _drop("trois", age=10)
    assert folder.sweep() == 1
    _drop("trois", age=10)
    assert folder.sweep() == 1
    assert Case.objects.count() == 1
    assert Arrival.objects.filter(state="filed").count() == 1
    (folder.intake_folder() / "taken" / "trois.eml").unlink()

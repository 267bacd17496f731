"""What is done again and again, and how often."""

from datetime import timedelta

PERIODIC = {
    "apaise.journey.rounds.sweep_deadlines": timedelta(seconds=30),
    "apaise.journey.rounds.sweep_ladder": timedelta(seconds=30),
    "apaise.journey.rounds.sweep_intake_folder": timedelta(seconds=10),
    "apaise.journey.rounds.sweep_quarantine": timedelta(minutes=1),
    "apaise.journey.rounds.sweep_mail_doors": timedelta(minutes=5),
    "apaise.journey.rounds.sweep_duplicates": timedelta(seconds=10),
    "apaise.journey.apart.sweep_apart": timedelta(minutes=1),
    "apaise.journey.weighing.weigh_what_time_changes": timedelta(minutes=5),
    "apaise.journey.staff_mail.mail_summaries": timedelta(minutes=5),
    "apaise.journey.staff_mail.mail_urgent": timedelta(minutes=1),
    "apaise.journey.rounds.sweep_unsent": timedelta(seconds=30),
    "apaise.journey.rounds.sweep_uncertain": timedelta(minutes=1),
    "apaise.journey.rounds.sweep_unchecked": timedelta(seconds=30),
    "apaise.journey.rounds.sweep_absences": timedelta(minutes=1),
    "apaise.journey.rounds.tidy": timedelta(hours=6),
    "apaise.journey.rounds.sweep_files": timedelta(days=1),
}

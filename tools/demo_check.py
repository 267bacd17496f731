"""Play all the stories of the demo, as if it were started today and on each of the six days after; say what was refused.

Usage: tools/demo_check.py [DAYS]     DAYS: how many days, 7 unless told. Ends with 1 when a verb refused a step."""

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> int:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory(prefix="apaise-demo-") as folder:
        os.environ["APAISE_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "apaise.config.settings"
        from apaise.config.start import use_newer_sqlite

        use_newer_sqlite()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        bad = sum(_play_on(number) for number in range(days))
    print("nothing refused" if not bad else f"{bad} refused: see the lines above")
    return 1 if bad else 0


def _play_on(number: int) -> int:
    from django.core.management import call_command

    from apaise.doors.demo import play
    from apaise.ground.ledger.verify import verify
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.models import Case
    from apaise.lib import clock

    call_command("flush", interactive=False, verbosity=0)
    now = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=number)
    began, spent = time.monotonic(), time.process_time()
    with clock.at_moment(now):
        play.prepare()
        refused = play.play()
        late, open_ = Case.objects.late(now).count(), Case.objects.open().count()
        waiting = Message.objects.filter(state=Message.State.TO_POST).count()
        broken = len(list(verify()))
    print(
        f"{now:%A %d %B}: {Case.objects.count()} cases, {open_} open, {late} late, {waiting} letters to post, {refused} refused, "
        f"{broken} chains broken; {time.monotonic() - began:.0f} s, {time.process_time() - spent:.0f} s of CPU",
        flush=True,
    )
    return refused + broken


if __name__ == "__main__":
    sys.exit(main())

"""The complainant's way to the case without an account."""

from django.db import models

from apaise.ground.parties.models import Person
from apaise.intake.cases.models import Case
from apaise.lib import clock


class TrackingLink(models.Model):
    """A complainant's way to the case without account. The token is derived from this row and the secret key."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="links")
    nonce = models.CharField(max_length=32)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Shown on screen to whoever filled in the form: the address typed there may be somebody else's. It opens what was
    # written there, and no more: when another case is merged into this one, it ends.
    on_screen = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"link to {self.case_id}"

"""The alerts of a person, without those on cases they are kept apart from."""

from django.db.models import QuerySet

from apaise.ground.accounts.models import Alert, User
from apaise.intake.cases.excluded import kept_apart
from apaise.intake.cases.models import Case


def alerts_of(user: User) -> QuerySet[Alert]:
    """What they were told of a case before they turned out to be a party goes unsaid, and uncounted."""
    hidden = Case.objects.filter(pk__in=kept_apart(user)).order_by()
    return Alert.objects.filter(user=user).exclude(chain__in=hidden.values("reference"))

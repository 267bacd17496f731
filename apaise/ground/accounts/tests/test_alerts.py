"""Alerts: the same thing is told once, and each person sees their own."""

import pytest
from django.db import IntegrityError, transaction

from apaise.ground.accounts.alerts import alert, see, unseen
from apaise.ground.accounts.models import Alert

pytestmark = pytest.mark.django_db


def test_the_same_occasion_is_told_once_to_each_person(ana, bo, noon):
    assert (
        alert([ana, bo, ana], "deadline_missed", chain="R-2026-00001", detail="ack", once="R-2026-00001/9")
        == 2
    )
    assert alert([ana, bo], "deadline_missed", chain="R-2026-00001", once="R-2026-00001/9") == 0
    assert alert([ana], "deadline_missed", chain="R-2026-00001", once="R-2026-00001/10") == 1
    assert (unseen(ana).count(), unseen(bo).count()) == (2, 1)
    first = Alert.objects.filter(user=ana).order_by("pk").first()
    assert (first.kind, first.chain, first.detail, first.at) == (
        "deadline_missed",
        "R-2026-00001",
        "ack",
        noon,
    )


def test_nobody_marks_somebody_elses_alert_as_seen(ana, bo, noon):
    alert([ana], "customer_wrote", once="x")
    number = Alert.objects.get().pk
    assert see(bo, number) is False
    assert unseen(ana).count() == 1
    assert see(ana, number) is True
    assert see(ana, number) is False
    assert unseen(ana).count() == 0
    assert Alert.objects.get().seen_at == noon


def test_telling_nobody_is_no_error(desk):
    assert alert([], "customer_wrote", once="x") == 0


def test_the_database_keeps_an_occasion_once(ana, noon):
    alert([ana], "customer_wrote", once="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(user=ana, kind="customer_wrote", at=noon, once=f"x:{ana.pk}")

"""Roles and functions as people say them: one list for pages, policies and letters."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import ROLE_NAMES

FUNCTION_NAMES: Final[Mapping[str, Any]] = {
    "desk": _("Complaints desk"),
    "frontline": _("First line"),
    "usual_contact": _("Usual contact"),
    "senior_handler": _("Senior handler"),
    "complaints_service": _("Complaints service"),
    "complaints_team": _("Complaints team"),
    "internal_second_look": _("Second look"),
    "service_director": _("Service director"),
    "quality_manager": _("Quality manager"),
    "senior_individual": _("Person named to the regulator"),
    "billing": _("Billing"),
    "logistics": _("Delivery"),
    "after_sales": _("After-sales service"),
    "fraud_team": _("Fraud team"),
    "grid_liaison": _("Liaison with the network operator"),
    "dpo": _("Data protection officer"),
    "customer_service": _("Customer service"),
    "operations": _("Operations"),
    "product": _("Product team"),
    "finance": _("Finance"),
    "legal": _("Legal department"),
    "hr_training": _("Human resources and training"),
    "internal_control": _("Internal control"),
    "governing_body": _("Governing body"),
    "account_manager": _("Account manager"),
    "onsite_technician": _("On-site technician"),
    "commitment_author": _("Whoever made the promise"),
    "person_complained_about": _("Person complained about"),
    "decision_author_first_level": _("Author of the first decision"),
    "external_mediator": _("Outside mediator"),
    "regulator": _("Supervising authority"),
}


def named(code: str) -> str:
    """A role or function of the closed lists, in the reader's language."""
    return str(ROLE_NAMES.get(code) or FUNCTION_NAMES.get(code) or code)

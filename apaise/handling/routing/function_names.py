"""What people call the functions a pack or a rule names."""

from django.utils.translation import gettext_lazy as _

FUNCTION_NAMES = {
    "desk": _("Desk"),
    "frontline": _("Front line"),
    "usual_contact": _("Usual contact"),
    "senior_handler": _("Senior handler"),
    "complaints_service": _("Complaints service"),
    "complaints_team": _("Complaints team"),
    "internal_second_look": _("Internal second look"),
    "service_director": _("Service director"),
    "quality_manager": _("Quality manager"),
    "senior_individual": _("Senior individual"),
    "billing": _("Billing"),
    "logistics": _("Logistics"),
    "after_sales": _("After-sales"),
    "fraud_team": _("Fraud team"),
    "grid_liaison": _("Grid liaison"),
    "dpo": _("Data protection officer"),
    "customer_service": _("Customer service"),
    "operations": _("Operations"),
    "product": _("Product"),
    "finance": _("Finance"),
    "legal": _("Legal"),
    "hr_training": _("Human resources and training"),
    "internal_control": _("Internal control"),
    "governing_body": _("Governing body"),
}


def function_name(code: str) -> str:
    return str(FUNCTION_NAMES.get(code, code.replace("_", " ")))

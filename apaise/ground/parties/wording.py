"""Codes of this room in words."""

from django.utils.translation import gettext_lazy as _

CUSTOMER_KINDS = {
    "consumer": _("Consumer"),
    "non_professional": _("Non-professional body"),
    "micro_business": _("Micro-business"),
    "business": _("Business"),
    "public_body": _("Public body"),
    "association": _("Association"),
    "third_party": _("Third party"),
}


SECTOR_NAMES = {
    "general": _("General"),
    "energy": _("Energy"),
    "bank": _("Bank"),
    "payment": _("Payment"),
    "insurance": _("Insurance"),
    "credit": _("Credit"),
    "credit_servicing": _("Credit servicing"),
    "crypto_art": _("Crypto-assets"),
    "investment": _("Investment"),
    "e_money": _("Electronic money"),
    "markets": _("Markets"),
    "telecom": _("Telecom"),
    "tourism": _("Tourism"),
    "air_transport": _("Air transport"),
    "rail": _("Rail"),
    "maintenance": _("Maintenance"),
}
ACTIVITY_NAMES = {
    "industry": _("Industry"),
    "services": _("Services"),
    "public_service": _("Public service"),
    "health": _("Health"),
    "retail": _("Retail"),
    "other": _("Other activity"),
}
QUALITIES = {
    "lawyer": _("Lawyer"),
    "relative": _("Relative"),
    "association": _("Association"),
    "successor": _("Heir or successor"),
    "guardian": _("Guardian"),
    "insurer": _("Insurer"),
    "employee": _("Employee"),
    "other": _("Other"),
}

REASONS = {
    "same_phone": _("same phone"),
    "same_name": _("same name"),
    "close_name": _("similar name"),
    "same_postcode": _("same postcode"),
    "same_contract": _("same contract"),
    "same_organisation": _("same organisation"),
}

# Why a mail came back, by the codes of lib/mime/reports.py that are for good.
RETURNED = {
    "no_mailbox": _("unknown mailbox"),
    "no_domain": _("no mail at this domain"),
    "other": _("undeliverable"),
}

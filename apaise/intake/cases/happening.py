"""A fact with its date that somebody brings to a case: the goods came, the consumer withdrew, the money went back."""

from django.utils.translation import gettext_lazy as _

# ledger word -> what people call it. Words that no verb writes by itself: a handler or a connected system brings them.
NAMES = {
    "contract.concluded": _("The contract was concluded"),
    "contract.ended": _("The contract ended"),
    "contract.terminated_for_late_delivery": _("The customer ended the contract because delivery was late"),
    "withdrawal.period_opened": _(
        "The time to withdraw began (goods delivered, or service contract concluded)"
    ),
    "withdrawal.notified": _("The customer withdrew from the contract"),
    "goods.delivered": _("The goods were delivered"),
    "goods.defect_discovered": _("The customer discovered a defect"),
    "goods.returned": _("The goods came back"),
    "goods.proof_of_shipping": _("The customer proved that the goods were sent back"),
    "conformity.claim_made": _("The customer relies on the legal guarantee of conformity"),
    "conformity.claim_accepted": _("We accepted the claim under the guarantee; the goods are to be refunded"),
    "invoice.issued": _("The invoice was issued"),
    "payment.debited": _("The disputed payment was debited"),
    "meter.last_reading": _("The meter was last read"),
    "unauthorised_payment.reported": _("The customer reported a payment they had not authorised"),
    "fraud_suspicion.reported_to_authority": _("A reasoned suspicion of fraud was sent to the authority"),
    "refund.executed": _("The money was returned"),
    "dunning.suspended": _("Collection of the disputed part was frozen"),
    "remedy.agreed": _("A remedy was agreed"),
    "remedy.executed": _("What was agreed has been done"),
    "followup.done": _("We asked the customer afterwards whether all is well"),
    "followup.declined": _("The customer wants no call afterwards"),
    "service_notice.sent": _("The service was told of the decision, the technician first"),
    "capa.plan_approved": _("The corrective action plan was issued"),
    "summary_resolution.sent": _("The summary resolution letter left"),
    "eight_week_letter.sent": _("The eight-week letter left"),
    "adr.file_received": _("The mediator has the complete file"),
    "adr.notified": _("The mediator told us of the referral"),
    "adr.observations_sent": _("Our observations went to the mediator"),
    "gdpr.request_received": _("The customer asked for their data"),
    "gdpr.request_answered": _("The request about their data was answered"),
}

"""Codes of the packs in words: facts, breach actions, remedies, what people give us, what a page must say."""

from django.utils.translation import gettext_lazy as _

FACT_NAMES = {
    "case.amicable_attempt_proved": _("An attempt to settle is proved"),
    "case.anger_score": _("Anger"),
    "case.cause": _("Cause"),
    "case.churn_score": _("Risk that the customer leaves"),
    "case.claim_amount": _("Amount claimed (€)"),
    "case.conciliator_unavailable_over_3_months": _("No conciliator within three months"),
    "case.court_seized": _("A court has been seized"),
    "case.criticality": _("Criticality"),
    "case.customer_requests_supervisor": _("The customer asks for a supervisor"),
    "case.customer_satisfied": _("The customer is satisfied"),
    "case.final_reply_at": _("Final reply"),
    "case.final_reply_outcome": _("Outcome of the final reply"),
    "case.in_winter_truce": _("The winter truce runs"),
    "case.legal_deadline_in_days": _("Days until the next date of law"),
    "case.legal_threat": _("The customer speaks of going to court"),
    "case.mediator_already_examined": _("A mediator has looked into it already"),
    "case.payment_withheld": _("The customer withholds a payment"),
    "case.previous_attempts": _("Earlier contacts on the same matter"),
    "case.production_stopped": _("Production has stopped"),
    "case.public_exposure": _("The complaint is public"),
    "case.received_at": _("Receipt"),
    "case.reopened_count": _("Times the case was reopened"),
    "case.reply_cap_breached": _("The last date for the reply has passed"),
    "case.reply_target_elapsed": _("Share of the time to reply that has passed"),
    "case.resolution_path": _("Way of settling"),
    "case.safety_risk": _("Somebody's safety is at risk"),
    "case.scope": _("Scope of the failure"),
    "case.sent_at": _("Sending"),
    "case.sla_breach_verified": _("We have not kept the service level"),
    "case.topic": _("Topic"),
    "case.written_complaint_at": _("Written complaint"),
    "contract.arbitration_clause": _("The contract has an arbitration clause"),
    "contract.channel": _("How the contract was concluded"),
    "contract.renewal_in_days": _("Days until the contract is renewed"),
    "contract.sector": _("Sector"),
    "customer.country": _("Country of the customer"),
    "customer.kind": _("Customer"),
    "customer.medical_dependence_on_supply": _("The customer's health depends on the supply"),
    "customer.post_dispute_consent_to_arbitration": _(
        "The customer agreed to arbitration after the dispute arose"
    ),
    "customer.vip": _("VIP customer"),
    "customer.vulnerability": _("Vulnerable customer"),
    "org.country": _("Country of the company"),
    "org.has_internal_mediator": _("The company has an internal mediator"),
}
OTHER_VALUES = {
    "accepted": _("accepted"),
    "partial": _("partly accepted"),
    "refused": _("refused"),
    "goodwill": _("gesture of goodwill"),
    "none": _("none"),
    "isolated": _("isolated"),
    "recurrent": _("recurrent"),
    "systemic": _("systemic"),
    "unknown": _("not known"),
    "summary": _("summary resolution"),
    "payment_services": _("payment services"),
    "energy_production_fully_resold": _("energy production sold whole"),
    "renovation_works": _("renovation works"),
    "energy_bonus_grants": _("energy-saving grants"),
}
ANCHOR_NAMES = {  # by the last part of the anchor's path
    "received_at": _("the moment we received it"),
    "sent_at": _("the day the customer sent it"),
    "written_complaint_at": _("the day of the written complaint"),
    "due_at": _("the date promised"),
}
# Ledger words that only a pack's retention or a connector uses.
MORE_EVENTS = {
    "fiscal_year.closed": _("The accounting year was closed"),
    "identity.verified": _("The identity was checked"),
    "recording.created": _("The call was recorded"),
    "review.created": _("The review was written"),
}
BREACH_NAMES = {
    "alert_team_lead": _("the team lead is told at once"),
    "escalate": _("the case goes up one level"),
    "escalate_executive": _("the case goes straight to the executive"),
    "log_breach": _("the breach goes into the register, and its owner says why"),
    "send_holding_update": _("the customer is told where we are, with a new date"),
    "send_holding_update_with_mediator": _(
        "the customer is told where we are, and that the mediator may be asked now"
    ),
    "send_eight_week_letter": _("the eight-week letter leaves"),
    "apologise_and_reschedule": _("we apologise and give a new date"),
    "compute_penalty": _("what the law adds to the amount is computed"),
    "offer_price_reduction_or_termination": _("we offer a price reduction or the end of the contract"),
}
REMEDY_NAMES = {
    "apology": _("an apology"),
    "explanation": _("an explanation"),
    "correction": _("a correction"),
    "repair": _("a repair"),
    "replacement": _("a replacement"),
    "redelivery": _("a new delivery"),
    "refund": _("a refund"),
    "price_reduction": _("a price reduction"),
    "credit_note": _("a credit note"),
    "voucher": _("a voucher"),
    "goodwill_gesture": _("a gesture of goodwill"),
    "fee_waiver": _("the waiver of a fee"),
    "contract_termination": _("the end of the contract"),
    "corrective_action_plan": _("a corrective action plan"),
    "procedure_change": _("a change of our procedures"),
    "training": _("training"),
    "proactive_notice": _("a notice to everybody affected"),
    "batch_redress": _("redress for everybody affected"),
}
PLACE_NAMES = {
    "ack": _("the acknowledgement"),
    "complaint_policy_page": _("the public page on complaints"),
    "contract": _("the contract"),
    "commercial_documents": _("commercial documents"),
    "correspondence": _("our letters and mails"),
    "eight_week_letter": _("the eight-week letter"),
    "emails": _("our mails"),
    "final_reply": _("the final reply"),
    "holding_update_after_cap": _("the holding message after the last date"),
    "order_form": _("the order form"),
    "premises": _("our premises"),
    "summary_resolution": _("the summary resolution letter"),
    "terms": _("the general terms"),
    "web_form": _("the complaint form"),
    "website": _("the website"),
    "written_contract": _("the written contract"),
}
DATA_NAMES = {
    "case_file": _("Case file"),
    "accounting_pieces": _("Accounting documents"),
    "call_recordings": _("Call recordings"),
    "call_review_notes": _("Notes on reviewed calls"),
    "identity_documents": _("Identity documents"),
    "health_or_vulnerability_flags": _("Health and vulnerability"),
    "free_text_comments": _("Free comments"),
    "ai_scores": _("Scores of the machine"),
    "audit_log": _("Record of what was done"),
    "meter_and_consumption_data": _("Meter and consumption data"),
}
ENDING_NAMES = {
    "intermediate": _("then archived"),
    "delete": _("then erased"),
    "anonymise": _("then made anonymous"),
    "review": _("then looked at again"),
}
INITIATOR_NAMES = {"customer": _("the customer"), "organisation": _("the company")}
MUST_NOT_NAMES = {
    "be_assigned": _("hold the case"),
    "approve": _("approve anything on it"),
    "draft_reply": _("write the reply"),
    "contact_customer_about_the_case": _("contact the customer about it"),
    "see_other_contributors_notes": _("see the notes of the others"),
}
# What we ask people for, in the words of somebody who writes to us.
GIVE_NAMES = {
    "complainant_identity_or_contact": _(
        "Your name, and an e-mail address, a phone number or a postal address"
    ),
    "verbatim": _("What happened, in your own words, with the dates you remember"),
    "remedy_sought": _("What you ask us for"),
    "contract_ref": _("Your contract or customer number"),
    "order_ref": _("Your order number"),
    "product": _("The product or the service it is about"),
    "incident_date": _("The date of the incident"),
    "amount": _("The amount in question"),
    "attachments": _("Your documents: bill, order, photos, letters, screenshots"),
    "representative": _("If somebody acts for you: who, and your written agreement"),
    "preferred_contact": _("How you would like to be contacted"),
}
SURE = ("verified",)
READ_AGAIN = ("memory", "secondary")

"""What is known of a case, in the fact vocabulary of the packs. What is absent is unknown, never false."""

from apaise.intake.cases.models import Case


def facts_of(case: Case) -> dict[str, object]:
    """The facts that predicates of packs may ask for."""
    person, organisation = case.complainant, case.organisation
    facts: dict[str, object] = {
        "org.country": case.desk.country,
        "case.received_at": case.received_at,
        "case.sent_at": case.sent_at,
        "case.reopened_count": case.reopened_count,
    }
    known = {
        "customer.kind": person.kind or (organisation.kind if organisation else ""),
        "contract.sector": organisation.sector if organisation else "",
        "case.criticality": case.criticality,
        "case.cause": case.found_cause or case.declared_cause,
        "case.scope": case.scope,
        "case.written_complaint_at": case.written_complaint_at,
        "case.final_reply_at": case.final_reply_at,
    }
    facts.update({name: value for name, value in known.items() if value})
    if case.public_exposure:  # that nothing public exists is never known
        facts["case.public_exposure"] = True
    if case.outcome:
        facts["case.final_reply_outcome"] = case.outcome
    return facts

"""Addresses: customers, their companies, contracts and files."""

from django.urls import path

from apaise.doors.workspace.customers import duplicates, lists, organisation, person
from apaise.doors.workspace.customers import files as customer_files

urlpatterns = [
    path("people", lists.people, name="people"),
    path("people/<int:person_id>", person.person_page, name="person"),
    path("people/<int:person_id>/identity", person.identity, name="person-identity"),
    path("people/<int:person_id>/addresses", person.new_address, name="person-addresses"),
    path("people/<int:person_id>/addresses/<int:address_id>", person.address, name="person-address"),
    path("people/<int:person_id>/contracts", person.new_contract, name="person-contracts"),
    path("people/<int:person_id>/mandates", person.new_mandate, name="mandates"),
    path(
        "people/<int:person_id>/mandates/<int:mandate_id>/ending",
        person.mandate_ending,
        name="mandate-ending",
    ),
    path(
        "people/<int:person_id>/mandates/<int:mandate_id>/document",
        person.mandate_document,
        name="mandate-document",
    ),
    path("organisations", lists.organisations, name="organisations"),
    path("organisations/<int:organisation_id>", organisation.organisation_page, name="organisation"),
    path("organisations/<int:organisation_id>/identity", organisation.identity, name="organisation-identity"),
    path(
        "organisations/<int:organisation_id>/contracts",
        organisation.new_contract,
        name="organisation-contracts",
    ),
    path("contracts/<int:contract_id>", organisation.contract_page, name="contract"),
    path("duplicates", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:pair_id>/merging", duplicates.merging, name="merging"),
    path("duplicates/<int:pair_id>/dismissal", duplicates.dismissal, name="pair-dismissal"),
    path("merges/<int:merge_id>/undoing", duplicates.undoing, name="undoing"),
    path("customer-files", customer_files.files, name="customer-files"),
    path("customer-files/<int:file_id>", customer_files.file_page, name="customer-file"),
    path("customer-files/<int:file_id>/columns", customer_files.columns, name="customer-file-columns"),
    path("customer-files/<int:file_id>/loading", customer_files.loading, name="customer-file-loading"),
    path("customer-files/<int:file_id>/dropping", customer_files.dropping, name="customer-file-dropping"),
    path("customer-files/<int:file_id>/refusals", customer_files.refusals, name="customer-file-refusals"),
]

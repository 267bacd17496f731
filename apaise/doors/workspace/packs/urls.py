"""Addresses: the rules we work by, who is reached, the public page."""

from django.urls import path

from apaise.doors.workspace.packs import contacts, drafting, policy_page, shelf

urlpatterns = [
    path("rules", shelf.packs, name="packs"),
    path("rules/new", drafting.new, name="pack-new"),
    path("rules/<slug:pack_id>", shelf.pack, name="pack"),
    path("rules/<slug:pack_id>/draft", drafting.draft, name="pack-draft"),
    path("rules/<slug:pack_id>/draft/dropping", drafting.dropping, name="pack-draft-dropping"),
    path("rules/<slug:pack_id>/publication", drafting.publication, name="pack-publication"),
    path("rules/<slug:pack_id>/withdrawal", drafting.withdrawal, name="pack-withdrawal"),
    path("rules/<slug:pack_id>/editions/<int:number>", shelf.edition, name="pack-edition"),
    path(
        "rules/<slug:pack_id>/editions/<int:number>/publication",
        drafting.again,
        name="pack-edition-again",
    ),
    path("contacts", contacts.contacts, name="contacts"),
    path("contacts/desk", contacts.desk, name="contacts-desk"),
    path("policy", policy_page.policy, name="policy"),
]

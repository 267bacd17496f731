"""Packs of a company, for tests: the shipped one with something of its own."""

from pathlib import Path

BASE = """\
schema: policy-pack/1
id: maison
version: "1"
extends: {extends}
language: fr
reviewed_on: "2026-11-21"
label: {{fr: "Maison", en: "House"}}
applies_when: {{always: true}}
sources: {{}}
deadlines: []
acknowledgement: {{template: {ack}, required_fields: []}}
mandatory_mentions: []
escalation: [{{level: 1, role: desk, label: {{fr: Guichet, en: Desk}}, enters_when: {{always: true}}}}]
adr_routes: []
retention: []
"""


def overlay(folder: Path, *blocks: str, extends: str = "fr-consommation") -> Path:
    """The file of a pack that extends a shipped one by these blocks."""
    file = folder / "maison.yaml"
    file.write_text("\n".join([BASE.format(extends=extends, ack="ack"), *blocks]) + "\n", encoding="utf-8")
    return file

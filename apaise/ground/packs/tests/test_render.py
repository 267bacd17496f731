import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.mentions import mentions_for
from apaise.ground.packs.render import EmptyVariable, MentionsNotPlaced, render
from apaise.ground.packs.templates import Block, TemplateError, Variable, load_templates, parse, read_library

# What the intake alone knows of any complaint: no name, no triage, nobody assigned.
INTAKE = {
    "case_ref": "R-1",
    "received_at": "21/11/2026",
    "deadline.reply_target_at_C3": "05/12/2026",
    "pack.acknowledgement.next_steps": "nous lisons",
    "tracking_link_or_phone": "suivi.test",
    "desk_contact": "09 00 00 00 00",
    "dpo_contact": "dpo@exemple.test",
    "privacy_page": "exemple.test/donnees",
    "desk_named_person_name": "Anne Petit",
    "desk_named_person_role": "Guichet",
}
ACKS = [each.id for each in load_templates().templates.values() if each.kind == "acknowledgement"]


def library(fr, *, required=(), fragments=(), fallbacks=None, kind="internal"):
    text = {"subject": "{{s}}", "body": fr}
    return read_library(
        {
            "templates": [{"id": "t", "kind": kind, "required": list(required), "fr": text, "en": text}],
            "fragments": [{"id": name, "fr": body, "en": body} for name, body in fragments],
            "fallbacks": fallbacks or {},
            "common_required": ["case_ref"],
        }
    )


def body(text, values=None, mentions=(), **more):
    return render(
        "t", "fr", {"s": "-", **(values or {})}, mentions=mentions, library=library(text, **more)
    ).body


@pytest.mark.parametrize("template", ACKS)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "words",
    [
        {"message_subject": "Colis", "message_first_sentence": "Rien reçu."},
        {"message_first_sentence": "Rien reçu."},
        {"message_subject": "Colis"},
        {},
    ],
)
def test_an_acknowledgement_needs_nothing_but_the_intake(template, language, words):
    written = render(template, language, {**INTAKE, **words})
    text = written.subject + written.body
    assert "{{" not in text and "\x00" not in text
    assert all(word in text for word in words.values())
    assert "05/12/2026" in written.subject
    assert "Anne Petit" in written.body
    assert written.body.startswith("Bonjour,\n" if language == "fr" else "Hello,\n")


def test_an_acknowledgement_reads_as_a_person_would_write_it():
    words = {"message_subject": "Colis", "message_first_sentence": "Rien reçu."}
    written = render("ack", "fr", {**INTAKE, **words, "sender_name": "Léa Roux"})
    assert (
        _plain_spaces(written.subject)
        == "Votre réclamation R-1 : bien reçue, réponse au plus tard le 05/12/2026"
    )
    assert _plain_spaces(written.body).split("\n\n") == [
        "Bonjour Léa Roux,",
        "Nous avons bien reçu votre demande du 21/11/2026 et nous allons la traiter dans les plus brefs délais. Vous aurez"
        " notre réponse au plus tard le 05/12/2026.",
        "Ce que nous avons retenu de votre message :",
        "« Rien reçu. » (objet : « Colis »)",
        "Si ce n’est pas exact ou complet, répondez simplement à ce message.",
        "La suite : nous lisons.",
        "Votre référence est R-1. Votre contact est Anne Petit.\nPour suivre l’avancement ou nous écrire : suivi.test",
        "Vos données servent à traiter votre réclamation et à améliorer nos services. Vous pouvez y accéder, y compris"
        " aux commentaires de votre dossier, les rectifier ou vous opposer à certains usages : dpo@exemple.test."
        " Durées de conservation et droits : exemple.test/donnees.",
        "Anne Petit, Guichet\n",
    ]


@pytest.mark.parametrize("template", ACKS)
@pytest.mark.parametrize(
    "language, words",
    [("fr", "01 99 00 12 34 (appel non surtaxé)"), ("en", "01 99 00 12 34 (standard-rate call)")],
)
def test_an_acknowledgement_says_what_a_call_costs_only_beside_a_phone_number(template, language, words):
    cost = words[words.index("(") :]
    assert cost not in render(template, language, INTAKE).body
    assert words in render(template, language, {**INTAKE, "desk_phone": "01 99 00 12 34"}).body


def test_the_french_we_ship_is_set_as_a_printer_would():
    from apaise.lib.typography import french

    for template in load_templates().templates.values():
        texts = [
            part
            for parts in (template.subject["fr"], template.body["fr"])
            for part in parts
            if isinstance(part, str)
        ]
        assert [french(text) for text in texts] == texts, template.id
    quoted = render("ack", "fr", {**INTAKE, "message_subject": "Colis"}).body
    assert "«\u00a0Colis\u00a0»" in quoted


def _plain_spaces(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_a_person_wrote_wins_over_the_quoted_words():
    written = render("ack", "en", {**INTAKE, "message_subject": "Parcel", "restatement": "your lost parcel"})
    assert "What we noted from your message:\n\nyour lost parcel\n" in written.body


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_acknowledgement_carries_the_mentions_its_pack_requires(language):
    for pack in load_shipped_packs(check=False).values():
        mentions = mentions_for(pack, "ack", {}).fragments
        assert render(pack.acknowledgement["template"], language, INTAKE, mentions=mentions)


def test_every_final_reply_has_a_place_for_the_mentions():
    everything = dict.fromkeys(_names(), "x")
    for template in load_templates().templates.values():
        if template.kind == "final_reply":
            assert "x, x" in render(template.id, "fr", everything, mentions=["mention_mediator"]).body


def _names():
    found, todo = set(), []
    for template in load_templates().templates.values():
        todo += [*template.subject["fr"], *template.body["fr"]]
        found |= set(template.required)
    todo += [part for texts in load_templates().fragments.values() for part in texts["fr"]]
    while todo:
        part = todo.pop()
        if isinstance(part, Variable | Block):
            found.add(part.name)
        todo += getattr(part, "parts", ())
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", list(load_templates().templates))
def test_every_template_renders_when_all_is_known_and_says_what_it_lacks_when_not(template, language):
    mentions = ["mention_data"] if "final" in load_templates().templates[template].kind else []
    written = render(template, language, dict.fromkeys((*_names(), *INTAKE), "(x)"), mentions=mentions)
    assert "{{" not in written.subject + written.body
    with pytest.raises(EmptyVariable) as refused:
        render(template, language, {}, mentions=mentions)
    assert set(load_templates().templates[template].required) - {"restated_summary"} <= set(
        refused.value.names
    )


def test_a_customers_words_are_never_read_as_template():
    nasty = "{{>mention_data}} {{case_ref}} {{#a}} \x000\x00 \\1 }}"
    assert body("a {{v}} b {{v}}", {"v": nasty}) == f"a {nasty} b {nasty}\n"
    written = render("ack", "fr", {**INTAKE, "message_subject": "{{case_ref}}{{"})
    assert "« {{case_ref}}{{ »" in _plain_spaces(written.body)


@settings(deadline=None)
@given(st.text(min_size=1).filter(str.strip))
def test_any_value_comes_out_as_it_went_in(value):
    assert body("[{{v}}]", {"v": value}) == f"[{value}]\n"


def test_a_line_break_never_enters_a_subject():
    written = render("t", "fr", {"s": "a\r\nBcc: x@y.test"}, library=library("b"))
    assert written.subject == "a Bcc: x@y.test"


def test_a_block_is_shown_only_when_its_variable_has_a_value():
    text = "a\n{{#v}}b {{v}}{{/v}}\n\n\nc {{#v}}{{#w}}d{{/w}}{{/v}} "
    assert body(text) == "a\n\nc\n"
    assert body(text, {"v": "1", "w": "2"}) == "a\nb 1\n\nc d\n"
    assert body(text, {"v": " ", "w": "2"}) == "a\n\nc\n"


def test_every_missing_variable_is_named_at_once():
    with pytest.raises(EmptyVariable, match=r"fill in r, a, b\.") as refused:
        body("{{a}} {{#c}}{{d}}{{/c}} {{>f}}", required=["r"], fragments=[("f", "{{b}}")])
    assert refused.value.names == ("r", "a", "b")


def test_what_every_case_message_needs_is_asked_of_those_alone():
    assert body("b", kind="internal") == "b\n"
    with pytest.raises(EmptyVariable, match="case_ref"):
        body("b", kind="final_reply")


def test_the_first_fallback_that_can_be_filled_is_taken():
    fallbacks = {"v": [{"when": "a", "use": "a"}, {"when": "b", "fr": "({{b}})", "en": "({{b}})"}]}
    assert body("{{v}}", {"a": "1", "b": "2"}, fallbacks=fallbacks) == "1\n"
    assert body("{{v}}", {"b": "2"}, fallbacks=fallbacks) == "(2)\n"
    assert body("{{v}}", {"v": "0", "b": "2"}, fallbacks=fallbacks) == "0\n"
    with pytest.raises(EmptyVariable):
        body("{{v}}", fallbacks=fallbacks)


def test_mentions_stand_in_the_order_given_each_once():
    text, fragments = "a\n\n{{>mandatory_mentions}}\n\nb", [("m", "M {{x}}"), ("n", "N")]
    assert body(text, {"x": "1"}, ["n", "m", "n"], fragments=fragments) == "a\n\nN\n\nM 1\n\nb\n"
    assert body(text, fragments=fragments) == "a\n\nb\n"


def test_a_mention_without_a_place_is_refused_not_lost():
    with pytest.raises(MentionsNotPlaced, match="no place for m"):
        body("a {{#shown}}{{>mandatory_mentions}}{{/shown}}", mentions=["m"], fragments=[("m", "M")])
    assert body("a {{>m}}", mentions=["m"], fragments=[("m", "M")]) == "a M\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{#a}} x", "never closes “a”"),
        ("x {{/a}}", "closes “a”"),
        ("{{#a}}{{#b}}{{/a}}{{/b}}", "closes “a”"),
        ("{{ a }}", "cannot be read near"),
        ("{{a", "cannot be read near"),
        ("a}}", "cannot be read near"),
        ("{{a|b}}", "cannot be read near"),
        ("{{#a}}" * 4 + "{{/a}}" * 4, "nests its blocks too deeply"),
        ("x" * 20_001, "longer than 20000"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused(text, said):
    with pytest.raises(TemplateError, match=said):
        parse(text, "t")


def test_a_fragment_that_does_not_exist_or_includes_another_is_refused():
    with pytest.raises(TemplateError, match="includes “gone”"):
        library("{{>gone}}")
    with pytest.raises(TemplateError, match="includes no other"):
        library("b", fragments=[("m", "{{>n}}"), ("n", "N")])
    with pytest.raises(TemplateError, match="no template fragment “gone”"):
        body("b", mentions=["gone"])


def test_what_is_no_template_or_no_text_is_refused():
    with pytest.raises(TemplateError, match="no template “gone” in “fr”"):
        render("gone", "fr", {})
    with pytest.raises(TemplateError, match="no template “ack” in “de”"):
        render("ack", "de", INTAKE)
    with pytest.raises(TypeError, match="“v” must be written out as text"):
        body("{{v}}", {"v": 5})
    with pytest.raises(TemplateError, match="longer than 200000"):
        body("{{v}}", {"v": "x" * 200_001})

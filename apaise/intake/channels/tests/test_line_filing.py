"""Lines of JSON become messages of cases: once, in the right case, by the right person."""

import json
from datetime import UTC, date, datetime

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.merging import merge
from apaise.ground.parties.models import Address, Person
from apaise.intake.cases import deadlines
from apaise.intake.cases.conversation import ask
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.glance import glance
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.particulars import Details, Post, Turn
from apaise.intake.channels.receive import keep, receive, replay
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
CLAIRE = {"name": "Claire Fontanel", "email": "claire@courriel.exemple.test"}


def get(given=None, /, **keys):
    """File a line."""
    return receive(keep(json.dumps(keys).encode(), channel="email", form="line", given=given or {}))


def post(**keys):
    return get(
        **{
            "channel": "social_media",
            "network": "Mastodon",
            "author": "@claire_f",
            "text": "Trois semaines sans fibre, et personne.",
            **keys,
        }
    )


def last(case):
    return case.messages.filter(direction="in").order_by("-pk")[0]


# --- a new case ----------------------------------------------------------------------------------------------


def test_a_call_opens_a_case_that_counts_from_the_call(desk, work, noon):
    told = get(
        channel="phone", id=7, at="2026-11-23T10:05:00+01:00", text="Colis cassé.", minutes=12, tried=["email"],
        **{"from": {"name": "Paul Roche", "phone": "06 11 22 33 44"}},
    )  # fmt: skip
    case, called = told.case, datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert (told.outcome, case.channel, case.received_at, case.sent_at) == ("opened", "phone", called, called)
    assert case.written_complaint_at is None  # spoken words are no durable medium
    assert case.deadlines.get(rule="reply_target").start_at == called
    message = last(case)
    assert (message.kind, message.channel, message.at, message.text) == (
        "complaint",
        "phone",
        called,
        "Colis cassé.",
    )
    assert (message.details.external_id, message.details.data) == ("7", {"minutes": 12, "tried": ["email"]})
    assert (case.complainant.name, case.complainant.phone) == ("Paul Roche", "0611223344")
    assert list(verify()) == []


def test_a_letter_counts_from_its_receipt_and_remembers_its_posting(desk, noon):
    case = get(
        channel="letter", posted_on="2026-11-20", received_on="2026-11-24", text="Je conteste.",
        **{"from": {"name": "Jean Petit", "address": "1 rue Haute, Lyon"}},
    ).case  # fmt: skip
    assert (case.sent_at.date(), case.received_at.date()) == (date(2026, 11, 20), date(2026, 11, 24))
    assert case.written_complaint_at == case.received_at
    assert [(one.kind, one.value) for one in case.complainant.addresses.all()] == [
        ("postal", "1 rue Haute, Lyon")
    ]


def test_a_letter_without_a_date_of_receipt_is_received_now(desk, noon):
    case = get(channel="letter", posted_on="2026-11-20", text="x", **{"from": {"name": "J"}}).case
    assert (case.sent_at.date(), case.received_at) == (date(2026, 11, 20), noon)


def test_a_chat_keeps_its_turns_and_reads_the_customers_words(desk, noon):
    case = get(
        channel="chat",
        **{"from": CLAIRE},
        turns=[
            {"who": "Claire", "text": "Toujours rien reçu."},
            {"who": "agent", "text": "Je regarde."},
            {"who": "Claire", "text": "Merci."},
        ],
    ).case
    message = last(case)
    assert message.text == "Claire: Toujours rien reçu.\nagent: Je regarde.\nClaire: Merci."
    assert message.new_text == "Toujours rien reçu.\n\nMerci."
    assert [turn.role for turn in message.turns.all()] == ["customer", "agent", "customer"]
    assert case.excerpt == "Toujours rien reçu. Merci."


def test_the_transcript_that_came_with_a_call_gives_its_turns(desk, noon):
    said = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nadia>Bonjour\n\n00:02.000 --> 00:03.000\n<v Paul Roche>Cass\xc3\xa9.\n"
    digest, size = file_store().keep(said)
    enclosed = {"name": "7.vtt", "content_type": "text/vtt", "size": size, "sha256": digest}
    case = get(
        {"files": [enclosed]},
        channel="phone",
        agent="Nadia",
        text="Colis.",
        **{"from": {"name": "Paul Roche"}},
    ).case
    message = last(case)
    assert [(turn.speaker, turn.role) for turn in message.turns.all()] == [
        ("Nadia", "agent"),
        ("Paul Roche", "customer"),
    ]
    assert message.new_text == "Colis.\n\nCassé."
    assert [file.name for file in message.attachments.all()] == ["7.vtt"]


def test_a_known_customer_is_found_by_address_on_any_channel(complain, noon):
    person = complain(email=CLAIRE["email"]).complainant
    for channel in ("phone", "partner", "app", "web_form", "in_person"):
        case = get(channel=channel, text=f"Par {channel}.", **{"from": CLAIRE}).case
        assert case.complainant == person
    assert Person.objects.count() == 1


def test_a_phone_number_alone_joins_nobody_with_its_name_it_does(desk, noon):
    first = get(channel="phone", text="a", **{"from": {"name": "Paul Roche", "phone": "06 11"}}).case
    same = get(channel="phone", text="b", **{"from": {"name": "paul roche", "phone": "0611"}}).case
    wife = get(channel="phone", text="c", **{"from": {"name": "Anne Roche", "phone": "0611"}}).case
    nobody = get(channel="phone", text="d", **{"from": {"phone": "0611"}}).case
    assert first.complainant == same.complainant
    assert len({first.complainant, wife.complainant, nobody.complainant}) == 3


# --- once ----------------------------------------------------------------------------------------------------


def test_the_same_line_written_otherwise_is_a_duplicate(desk, noon):
    case = get(channel="app", text="Bug", id="1", **{"from": CLAIRE}).case
    arrival = keep(
        b'{ "id":"1" , "from":{"email":"claire@courriel.exemple.test","name":"Claire Fontanel"},"text":"Bug","channel":"app"}',
        form="line",
    )
    assert receive(arrival)[:2] == ("duplicate", case)
    assert Message.objects.filter(direction="in").count() == 1


def test_a_number_used_again_for_other_words_waits_for_a_person(desk, noon):
    case = get(channel="app", text="Bug", id="1", **{"from": CLAIRE}).case
    other = get(channel="app", text="Autre bug", id="1", **{"from": CLAIRE})
    assert (other.outcome, other.reason) == ("quarantined", "id_taken")
    assert get(channel="web_form", text="Autre", id="1", **{"from": CLAIRE}).outcome == "opened"
    assert list(Message.objects.filter(direction="in", channel="app").values_list("case", "text")) == [
        (case.pk, "Bug")
    ]


# --- into a case ---------------------------------------------------------------------------------------------


def test_a_thread_goes_on_in_its_case_by_id_and_by_thread(desk, noon):
    case = post(id="p1").case
    assert post(thread="p1", id="p2", text="Et toujours rien.")[:2] == ("threaded", case)
    chat = get(channel="chat", thread="t", text="a", **{"from": CLAIRE}).case
    assert get(channel="chat", thread="t", text="b", **{"from": CLAIRE})[:2] == ("threaded", chat)
    assert (
        get(channel="chat", thread="t", text="c").case == chat
    )  # nobody else is named: the same person goes on
    assert (
        get(channel="phone", thread="t", text="d", **{"from": CLAIRE}).outcome == "opened"
    )  # of another channel
    assert {one.author_person for one in chat.messages.filter(direction="in")} == {chat.complainant}


def test_a_case_that_is_named_gets_what_staff_took_down(complain, noon):
    case = complain()
    told = get(channel="phone", case=case.reference, text="Il rappelle.")
    assert told[:2] == ("threaded", case)
    assert last(case).author_person == case.complainant
    wife = get(
        channel="phone",
        case=case.reference,
        text="Elle rappelle.",
        **{"from": {"name": "Anne", "phone": "06"}},
    )
    assert wife[:2] == ("threaded", case)
    assert last(case).author_person.name == "Anne"


@pytest.mark.parametrize("keys", [{"channel": "chat"}, {"channel": "app"}, {"channel": "web_form"}])
def test_a_stranger_who_names_a_case_waits_in_quarantine_and_may_be_let_in(keys, complain, ana, noon):
    case = complain()
    eve = {"from": {"name": "Eve", "email": "eve@ailleurs.exemple.test"}}
    told = get(**keys, case=case.reference, text="Moi aussi.", **eve)
    assert (told.outcome, told.reason) == ("quarantined", "not_a_participant")
    assert case.messages.filter(direction="in").count() == 1
    assert not Person.objects.filter(name="Eve").exists()
    arrival = Arrival.objects.get(state="quarantined")
    assert glance(arrival)[:3] == ("eve@ailleurs.exemple.test", "", "Moi aussi.")
    assert replay(arrival, by=ana, accept=True)[:2] == ("threaded", case)
    assert last(case).author_person.name == "Eve"


@pytest.mark.parametrize(
    "keys",
    [
        *({"channel": channel} for channel in ("chat", "web_form", "app", "email")),
        {"channel": "chat", "from": {"name": "Claire Fontanel"}},
        {"channel": "social_media", "network": "X", "author": "@mallory"},
        {"channel": "review_site", "site": "Avis", "author": "Claire Fontanel"},
    ],
)
def test_a_reference_and_a_name_alone_do_not_make_anybody_the_complainant(keys, complain, ana, noon):
    case = complain()
    Person.objects.filter(pk=case.complainant_id).update(name="Claire Fontanel")
    told = get(**keys, case=case.reference, text="Je retire tout.")
    assert (told.outcome, told.reason) == ("quarantined", "not_a_participant")
    assert case.messages.filter(direction="in").count() == 1


def test_a_caller_is_known_again_under_the_row_that_was_kept(complain, desk, cleo, noon):
    paul = {"from": {"name": "Paul Roche", "phone": "06 11 22 33 44"}}
    kept, taken = complain().complainant, get(channel="phone", text="Allô ?", **paul).case.complainant
    merge(kept, taken, by=cleo, sure=True)
    assert get(channel="phone", text="Encore moi.", **paul).case.complainant == kept


def test_a_postal_address_keeps_its_lines(desk, noon):
    sender = {"from": {"name": "Paul", "address": "1  rue Haute\n\n29200 Brest"}}
    told = get(channel="letter", text="Je conteste.", received_on="2026-11-24", **sender)
    assert told.case.complainant.postal == "1 rue Haute\n29200 Brest"


def test_another_reader_who_answers_a_post_does_not_enter_its_case(desk, noon):
    case = post(id="p1").case
    assert post(thread="p1", author="@paul", text="Moi aussi !").reason == "not_a_participant"
    review = get(channel="review_site", site="Avis", author="Jean D.", id="r1", text="Nul.").case
    other = get(channel="review_site", site="Avis", author="Rosa", thread="r1", text="Oui.")
    assert other.reason == "not_a_participant"
    assert case.messages.count() == review.messages.count() == 1


def test_words_said_before_they_were_filed_move_no_clock_back(complain, ana, noon):
    from apaise.handling.routing.assignment import assign

    case = complain()
    assign(case, ana, by=ana)
    ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    get(channel="phone", case=case.reference, at="2026-11-20T10:00:00+01:00", text="Le 4711.")
    entries = list(Entry.objects.of(case.reference))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert last(case).at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    case.refresh_from_db()
    assert case.customer_wrote_at == noon
    before = list(case.deadlines.values_list("rule", "due_at"))
    deadlines.rebuild(case)
    assert list(case.deadlines.values_list("rule", "due_at")) == before


# --- posts ---------------------------------------------------------------------------------------------------


def test_a_post_keeps_where_it_stands_and_who_may_have_read_it(desk, work, noon):
    case = post(id="p1", reach=12_400, url="https://social.example/1", rating=2).case
    kept = Post.objects.get(message__case=case)
    assert (kept.network, kept.author, kept.reach, kept.url, kept.rating_said) == (
        "Mastodon", "@claire_f", 12_400, "https://social.example/1", 2,
    )  # fmt: skip
    assert [(one.kind, one.value) for one in case.complainant.addresses.all()] == [
        ("handle", "mastodon:@claire_f")
    ]
    assert case.complainant.display_name() == "@claire_f"
    assert case.written_complaint_at is None


def test_a_handle_is_the_same_person_on_its_network_and_nobody_else(complain, noon):
    complain(name="@claire_f")
    first, same = post(id="1").case, post(id="2", author="Claire_F", text="b").case
    elsewhere = post(id="3", network="Bluesky", text="c").case
    assert first.complainant == same.complainant
    assert len({first.complainant, elsewhere.complainant, Person.objects.get(name="@claire_f")}) == 3
    reviews = [get(channel="review_site", site="Avis", author="Jean D.", text=text).case for text in "ab"]
    assert reviews[0].complainant != reviews[1].complainant  # a name under a review is anybody's
    assert Address.objects.filter(kind="handle").count() == 2


def test_a_post_is_acknowledged_only_where_we_can_write_in_private(desk, work, noon):
    public = post(id="1").case
    known = post(id="2", author="@marc", **{"from": {"email": "marc@courriel.exemple.test"}}).case
    work()
    assert not public.messages.filter(direction="out").exists()
    assert not Entry.objects.of(public.reference).filter(what="ack.sent").exists()
    assert [one.to_address for one in known.messages.filter(direction="out")] == [
        "marc@courriel.exemple.test"
    ]


def test_a_post_is_acknowledged_by_letter_where_only_a_postal_address_is_known(desk, work, noon):
    case = post(id="1", **{"from": {"name": "Marc", "address": "1 rue X\n29200 Brest"}}).case
    work()
    letter = case.messages.get(kind="acknowledgement")
    assert (letter.channel, letter.state) == ("letter", "to_post")


def test_a_private_message_on_a_network_exposes_nothing(desk, noon):
    case = post(private=True).case
    assert (case.public_exposure, case.criticality) == (False, "")


# --- what cannot be filed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"channel": "app", "from": CLAIRE, "text": "  "}, "empty"),
        ({"channel": "app", "text": "Bug"}, "no_sender"),
        ({"channel": "letter", "text": "Je conteste."}, "no_sender"),
        ({"channel": "app", "from": CLAIRE, "text": "Bug", "case": "R-2026-09999"}, "no_such_case"),
        ({"channel": "phone", "minutes": "x", "text": "a"}, "bad_line"),
    ],
)
def test_it_waits_in_quarantine_with_its_bytes_reason_owner_and_hour(keys, reason, desk, mara, noon):
    told = get(**keys)
    assert told == ("quarantined", None, reason)
    arrival = Arrival.objects.get()
    assert arrival.raw_bytes() == json.dumps(keys).encode()
    assert (arrival.reason, arrival.owner) == (reason, mara)
    assert arrival.attend_by is not None
    assert not Case.objects.exists() and not Details.objects.exists() and not Turn.objects.exists()
    assert receive(keep(json.dumps(keys).encode(), form="line")).outcome == "duplicate"


def test_a_line_in_quarantine_is_filed_once_its_cause_is_gone(desk, complain, ana, noon):
    told = get(channel="phone", case="R-2026-00001", text="Il rappelle.")
    assert told.reason == "no_such_case"
    case = complain()
    assert case.reference == "R-2026-00001"
    arrival = Arrival.objects.get(state="quarantined")
    assert replay(arrival, by=ana)[:2] == ("threaded", case)
    with nothing_changed():
        assert replay(arrival, by=ana).outcome == "duplicate"


def test_what_is_wrong_with_a_bad_line_is_said_at_a_glance(desk, noon):
    get(channel="phone", minutes="x", text="a")
    seen = glance(Arrival.objects.get())
    assert seen.wrong == "“minutes” must be a number of minutes from 0 to 1440."
    assert '"minutes": "x"' in seen.words

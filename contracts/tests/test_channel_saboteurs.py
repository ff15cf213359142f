"""The suite of channels under test: each saboteur is caught by the check meant for it, and by none without cause."""

import inspect
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from gallery.till.case import KEY, till_case

from portes_testing import BrokenContractError, ChannelContract
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.checks.discretion import secrets_are_discreet
from portes_testing.channels.tellings import served_tellings

GALLERY = Path(__file__).parent / "gallery" / "channel_saboteurs"
CHECKS = [
    name.removeprefix("test_")
    for name, _ in inspect.getmembers(ChannelContract, inspect.isfunction)
    if name.startswith("test_")
]
THOROUGH = {"every_sample_with_one_thing_wrong_is_refused_or_read", "much_more_is_refused_or_read"}
"""Checks that are others with more examples."""
READ_BACK = "a_served_quote_is_read_back"
ODD = "what_cannot_be_told_is_no_answer"
WRONG = "a_sample_with_one_thing_wrong_is_refused_or_read"
ANYTHING = "anything_is_refused_or_read"
DOCUMENT = "every_question_gets_what_the_document_says"


class ChannelSabotage(NamedTuple):
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: tuple[str, ...] = ()
    """Checks that the same sabotage breaks as well, and must."""


SABOTAGES = {
    "a_crash_is_a_no": ChannelSabotage(
        "what_is_no_quote_is_no_answer", "comes to not delivered", ("answers_are_of_their_model",)
    ),
    "a_no_is_a_fault": ChannelSabotage("a_quote_that_nobody_serves_is_read_back", "comes to own fallback"),
    "adds_floats": ChannelSabotage("amounts_are_exact", "more decimals than BRL"),
    "changes_quotes_in_place": ChannelSabotage("quotes_are_left_as_they_were", "changed the quote in place"),
    "compares_the_beginning": ChannelSabotage("wrong_credentials_are_refused", "is let in"),
    "counts_its_replies": ChannelSabotage("the_same_call_gets_the_same_question_and_reply", "something else"),
    "crashes_on_other_bytes": ChannelSabotage(ANYTHING, "UnicodeDecodeError"),
    "deadline_after_the_limit": ChannelSabotage("a_deadline_lies_before_the_limit", "is after its limit"),
    "excuses_in_words_of_its_own": ChannelSabotage("answers_are_of_their_model", "promises application/problem+json"),
    "example_of_another_country": ChannelSabotage("its_example_is_a_question_of_the_store", "another country"),
    "forgets_the_calendar": ChannelSabotage("questions_are_the_stores", "calendar"),
    "free_when_nobody_knows": ChannelSabotage(
        "freight_is_never_free_by_mistake", "cost nothing", ("what_is_not_certain_is_no_answer",)
    ),
    "has_a_status_for_things": ChannelSabotage(DOCUMENT, "has status 418"),
    "hint_that_lengthens": ChannelSabotage("a_hint_only_shortens", "9.0"),
    "knows_the_newest_key_alone": ChannelSabotage(
        "two_credentials_open_while_one_replaces_the_other", "of two values of auth one alone opens"
    ),
    "lets_in_short_calls_alone": ChannelSabotage("the_right_credentials_open", "is not let in"),
    "lets_in_who_shows_nothing": ChannelSabotage("absent_credentials_are_refused", "is let in"),
    "loose_settings": ChannelSabotage("settings_are_strict", "misspelled key"),
    "loses_a_cent": ChannelSabotage(READ_BACK, "where the quote says", (ODD,)),
    "mends_a_quantity_of_zero": ChannelSabotage("a_wrong_sample_is_refused_by_its_fields", "is wrong, and read"),
    "misreads_its_own_page": ChannelSabotage("a_documented_reply_is_understood", "not delivered"),
    "names_a_field_of_ours": ChannelSabotage(
        WRONG, "its sender does not have", (ANYTHING, "a_wrong_sample_is_refused_by_its_fields")
    ),
    "opens_for_every_store": ChannelSabotage("another_stores_credentials_are_refused", "another store is let in"),
    "promises_the_first_day": ChannelSabotage(READ_BACK, "days, and the quote says", (ODD,)),
    "reads_the_clock": ChannelSabotage("it_reads_no_clock", "datetime.now"),
    "reads_the_environment": ChannelSabotage("it_asks_nobody", "os.environ"),
    "reads_the_first_line": ChannelSabotage(
        "several_lines_can_be_asked_about", "several lines", ("a_sample_asks_what_it_says",)
    ),
    "says_a_wrong_length": ChannelSabotage("its_example_is_answered_over_http", "is not answered"),
    "secret_in_a_refusal": ChannelSabotage("secrets_are_discreet", "auth.0.value"),
    "secret_in_an_answer": ChannelSabotage("secrets_are_discreet", "auth.0.value"),
    "secret_in_the_repr": ChannelSabotage("secrets_are_discreet", "auth.0.value"),
    "shows_the_first_option": ChannelSabotage(READ_BACK, "where the quote says"),
    "signs_what_it_parsed": ChannelSabotage("a_signature_is_over_the_raw_bytes", "opens for"),
    "status_of_nobody": ChannelSabotage("every_status_is_declared_and_written", "504"),
    "statuses_without_words": ChannelSabotage(
        "it_is_found_by_its_entry_point", "no statuses", ("every_status_is_declared_and_written",)
    ),
    "takes_euros_for_reais": ChannelSabotage("what_cannot_be_told_is_no_answer", "something else"),
    "takes_grams_for_kilograms": ChannelSabotage("a_sample_asks_what_it_says", "another question"),
    "tells_more_than_its_model": ChannelSabotage("answers_are_of_their_model", "is no TillReply"),
    "undescribed_setting": ChannelSabotage("every_setting_is_described", "Settings.colour"),
    "undescribed_inner_setting": ChannelSabotage("every_setting_is_described", "Colours.front"),
    "unknown_is_a_no": ChannelSabotage("what_is_not_certain_is_no_answer", "comes to not delivered"),
}
EACH = pytest.mark.parametrize(
    "saboteur",
    [
        pytest.param(name, marks=[pytest.mark.exhaustive] if each.check == DOCUMENT else [])  # it loads schemathesis
        for name, each in SABOTAGES.items()
    ],
)


def broken(channel: str, wanted: Iterable[str]) -> dict[str, str]:
    """The checks that a channel breaks, of those wanted, and the words."""
    found = {}
    for check in wanted:
        try:
            getattr(ChannelContract(), f"test_{check}")(ChannelUnderTest(till_case(channel)))
        except BrokenContractError as verdict:
            found[check] = str(verdict)
    return found


@EACH
def test_a_channel_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(saboteur, [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_channel_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]
    others = set(CHECKS) - THOROUGH - {DOCUMENT}  # which takes as long as all of them together
    found = set(broken(saboteur, others | {sabotage.check}))

    assert found == {sabotage.check, *sabotage.also}


def test_every_check_of_channels_has_a_saboteur_that_it_is_meant_for() -> None:
    assert {sabotage.check for sabotage in SABOTAGES.values()} == set(CHECKS) - THOROUGH


def test_every_channel_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)


def test_a_channel_that_nobody_installed_is_told_by_its_name() -> None:
    found = broken("tilt", ["it_is_found_by_its_entry_point"])

    assert "no store can use the channel" in found["it_is_found_by_its_entry_point"]


def test_a_secret_that_a_marketplace_wants_back_may_stand_in_answers_that_receipts_keep_without_it() -> None:
    under_test = ChannelUnderTest(replace(till_case("secret_in_an_answer"), tells=["auth.0.value"]))
    secrets_are_discreet(under_test)
    reply = next(served_tellings(under_test)).reply

    assert KEY.encode() in reply.body
    assert reply.kept is not None
    assert KEY.encode() not in reply.kept


@pytest.mark.parametrize(("path", "words"), [("limit", "which are no secrets"), ("auth.0.value", "and none does")])
def test_a_case_lets_nothing_show_that_no_answer_tells(path: str, words: str) -> None:
    case = replace(till_case("till"), tells=[path])

    with pytest.raises(BrokenContractError, match=words):
        secrets_are_discreet(ChannelUnderTest(case))


class TestTill(ChannelContract):
    """The gallery's sound channel passes the whole suite, as anybody's would."""

    case = till_case("till")

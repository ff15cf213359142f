"""The suite that every channel passes, as tests; each is one check of `portes_testing.channels.checks`."""

from typing import ClassVar, Final

import pytest

from portes_testing.channels.case import ChannelCase
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.checks import (
    answers,
    credentials,
    deadlines,
    discretion,
    hostile,
    purity,
    questions,
    replies,
    service,
    settings,
    signatures,
)
from portes_testing.overrides import Suite

_FEW: Final = 300
_MANY: Final = 500


class ChannelContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your channel. See docs/contract-kit.md."""

    case: ClassVar[ChannelCase]
    """The channel under test."""

    def test_it_is_found_by_its_entry_point(self, channel_under_test: ChannelUnderTest) -> None:
        """A store that names the channel finds it, with all that a store looks for."""
        settings.found_by_its_entry_point(channel_under_test)

    def test_every_setting_is_described(self, channel_under_test: ChannelUnderTest) -> None:
        """Each key has a sentence for the operator."""
        settings.every_setting_is_described(channel_under_test)

    def test_settings_are_strict(self, channel_under_test: ChannelUnderTest) -> None:
        """A misspelled key is an error."""
        settings.settings_are_strict(channel_under_test)

    def test_secrets_are_discreet(self, channel_under_test: ChannelUnderTest) -> None:
        """No secret stands in a repr, an error, a log line, a reply or the OpenAPI document."""
        discretion.secrets_are_discreet(channel_under_test)

    def test_the_right_credentials_open(self, channel_under_test: ChannelUnderTest) -> None:
        """Whoever shows what was agreed is let in."""
        credentials.the_right_credentials_open(channel_under_test)

    def test_wrong_credentials_are_refused(self, channel_under_test: ChannelUnderTest) -> None:
        """Each value that a call shows counts."""
        credentials.wrong_credentials_are_refused(channel_under_test)

    def test_absent_credentials_are_refused(self, channel_under_test: ChannelUnderTest) -> None:
        """Each value that a call shows is needed."""
        credentials.absent_credentials_are_refused(channel_under_test)

    def test_another_stores_credentials_are_refused(self, channel_under_test: ChannelUnderTest) -> None:
        """What opens one store opens no other."""
        credentials.another_stores_credentials_are_refused(channel_under_test)

    def test_two_credentials_open_while_one_replaces_the_other(self, channel_under_test: ChannelUnderTest) -> None:
        """Where a setting takes a list, both of it open."""
        credentials.two_credentials_open_while_one_replaces_the_other(channel_under_test)

    def test_a_signature_is_over_the_raw_bytes(self, channel_under_test: ChannelUnderTest) -> None:
        """The signature of one body opens for no other, not even for equal JSON."""
        signatures.a_signature_is_over_the_raw_bytes(channel_under_test)

    def test_a_sample_asks_what_it_says(self, channel_under_test: ChannelUnderTest) -> None:
        """SKUs, quantities, measures, values and destination are those that the case declares."""
        questions.a_sample_asks_what_it_says(channel_under_test)

    def test_a_wrong_sample_is_refused_by_its_fields(self, channel_under_test: ChannelUnderTest) -> None:
        """Calls that the case calls wrong name the fields that are."""
        questions.a_wrong_sample_is_refused_by_its_fields(channel_under_test)

    def test_several_lines_can_be_asked_about(self, channel_under_test: ChannelUnderTest) -> None:
        """The case has a call with several lines, or the channel's own reason why none can have."""
        questions.several_lines_can_be_asked_about(channel_under_test)

    def test_its_example_is_a_question_of_the_store(self, channel_under_test: ChannelUnderTest) -> None:
        """The example is let in and read, at the channel's own address."""
        questions.its_example_is_a_question_of_the_store(channel_under_test)

    def test_questions_are_the_stores(self, channel_under_test: ChannelUnderTest) -> None:
        """The settings `calendar` and `lines` reach each question, and rules know the channel's name."""
        questions.questions_are_the_stores(channel_under_test)

    def test_a_sample_with_one_thing_wrong_is_refused_or_read(self, channel_under_test: ChannelUnderTest) -> None:
        """A wrong field is named as its sender calls it, and nothing crashes."""
        hostile.a_sample_with_one_thing_wrong_is_refused_or_read(channel_under_test, most=_FEW)

    @pytest.mark.exhaustive
    def test_every_sample_with_one_thing_wrong_is_refused_or_read(self, channel_under_test: ChannelUnderTest) -> None:
        """The same, for every field and everything that can be wrong with it."""
        hostile.a_sample_with_one_thing_wrong_is_refused_or_read(channel_under_test)

    def test_anything_is_refused_or_read(self, channel_under_test: ChannelUnderTest) -> None:
        """Whatever Hypothesis comes upon ends in a refusal or a question."""
        hostile.anything_is_refused_or_read(channel_under_test)

    @pytest.mark.exhaustive
    def test_much_more_is_refused_or_read(self, channel_under_test: ChannelUnderTest) -> None:
        """The same, with many more examples."""
        hostile.anything_is_refused_or_read(channel_under_test, _MANY)

    def test_a_documented_reply_is_understood(self, channel_under_test: ChannelUnderTest) -> None:
        """The marketplace's samples come to what the case says."""
        answers.a_documented_reply_is_understood(channel_under_test)

    def test_a_served_quote_is_read_back(self, channel_under_test: ChannelUnderTest) -> None:
        """The marketplace shows exactly the quote's prices, and promises nothing sooner."""
        answers.a_served_quote_is_read_back(channel_under_test)

    def test_a_quote_that_nobody_serves_is_read_back(self, channel_under_test: ChannelUnderTest) -> None:
        """The marketplace says that it is not delivered there, where it can say so."""
        answers.a_quote_that_nobody_serves_is_read_back(channel_under_test)

    def test_what_is_not_certain_is_no_answer(self, channel_under_test: ChannelUnderTest) -> None:
        """Unknown, or held back: neither a price nor a no."""
        answers.what_is_not_certain_is_no_answer(channel_under_test)

    def test_what_cannot_be_told_is_no_answer(self, channel_under_test: ChannelUnderTest) -> None:
        """What the marketplace's rules have no words for becomes an alarm."""
        answers.what_cannot_be_told_is_no_answer(channel_under_test)

    def test_what_is_no_quote_is_no_answer(self, channel_under_test: ChannelUnderTest) -> None:
        """A call that is refused, turned away or crashed comes to neither a price nor a no."""
        answers.what_is_no_quote_is_no_answer(channel_under_test)

    def test_freight_is_never_free_by_mistake(self, channel_under_test: ChannelUnderTest) -> None:
        """Nothing is shown as free of charge that the quote does not give away."""
        answers.freight_is_never_free_by_mistake(channel_under_test)

    def test_every_status_is_declared_and_written(self, channel_under_test: ChannelUnderTest) -> None:
        """The statuses of its page are those that it answers with."""
        replies.every_status_is_declared_and_written(channel_under_test)

    def test_answers_are_of_their_model(self, channel_under_test: ChannelUnderTest) -> None:
        """What the OpenAPI document promises of an answer holds."""
        replies.answers_are_of_their_model(channel_under_test)

    def test_amounts_are_exact(self, channel_under_test: ChannelUnderTest) -> None:
        """No number has more decimals than the currency."""
        replies.amounts_are_exact(channel_under_test)

    def test_a_deadline_lies_before_the_limit(self, channel_under_test: ChannelUnderTest) -> None:
        """The engine has time, and it ends within the marketplace's patience."""
        deadlines.a_deadline_lies_before_the_limit(channel_under_test)

    def test_a_hint_only_shortens(self, channel_under_test: ChannelUnderTest) -> None:
        """A caller that waits less is heard; one that says that it waits longer is not."""
        deadlines.a_hint_only_shortens(channel_under_test)

    def test_the_same_call_gets_the_same_question_and_reply(self, channel_under_test: ChannelUnderTest) -> None:
        """Nothing is remembered between two calls."""
        purity.the_same_call_gets_the_same_question_and_reply(channel_under_test)

    def test_quotes_are_left_as_they_were(self, channel_under_test: ChannelUnderTest) -> None:
        """Quotes and questions are unchanged: a receipt keeps them."""
        purity.quotes_are_left_as_they_were(channel_under_test)

    def test_it_reads_no_clock(self, channel_under_test: ChannelUnderTest) -> None:
        """All dates come from the quote."""
        purity.it_reads_no_clock(channel_under_test)

    def test_it_asks_nobody(self, channel_under_test: ChannelUnderTest) -> None:
        """Files, environment, network and threads are the service's own."""
        purity.it_asks_nobody(channel_under_test)

    def test_its_example_is_answered_over_http(self, channel_under_test: ChannelUnderTest) -> None:
        """The service prices the example, and lets nobody in without credentials."""
        service.its_example_is_answered_over_http(channel_under_test)

    @pytest.mark.exhaustive
    def test_every_question_gets_what_the_document_says(self, channel_under_test: ChannelUnderTest) -> None:
        """What schemathesis makes of the OpenAPI document ends as that says."""
        service.every_question_gets_what_the_document_says(channel_under_test)


__all__ = ["ChannelContract"]

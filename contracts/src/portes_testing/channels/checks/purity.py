"""Checks that a channel turns bytes into bytes, and nothing else has a say in it."""

from collections.abc import Iterator
from contextlib import suppress

from portes.errors import UnauthorizedError
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.tellings import all_tellings, other_replies
from portes_testing.harness import purity
from portes_testing.harness.errors import require, require_none


def the_same_call_gets_the_same_question_and_reply(under_test: ChannelUnderTest) -> None:
    """A receipt that is decided again, and a cache between, rely on it."""
    again = under_test.fresh()
    for first, second in zip(under_test.asked, again.asked, strict=True):
        require(first.question == second.question, f"{first.words}: it asks something else the second time")
    replies = [(telling.words, telling.reply) for telling in all_tellings(under_test)]
    for (words, one), telling in zip(replies, all_tellings(under_test), strict=True):
        require(one == telling.reply, f"{words}: it replies something else the second time")


def quotes_are_left_as_they_were(under_test: ChannelUnderTest) -> None:
    """The quote is kept as a receipt after it was told, and so is the question."""
    for telling in all_tellings(under_test):
        now = telling.quote.model_dump_json(warnings=False)
        require(now == telling.given, f"{telling.words}: write() changed the quote in place")
    for asked, fresh in zip(under_test.asked, under_test.fresh().asked, strict=True):
        require(asked.question == fresh.question, f"{asked.words}: write() changed the question in place")


def it_reads_no_clock(under_test: ChannelUnderTest) -> None:
    """All dates come from the quote."""
    _abstains(under_test, purity.CLOCK, "a quote has its dates, and a receipt is told again with those of then")


def it_asks_nobody(under_test: ChannelUnderTest) -> None:
    """Files, environment, network and threads are the service's own."""
    for forbidden in (purity.FILES, purity.ENVIRONMENT, purity.CONNECTIONS, purity.THREADS):
        _abstains(under_test, forbidden, "a channel is called on the event loop for every question")


def _abstains(under_test: ChannelUnderTest, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.uses_in_source(under_test.plugin, forbidden), why)
    with purity.observed_uses(under_test.plugin) as seen:
        for _ in _all_work(under_test.fresh()):
            pass
    require_none(seen[forbidden], why)


def _all_work(under_test: ChannelUnderTest) -> Iterator[object]:
    for telling in all_tellings(under_test):
        with suppress(UnauthorizedError):
            under_test.knock(telling.asked.call)
        yield under_test.understood(telling.asked.call, telling.reply)
    yield from other_replies(under_test)


__all__ = [
    "it_asks_nobody",
    "it_reads_no_clock",
    "quotes_are_left_as_they_were",
    "the_same_call_gets_the_same_question_and_reply",
]

"""Every quote that a channel is given, with the reply that it wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from portes.channels.problems import ChallengedError
from portes.channels.protocol import Channel, ChannelReply
from portes.contract import Quote
from portes.errors import Problem, RequestError, TooMuchError, UnauthorizedError
from portes_testing.channels.channel_under_test import Asked, ChannelUnderTest
from portes_testing.channels.quotes import (
    foreign_quote,
    free_quote,
    not_served_quotes,
    parted_quote,
    quote_in_part,
    served_quotes,
    unknown_quotes,
)

REFUSALS: Final = (
    RequestError(Problem("body", "x", "is no question", "write one")),
    TooMuchError(Problem("body", "3000", "holds more than 2000 lines", "ask for fewer")),
    ChallengedError(Problem("headers", "", "the credentials are missing"), 'Basic realm="portes"'),
    UnauthorizedError(Problem("headers", "", "the credentials are missing")),
)
"""What senders have to mend: one of each kind."""
EXCUSES: Final = (500, 503)


@dataclass(frozen=True, slots=True)
class Telling:
    """A quote and what was written of it."""

    words: str
    asked: Asked
    quote: Quote
    given: str
    """The quote as it was before it was told, as JSON."""
    reply: ChannelReply


def served_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Served quotes, each to every call that asks the engine."""
    for asked, request in under_test.quoted:
        for words, quote in served_quotes(request):
            yield _told(under_test, words, asked, quote)
        if request.answered_apart and len(request.lines) > 1:
            yield _told(under_test, "lines that are answered apart", asked, parted_quote(request))


def not_served_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Quotes that nobody serves."""
    for asked, request in under_test.quoted:
        for words, quote in not_served_quotes(request):
            yield _told(under_test, f"not served, {words}", asked, quote)


def unknown_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Quotes of which nobody could find out."""
    for asked, request in under_test.quoted:
        for words, quote in unknown_quotes(request):
            yield _told(under_test, f"unknown, {words}", asked, quote)


def withheld_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Served quotes of which a type failed, told by a channel that holds its offers back; none where none can."""
    if "withhold" in under_test.plugin.Settings.model_fields:
        channel = under_test.make(withhold="any")
        for asked, request in under_test.quoted:
            yield _told(under_test, "withheld", asked, quote_in_part(request), channel)


def partial_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """The same quotes, told by a channel that holds nothing back."""
    never: dict[str, Any] = {"withhold": "never"} if "withhold" in under_test.plugin.Settings.model_fields else {}
    channel = under_test.make(**never)
    for asked, request in under_test.quoted:
        yield _told(under_test, "served, and a type failed", asked, quote_in_part(request), channel)


def broken_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Quotes that cannot be told by the marketplace's rules, as the case declares them."""
    for asked, request in under_test.quoted:
        for number, broken in enumerate(under_test.case.breaks):
            for words, quote in served_quotes(request):
                yield _told(under_test, f"{words}, broken by {number}", asked, broken(quote))


def odd_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """Quotes that a marketplace may have no words for: a foreign currency, nothing to pay."""
    for asked, request in under_test.quoted:
        yield _told(under_test, "a foreign currency", asked, foreign_quote(request))
        yield _told(under_test, "free of charge", asked, free_quote(request))


def all_tellings(under_test: ChannelUnderTest) -> Iterator[Telling]:
    """All of them."""
    kinds = (
        served_tellings,
        not_served_tellings,
        unknown_tellings,
        withheld_tellings,
        partial_tellings,
        broken_tellings,
        odd_tellings,
    )
    return chain.from_iterable(tellings(under_test) for tellings in kinds)


def other_replies(under_test: ChannelUnderTest) -> Iterator[tuple[str, ChannelReply]]:
    """Replies that are no answer to a quote: refusals, excuses, and what read() itself replied."""
    for error in REFUSALS:
        yield f"refuse({type(error).__name__})", under_test.refuse(error)
    for status in EXCUSES:
        yield f"excuse({status})", under_test.excuse(status)


def _told(
    under_test: ChannelUnderTest, words: str, asked: Asked, quote: Quote, channel: Channel | None = None
) -> Telling:
    given = quote.model_dump_json(warnings=False)
    return Telling(f"{asked.words}, {words}", asked, quote, given, under_test.tell(asked, quote, channel))


__all__ = [
    "EXCUSES",
    "REFUSALS",
    "Telling",
    "all_tellings",
    "broken_tellings",
    "not_served_tellings",
    "odd_tellings",
    "other_replies",
    "partial_tellings",
    "served_tellings",
    "unknown_tellings",
    "withheld_tellings",
]

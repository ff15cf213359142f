"""Checks of what is read: the samples of the case ask what they say, and no more."""

from collections.abc import Iterator
from functools import partial

from portes.channels.protocol import Addressed, ChannelReply
from portes.contract import QuoteRequest
from portes.contract.goods import RequestLine
from portes.errors import RequestError, UnauthorizedError
from portes_testing.channels.calls import call_of
from portes_testing.channels.case import AskedLine, Asks
from portes_testing.channels.channel_under_test import Asked, ChannelUnderTest
from portes_testing.harness.errors import BrokenContractError, require, require_none


def a_sample_asks_what_it_says(under_test: ChannelUnderTest) -> None:
    """SKUs, quantities, grams, sizes, values and the destination are those that the case declares."""
    declared = [one for one in under_test.case.requests if one.asks is not None]
    for sample, asked in zip(declared, under_test.asked[1:], strict=True):
        assert sample.asks is not None  # noqa: S101 — they were chosen by it
        require_none(_differences(sample.asks, asked, under_test), f"{sample} is read as another question")


def _differences(asks: Asks, asked: Asked, under_test: ChannelUnderTest) -> Iterator[str]:
    request, case = asked.request, under_test.case
    if request is None or not asks.postal_code:
        if (request is None) == bool(asks.postal_code):
            yield f"the engine is {'not ' if request is None else ''}asked, and the case says otherwise"
        return
    place = (asks.country or case.country, asks.postal_code)
    yield from _unlike("destination", (request.destination.country, request.destination.postal_code), place)
    front = ("shop", case.currency)
    yield from _unlike("store, currency", (request.store, request.currency), front)
    yield from _unlike("lines", [_told(line) for line in request.lines], list(asks.lines))


def _unlike(what: str, read: object, wanted: object) -> Iterator[str]:
    if read != wanted:
        yield f"{what}: {read} in place of {wanted}"


def _told(line: RequestLine) -> AskedLine:
    size = None if line.size is None else (line.size.length, line.size.width, line.size.height)
    value = None if line.declared_value is None else line.declared_value.minor
    return AskedLine(line.sku, line.quantity, line.weight, size, value)


def a_wrong_sample_is_refused_by_its_fields(under_test: ChannelUnderTest) -> None:
    """Calls that the case calls wrong name exactly the fields that are."""
    for sample in under_test.case.requests:
        if sample.asks is None:
            try:
                asked = under_test.read(str(sample), call_of(under_test.channel, under_test.case, sample))
            except RequestError as error:
                named = [problem.where for problem in error.problems]
                require(named == [*sample.wrong], f"{sample}: {named} are named in place of {[*sample.wrong]}")
            else:
                raise BrokenContractError(f"{sample} is wrong, and read as {asked.question}")


def its_example_is_a_question_of_the_store(under_test: ChannelUnderTest) -> None:
    """The example is let in, read, at the channel's own address and asks the engine."""
    call, channel = under_test.example, under_test.channel
    under_test.knock(call)
    _without_a_signature(under_test)
    require(call.path == f"/v1/shop/{channel.path}", f"its example goes to {call.path}")
    methods = channel.methods if isinstance(channel, Addressed) else ("POST",)
    tails = channel.tails if isinstance(channel, Addressed) else ("",)
    known = call.method in methods and call.tail in tails
    require(known, f"its example is {call.method} {call.tail!r}, which is none of {methods} and {tails}")
    request = under_test.asked[0].request
    require(request is not None, "its example asks nothing of the engine")
    assert request is not None  # noqa: S101 — as above
    require(request.store == "shop", f"its example asks of the store {request.store}")
    require(request.destination.country == under_test.case.country, "its example is for another country's place")


def _without_a_signature(under_test: ChannelUnderTest) -> None:
    """What the case says of an example without a signature is true: it is not let in as it is."""
    if under_test.case.unsigned_example:
        try:
            under_test.knock(under_test.channel.example())
        except UnauthorizedError:
            return
        raise BrokenContractError("its example is let in as it is; leave out the case's unsigned_example")


def several_lines_can_be_asked_about(under_test: ChannelUnderTest) -> None:
    """The case has a call with several lines, or no check would see how they are told."""
    several = any(len(request.lines) > 1 for _, request in under_test.quoted)
    words = "no call of the case asks about several lines; give it one, or say in one_line why none can"
    require(several != bool(under_test.case.one_line), words)


def questions_are_the_stores(under_test: ChannelUnderTest) -> None:
    """Calendar and grouping of the settings go into each question, and the channel's name as rules know it."""
    channel = under_test.make(calendar=under_test.case.country, lines="together")
    for asked, _ in under_test.quoted:
        again = under_test.without_crash(asked.words, partial(channel.read, asked.call))
        told = again if isinstance(again, QuoteRequest) else getattr(again, "request", None)
        sound = isinstance(told, QuoteRequest) and not isinstance(again, ChannelReply)
        require(sound, f"{asked.words}: with a calendar of its own it asks nothing")
        assert isinstance(told, QuoteRequest)  # noqa: S101 — as above
        require_none(
            [
                *_unlike("calendar", told.calendar, under_test.case.country),
                *_unlike("grouping", told.grouping, "together"),
                *_unlike("channel", told.channel, under_test.case.name),
            ],
            f"{asked.words}: the settings do not reach the question",
        )


__all__ = [
    "a_sample_asks_what_it_says",
    "a_wrong_sample_is_refused_by_its_fields",
    "its_example_is_a_question_of_the_store",
    "questions_are_the_stores",
    "several_lines_can_be_asked_about",
]

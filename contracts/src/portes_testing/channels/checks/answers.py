"""Checks of what is told: each quote is read back from its reply, by the marketplace's own rules."""

from collections.abc import Collection, Iterable

from portes.channels.protocol import ChannelReply
from portes.channels.understood import ReplyEffect
from portes_testing.channels.calls import bytes_of, call_of
from portes_testing.channels.case import BROKEN, ReplySample
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.expected import expected_options, misread
from portes_testing.channels.tellings import (
    Telling,
    broken_tellings,
    not_served_tellings,
    odd_tellings,
    other_replies,
    partial_tellings,
    served_tellings,
    unknown_tellings,
    withheld_tellings,
)
from portes_testing.harness.errors import require, require_none

_ANSWERS = frozenset({ReplyEffect.PRICES, ReplyEffect.NOT_DELIVERED})
"""What a marketplace shows as certain."""


def a_documented_reply_is_understood(under_test: ChannelUnderTest) -> None:
    """The marketplace's own samples come to what the case says, or break the rules that it says."""
    for sample in under_test.case.replies:
        reply = ChannelReply(sample.status, dict(sample.headers), bytes_of(sample.source))
        call = call_of(under_test.channel, under_test.case, sample.asked) if sample.asked else under_test.example
        found = under_test.understood(call, reply)
        if sample.effect == BROKEN:
            require(found.faults, f"{sample} breaks a rule of the marketplace, and is understood as {found.effect}")
            continue
        told = f"{sample} is understood as {found.effect}, with the faults {found.faults}"
        require(found.effect is sample.effect and not found.faults, told)
        _require_prices(sample, [option.price.minor for option in found.options])


def _require_prices(sample: ReplySample, prices: list[int]) -> None:
    if sample.prices is not None:
        require(prices == [*sample.prices], f"{sample} is understood as {prices} in place of {[*sample.prices]}")


def a_served_quote_is_read_back(under_test: ChannelUnderTest) -> None:
    """The marketplace shows exactly the quote's prices, and promises nothing sooner."""
    tellings = [*served_tellings(under_test), *partial_tellings(under_test)]
    require(tellings, "no call of the case asks the engine")
    require_none(_misread(under_test, tellings), "served quotes come to something else")


def _misread(under_test: ChannelUnderTest, tellings: Iterable[Telling]) -> Iterable[str]:
    for telling in tellings:
        wanted = expected_options(telling.quote, under_test.case)
        found = under_test.understood(telling.asked.call, telling.reply)
        if telling.reply.alarm or found.effect is not ReplyEffect.PRICES:
            why = telling.reply.alarm or "no alarm"
            yield f"{telling.words}: {found.effect} (status {telling.reply.status}, {why})"
            continue
        yield from (f"{telling.words}: {fault}" for fault in found.faults)
        yield from (f"{telling.words}: {fault}" for fault in misread(found.options, wanted, under_test.case))


def a_quote_that_nobody_serves_is_read_back(under_test: ChannelUnderTest) -> None:
    """The marketplace says that it is not delivered there, where it can say so."""
    _come_to(under_test, not_served_tellings(under_test), under_test.case.not_served)


def what_is_not_certain_is_no_answer(under_test: ChannelUnderTest) -> None:
    """Unknown, or held back: neither a price, nor "not delivered", which would lose a sale for ever."""
    _come_to(under_test, unknown_tellings(under_test), under_test.case.unknown)
    held_back = [*withheld_tellings(under_test)]
    _come_to(under_test, held_back, under_test.case.unknown)
    for telling in held_back:
        require(telling.reply.withheld, f"{telling.words}: the reply does not say for whose sake it holds offers back")


def _come_to(under_test: ChannelUnderTest, tellings: Iterable[Telling], effects: Collection[ReplyEffect]) -> None:
    for telling in tellings:
        found = under_test.understood(telling.asked.call, telling.reply)
        told = f"{found.effect}, with {found.faults or 'no'} faults"
        what = f"{telling.words}: status {telling.reply.status} comes to {told}"
        require(found.effect in effects and not found.faults and not found.options, what)
        require(not telling.reply.alarm, f"{telling.words}: it alarms somebody: {telling.reply.alarm}")


def what_cannot_be_told_is_no_answer(under_test: ChannelUnderTest) -> None:
    """A quote that the rules have no words for becomes an alarm; never another price, and never a no."""
    for telling in broken_tellings(under_test):
        _no_answer(under_test, telling)
    for telling in odd_tellings(under_test):
        found = under_test.understood(telling.asked.call, telling.reply)
        if found.effect is not ReplyEffect.PRICES:
            _no_answer(under_test, telling)
            continue
        wanted = expected_options(telling.quote, under_test.case)
        require_none(misread(found.options, wanted, under_test.case), f"{telling.words} is told as something else")


def _no_answer(under_test: ChannelUnderTest, telling: Telling) -> None:
    found = under_test.understood(telling.asked.call, telling.reply)
    require(found.effect not in _ANSWERS, f"{telling.words}: it comes to {found.effect}")
    require(telling.reply.alarm, f"{telling.words}: nobody is told why")


def freight_is_never_free_by_mistake(under_test: ChannelUnderTest) -> None:
    """Nothing is shown as free of charge that the quote does not give away, whatever went wrong."""
    for telling in (*served_tellings(under_test), *not_served_tellings(under_test), *unknown_tellings(under_test)):
        found = under_test.understood(telling.asked.call, telling.reply)
        free = [option.name for option in found.options if option.price.minor <= 0]
        require(not free, f"{telling.words}: {free} cost nothing, and nobody gave that away")


def what_is_no_quote_is_no_answer(under_test: ChannelUnderTest) -> None:
    """A call that is refused, turned away or crashed comes to neither prices nor "not delivered"."""
    for words, reply in other_replies(under_test):
        found = under_test.understood(under_test.example, reply)
        sound = found.effect not in _ANSWERS and not found.options
        require(sound, f"{words}: status {reply.status} comes to {found.effect}")
        require(not reply.is_answer, f"{words} calls itself an answer, so that no monitoring would count it")


__all__ = [
    "a_documented_reply_is_understood",
    "a_quote_that_nobody_serves_is_read_back",
    "a_served_quote_is_read_back",
    "freight_is_never_free_by_mistake",
    "what_cannot_be_told_is_no_answer",
    "what_is_no_quote_is_no_answer",
    "what_is_not_certain_is_no_answer",
]

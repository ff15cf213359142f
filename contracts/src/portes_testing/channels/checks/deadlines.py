"""Checks of how long the engine may take."""

from dataclasses import replace

from portes.channels.protocol import Hinted
from portes.errors import RequestError
from portes.store.plugin_checks import lacks_of_made_channel
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.harness.errors import require


def a_deadline_lies_before_the_limit(under_test: ChannelUnderTest) -> None:
    """There is time for the engine, and it ends no later than the marketplace's patience."""
    channel = under_test.channel
    lacking = lacks_of_made_channel(channel)
    require(not lacking, lacking)
    within = f"its deadline of {channel.deadline} s is after its limit of {channel.limit} s"
    require(channel.deadline <= channel.limit, within)


def a_hint_only_shortens(under_test: ChannelUnderTest) -> None:
    """A caller that waits less than the marketplace is heard; one that says that it waits longer is not."""
    channel, case = under_test.channel, under_test.case
    if not isinstance(channel, Hinted):
        require(not case.hints, "the case has hints, and the channel has no within()")
        return
    given = under_test.without_crash("within()", lambda: channel.within(under_test.example))
    require(given == channel.deadline, f"without a hint the engine may take {given} s, and not {channel.deadline} s")
    require(case.hints, "it listens to hints of callers; give the case some")
    for name, values in case.hints.items():
        heard = [_within(under_test, name.lower(), value) for value in values]
        sound = all(0 < seconds <= channel.deadline for seconds in heard)
        require(sound, f"the hints {values} of {name} come to {heard} s; the deadline is {channel.deadline} s")
        require(min(heard) < channel.deadline, f"none of the hints {values} of {name} is heard")


def _within(under_test: ChannelUnderTest, name: str, value: str) -> float:
    channel, call = under_test.channel, under_test.example
    asked = replace(call, headers={**call.headers, name: value})
    assert isinstance(channel, Hinted)  # noqa: S101 — its caller looked
    try:
        return channel.within(asked)
    except RequestError:
        return channel.deadline


__all__ = ["a_deadline_lies_before_the_limit", "a_hint_only_shortens"]

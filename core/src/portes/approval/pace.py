"""Calls at the rate of a marketplace's contract, each sent when it is due, and how long their answers took."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from time import monotonic, sleep
from typing import Final

from portes.approval.caller import Exchange, MarketplaceCaller
from portes.approval.report import PaceFigures
from portes.channels.protocol import ChannelRequest

_CALLERS: Final = 32
"""Calls that may be under way at once: an answer that is late holds up nobody else."""


def at_pace(
    calls: Sequence[ChannelRequest],
    caller: Callable[[], MarketplaceCaller],
    rate: float,
    seconds: float,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Exchange]:
    """Send the calls again and again, `rate` a second for so many `seconds`; those that wait start no later for it."""
    own, made = local(), list[MarketplaceCaller]()

    def ask(call: ChannelRequest) -> Exchange:
        if not hasattr(own, "caller"):
            own.caller = caller()
            made.append(own.caller)
        exchange: Exchange = own.caller.ask(call)
        return exchange

    many, started = max(1, round(rate * seconds)), monotonic()
    with ThreadPoolExecutor(_CALLERS) as pool:
        under_way = []
        for number in range(many):
            sleep(max(0.0, started + number / rate - monotonic()))
            under_way.append(pool.submit(ask, calls[number % len(calls)]))
            progress(number + 1, many)
        exchanges = [each.result() for each in under_way]
    for each in made:
        each.__exit__(None, None, None)
    return exchanges


def figures_of(
    exchanges: Sequence[Exchange], right: Callable[[Exchange], bool], rate: float, limit: float, distance: float
) -> PaceFigures:
    """What came of calls; `right` says of each whether the marketplace shows its answer."""
    ranked = sorted([(one.seconds + distance) * 1000 for one in exchanges])

    def share(part: float) -> float:
        return round(ranked[min(len(ranked) - 1, round(len(ranked) * part))], 1)

    return PaceFigures(
        rate=rate,
        seconds=round(len(exchanges) / rate, 1),
        calls=len(exchanges),
        wrong=sum([not right(one) for one in exchanges]),
        late=sum([one.seconds + distance > limit for one in exchanges]),
        p50=share(0.5),
        p95=share(0.95),
        p99=share(0.99),
        slowest=round(ranked[-1], 1),
    )

"""Asks a store's carriers and decides, for hosts that wait and for hosts in an event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from random import getrandbits
from typing import Final

from portes.catalogue import KnownGoods
from portes.clock import Clock, SystemClock
from portes.contract import Quote, QuoteRequest
from portes.engine import fallback
from portes.engine.answered import Answered, QuoteRecord
from portes.engine.breaker import CircuitState
from portes.engine.cache import AnswerCache
from portes.engine.checks import check
from portes.engine.decide import decide
from portes.engine.dispatch import Dispatcher
from portes.engine.fallback import FallbackUse
from portes.engine.large import INLINE, LargePool, size_of
from portes.engine.plan import Plan, make_plan
from portes.engine.policy import Policy
from portes.engine.rounds import Rounds
from portes.hooks import Watchers

UNKNOWN: Final = "unknown"
"""Why a SKU was missed: the catalogue lacks it."""


class Quoter:
    """The engine of one store. Thread-safe; `close` it when done.

    `record` is given every quote with all it was made of, between the decision and the marketplace: it must take it
    over within microseconds and never raise. `before` is the engine whose place this one takes: its memory is kept,
    and the circuits of carriers that did not change. Its own late answers still come into that memory.
    `missed` is given the SKUs of each question that the catalogue lacks, and must be as quick.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        clock: Clock | None = None,
        watchers: Watchers | None = None,
        record: Callable[[QuoteRecord], None] | None = None,
        before: "Quoter | None" = None,
        missed: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        self.policy = policy
        self._clock = clock or SystemClock()
        self._watchers = watchers or Watchers()
        self._record = record
        self._missed = missed
        self.cache = _cache(policy, self._clock, before)
        breakers = before._dispatcher.breakers() if before else None  # noqa: SLF001 — its own kind
        self._dispatcher: Dispatcher = Dispatcher(policy, self._clock, self.cache, breakers)
        self._large = LargePool(policy.store)

    def quote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question, waiting at most `within` seconds for carriers (None: each one's own timeout).

        What has not come by then is a failure `late`; it still finishes behind the answer.
        A catalogue that has to be asked is, before anything is planned; see `portes.catalogue`.
        Raises `RequestError` for a question that cannot be asked.
        """
        started, asked = self._clock.monotonic(), self._ask_catalogue(request)
        if isinstance(asked, Future):
            try:
                asked = asked.result(self._longest_look_up(within))
            except TimeoutError:
                asked = self._late(request)
        rounds = self._start(request, started, within, asked)
        while rounds.is_open:
            rounds.wait()
            rounds.go_on()
        return self._finish(rounds)

    async def aquote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question in an event loop: instant carriers are asked on it, the others awaited without blocking.

        The steps of a large question would hold the loop, so they are taken in threads; see `portes.engine.large`.
        Raises `RequestError` as `quote` does, and `BusyError` when there is no room for one more large question.
        """
        started, asked = self._clock.monotonic(), self._ask_catalogue(request)
        if isinstance(asked, Future):
            coming = asyncio.wrap_future(asked)  # not cancelled: what comes too late is remembered
            await asyncio.wait({coming}, timeout=self._longest_look_up(within))
            asked = coming.result() if coming.done() else self._late(request)
        size = size_of(request, self.policy)
        if size > INLINE:
            return await self._aquote_large(request, size, within, started, asked)
        rounds = self._start(request, started, within, asked)
        while rounds.is_open:
            await rounds.wait_async()
            rounds.go_on()
        return self._finish(rounds)

    async def _aquote_large(
        self, request: QuoteRequest, size: int, within: float | None, started: float, goods: KnownGoods | None
    ) -> Quote:
        with self._large.place(size):
            rounds = await self._large.plan(partial(self._start, request, started, within, goods), within)
            while rounds.is_open:
                await rounds.wait_async()
                await self._large.decide(rounds.go_on)
            return await self._large.decide(partial(self._finish, rounds))

    def _ask_catalogue(self, request: QuoteRequest) -> "KnownGoods | Future[KnownGoods] | None":
        """What the catalogue says of a question's SKUs, or will; None where it tells all there is at once."""
        catalogue = self.policy.catalogue
        if catalogue is None or catalogue.at_once:
            return None
        check(request, self.policy)  # nobody is asked about what cannot be asked
        return catalogue.ask([line.sku for line in request.lines])

    def _longest_look_up(self, within: float | None) -> float:
        longest = 0.0 if self.policy.catalogue is None else self.policy.catalogue.timeout
        return longest if within is None else min(within, longest)

    def _late(self, request: QuoteRequest) -> KnownGoods | None:
        catalogue = self.policy.catalogue
        return None if catalogue is None else catalogue.late([line.sku for line in request.lines])

    def _start(
        self, request: QuoteRequest, started: float, within: float | None, goods: KnownGoods | None = None
    ) -> Rounds:
        plan = make_plan(request, self._clock.now().astimezone(self.policy.timezone), self.policy, goods)
        self._watchers.portes_asked(store=self.policy.store, request=request)
        if self.policy.catalogue is not None and not all(plan.entries):
            self._tell_missed(plan, goods)
        return Rounds(plan, self._dispatcher, started, within)

    def _tell_missed(self, plan: Plan, goods: KnownGoods | None) -> None:
        """Tell which SKUs the catalogue lacks, and which it could not be asked about."""
        lines = zip(plan.request.lines, plan.entries, strict=True)
        lacking = [line.sku for line, entry in lines if entry is None]
        if goods is not None and goods.failed:
            failed = [sku for sku in lacking if sku in goods.failed]
            self._watchers.portes_sku_missed(store=self.policy.store, skus=failed, cause=goods.kind.value)
            lacking = [sku for sku in lacking if sku not in goods.failed]
        if lacking:
            self._watchers.portes_sku_missed(store=self.policy.store, skus=lacking, cause=UNKNOWN)
            if self._missed is not None:
                self._missed(lacking)

    def _finish(self, rounds: Rounds) -> Quote:
        plan, answers = rounds.plan, rounds.answers()
        quote = decide(_new_id(plan.moment), plan, answers, self.policy, rounds.worked)
        self._observe(QuoteRecord(plan, answers, quote, self._clock.monotonic() - rounds.started))
        return quote

    def _observe(self, record: QuoteRecord) -> None:
        """Tell watchers and the receipt, once, when all is decided."""
        for answered, told in zip(record.answers.values(), record.told, strict=True):
            for one in (told, *told.chain):
                self._observe_answer(one)
            for use in fallback.uses(answered) if answered.chain else ():
                self._observe_use(answered.question.member.key, use)
        store, request = self.policy.store, record.plan.request
        self._watchers.portes_quoted(store=store, request=request, quote=record.quote, seconds=record.seconds)
        if self._record is not None:
            self._record(record)

    def _observe_answer(self, answered: Answered) -> None:
        key, store = answered.question.member.key, self.policy.store
        self._watchers.portes_answered(store=store, carrier=key, answer=answered.raw, seconds=answered.seconds)

    def _observe_use(self, carrier: str, use: FallbackUse) -> None:
        store, kind = self.policy.store, use.kind.value
        self._watchers.portes_fell_back(store=store, carrier=carrier, fallback=use.fallback, kind=kind)

    def circuits(self) -> dict[str, CircuitState]:
        """The state of each carrier's circuit, by key; instant carriers have none."""
        return self._dispatcher.circuits()

    def under_way(self) -> dict[str, int]:
        """The number of questions before each carrier that is not instant, by key."""
        return self._dispatcher.under_way()

    def idle(self, seconds: float) -> bool:
        """Wait until no carrier call is under way, for an orderly end; False when it takes longer than `seconds`."""
        return self._dispatcher.idle(seconds)

    def close(self) -> None:
        """Take no more questions; calls under way end within their timeout."""
        self._large.close()
        if self.policy.catalogue is not None:
            self.policy.catalogue.close()
        self._dispatcher.close()


def _new_id(moment: datetime) -> str:
    """A text of 32 hexadecimal digits that nobody has yet; later ones sort later, which databases find easier to keep.

    Milliseconds since 1970, then 80 random bits, much as in version 7 of RFC 9562. Nobody is kept from guessing it, so
    they need not come from the system, which takes as long for them as a table for a price.
    """
    return f"{int(moment.timestamp() * 1000):012x}{getrandbits(80):020x}"


def _cache(policy: Policy, clock: Clock, before: Quoter | None) -> AnswerCache:
    """The memory of the engine before, when it is of the right size, else a new one that takes up what there is."""
    size, most_bytes = policy.settings.cache_size, policy.settings.cache_bytes
    if before is not None and (before.cache.size, before.cache.most_bytes) == (size, most_bytes):
        return before.cache
    cache = AnswerCache(size, most_bytes, clock)
    cache.restore(before.cache.entries() if before else ())
    return cache

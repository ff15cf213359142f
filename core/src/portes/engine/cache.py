"""Remembers what carriers said: fresh answers, stale ones for a while, failures never; it asks nobody.

A store's own class, because no kept library tells stale-while-refreshing from stale-while-failing per outcome;
the bounded, thread-safe map under it is `cachebox`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cachebox import LRUCache

from portes.clock import Clock
from portes.contract import Answer, Failure, Rate, Refusal, Source
from portes.settings import CacheTtl

Key = tuple[Any, ...]
"""All that can change an answer, hashable; see `portes.engine.cache_key`."""


class CachedOutcome(NamedTuple):
    """An outcome and when it was said, on the monotonic clock."""

    outcome: Rate | Refusal
    at: float


Page = Mapping[str, CachedOutcome]
"""What is remembered of one question, by service."""

_EMPTY: Final[Page] = {}


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A whole answer out of memory; `stale` asks for a refresh behind it."""

    answer: Answer
    stale: bool


class AnswerCache:
    """A store's memory. Thread-safe; a page is replaced, never changed."""

    def __init__(self, size: int, clock: Clock) -> None:
        self._pages: LRUCache[Key, Page] = LRUCache(size)
        self._clock = clock
        self.size = size
        """Most questions remembered; the least recently used leaves first."""

    def __len__(self) -> int:
        return len(self._pages)

    def recall(
        self, key: Key, undated: Key, shipment_id: str, services: Iterable[str], ttl: CacheTtl
    ) -> CachedAnswer | None:
        """The answer to a question if every service is remembered and young enough, else None.

        `undated` is the key without the dispatch date: what was said for another day is as good as stale.
        """
        page, other = self._pages.get(key, _EMPTY), _EMPTY if undated is key else self._pages.get(undated, _EMPTY)
        if not page and not other:
            return None
        now = self._clock.monotonic()
        found = [_found(page.get(code), other.get(code), ttl, now) for code in services]
        sound = [one for one in found if one is not None]
        if len(sound) < len(found):
            return None
        return CachedAnswer(_answer(shipment_id, [one.kept for one in sound], now), any(one.stale for one in sound))

    def keep(self, key: Key, undated: Key, answer: Answer) -> None:
        """Remember an answer's rates and refusals; what failed leaves the earlier outcome in place.

        `undated` is the key without the dispatch date: a stale look-up ignores the date.
        """
        now = self._clock.monotonic()
        outcomes: tuple[Rate | Refusal, ...] = (*answer.rates, *answer.refusals)
        said = {one.service: CachedOutcome(one, now) for one in outcomes}
        if said:
            for each in {key, undated}:
                self._pages[each] = {**self._pages.get(each, {}), **said}

    def cover(self, undated: Key, answer: Answer, ttl: CacheTtl) -> Answer:
        """The answer with stale rates in place of its failures, where memory has one young enough."""
        page = self._pages.get(undated) if answer.failures else None
        if page is None:
            return answer
        now = self._clock.monotonic()
        stale = {failure.service: self._instead_of(page, failure, ttl, now) for failure in answer.failures}
        covered = tuple(rate for rate in stale.values() if rate is not None)
        left = tuple(failure for failure in answer.failures if stale[failure.service] is None)
        return answer.model_copy(update={"rates": (*answer.rates, *covered), "failures": left})

    @staticmethod
    def _instead_of(page: Page, failure: Failure, ttl: CacheTtl, now: float) -> Rate | None:
        kept = page.get(failure.service)
        if kept is None or not isinstance(kept.outcome, Rate) or now - kept.at > ttl.stale_if_error:
            return None
        return aged(_undated(kept.outcome), now - kept.at)

    def pages(self) -> list[tuple[Key, Page]]:
        """Everything remembered, for keeping it across a restart."""
        return list(self._pages.items())

    def restore(self, pages: Iterable[tuple[Key, Page]]) -> None:
        """Take up what an earlier process remembered; younger outcomes of this one win."""
        for key, page in pages:
            self._pages[key] = {**page, **self._pages.get(key, {})}


def aged(rate: Rate, age: float) -> Rate:
    """The rate as memory gives it: it says that it comes from there, and how old it is."""
    return rate.model_copy(update={"source": Source.CACHE, "age": rate.age + int(age)})


def _undated(rate: Rate) -> Rate:
    """The rate for another hand-over day than the one it was said for: without its promise."""
    if rate.transit.promised is None:
        return rate
    return rate.model_copy(update={"transit": rate.transit.model_copy(update={"promised": None})})


class _FoundOutcome(NamedTuple):
    kept: CachedOutcome
    stale: bool


def _found(own: CachedOutcome | None, other: CachedOutcome | None, ttl: CacheTtl, now: float) -> _FoundOutcome | None:
    """What is remembered of one service: for this very day, else a rate for another one; None when it is too old."""
    if own is not None and now - own.at <= _longest(own, ttl):
        return _FoundOutcome(own, now - own.at > _fresh(own, ttl))
    if other is None or not isinstance(other.outcome, Rate) or now - other.at > ttl.stale_while_revalidate:
        return None
    return _FoundOutcome(other._replace(outcome=_undated(other.outcome)), stale=True)


def _longest(kept: CachedOutcome, ttl: CacheTtl) -> float:
    return max(ttl.fresh, ttl.stale_while_revalidate) if isinstance(kept.outcome, Rate) else ttl.refusals


def _fresh(kept: CachedOutcome, ttl: CacheTtl) -> float:
    return ttl.fresh if isinstance(kept.outcome, Rate) else ttl.refusals


def _answer(shipment_id: str, page: Sequence[CachedOutcome], now: float) -> Answer:
    return Answer(
        shipment_id=shipment_id,
        rates=tuple(aged(one.outcome, now - one.at) for one in page if isinstance(one.outcome, Rate)),
        refusals=tuple(one.outcome for one in page if isinstance(one.outcome, Refusal)),
    )

"""Remembers what carriers said: fresh answers, stale ones for a while, failures never; it asks nobody.

A store's own class, because no kept library tells stale-while-refreshing from stale-while-failing per outcome;
the bounded, thread-safe map under it is `cachebox`.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from sys import getsizeof
from typing import Final, NamedTuple

from cachebox import LRUCache

from portes.clock import Clock
from portes.contract import Answer, Failure, Rate, Refusal, Source
from portes.contract.base import Noun
from portes.contract.bounds import LONGEST_WAIT
from portes.engine.cache_key import CacheKey
from portes.settings import CacheTtl


class CachedOutcome(NamedTuple):
    """An outcome and when it was said, on the monotonic clock."""

    outcome: Rate | Refusal
    at: float


Outcomes = Mapping[str, CachedOutcome]
"""What is remembered of one question, by service."""

_EMPTY: Final[Outcomes] = {}
_PLAIN: Final = 1024
"""Bytes of a key or a refusal, by and large; a rate has about twice as many parts."""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A whole answer out of memory; `stale` asks for a refresh behind it."""

    answer: Answer
    stale: bool


class AnswerCache:
    """A store's memory. Thread-safe; the outcomes under a key are replaced, never changed.

    A forked child goes on with a copy: the map's own lock is never held while another thread runs, since keys compare
    without a step of Python and sizes are measured before it is taken.

    Each question counts its bytes, but no less than its even share of them: so both bounds are one.
    """

    def __init__(self, size: int, most_bytes: int, clock: Clock) -> None:
        self._share = max(1, most_bytes // size)
        self._outcomes: LRUCache[CacheKey, Outcomes] = LRUCache(
            min(most_bytes, self._share * size), getsizeof=self._bytes
        )
        self._clock = clock
        self.size = size
        """Most questions remembered; the least recently used leaves first."""
        self.most_bytes = most_bytes
        """Most bytes that they take, by and large."""

    def __len__(self) -> int:
        return len(self._outcomes)

    @property
    def bytes(self) -> int:
        """What the remembered questions count for, of `most_bytes`."""
        return self._outcomes.current_size()

    def _bytes(self, key: CacheKey, outcomes: Outcomes) -> int:
        return max(self._share, _memory_of_key(key) + sum(_memory_of(kept.outcome) for kept in outcomes.values()))

    def get(self, key: CacheKey, shipment_id: str, services: Iterable[str], ttl: CacheTtl) -> CachedAnswer | None:
        """The answer to a question if every service is remembered and young enough, else None.

        What was said for another day, under the date-independent key, is as good as stale.
        """
        own, any_day = self._known(key), _EMPTY
        if key.date_independent is not key:
            any_day = self._known(key.date_independent)
        if not own and not any_day:
            return None
        now = self._clock.monotonic()
        found = [_found(own.get(code), any_day.get(code), ttl, now) for code in services]
        sound = [one for one in found if one is not None]
        if len(sound) < len(found):
            return None
        return CachedAnswer(_answer(shipment_id, [one.kept for one in sound], now), any(one.stale for one in sound))

    def _known(self, key: CacheKey) -> Outcomes:
        """What is remembered under a key, and where it names services, of the same parcels for all; the younger."""
        own = self._outcomes.get(key, _EMPTY)
        whole = self._outcomes.get(key._replace(services=()), _EMPTY) if key.services else _EMPTY
        younger = {code: one for code, one in whole.items() if code not in own or one.at > own[code].at}
        return {**own, **younger} if younger else own

    def put(self, key: CacheKey, answer: Answer) -> None:
        """Remember an answer's rates and refusals, for its day and for any; what failed leaves the earlier outcome."""
        now = self._clock.monotonic()
        outcomes: tuple[Rate | Refusal, ...] = (*answer.rates, *answer.refusals)
        said = {one.service: CachedOutcome(one, now) for one in outcomes}
        if said:
            for each in {key, key.date_independent}:
                self._keep(each, {**self._outcomes.get(each, {}), **said})

    def _keep(self, key: CacheKey, outcomes: Outcomes) -> None:
        """Remember outcomes, unless they alone take more than there is for all: then nothing is known of the key."""
        self._outcomes.pop(key, None)
        with suppress(OverflowError):
            self._outcomes[key] = outcomes

    def stale_if_error(self, key: CacheKey, answer: Answer, ttl: CacheTtl) -> Answer:
        """The answer with stale rates in place of its failures, where memory has one young enough, of any day."""
        outcomes = self._known(key.date_independent) if answer.failures else _EMPTY
        if not outcomes:
            return answer
        now = self._clock.monotonic()
        stale = {failure.service: self._instead_of(outcomes, failure, ttl, now) for failure in answer.failures}
        covered = tuple(rate for rate in stale.values() if rate is not None)
        left = tuple(failure for failure in answer.failures if stale[failure.service] is None)
        return answer.model_copy(update={"rates": (*answer.rates, *covered), "failures": left})

    @staticmethod
    def _instead_of(outcomes: Outcomes, failure: Failure, ttl: CacheTtl, now: float) -> Rate | None:
        kept = outcomes.get(failure.service)
        if kept is None or not isinstance(kept.outcome, Rate) or now - kept.at > ttl.stale_if_error:
            return None
        return aged(_undated(kept.outcome), now - kept.at)

    def entries(self) -> list[tuple[CacheKey, Outcomes]]:
        """Everything remembered, for keeping it across a restart."""
        return list(self._outcomes.items())

    def restore(self, entries: Iterable[tuple[CacheKey, Outcomes]]) -> None:
        """Take up what an earlier process remembered; younger outcomes of this one win."""
        for key, outcomes in entries:
            self._keep(key, {**outcomes, **self._outcomes.get(key, {})})


def _memory_of_key(key: CacheKey) -> int:
    return _PLAIN + len(key.parcels) * getsizeof(key)


def _memory_of(outcome: Rate | Refusal) -> int:
    """About how many bytes an outcome takes: what has no bound of its own is looked at, the rest is much the same."""
    if isinstance(outcome, Refusal):
        return _PLAIN + getsizeof(outcome.text) + getsizeof(outcome.code)
    return 2 * _PLAIN + _memory((outcome.notes, outcome.surcharges, outcome.pickup_points))


def _memory(value: object) -> int:
    """About how many bytes a value takes with all its parts, counting what it shares with others as its own."""
    parts: Iterable[object] = value if isinstance(value, tuple) else ()
    own = getsizeof(value)
    if isinstance(value, Noun):
        parts = value.__dict__.values()
        own += getsizeof(value.__dict__) + getsizeof(value.model_fields_set)
    return own + sum(map(_memory, parts))


def aged(rate: Rate, age: float) -> Rate:
    """The rate as memory gives it: it says that it comes from there, and how old it is."""
    return rate.model_copy(update={"source": Source.CACHE, "age": min(rate.age + int(age), LONGEST_WAIT)})


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


def _answer(shipment_id: str, outcomes: Sequence[CachedOutcome], now: float) -> Answer:
    return Answer(
        shipment_id=shipment_id,
        rates=tuple(aged(one.outcome, now - one.at) for one in outcomes if isinstance(one.outcome, Rate)),
        refusals=tuple(one.outcome for one in outcomes if isinstance(one.outcome, Refusal)),
    )

"""A catalogue that is asked for the SKUs of each cart: one query for those that it does not remember, off the loop."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import ClassVar, Final, NamedTuple

import structlog
from cachebox import LRUCache

from portes.carrier import Deadline
from portes.catalogue.catalogue import Catalogue, CatalogueEntry, CatalogueState, KnownGoods
from portes.catalogue.guard import CatalogueFailure, CatalogueGuard
from portes.catalogue.protocol import KeyedSource
from portes.catalogue.report import CatalogueReport, found_of
from portes.catalogue.rows import ReadRows, RowReader
from portes.clock import Clock
from portes.contract import FailureKind
from portes.forks.children import in_each_process

THREADS: Final = 4
"""Queries at once."""
MOST_WAITING: Final = 32
"""Queries under way or waiting, from which on a cart that needs one more is told that we are busy."""

_LATE: Final = CatalogueFailure(FailureKind.LATE, "the catalogue did not say in time")
_BUSY: Final = CatalogueFailure(FailureKind.BUSY, "as many queries of the catalogue as may wait are under way")

_log = structlog.get_logger(__name__)


class KeyedTerms(NamedTuple):
    """How long what was fetched is remembered, in seconds."""

    timeout: float
    """How long a query may take."""
    remember: float
    remember_absent: float
    """Of a SKU that the source did not have."""
    remember_most: int
    """How many SKUs are remembered."""
    most_age: float | None = None
    """After which a row counts as not known where the source is down; None for never."""


class _Remembered(NamedTuple):
    entry: CatalogueEntry | None
    at: float
    """On the monotonic clock."""


class KeyedCatalogue(Catalogue):
    """Asks for what it does not remember. Thread-safe; `close` it."""

    __slots__ = (
        "_clock",
        "_closed",
        "_failure",
        "_fetches",
        "_flying",
        "_guard",
        "_lock",
        "_pool",
        "_reader",
        "_remembered",
        "_source",
        "_terms",
    )

    at_once: ClassVar[bool] = False

    def __init__(
        self, source: KeyedSource, reader: RowReader, terms: KeyedTerms, guard: CatalogueGuard, clock: Clock
    ) -> None:
        super().__init__({}, "")
        self._source, self._reader, self._terms, self._guard, self._clock = source, reader, terms, guard, clock
        self._failure: CatalogueFailure | None = None
        self._closed = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._remembered: LRUCache[str, _Remembered] = LRUCache(self._terms.remember_most)
        self._lock = Lock()
        self._flying: dict[str, Future[CatalogueFailure | None]] = {}
        """The fetch that each SKU under way is in, which others join."""
        self._fetches = 0
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=f"portes-{self._guard.store}-catalogue")
        if self._closed:
            self._pool.shutdown(wait=False)

    def __len__(self) -> int:
        return len(self._remembered)

    @property
    def entries(self) -> list[CatalogueEntry]:
        """What is remembered; there may be any number besides."""
        found = [self._find(sku) for sku in list(self._remembered.keys())]
        return [one.entry for one in found if one is not None and one.entry is not None]

    @property
    def is_listed(self) -> bool:
        """False: only what somebody asked for is known."""
        return False

    def get(self, sku: str) -> CatalogueEntry | None:
        """What is remembered of a SKU, however old; it asks nobody."""
        found = self._find(sku)
        return None if found is None else found.entry

    def _find(self, sku: str) -> _Remembered | None:
        return self._remembered.get(sku)

    def ask(self, skus: Sequence[str]) -> "KnownGoods | Future[KnownGoods]":
        """What is remembered, at once where that is all; otherwise what will be known, of one query for the rest."""
        wanted, now = list(dict.fromkeys(skus)), self._clock.monotonic()
        missing = [sku for sku in wanted if not self._is_fresh(sku, now)]
        if not missing:
            return self._known(wanted, None)
        fetches, refused = self._joined(missing)
        if refused is not None:
            return self._known(wanted, refused)
        together: Future[KnownGoods] = Future()
        left = len(fetches)
        lock, failures = Lock(), list[CatalogueFailure]()

        def note(fetch: "Future[CatalogueFailure | None]") -> None:
            nonlocal left
            with lock:
                failures.extend(filter(None, [fetch.result()]))
                left -= 1
                done = not left
            if done:
                together.set_result(self._known(wanted, failures[0] if failures else None))

        for fetch in fetches:
            fetch.add_done_callback(note)
        return together

    def late(self, skus: Sequence[str]) -> KnownGoods:
        """What is remembered of some SKUs, those that could not be waited for among the failed."""
        return self._known(list(dict.fromkeys(skus)), _LATE)

    def _joined(
        self, missing: Sequence[str]
    ) -> tuple[list["Future[CatalogueFailure | None]"], CatalogueFailure | None]:
        """The fetches that these SKUs are in, a new one for those that are in none; or why there is none."""
        with self._lock:
            fetches = list({id(one): one for sku in missing if (one := self._flying.get(sku)) is not None}.values())
            own = [sku for sku in missing if sku not in self._flying]
            if not own:
                return fetches, None
            if self._fetches >= MOST_WAITING:
                return [], _BUSY
            fetch: Future[CatalogueFailure | None] = Future()
            try:
                self._pool.submit(self._fetch, own, fetch)
            except RuntimeError:  # it is shut down: a question came while the store was closing
                return [], CatalogueFailure(FailureKind.BUSY, "the store is closing")
            self._fetches += 1
            self._flying |= dict.fromkeys(own, fetch)
        return [*fetches, fetch], None

    def _fetch(self, skus: Sequence[str], fetch: "Future[CatalogueFailure | None]") -> None:
        failure: CatalogueFailure | None = None
        try:
            found = self._fetched(skus)
            now = self._clock.monotonic()
            for sku in skus:
                self._remembered[sku] = _Remembered(found.get(sku), now)
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            failure = self._guard.failure(error)
        finally:
            with self._lock:
                self._fetches -= 1
                for sku in skus:
                    self._flying.pop(sku, None)
        self._tell(failure)
        fetch.set_result(failure)

    def _fetched(self, skus: Sequence[str]) -> dict[str, CatalogueEntry]:
        """The entries of these SKUs; what was not asked for is left alone."""
        rows = self._source.fetch(skus, Deadline(self._terms.timeout, self._clock))
        return found_of(self._reader, rows, ReadRows(), skus)

    def examined(self, skus: Sequence[str]) -> CatalogueReport:
        """Ask for some SKUs once, for a person; nothing is kept of them."""
        into = ReadRows()
        try:
            rows = self._source.fetch(skus, Deadline(self._terms.timeout, self._clock))
            found = found_of(self._reader, rows, into, skus)
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            return CatalogueReport(0, into, 0, self._guard.failure(error).hint)
        return CatalogueReport(len(found), into, sum(bool(entry.problem) for entry in found.values()))

    def _tell(self, failure: CatalogueFailure | None) -> None:
        before, self._failure = self._failure, failure
        if failure is not None and before != failure:
            _log.warning("catalogue not asked", store=self._guard.store, kind=failure.kind.value, cause=failure.hint)
        elif failure is None and before is not None:
            _log.info("catalogue asked again", store=self._guard.store)

    def _is_fresh(self, sku: str, now: float) -> bool:
        found = self._find(sku)
        if found is None:
            return False
        terms = self._terms
        return now - found.at < (terms.remember_absent if found.entry is None else terms.remember)

    def _known(self, skus: Sequence[str], failure: CatalogueFailure | None) -> KnownGoods:
        """What is remembered; where a fetch failed, old rows too, but nobody's absence: it may have come meanwhile."""
        now, oldest = self._clock.monotonic(), 0.0
        entries: dict[str, CatalogueEntry] = {}
        failed: list[str] = []
        for sku in skus:
            found = self._find(sku)
            age = 0.0 if found is None else now - found.at
            if found is None or (failure is not None and not self._may_use(found, age)):
                failed.append(sku)
            elif found.entry is not None:
                entries[sku] = found.entry
                oldest = max(oldest, age)
        if not failed:
            return KnownGoods(entries, oldest)
        told = failure or _LATE  # more SKUs were asked for meanwhile than are remembered
        return KnownGoods(entries, oldest, frozenset(failed), told.hint, told.kind)

    def _may_use(self, found: _Remembered, age: float) -> bool:
        if found.entry is None:
            return age < self._terms.remember_absent
        return self._terms.most_age is None or age <= max(self._terms.most_age, self._terms.remember)

    @property
    def timeout(self) -> float:
        """Seconds that a query may take."""
        return self._terms.timeout

    @property
    def state(self) -> CatalogueState:
        """How many SKUs are remembered, and why the last query came to nothing, if it did."""
        failure = self._failure
        return CatalogueState(len(self._remembered), failure="" if failure is None else failure.hint)

    def close(self) -> None:
        """Ask no more; what is under way ends behind."""
        self._closed = True
        self._pool.shutdown(wait=False)
        self._source.close()


__all__ = ["KeyedCatalogue", "KeyedTerms"]

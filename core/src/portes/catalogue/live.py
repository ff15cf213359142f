"""A whole catalogue that is read again behind the answers: packed, and kept in a file that all processes share.

One process of them reads, the others take over what it wrote; while the source is down, all answer from the last rows.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import ClassVar, Final, NamedTuple

import structlog

from portes.carrier import Deadline
from portes.catalogue.catalogue import Catalogue, CatalogueEntry, CatalogueState, KnownGoods, without
from portes.catalogue.guard import CatalogueFailure, CatalogueGuard
from portes.catalogue.packed import PackedNote, PackedRows, map_packed
from portes.catalogue.protocol import Rows, WholeSource
from portes.catalogue.report import CatalogueReport, pack_rows
from portes.catalogue.row_file import RowFile, row_path
from portes.catalogue.rows import ReadRows, RowReader
from portes.clock import Clock
from portes.contract import FailureKind
from portes.errors import CatalogueError
from portes.forks.children import in_each_process

LOOK_SECONDS: Final = 1.0
"""Between two looks at what another process wrote, and whether it is time to read again."""
RETRY_SECONDS: Final = 30.0
"""After which a source that was down is asked again, where it would not be due sooner."""
FIRST_SECONDS: Final = 5.0
"""How long a store that starts, and a question, wait for the very first rows."""

_log = structlog.get_logger(__name__)


class LiveTerms(NamedTuple):
    """How a whole catalogue is kept."""

    identity: str
    """16 hexadecimal digits that change with whatever decides what the rows say."""
    state: Path | None
    """The state folder; without one each process reads for itself and keeps the rows in memory."""
    refresh: float
    """Seconds between two readings."""
    timeout: float
    """Seconds that a reading may take."""
    most_age: float | None = None
    """Seconds after which rows count as not known; None for never."""


class LiveCatalogue(Catalogue):
    """A whole catalogue. `start` it once, and `close` it; threads share it."""

    __slots__ = (
        "_clock",
        "_ended",
        "_ending",
        "_failure",
        "_file",
        "_guard",
        "_lock",
        "_reader",
        "_retry_at",
        "_rows",
        "_source",
        "_started",
        "_terms",
        "_waiting",
    )

    at_once: ClassVar[bool] = False

    def __init__(
        self, source: WholeSource, reader: RowReader, terms: LiveTerms, guard: CatalogueGuard, clock: Clock
    ) -> None:
        super().__init__({}, "")
        self._source, self._reader, self._terms, self._guard, self._clock = source, reader, terms, guard, clock
        path = None if terms.state is None else row_path(terms.state, guard.store, terms.identity)
        self._file = None if path is None else RowFile(path, terms.identity, reader.currency, guard.store)
        self._rows: PackedRows | None = None
        self._failure: CatalogueFailure | None = None
        self._retry_at = 0.0
        self._started = self._ended = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[Future[KnownGoods], Sequence[str]]] = []
        self._ending = Event()
        if self._started and not self._ended:
            self._run_behind()

    def start(self) -> None:
        """Take up what is kept, and read in a thread of its own from now on; wait for the first rows a little."""
        self._started = True
        self._take_over()
        self._run_behind()
        asked = self.ask(())
        if isinstance(asked, Future):
            with suppress(TimeoutError):
                asked.result(FIRST_SECONDS)

    def _run_behind(self) -> None:
        Thread(target=self._run, args=(self._ending,), name="portes-catalogue", daemon=True).start()

    def _run(self, ending: Event) -> None:
        while not ending.is_set():
            self.look()
            ending.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Take over what another process wrote, and read when it is time and this process's turn; it never raises."""
        try:
            self._take_over()
            if self._is_due() and (self._file is None or self._file.has_turn()):
                self._take_over()  # whoever had the turn before may have read just now
                if self._is_due():
                    self._read()
        except Exception as error:  # noqa: BLE001 — the thread goes on, and the next look may do better
            self._fail(self._guard.failure(error))

    def _is_due(self) -> bool:
        if self._clock.monotonic() < self._retry_at:
            return False
        age = self._age()
        return age is None or age >= self._terms.refresh or age < 0  # a clock that was set back

    def _read(self) -> None:
        try:
            rows = self._packed()
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            self._retry_at = self._clock.monotonic() + min(RETRY_SECONDS, self._terms.refresh)
            self._fail(self._guard.failure(error))
            return
        self._set(rows if self._file is None else self._file.keep(rows, self._clock.now().timestamp()))
        self._recover()

    def _packed(self) -> PackedRows:
        tally = pack_rows(self._reader, self._all_rows(), self._guard.store)
        if not len(tally.packer):
            # what is being filled anew is empty for a moment: taken at its word, nothing would be served
            raise CatalogueError("garbled", "the catalogue has no rows")
        note = PackedNote(
            identity=self._terms.identity,
            read_at=self._clock.now().timestamp(),
            left_out=tally.read.left_out,
            faulty=tally.faulty,
        )
        return tally.packer.packed(note, tally.twins)

    def _all_rows(self) -> Rows:
        return self._source.rows(Deadline(self._terms.timeout, self._clock))

    def examined(self) -> CatalogueReport:
        """Read all rows once, for a person; nothing is kept of them."""
        try:
            tally = pack_rows(self._reader, self._all_rows(), self._guard.store)
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            return CatalogueReport(0, ReadRows(), 0, self._guard.failure(error).hint)
        return CatalogueReport(len(tally.packer), tally.read, tally.faulty)

    def kept(self, state: Path) -> PackedNote | None:
        """What is known of the rows that are kept in a state folder; None where there are none. Raises `OSError`."""
        path = row_path(state, self._guard.store, self._terms.identity)
        rows = map_packed(path, self._terms.identity, self._reader.currency)
        return None if rows is None else rows.note

    def _take_over(self) -> None:
        """Take what is kept, where it is another file than before."""
        newer = None if self._file is None else self._file.newer()
        if newer is not None:
            self._set(newer)

    def _set(self, rows: PackedRows) -> None:
        with self._lock:
            self._rows = rows
            waiting, self._waiting = self._waiting, []
        age = self._age() or 0.0
        _log.info("catalogue read", store=self._guard.store, skus=len(rows), faulty=rows.note.faulty, age=round(age))
        self._answer(waiting)

    def _fail(self, failure: CatalogueFailure) -> None:
        with self._lock:
            again = self._failure == failure
            self._failure = failure
            waiting, self._waiting = self._waiting, []
        if not again:
            age = self._age()
            told = {"kind": failure.kind.value, "cause": failure.hint, "age": None if age is None else round(age)}
            _log.warning("catalogue not read", store=self._guard.store, **told)
        self._answer(waiting)

    def _recover(self) -> None:
        failure, self._failure = self._failure, None
        self._retry_at = 0.0
        if failure is not None:
            _log.info("catalogue read again", store=self._guard.store)

    def _answer(self, waiting: Sequence[tuple["Future[KnownGoods]", Sequence[str]]]) -> None:
        for future, skus in waiting:
            future.set_result(self._known(skus))

    def _age(self) -> float | None:
        rows = self._rows
        return None if rows is None else self._clock.now().timestamp() - rows.note.read_at

    def __len__(self) -> int:
        return 0 if self._rows is None else len(self._rows)

    def __iter__(self) -> Iterator[tuple[str, CatalogueEntry]]:
        return iter(() if self._rows is None else self._rows)

    @property
    def entries(self) -> Iterator[CatalogueEntry]:
        """What was read last of each SKU."""
        return (entry for _, entry in self)

    def get(self, sku: str) -> CatalogueEntry | None:
        """What was read last of a SKU; None when that is nothing."""
        return None if self._rows is None else self._rows.get(sku)

    def ask(self, skus: Sequence[str]) -> "KnownGoods | Future[KnownGoods]":
        """What was read last, at once; before anything ever was, what will be known once that is so."""
        if not self._is_first_awaited():
            return self._known(skus)
        future: Future[KnownGoods] = Future()
        with self._lock:
            if self._is_first_awaited():
                self._waiting.append((future, skus))
                return future
        return self._known(skus)

    def _is_first_awaited(self) -> bool:
        return self._started and self._rows is None and self._failure is None

    def late(self, skus: Sequence[str]) -> KnownGoods:
        """What is told of SKUs for which nobody could wait any longer."""
        if self._rows is not None:
            return self._known(skus)
        return without(skus, "the catalogue is being read for the first time", FailureKind.LATE)

    def _known(self, skus: Sequence[str]) -> KnownGoods:
        rows, age = self._rows, self._age()
        if rows is None or age is None:
            failure = self._failure or CatalogueFailure(FailureKind.UNREACHABLE, "the catalogue was never read")
            return without(skus, failure.hint, failure.kind)
        most = self._terms.most_age
        if most is not None and age > most:
            hint = f"the catalogue was read {age:.0f} s ago, and most_age is {most:g} s"
            return without(skus, hint, FailureKind.UNREACHABLE)
        return KnownGoods({sku: entry for sku in skus if (entry := rows.get(sku)) is not None}, max(0.0, age))

    @property
    def timeout(self) -> float:
        """Seconds for which the first rows are waited for."""
        return FIRST_SECONDS

    @property
    def state(self) -> CatalogueState:
        """How many SKUs it has, how old they are, and why the last reading came to nothing, if it did."""
        rows, failure = self._rows, self._failure
        told = "" if failure is None else failure.hint
        if rows is None:
            return CatalogueState(0, None, told)
        return CatalogueState(len(rows), self._age(), told, rows.note.faulty, rows.note.left_out)

    def close(self) -> None:
        """Read no more; what was read still answers."""
        self._ended = True
        self._ending.set()
        if self._file is not None:
            self._file.release()
        self._source.close()


__all__ = ["LiveCatalogue", "LiveTerms"]

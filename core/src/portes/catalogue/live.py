"""A whole catalogue that is read again behind the answers: packed, kept in a file that all processes share.

One process of them reads, the others take over what it wrote; while the source is down, all answer from the last rows.
"""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep
from typing import Any, ClassVar, Final, NamedTuple

import structlog
from filelock import FileLock, Timeout

from portes.carrier import Deadline
from portes.catalogue.catalogue import Catalogue, CatalogueEntry, CatalogueState, KnownGoods, without
from portes.catalogue.guard import CatalogueFailure, CatalogueGuard
from portes.catalogue.packed import PackedNote, PackedRows, Packer, map_packed
from portes.catalogue.protocol import WholeSource
from portes.catalogue.report import CatalogueReport
from portes.catalogue.rows import ReadRows, RowReader
from portes.clock import Clock
from portes.contract import FailureKind
from portes.errors import CatalogueError
from portes.files import UNKEPT, RefusedFileError, claim_folder, remove_old
from portes.forks.children import in_each_process

FOLDER: Final = "catalogue"
"""In the state folder."""
SUFFIX: Final = ".skus"
LOOK_SECONDS: Final = 1.0
"""Between two looks at what another process wrote, and whether it is time to read again."""
RETRY_SECONDS: Final = 30.0
"""After which a source that was down is asked again, where it would not be due sooner."""
FIRST_SECONDS: Final = 5.0
"""How long a store that starts, and a question, wait for the very first rows."""

_PIECE: Final = 64
"""Rows that are read without letting others have the interpreter: less than a millisecond's work."""
_BREATH_SECONDS: Final = 0.0001
_UNUSED_SECONDS: Final = 30 * 24 * 3600
_OURS: Final = re.compile(rf"[A-Za-z0-9_-]+\.[0-9a-f]{{16}}{re.escape(SUFFIX)}")
_TWICE: Final = "it stands in the catalogue twice, and the rows differ; select each SKU once"
_PART: Final = "catalogue"

_log = structlog.get_logger(__name__)
_inherited: list[FileLock] = []
"""Locks of a parent process; were they thrown away here, the parent would lose them."""


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
        "__weakref__",
        "_clock",
        "_ended",
        "_ending",
        "_failure",
        "_file",
        "_guard",
        "_lock",
        "_mine",
        "_reader",
        "_retry_at",
        "_rows",
        "_source",
        "_stamp",
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
        self._file = None if terms.state is None else self._name(terms.state)
        self._rows: PackedRows | None = None
        self._stamp: tuple[int, int] | None = None
        self._failure: CatalogueFailure | None = None
        self._mine: FileLock | None = None
        self._retry_at = 0.0
        self._started = self._ended = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        if self._mine is not None:
            _inherited.append(self._mine)
            self._mine = None
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
            if self._is_due() and self._has_turn():
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

    def _has_turn(self) -> bool:
        """Whether this process is the one of the machine that reads; it stays so until it ends."""
        if self._file is None or self._mine is not None:
            return True
        try:
            claim_folder(self._file.parent)
            lock = FileLock(self._file.with_suffix(".lock"), mode=0o600, thread_local=False)
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            self._complain(error)
            return True  # nothing can be shared, so each process reads for itself
        self._mine = lock
        return True

    def _read(self) -> None:
        try:
            rows = self._read_rows()
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            self._retry_at = self._clock.monotonic() + min(RETRY_SECONDS, self._terms.refresh)
            self._fail(self._guard.failure(error))
            return
        self._set(self._kept(rows))
        self._recover()

    def _read_rows(self) -> PackedRows:
        packer, into, twins = Packer(self._reader.currency), ReadRows(), dict[int, CatalogueEntry]()
        faulty = 0
        for count, (sku, entry) in enumerate(self._coming(into)):
            if not count % _PIECE:
                sleep(_BREATH_SECONDS)  # or an event loop in this process would wait for its turn each time
            twin = packer.add(sku, entry)
            faulty += bool(entry.problem) and twin is None
            if twin is not None and twin not in twins and packer.get(twin) != entry:
                faulty += not packer.get(twin).problem
                twins[twin] = CatalogueEntry(problem=_TWICE)
                _log.warning("a SKU stands in the catalogue twice", store=self._guard.store, sku=sku)
        if not len(packer):
            # what is being filled anew is empty for a moment: taken at its word, nothing would be served
            raise CatalogueError("garbled", "the catalogue has no rows")
        note = PackedNote(
            identity=self._terms.identity,
            read_at=self._clock.now().timestamp(),
            left_out=into.left_out,
            faulty=faulty,
            columns=into.columns,
        )
        return packer.packed(note, twins)

    def examined(self, _skus: Sequence[str] = ()) -> CatalogueReport:
        """Read all rows once, for a person; nothing is kept of them."""
        into, packer, faulty = ReadRows(), Packer(self._reader.currency), 0
        try:
            for sku, entry in self._coming(into):
                faulty += bool(entry.problem)
                if packer.add(sku, entry) is not None:
                    faulty += not entry.problem
        except BaseException as error:  # noqa: BLE001 — a stranger's source may raise anything; see the guard
            return CatalogueReport(len(packer), into, faulty, self._guard.failure(error).hint)
        return CatalogueReport(len(packer), into, faulty)

    def kept(self, state: Path) -> PackedNote | None:
        """What is known of the rows that are kept in a state folder; None where there are none. Raises `OSError`."""
        rows = map_packed(self._name(state), self._terms.identity, self._reader.currency)
        return None if rows is None else rows.note

    def _name(self, state: Path) -> Path:
        return state / FOLDER / f"{self._guard.store}.{self._terms.identity}{SUFFIX}"

    def _coming(self, into: ReadRows) -> Iterator[tuple[str, CatalogueEntry]]:
        deadline = Deadline(self._terms.timeout, self._clock)
        return self._reader.read(self._source.rows(deadline), into)

    def _kept(self, rows: PackedRows) -> PackedRows:
        """The same rows out of the file that they were written to, so that their memory is shared."""
        if self._file is None:
            return rows
        try:
            claim_folder(self._file.parent)
            rows.write(self._file)
            remove_old(self._file.parent, _OURS, self._clock.now().timestamp(), _UNUSED_SECONDS)
            mapped = self._mapped()
        except OSError as error:
            self._complain(error)
            return rows
        UNKEPT.over(self._file.parent.parent, _PART)
        return mapped or rows

    def _take_over(self) -> None:
        """Map what is kept, where it is another file than before."""
        if self._file is None:
            return
        try:
            found = self._file.lstat()
            if (found.st_mtime_ns, found.st_ino) != self._stamp:
                mapped = self._mapped()
                if mapped is not None:
                    self._set(mapped)
        except FileNotFoundError:
            return
        except OSError as error:
            self._complain(error)

    def _mapped(self) -> PackedRows | None:
        assert self._file is not None  # noqa: S101 — asked only where there is one
        found = self._file.lstat()
        self._stamp = found.st_mtime_ns, found.st_ino
        return map_packed(self._file, self._terms.identity, self._reader.currency)

    def _set(self, rows: PackedRows) -> None:
        with self._lock:
            self._rows = rows
            waiting, self._waiting = self._waiting, []
        _log.info("catalogue read", store=self._guard.store, skus=len(rows), faulty=rows.note.faulty)
        self._answer(waiting)

    def _fail(self, failure: CatalogueFailure) -> None:
        with self._lock:
            again = self._failure == failure
            self._failure = failure
            waiting, self._waiting = self._waiting, []
        if not again:
            age = self._age()
            _log.warning(
                "catalogue not read",
                store=self._guard.store,
                kind=failure.kind.value,
                cause=failure.hint,
                age=None if age is None else round(age),
            )
        self._answer(waiting)

    def _recover(self) -> None:
        failure, self._failure = self._failure, None
        self._retry_at = 0.0
        if failure is not None:
            _log.info("catalogue read again", store=self._guard.store)

    def _answer(self, waiting: Sequence[tuple["Future[KnownGoods]", Sequence[str]]]) -> None:
        for future, skus in waiting:
            future.set_result(self._known(skus))

    def _complain(self, error: OSError) -> None:
        cause = str(error.strerror)
        if self._file is not None and UNKEPT.note(self._file.parent.parent, _PART, cause):
            fix = error.fix if isinstance(error, RefusedFileError) else ""
            _log.warning(
                "the catalogue is not kept", store=self._guard.store, file=str(self._file), cause=cause, fix=fix
            )

    def _age(self) -> float | None:
        rows = self._rows
        return None if rows is None else self._clock.now().timestamp() - rows.note.read_at

    def __len__(self) -> int:
        return 0 if self._rows is None else len(self._rows)

    @property
    def entries(self) -> Iterator[CatalogueEntry]:
        """What was read last of each SKU."""
        return iter(()) if self._rows is None else (entry for _, entry in self._rows)

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
        found: dict[str, Any] = {sku: rows.get(sku) for sku in skus}
        return KnownGoods({sku: entry for sku, entry in found.items() if entry is not None}, max(0.0, age))

    @property
    def timeout(self) -> float:
        """Seconds for which the first rows are waited for."""
        return FIRST_SECONDS

    @property
    def state(self) -> CatalogueState:
        """How it is."""
        rows, failure = self._rows, self._failure
        told = "" if failure is None else failure.hint
        if rows is None:
            return CatalogueState(0, None, told)
        return CatalogueState(len(rows), self._age(), told, rows.note.faulty, rows.note.left_out)

    def close(self) -> None:
        """Read no more; what was read still answers."""
        self._ended = True
        self._ending.set()
        if self._mine is not None:
            self._mine.release()
            self._mine = None
        self._source.close()

"""Receipts for tests: a recorder over a real file, quotes to be kept, and what is in the database afterwards."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shop import FrozenClock, member, policy, request

from portes.contract import Quote, QuoteRequest
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Member
from portes.engine.quoter import Quoter
from portes.hooks import Watchers, hookimpl
from portes.receipts.codec import entry, packed, receipt
from portes.receipts.database import ReceiptDatabase
from portes.receipts.receipt import Receipt
from portes.receipts.recorder import ReceiptRecorder, RecorderTerms
from portes.receipts.writer import Writer
from portes.settings import ReceiptsSection

VERSIONS = {"portes": "0.1.0", "rules.0.markup": "abc"}


@dataclass
class Told:
    """A watcher that remembers which losses it was told of."""

    losses: list[tuple[str, int, str]] = field(default_factory=list)

    @hookimpl
    def portes_receipts_lost(self, store: str, count: int, cause: str) -> None:
        self.losses.append((store, count, cause))


@dataclass
class Desk:
    """A recorder and what is around it."""

    recorder: ReceiptRecorder
    path: Path
    clock: FrozenClock
    told: Told

    def quote(self, *members: Member, asked: QuoteRequest | None = None, **more: Any) -> Quote:
        """Put a question to a shop whose quotes are kept here."""
        quoter = Quoter(policy(*members, **more), clock=self.clock, record=self.recorder.buffer.add)
        try:
            return quoter.quote(asked or request())
        finally:
            quoter.idle(5)
            quoter.close()

    def find(self, name: str) -> list[Receipt]:
        return found(self.path, name)

    def receipt(self, quote: Quote) -> Receipt:
        (receipt,) = self.find(quote.id)
        return receipt


@contextmanager
def desk(folder: Path, *, interval: float = 0.01, writer: Writer | None = None, **terms: Any) -> Iterator[Desk]:
    """A recorder that writes at once, closed at the end of the block."""
    clock, told, watchers = terms.pop("clock", None) or FrozenClock(), Told(), Watchers()
    watchers.register(told, "told")
    path = folder / "state" / "receipts.sqlite"
    known = RecorderTerms(path, terms.pop("store", "shop"), terms.pop("versions", VERSIONS), ReceiptsSection(**terms))
    recorder = ReceiptRecorder(known, writer or Writer(interval), clock, watchers)
    try:
        yield Desk(recorder, path, clock, told)
    finally:
        recorder.close()


def records(count: int, *members: Member) -> list[QuoteRecord]:
    """Quotes as the engine hands them over, each under an id of its own and the asker's id `q-1`."""
    kept: list[QuoteRecord] = []
    quoter = Quoter(policy(*members or (member(),)), clock=FrozenClock(), record=kept.append)
    for _ in range(count):
        quoter.quote(request())
    quoter.close()
    return kept


def receipt_of(record: QuoteRecord) -> Receipt:
    """The receipt that is kept of a quote, as it is read back."""
    return receipt(packed([entry("shop", record, None).line]), 0, "{}")


def found(path: Path, name: str) -> list[Receipt]:
    """The receipts with this id, newest first."""
    with closing(ReceiptDatabase(path)) as database:
        receipts = [database.read(each) for each in database.find(name)]
    return [receipt for receipt in receipts if receipt is not None]


def ids(path: Path) -> list[str]:
    """The ids of every receipt in the database, in the order of writing; none while there are no tables yet."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute("pragma user_version").fetchone()[0]:
            return []
        return [row[0] for row in connection.execute("select id from receipts order by number")]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another connection holds the lock for writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again, for at most a minute."""
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise TimeoutError

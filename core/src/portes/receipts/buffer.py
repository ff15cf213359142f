"""Where quotes wait to be written; taking one over costs its answer microseconds."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

import structlog

from portes.engine.answered import QuoteRecord
from portes.forks.children import in_each_process
from portes.receipts.codec import Entry, Replied, entry
from portes.receipts.losses import Losses
from portes.settings import ReceiptsSection

_AT_A_STRETCH: Final = 16
"""Receipts made behind the answers before the answering threads get the interpreter again."""

_log = structlog.get_logger(__name__)


class ReceiptBuffer:
    """The waiting quotes of one store, bounded in number and bytes. `add`, `add_reply`: thread-safe; one thread takes.

    `call` is called when there is something to take.
    """

    def __init__(self, store: str, settings: ReceiptsSection, losses: Losses, call: Callable[[int], None]) -> None:
        self._store = store
        self._most = settings.queue
        self._most_bytes = settings.queue_bytes
        self._losses = losses
        self._call = call
        self._closed = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._open: dict[str, QuoteRecord] = {}
        """Quotes that may yet get a reply, by id."""
        self._due: frozenset[str] = frozenset()
        """Those that were open when last was taken."""
        # a deque, because at the lock of a `queue.Queue` an answer could have to wait for the writer
        self._made: deque[Entry] = deque()
        self._bytes = 0
        """What the made ones take; changed under the lock, which is held for that alone."""
        self._counting = Lock()

    def __len__(self) -> int:
        return len(self._open) + len(self._made)

    def add(self, record: QuoteRecord) -> None:
        """Take a quote over, or count it as lost when too many wait."""
        if len(self) >= self._most or self._bytes >= self._most_bytes:
            self._losses.add(1, "closed" if self._closed else "queue_full")
        else:
            self._open[record.quote.id] = record
            self._call(len(self._made))

    def add_reply(self, quote: str, status: int, body: bytes, seconds: float) -> None:
        """Add what a channel made of a quote, soon after `add`: a reply is waited for from one `take` to the next.

        The entry is made here and not by the writer: nouns that waited for that would have left the processor's cache,
        which makes everything twice as slow, and would keep the garbage collector busy.
        """
        record = self._open.pop(quote, None)
        if record is not None:
            self._make(record, (status, body, seconds))

    def take(self, most: int) -> list[Entry]:
        """At most so many entries; a quote without a reply is among them the second time, or when nobody replies."""
        due = [quote for quote in list(self._open) if self._closed or quote in self._due]
        for number, quote in enumerate(due):
            if number % _AT_A_STRETCH == 0:
                time.sleep(0)
            record = self._open.pop(quote, None)
            if record is not None:
                self._make(record, None)
        self._due = frozenset(list(self._open))
        taken = [self._made.popleft() for _ in range(min(len(self._made), most))]
        self._count(-sum(len(one.line) for one in taken))
        return taken

    def close(self) -> None:
        """Take no more quotes over."""
        self._most, self._closed = 0, True

    def _make(self, record: QuoteRecord, reply: Replied | None) -> None:
        try:
            made = entry(self._store, record, reply)
        except Exception as error:  # noqa: BLE001 — one quote that cannot be written must cost neither answer nor others
            _log.warning("a receipt cannot be written", quote=record.quote.id, kind=type(error).__name__)
            self._losses.add(1, "unwritable")
        else:
            self._count(len(made.line))
            self._made.append(made)

    def _count(self, size: int) -> None:
        with self._counting:
            self._bytes += size

"""Where quotes wait to be written: a bounded queue that costs an answer microseconds; it knows no database."""

import time
from collections import deque
from typing import Final

import structlog

from portes.receipts.losses import Losses
from portes.receipts.pages import Entry, Quoted, Replied, entry

_AT_A_STRETCH: Final = 16
"""Receipts made behind the answers before the answering threads get the interpreter again."""

_log = structlog.get_logger(__name__)


class _Slip:
    """A quote on its way to be kept: its nouns, until they are made into an entry."""

    __slots__ = ("entry", "quoted")

    def __init__(self, quoted: Quoted) -> None:
        self.quoted: Quoted | None = quoted
        self.entry: Entry | None = None
        """With neither an entry nor nouns it is lost, and counted."""


class Intake:
    """The waiting quotes of one store. `quoted` and `replied` are thread-safe; one thread takes."""

    def __init__(self, store: str, most: int, losses: Losses) -> None:
        self._store = store
        self._most = most
        self._losses = losses
        # a deque, because at the lock of a `queue.Queue` an answer could have to wait for the writer
        self._queue: deque[_Slip] = deque()
        self._open: dict[str, _Slip] = {}
        self._held: list[_Slip] = []

    def __len__(self) -> int:
        return len(self._queue) + len(self._held)

    def quoted(self, record: Quoted) -> int:
        """Let a quote wait, or count it as lost when too many do; how many are in the queue."""
        waiting = len(self._queue)
        if waiting >= self._most:
            self._losses.add(1, "queue_full")
            return waiting
        slip = _Slip(record)
        self._open[record.quote.id] = slip
        self._queue.append(slip)
        return waiting + 1

    def replied(self, quote: str, replied: Replied) -> None:
        """Add what a channel made of a quote; one that is no longer open stays without it.

        The entry is made here and not by the writer: that costs half while all of it is still in the processor's
        cache, and nouns that waited would make the garbage collector run more often.
        """
        slip = self._open.pop(quote, None)
        if slip is not None:
            self._make(slip, replied)

    def taken(self, most: int, *, all_of_them: bool) -> list[Entry]:
        """At most so many entries; a quote without a reply waits for one until the next time, unless all must go."""
        held, self._held = self._held, []
        fresh = [self._queue.popleft() for _ in range(min(len(self._queue), most))]
        for number, slip in enumerate((*held, *fresh)):
            if slip.entry is None and slip.quoted is not None:
                self._settle(slip, number, due=all_of_them or number < len(held))
        return [slip.entry for slip in (*held, *fresh) if slip.entry is not None]

    def _settle(self, slip: _Slip, number: int, *, due: bool) -> None:
        """Make the entry of a quote for which no reply came, or hold it."""
        quoted = slip.quoted
        if due and quoted is not None and self._open.pop(quoted.quote.id, None) is not None:
            if number % _AT_A_STRETCH == 0:
                time.sleep(0)
            self._make(slip, None)
        else:
            self._held.append(slip)

    def _make(self, slip: _Slip, replied: Replied | None) -> None:
        quoted = slip.quoted
        if quoted is None:
            return
        try:
            slip.entry = entry(self._store, quoted, replied)
        except Exception as error:  # noqa: BLE001 — one quote that cannot be written must cost neither answer nor others
            _log.warning("a receipt cannot be written", quote=quoted.quote.id, kind=type(error).__name__)
            self._losses.add(1, "unwritable")
        slip.quoted = None

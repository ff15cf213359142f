"""Keeps carriers' access tokens: one fetch for all who wait, across threads and processes."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.clock import Clock, SystemClock
from portes.errors import CarrierError, LateError, ThrottledError
from portes.redaction import LOGGED, Redactor, masked_logger
from portes.toolbox.tokens.models import FetchLimit, Token, TokenKey
from portes.toolbox.tokens.storage import GRACE, LEAST_LIFE, KeptToken, MemoryStorage, TokenRecord, TokenStorage

Fetch = Callable[[Deadline], Token]
"""Asks the carrier for a token, within the deadline. Raises a `CarrierError` when it gets none."""

PAUSE: Final = 30.0
"""Seconds between two tries to renew a token that is still good."""

_log = masked_logger(LOGGED, __name__)


@dataclass(frozen=True, slots=True)
class _PendingFetch:
    """A fetch under way, for everybody in this process who waits for it."""

    deadline: Deadline
    lease: Deadline
    future: "Future[Token]" = field(default_factory=Future)

    @property
    def settled(self) -> bool:
        """Whether it ended with news for all: that its own caller ran out of time is none."""
        return self.future.done() and not (isinstance(self.future.exception(), LateError) and self.deadline.passed)


@dataclass(slots=True)
class _Slot:
    """What this process knows of one key; changed under its lock only."""

    name: str
    host: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: KeptToken | None = None
    rejected: SecretStr | None = None
    pending: _PendingFetch | None = None
    tried: float = -math.inf

    @property
    def fetching(self) -> bool:
        return self.pending is not None and not self.pending.lease.passed


class TokenCache:
    """One per process, shared by all carriers of one state folder; without a folder tokens live in this process only.

    A token is handed out from memory, without touching a file, until `refresh_before` its end; from then on one thread
    renews it while the old one is used. When there is none, one caller fetches and all others wait for that fetch:
    they get its token, or its failure, at once. Nobody waits longer than until his own deadline, nor for a fetcher
    that hangs longer than until that one's deadline and a second.

    Where the state folder takes nothing more, a token serves the process that fetched it. A fetch under a limit is not
    made then, since the other processes would not know of it.
    """

    def __init__(self, state: Path | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._storage = _storage(state, self._clock)
        self._lock = threading.Lock()
        self.redactor = Redactor()
        """Knows the tokens that are in use."""
        self._slots: dict[TokenKey, _Slot] = {}
        self._mute = False  # whether the storage could take nothing when it was last told something

    def token(
        self,
        key: TokenKey,
        fetch: Fetch,
        refresh_before: timedelta,
        deadline: Deadline,
        limit: FetchLimit | None = None,
    ) -> Token:
        """A token that has not ended and that nobody rejected.

        Under a `limit` a fetch waits its turn if the deadline allows, else it is a `ThrottledError` that says when.
        Raises what `fetch` raises, and `LateError` when the deadline passes first.
        """
        slot = self._slot(key)
        kept = slot.kept
        if kept is None or not self._usable(slot, kept):
            return self._fetched(slot, partial(self._obtain, slot, fetch, limit), deadline)
        if self._due(kept, refresh_before):
            self._renew(slot, kept, partial(self._obtain, slot, fetch, limit), deadline)
        return kept.token

    def reject(self, key: TokenKey, token: Token) -> None:
        """Forget a token that the carrier did not accept; a newer one, fetched meanwhile, stays."""
        slot = self._slot(key)
        with slot.lock:
            slot.rejected = token.value
            if slot.kept and slot.kept.token.value == token.value:
                slot.kept = None
        self._update_record(slot.name, lambda record: record.without(token.value))

    def _slot(self, key: TokenKey) -> _Slot:
        slot = self._slots.get(key)
        if slot is None:
            name = self._storage.name(key)
            with self._lock:
                slot = self._slots.setdefault(key, _Slot(name, key.host))
        return slot

    def _usable(self, slot: _Slot, kept: KeptToken) -> bool:
        return self._clock.now() < kept.end and kept.token.value != slot.rejected

    def _due(self, kept: KeptToken, refresh_before: timedelta) -> bool:
        """Whether to renew: so long before the end, but in the second half of its life; or the clock was set back."""
        now = self._clock.now()
        margin = min(refresh_before, (kept.end - kept.fetched) / 2)
        return now >= kept.end - margin or now < kept.fetched - LEAST_LIFE

    def _fetched(self, slot: _Slot, obtain: "_Obtain", deadline: Deadline) -> Token:
        """Join the fetch under way, or be the one who fetches."""
        while True:
            deadline.check()
            with slot.lock:
                if slot.kept and self._usable(slot, slot.kept):
                    return slot.kept.token
                pending, joined = slot.pending, slot.fetching
                if pending is None or not joined:
                    pending = slot.pending = self._new_fetch(deadline)
            if not joined:
                return self._run(slot, pending, partial(obtain, partial(self._usable, slot)))
            wait([pending.future], min(deadline.remaining(), pending.lease.remaining()))
            if pending.settled:
                return pending.future.result()

    def _renew(self, slot: _Slot, old: KeptToken, obtain: "_Obtain", deadline: Deadline) -> None:
        """Fetch a newer token on a thread of its own, with as long a timeout as the caller had."""
        with slot.lock:
            now = self._clock.monotonic()
            if slot.fetching or now < slot.tried + PAUSE:
                return
            slot.tried = now
            pending = slot.pending = self._new_fetch(Deadline(deadline.seconds, self._clock))
        work = partial(obtain, lambda kept: kept.fetched > old.fetched and self._usable(slot, kept))
        threading.Thread(target=self._renewed, args=(slot, pending, work), name="portes-tokens", daemon=True).start()

    def _renewed(self, slot: _Slot, pending: _PendingFetch, work: Callable[[Deadline], KeptToken]) -> None:
        try:
            self._run(slot, pending, work)
        except CarrierError as problem:
            _log.warning("a token was not renewed and serves on", host=slot.host, kind=problem.kind, hint=problem.hint)

    def _new_fetch(self, deadline: Deadline) -> _PendingFetch:
        return _PendingFetch(deadline, Deadline(deadline.remaining() + GRACE, self._clock))

    def _run(self, slot: _Slot, pending: _PendingFetch, work: Callable[[Deadline], KeptToken]) -> Token:
        try:
            kept = work(pending.deadline)
        except BaseException as problem:
            self._complete(slot, pending, None)
            pending.future.set_exception(problem)
            raise
        self._complete(slot, pending, kept)
        pending.future.set_result(kept.token)
        return kept.token

    def _complete(self, slot: _Slot, pending: _PendingFetch, kept: KeptToken | None) -> None:
        if kept:  # before anybody has it
            for redactor in (self.redactor, LOGGED):
                redactor.hold(slot.name, kept.token.value.get_secret_value())
        with slot.lock:
            if kept:
                slot.kept, slot.rejected = kept, None
            if slot.pending is pending:
                slot.pending = None

    def _obtain(
        self, slot: _Slot, fetch: Fetch, limit: FetchLimit | None, good: Callable[[KeptToken], bool], deadline: Deadline
    ) -> KeptToken:
        """Take what another process fetched, share the failure of a fetch we waited for, or fetch."""
        before = self._storage.read(slot.name)
        if before.kept and good(before.kept):
            return before.kept
        with self._storage.lease(slot.name, deadline):
            record = self._storage.read(slot.name)
            if record.kept and good(record.kept):
                return record.kept
            if record.failure and record.turn != before.turn:
                raise record.failure
            if limit:
                self._wait_turn(limit, deadline)
            return self._fetch_and_record(slot.name, fetch, deadline)

    def _fetch_and_record(self, name: str, fetch: Fetch, deadline: Deadline) -> KeptToken:
        try:
            kept = KeptToken(fetch(deadline), self._clock.now())
        except CarrierError as problem:
            failure = problem
            if not (isinstance(problem, LateError) and deadline.passed):
                self._update_record(name, lambda record: record.failed(failure))
            raise
        self._update_record(name, lambda record: record.succeeded(kept))
        return kept

    def _update_record(self, name: str, news: Callable[[TokenRecord], TokenRecord]) -> None:
        """Tell the other processes; a token that the storage cannot take is as good, and serves this process alone."""
        try:
            with self._storage.change(name) as change:
                change.record = news(change.record)
        except CarrierError as problem:
            if not self._mute:
                _log.warning("tokens cannot be kept and serve one process only", kind=problem.kind, hint=problem.hint)
            self._mute = True
        else:
            self._mute = False

    def _wait_turn(self, limit: FetchLimit, deadline: Deadline) -> None:
        while seconds := self._storage.reserve(limit):
            if seconds >= deadline.remaining():
                msg = f"only {limit.times} tokens in {limit.seconds:g} s may be fetched from this carrier"
                raise ThrottledError(msg, retry_after=math.ceil(seconds))
            time.sleep(seconds)


_Obtain = Callable[[Callable[[KeptToken], bool], Deadline], KeptToken]


def _storage(state: Path | None, clock: Clock) -> TokenStorage:
    if state is None:
        return MemoryStorage(clock)
    from portes.toolbox.tokens.file_storage import FileStorage

    return FileStorage(state, clock)

"""Keeps carriers' access tokens: one fetch for all who wait, across threads and processes."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.clock import Clock, SystemClock
from portes.errors import CarrierError, LateError, RejectedCredentialsError, ThrottledError
from portes.forks.children import in_children, in_each_process
from portes.redaction import LOGGED, Redactor, masked_logger
from portes.toolbox.tokens.inheritance import Inheritance
from portes.toolbox.tokens.lineage import SecretRecord
from portes.toolbox.tokens.models import FetchLimit, SecretHistory, Token, TokenKey
from portes.toolbox.tokens.storage import (
    GRACE,
    LEAST_LIFE,
    KeptToken,
    MemoryStorage,
    RecordChange,
    TokenRecord,
    TokenStorage,
)

Fetch = Callable[[Deadline], Token]
"""Asks the carrier for a token, within the deadline. Raises a `CarrierError` when it gets none."""

PAUSE: Final = 30.0
"""Seconds between two tries to renew a token that is still good."""

PAUSE_AFTER_REFUSAL: Final = 300.0
"""The same after the carrier refused the secret: asked too often it may lock the account."""

T = TypeVar("T")

_log = masked_logger(LOGGED, __name__, ours=True)
in_children(LOGGED.unlock)


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
    """What this process knows of one host, account and secret; changed under its lock only."""

    name: str
    host: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: KeptToken | None = None
    rejected: SecretStr | None = None
    pending: _PendingFetch | None = None
    rest: float = -math.inf
    """Until when no renewal is tried."""
    accepted: bool = False
    """Whether there ever was a token, so that nothing is inherited any more."""

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
        self.redactor = Redactor()
        """Knows the tokens that are in use."""
        self._slots: dict[TokenKey, _Slot] = {}
        self._named: dict[str, _Slot] = {}  # keys that differ in their lineage only share a slot, and its token
        self._inheritance = Inheritance(self._storage, self._clock, self._hold)
        self._mute = False  # whether the storage could take nothing when it was last told something
        in_each_process(self._begin)
        in_children(self.redactor.unlock)

    def _begin(self) -> None:
        """Keep the tokens, and forget the fetches that nobody in this process has under way."""
        self._lock = threading.Lock()
        for slot in (*self._slots.values(), *self._named.values()):
            slot.lock, slot.pending = threading.Lock(), None

    def token(
        self,
        key: TokenKey,
        fetch: Fetch,
        refresh_before: timedelta,
        deadline: Deadline,
        limit: FetchLimit | None = None,
    ) -> Token:
        """A token that has not ended and that nobody rejected.

        A key that inherits is served with its predecessor's token, and its own login is tried behind the caller's back,
        until that is accepted, or that token ends or is rejected.
        Under a `limit` a fetch waits its turn if the deadline allows, else it is a `ThrottledError` that says when.
        Raises what `fetch` raises, and `LateError` when the deadline passes first.
        """
        slot = self._slot(key)
        kept = slot.kept
        obtain = partial(self._obtain, key, slot, fetch, limit)
        if kept and self._usable(slot, kept):
            if self._due(kept, refresh_before):
                self._renew(slot, kept, partial(obtain, patient=True), deadline)
            return kept.token
        if inherited := self._inherited(key, slot):
            self._renew(slot, inherited, partial(obtain, patient=True), deadline)
            return inherited.token
        return self._fetched(slot, obtain, deadline)

    def reject(self, key: TokenKey, token: Token) -> None:
        """Forget a token that the carrier did not accept; a newer one, fetched meanwhile, stays."""
        slot = self._slot(key)
        with slot.lock:
            slot.rejected = token.value
            if slot.kept and slot.kept.token.value == token.value:
                slot.kept = None
        for name in (slot.name, self._inheritance.reject(key, token)):
            if name:
                self._change(self._storage.change(name), lambda record: record.without(token.value))

    def history(self, key: TokenKey) -> SecretHistory:
        """What is remembered of the key's secret; only a key with a lineage has any."""
        return self._inheritance.history(key, self._inherited(key, self._slots.get(key)))

    def _slot(self, key: TokenKey) -> _Slot:
        slot = self._slots.get(key)
        if slot is None:
            name = self._storage.name(key)
            self._note(key, name, lambda secret: secret)
            with self._lock:
                slot = self._slots[key] = self._named.setdefault(name, _Slot(name, key.host))
        return slot

    def _inherited(self, key: TokenKey, slot: _Slot | None) -> KeptToken | None:
        return None if slot and slot.accepted else self._inheritance.living(key)

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
            if slot.fetching or now < slot.rest:
                return
            slot.rest = now + PAUSE
            pending = slot.pending = self._new_fetch(Deadline(deadline.seconds, self._clock))
        work = partial(obtain, lambda kept: kept.fetched > old.fetched and self._usable(slot, kept))
        thread = threading.Thread(target=self._renewed, args=(slot, pending, work), name="portes-tokens", daemon=True)
        try:
            thread.start()
        except RuntimeError as problem:  # no thread to be had: the old token serves on
            self._complete(slot, pending, None)
            pending.future.set_exception(problem)

    def _renewed(self, slot: _Slot, pending: _PendingFetch, work: Callable[[Deadline], KeptToken]) -> None:
        try:
            self._run(slot, pending, work)
        except CarrierError as problem:
            slot.rest = self._clock.monotonic() + _pause_after(problem)
            _log.warning("a token was not renewed and serves on", host=slot.host, kind=problem.kind, hint=problem.hint)
        except BaseException as problem:  # noqa: BLE001 — a stranger's fetch on a thread that nobody is above
            _log.error("a token was not renewed and serves on", host=slot.host, exc_info=problem)

    def _new_fetch(self, deadline: Deadline) -> _PendingFetch:
        return _PendingFetch(deadline, Deadline(deadline.remaining() + GRACE, self._clock))

    def _run(self, slot: _Slot, pending: _PendingFetch, work: Callable[[Deadline], KeptToken]) -> Token:
        try:
            kept = work(pending.deadline)
            self._hold(slot.name, kept.token)  # before anybody has it
        except BaseException as problem:
            self._complete(slot, pending, None)
            pending.future.set_exception(problem)
            raise
        self._complete(slot, pending, kept)
        pending.future.set_result(kept.token)
        return kept.token

    def _complete(self, slot: _Slot, pending: _PendingFetch, kept: KeptToken | None) -> None:
        with slot.lock:
            if kept:
                slot.kept, slot.rejected, slot.accepted = kept, None, True
            if slot.pending is pending:
                slot.pending = None

    def _hold(self, name: str, token: Token) -> None:
        for redactor in (self.redactor, LOGGED):
            redactor.hold(name, token.value.get_secret_value())

    def _obtain(
        self,
        key: TokenKey,
        slot: _Slot,
        fetch: Fetch,
        limit: FetchLimit | None,
        good: Callable[[KeptToken], bool],
        deadline: Deadline,
        *,
        patient: bool = False,
    ) -> KeptToken:
        """Take what another process fetched, share the failure of a fetch we waited for, or fetch.

        The patient share the failure of any fetch so recent that it is too early for the next.
        """
        before = self._storage.read(slot.name)
        if before.kept and good(before.kept):
            return before.kept
        with self._storage.lease(slot.name, deadline):
            record = self._storage.read(slot.name)
            if record.kept and good(record.kept):
                return record.kept
            if record.failure and (record.turn != before.turn or (patient and self._resting(record))):
                raise record.failure
            if limit:
                self._wait_turn(limit, deadline)
            return self._fetch_and_record(key, slot.name, fetch, deadline)

    def _resting(self, record: TokenRecord) -> bool:
        """Whether the failed fetch is so recent that the next renewal has to wait."""
        if record.failure is None or record.failed is None:
            return False
        return 0 <= (self._clock.now() - record.failed).total_seconds() < _pause_after(record.failure)

    def _fetch_and_record(self, key: TokenKey, name: str, fetch: Fetch, deadline: Deadline) -> KeptToken:
        try:
            kept = KeptToken(fetch(deadline), self._clock.now())
        except CarrierError as problem:
            failure, now = problem, self._clock.now()
            if not (isinstance(problem, LateError) and deadline.passed):
                self._change(self._storage.change(name), lambda record: record.unsuccessful(failure, now))
            if isinstance(problem, RejectedCredentialsError):
                self._note(key, name, lambda secret: secret.refused(now))
            raise
        self._change(self._storage.change(name), lambda record: record.succeeded(kept))
        self._note(key, name, lambda secret: secret.accepted(kept.fetched))
        return kept

    def _note(self, key: TokenKey, name: str, news: Callable[[SecretRecord], SecretRecord]) -> None:
        """Remember what the carrier made of the key's secret."""
        if key.lineage:
            self._change(self._storage.change_lineage(key), lambda lineage: lineage.noting(news(lineage.of(name))))

    def _change(self, changing: AbstractContextManager[RecordChange[T]], news: Callable[[T], T]) -> None:
        """Tell the other processes; a token that the storage cannot take is as good, and serves this process alone."""
        try:
            with changing as change:
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


def _pause_after(problem: CarrierError) -> float:
    return PAUSE_AFTER_REFUSAL if isinstance(problem, RejectedCredentialsError) else PAUSE


def _storage(state: Path | None, clock: Clock) -> TokenStorage:
    if state is None:
        return MemoryStorage(clock)
    from portes.toolbox.tokens.file_storage import FileStorage

    return FileStorage(state, clock)

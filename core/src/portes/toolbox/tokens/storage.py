"""Where a token cache keeps tokens: the seam, and the storage within this process."""

import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import HMAC
from json import dumps
from typing import Final, Generic, Protocol, TypeVar

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.clock import Clock
from portes.errors import CarrierError
from portes.forks.children import in_each_process
from portes.toolbox.tokens.lineage import Lineage
from portes.toolbox.tokens.models import FetchLimit, Token, TokenKey

GRACE: Final = 1.0
"""Seconds that a fetch may outlive its deadline before others stop waiting for it: the rest of its lease."""

LEAST_LIFE: Final = timedelta(seconds=60)
"""How long a token just fetched is used even if its date has passed: then a clock is wrong, not the token."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token and when it was fetched."""

    token: Token
    fetched: datetime

    @property
    def end(self) -> datetime:
        """The moment from which the token is used no more."""
        return max(self.token.expires, self.fetched + LEAST_LIFE)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What is known of one key: its token, if any, and how the last fetch failed, if it did."""

    turn: int = 0
    """Counts the fetches that ended, so that one who waited can tell that somebody else has tried."""
    kept: KeptToken | None = None
    failure: CarrierError | None = None
    failed: datetime | None = None
    """When that fetch failed."""

    def succeeded(self, kept: KeptToken) -> "TokenRecord":
        """The record after a fetch that gave this token."""
        return TokenRecord(self.turn + 1, kept)

    def unsuccessful(self, failure: CarrierError, moment: datetime) -> "TokenRecord":
        """The record after a fetch that gave nothing; an old token stays."""
        return TokenRecord(self.turn + 1, self.kept, failure, moment)

    def without(self, value: SecretStr) -> "TokenRecord":
        """The record without this token; a newer one stays."""
        return replace(self, kept=None) if self.kept and self.kept.token.value == value else self


class TokenStorage(Protocol):
    """One place for records and limits. Thread-safe; what goes wrong is a `CarrierError`."""

    def name(self, key: TokenKey) -> str:
        """The name of a key's record; it tells nothing about the key."""
        ...

    def read(self, name: str) -> TokenRecord:
        """The record, empty when there is none."""
        ...

    def change(self, name: str) -> AbstractContextManager["RecordChange[TokenRecord]"]:
        """The record, to be changed while nobody else changes it."""
        ...

    def lineage(self, key: TokenKey) -> Lineage:
        """The secrets of the key's host, account and lineage, as far as they are remembered."""
        ...

    def change_lineage(self, key: TokenKey) -> AbstractContextManager["RecordChange[Lineage]"]:
        """Those secrets, to be changed while nobody else changes them; kept only if something was changed."""
        ...

    def lease(self, name: str, deadline: Deadline) -> AbstractContextManager[None]:
        """The right to fetch, which one has at a time. Raises `LateError` when it is not free in time."""
        ...

    def reserve(self, limit: FetchLimit) -> float:
        """Count a fetch if the limit allows one, and say 0; otherwise say in how many seconds it will."""
        ...


@dataclass(slots=True)
class RecordChange(Generic[T]):
    """A record under change: what it is set to is kept."""

    record: T


def lineage_parts(key: TokenKey) -> tuple[str, ...]:
    """What the secrets of one lineage have in common: more parts than a token has, so that no two names are equal."""
    return key.host, key.account, key.lineage, "lineage"


def keyed_name(secret: bytes, *parts: str) -> str:
    """A name that only the holder of the secret can make from the parts, or tie to them."""
    return HMAC(secret, dumps(parts).encode(), sha256).hexdigest()[:40]


def reserved(moments: Iterable[float], limit: FetchLimit, now: float) -> tuple[list[float], float]:
    """The moments to remember, and 0 if a fetch at `now` is among them, else the seconds until one may be.

    A moment in the future was counted before the clock was set back; it counts as now.
    """
    recent = sorted(min(moment, now) for moment in moments if moment > now - limit.seconds)
    if len(recent) < limit.times:
        return [*recent, now], 0.0
    return recent, recent[-limit.times] + limit.seconds - now


class MemoryStorage:
    """Keeps records for one token cache, as long as the process lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        in_each_process(self._begin)
        self._records: dict[str, TokenRecord] = {}
        self._lineages: dict[tuple[str, ...], Lineage] = {}
        self._moments: dict[str, list[float]] = {}

    def _begin(self) -> None:
        self._lock = threading.Lock()

    def name(self, key: TokenKey) -> str:
        """The name of a key's record."""
        return keyed_name(self._secret, key.host, key.account, key.secret.get_secret_value())

    def read(self, name: str) -> TokenRecord:
        """The record, empty when there is none."""
        return self._records.get(name, TokenRecord())

    @contextmanager
    def change(self, name: str) -> Iterator[RecordChange[TokenRecord]]:
        """The record, to be changed."""
        with self._lock:
            change = RecordChange(self.read(name))
            yield change
            self._records[name] = change.record

    def lineage(self, key: TokenKey) -> Lineage:
        """The secrets of a key's lineage."""
        return self._lineages.get(lineage_parts(key), Lineage())

    @contextmanager
    def change_lineage(self, key: TokenKey) -> Iterator[RecordChange[Lineage]]:
        """The secrets of a key's lineage, to be changed."""
        with self._lock:
            change = RecordChange(self.lineage(key))
            yield change
            self._lineages[lineage_parts(key)] = change.record

    @contextmanager
    def lease(self, name: str, deadline: Deadline) -> Iterator[None]:
        """Free at once: within a process the token cache itself sees to it that one fetches at a time."""
        del name, deadline
        yield

    def reserve(self, limit: FetchLimit) -> float:
        """Count a fetch, or say when."""
        with self._lock:
            moments, wait = reserved(self._moments.get(limit.key, ()), limit, self._clock.now().timestamp())
            self._moments[limit.key] = moments
            return wait

"""The storage in the state folder, shared by all processes of a machine and kept across restarts.

A folder of mode 0700 with files of mode 0600:
    secret         32 random bytes; every other name is a hash keyed with them, so a name tells nothing
    lock           held for an instant by whoever reads or changes something here
    NAME.token     the last token and the last failure of one `TokenKey`; its time stamp is the token's end
    NAME.lease     held by the one who fetches this token; its time stamp is the end of the lease
    NAME.lineage   when the secrets of one login were accepted and refused; its time stamp is when that is forgotten
    NAME.limit     the moments of the last fetches under one `FetchLimit`
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from filelock import FileLock, Timeout
from pydantic import SecretStr

from portes.carrier import Deadline
from portes.clock import Clock
from portes.errors import CarrierError, IncompleteError, LateError
from portes.files import replace_atomically
from portes.toolbox.tokens.lineage import Lineage, SecretRecord
from portes.toolbox.tokens.models import FetchLimit, Token, TokenKey
from portes.toolbox.tokens.storage import (
    GRACE,
    KeptToken,
    RecordChange,
    TokenRecord,
    keyed_name,
    lineage_parts,
    reserved,
)

_LONGEST_LEASE: Final = 300.0  # an end further away was written before the clock was set back
_WAIT_FOR_LOCK: Final = 2.0
_POLL: Final = 0.02
_DAY: Final = 86_400.0
_REMEMBERED: Final = 400 * _DAY  # since a secret was last shown to its carrier; some tokens live for a year
_MOMENTS: Final = ("first_tried", "accepted_first", "accepted_last", "refused_first")
_KINDS: Final = {error.kind: error for error in CarrierError.__subclasses__()}

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class FileStorage:
    """Keeps records in `STATE/tokens`, made when it is first needed."""

    def __init__(self, state: Path, clock: Clock) -> None:
        self._state = state
        self._folder = state / "tokens"
        self._clock = clock

    def name(self, key: TokenKey) -> str:
        """The name of a key's record."""
        return self._name(key.host, key.account, key.secret.get_secret_value())

    def read(self, name: str) -> TokenRecord:
        """The record, empty when there is none or nobody can read it."""
        with self._alone():
            return self._load(name)

    @contextmanager
    def change(self, name: str) -> Iterator[RecordChange[TokenRecord]]:
        """The record, to be changed."""
        with self._alone():
            change = RecordChange(self._load(name))
            yield change
            self._save(name, change.record)
            self._tidy()

    def lineage(self, key: TokenKey) -> Lineage:
        """The secrets of a key's lineage."""
        path = self._lineage_path(key)
        with self._alone():
            return _read(path, _decoded_lineage, Lineage())

    @contextmanager
    def change_lineage(self, key: TokenKey) -> Iterator[RecordChange[Lineage]]:
        """The secrets of a key's lineage, to be changed."""
        path = self._lineage_path(key)
        with self._alone():
            before = _read(path, _decoded_lineage, Lineage())
            change = RecordChange(before)
            yield change
            if change.record != before:
                content = json.dumps(_encoded_lineage(change.record)).encode()
                replace_atomically(path, content, mtime=self._now() + _REMEMBERED)

    @contextmanager
    def lease(self, name: str, deadline: Deadline) -> Iterator[None]:
        """The right to fetch. The system frees it when the holder dies; one who hangs loses it at the lease's end."""
        held = self._leased(self._folder / f"{name}.lease", deadline)
        try:
            yield
        finally:
            held.release()

    def reserve(self, limit: FetchLimit) -> float:
        """Count a fetch, or say when."""
        path = self._folder / f"{self._name(limit.key)}.limit"
        with self._alone():
            now = self._now()
            moments, wait = reserved(_read(path, _moments, []), limit, now)
            replace_atomically(path, json.dumps(moments).encode(), mtime=now + limit.seconds)
            return wait

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _lineage_path(self, key: TokenKey) -> Path:
        return self._folder / f"{self._name(*lineage_parts(key))}.lineage"

    def _name(self, *parts: str) -> str:
        with self._alone():
            path = self._folder / "secret"
            if not path.exists():
                replace_atomically(path, secrets.token_bytes(32), mtime=self._now())
            return keyed_name(path.read_bytes(), *parts)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one here, among threads and processes; every hold is a few small files long."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if self._folder.stat().st_mode & 0o077:
                self._folder.chmod(0o700)
            with FileLock(self._folder / "lock", mode=0o600).acquire(_WAIT_FOR_LOCK, poll_interval=0.005):
                yield
        except Timeout:
            msg = f"the state folder {self._state} is locked by another process"
            raise LateError(msg) from None
        except OSError as problem:
            msg = f"the state folder {self._state} cannot be used: {problem.strerror}"
            raise IncompleteError(msg) from None

    def _leased(self, path: Path, deadline: Deadline) -> FileLock:
        while True:
            with self._alone():
                if held := self._take_lease(path):
                    end = self._now() + deadline.remaining() + GRACE
                    os.utime(path, (end, end))
                    return held
            deadline.check()
            time.sleep(min(_POLL, deadline.remaining()))

    def _take_lease(self, path: Path) -> FileLock | None:
        held = _locked(path)
        if held or self._now() <= path.stat().st_mtime <= self._now() + _LONGEST_LEASE:
            return held
        path.unlink()  # the holder hangs: its lock stays on the old file and hinders nobody
        return _locked(path)

    def _load(self, name: str) -> TokenRecord:
        return _read(self._folder / f"{name}.token", _decoded, TokenRecord())

    def _save(self, name: str, record: TokenRecord) -> None:
        until = record.kept.end.timestamp() if record.kept else self._now()
        replace_atomically(self._folder / f"{name}.token", json.dumps(_encoded(record)).encode(), mtime=until)

    def _tidy(self) -> None:
        """Remove what ended more than a day ago: the tokens of old passwords among it."""
        for path in self._folder.glob("*.*"):
            if path.stat().st_mtime < self._now() - _DAY:
                path.unlink()


def _locked(path: Path) -> FileLock | None:
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return lock


def _read(path: Path, decode: Callable[[Any], T], empty: T) -> T:
    if not path.exists():
        return empty
    try:
        return decode(json.loads(path.read_bytes()))
    except (ValueError, LookupError, TypeError):
        _log.warning("a file of the token cache is unreadable and will be written anew", file=str(path))
        return empty


def _moments(file: Any) -> list[float]:  # noqa: ANN401 — JSON
    return [float(moment) for moment in file]


def _encoded(record: TokenRecord) -> dict[str, Any]:
    kept, failure = record.kept, record.failure
    return {
        "turn": record.turn,
        "kept": kept
        and {
            "value": kept.token.value.get_secret_value(),
            "expires": kept.token.expires.isoformat(),
            "facts": dict(kept.token.facts),
            "fetched": kept.fetched.isoformat(),
        },
        "failure": failure and {"kind": failure.kind, "hint": failure.hint, "retry_after": failure.retry_after},
        "failed": _text(record.failed),
    }


def _decoded(file: dict[str, Any]) -> TokenRecord:
    kept, failure = file["kept"], file["failure"]
    return TokenRecord(
        turn=file["turn"],
        kept=kept
        and KeptToken(
            Token(SecretStr(kept["value"]), datetime.fromisoformat(kept["expires"]), kept["facts"]),
            datetime.fromisoformat(kept["fetched"]),
        ),
        failure=failure and _KINDS[failure["kind"]](failure["hint"], retry_after=failure["retry_after"]),
        failed=_moment(file.get("failed")),
    )


def _encoded_lineage(lineage: Lineage) -> dict[str, Any]:
    return {
        "secrets": [
            {"name": each.name, **{moment: _text(getattr(each, moment)) for moment in _MOMENTS}}
            for each in lineage.secrets
        ]
    }


def _decoded_lineage(file: dict[str, Any]) -> Lineage:
    secrets = (SecretRecord(each["name"], *(_moment(each[moment]) for moment in _MOMENTS)) for each in file["secrets"])
    return Lineage(tuple(secrets))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = "a moment without its time zone was written by nobody here"
        raise ValueError(msg)
    return moment

"""The storage in the state folder, shared by all processes of a machine and kept across restarts.

A folder of mode 0700 with files of mode 0600:
    secret         32 random bytes; every other name is a hash keyed with them, so a name tells nothing
    lock           held for an instant by whoever reads or changes something here
    NAME.token     the last token and the last failure of one `TokenKey`; its time stamp is the token's end
    NAME.lease     held by the one who fetches this token; its time stamp is the end of the lease
    NAME.lineage   when the secrets of one login were accepted and refused; its time stamp is when that is forgotten
    NAME.limit     the moments of the last fetches under one `FetchLimit`

A folder that takes nothing more is read as far as it can be, and does else as if there were none: names, turns and
limits are this process's own until it takes something again.
"""

import json
import math
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import structlog
from filelock import FileLock, Timeout
from pydantic import SecretStr

from portes.carrier import Deadline
from portes.clock import Clock
from portes.errors import CarrierError, IncompleteError, LateError
from portes.files import UNKEPT, claim_folder, read_own, remove_old, replace_atomically
from portes.forks.children import in_each_process
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
_PART: Final = "tokens"
_OURS: Final = re.compile(r"[0-9a-f]{40}\.(?:token|lease|lineage|limit)")
_KEY_FILE: Final = "secret"
_SECRET: Final = 32
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
        self._folder = state / _PART
        self._clock = clock
        self._secret = secrets.token_bytes(_SECRET)
        """Keys names while the folder has no secret and takes none."""
        self._moments: dict[str, list[float]] = {}
        """Fetches by their limit's name that no file counts."""
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._counting = Lock()

    def name(self, key: TokenKey) -> str:
        """The name of a key's record."""
        return self._name(key.host, key.account, key.secret.get_secret_value())

    def read(self, name: str) -> TokenRecord:
        """The record, empty when there is none or nobody can read it."""
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
        return self._read(self._lineage_path(key), _decoded_lineage, Lineage())

    @contextmanager
    def change_lineage(self, key: TokenKey) -> Iterator[RecordChange[Lineage]]:
        """The secrets of a key's lineage, to be changed."""
        path = self._lineage_path(key)
        with self._alone():
            before = self._read(path, _decoded_lineage, Lineage())
            change = RecordChange(before)
            yield change
            if change.record != before:
                content = json.dumps(_encoded_lineage(change.record)).encode()
                replace_atomically(path, content, mtime=self._now() + _REMEMBERED)

    @contextmanager
    def lease(self, name: str, deadline: Deadline) -> Iterator[None]:
        """The right to fetch. The system frees it when the holder dies; one who hangs loses it at the lease's end."""
        try:
            held = self._leased(self._folder / f"{name}.lease", deadline)
        except IncompleteError:  # nobody can have it, so everybody may: a process is alone with its own lock
            held = None
        try:
            yield
        finally:
            if held:
                held.release()

    def reserve(self, limit: FetchLimit) -> float:
        """Count a fetch, or say when."""
        name, now = self._name(limit.key), self._now()
        path = self._folder / f"{name}.limit"
        with self._counting:
            own = self._moments.get(name, [])
            try:
                with self._alone():
                    moments, wait = reserved([*self._counted(path), *own], limit, now)
                    replace_atomically(path, json.dumps(moments).encode(), mtime=now + limit.seconds)
                self._moments.pop(name, None)
            except IncompleteError:
                _, wait = reserved([*self._counted(path), *own], limit, now)
                if not wait:
                    self._moments[name], _ = reserved(own, limit, now)
        return wait

    def _counted(self, path: Path) -> list[float]:
        none: list[float] = []
        return self._read(path, _moments, none)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _lineage_path(self, key: TokenKey) -> Path:
        return self._folder / f"{self._name(*lineage_parts(key))}.lineage"

    def _name(self, *parts: str) -> str:
        return keyed_name(self._kept_secret() or self._secret, *parts)

    def _kept_secret(self) -> bytes:
        """The secret of the folder, made when there is none; empty when there can be none."""
        path = self._folder / _KEY_FILE
        with suppress(OSError):
            if len(kept := read_own(path)) == _SECRET:
                return kept
        with suppress(IncompleteError), self._alone():
            with suppress(FileNotFoundError):
                if len(kept := read_own(path)) == _SECRET:
                    return kept
            replace_atomically(path, self._secret, mtime=self._now())
            return self._secret
        return b""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who changes something, among threads and processes; a hold is a few small files long."""
        try:
            claim_folder(self._folder)
            with FileLock(self._folder / "lock", mode=0o600).acquire(_WAIT_FOR_LOCK, poll_interval=0.005):
                yield
        except Timeout:
            msg = f"the state folder {self._state} is locked by another process"
            raise LateError(msg) from None
        except (OSError, NotImplementedError) as problem:  # filelock has the latter for file systems without locks
            cause = problem.strerror if isinstance(problem, OSError) else "it takes no locks"
            msg = f"the state folder {self._state} cannot be used: {cause}"
            UNKEPT.note(self._state, _PART, msg)
            raise IncompleteError(msg) from None
        else:
            UNKEPT.over(self._state, _PART)

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

    def _read(self, path: Path, decode: Callable[[Any], T], empty: T) -> T:
        try:
            return decode(json.loads(read_own(path)))
        except (FileNotFoundError, NotADirectoryError):
            return empty
        except OSError as problem:
            if UNKEPT.note(self._state, _PART, f"{path} cannot be read: {problem.strerror}"):
                _log.warning("a file of the token cache cannot be read", file=str(path), cause=problem.strerror)
            return empty
        except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError):
            _log.warning("a file of the token cache is unreadable and will be written anew", file=str(path))
            return empty

    def _load(self, name: str) -> TokenRecord:
        return self._read(self._folder / f"{name}.token", _decoded, TokenRecord())

    def _save(self, name: str, record: TokenRecord) -> None:
        until = record.kept.end.timestamp() if record.kept else self._now()
        replace_atomically(self._folder / f"{name}.token", json.dumps(_encoded(record)).encode(), mtime=until)

    def _tidy(self) -> None:
        """Remove what ended more than a day ago: the tokens of old passwords among it."""
        remove_old(self._folder, _OURS, self._now(), _DAY)
        remove_old(self._folder, re.compile(_KEY_FILE), self._now(), math.inf)


def _locked(path: Path) -> FileLock | None:
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return lock


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

"""Has what belongs to one process alone made anew in every child that is forked from it."""

import errno
import os
from collections.abc import Callable
from functools import partial
from itertools import count
from threading import RLock, get_ident
from types import MethodType, TracebackType
from typing import Final, NamedTuple, cast
from weakref import WeakSet, ref

import structlog

LONGEST_WAIT: Final = 3.0
"""Seconds that a fork waits for a `ForkLock`: a wait for a database's own lock may be under way."""

_HELD: Final = "was in use when this process was forked from another; open the store in this process"

_log = structlog.get_logger(__name__)
_number = count()
_begun: "dict[int, _Owner]" = {}
_locks: "WeakSet[ForkLock]" = WeakSet()


class _Owner(NamedTuple):
    """Who begins anew in a child, and how; whoever is gone does not."""

    owner: "ref[object]"
    how: Callable[[object], None]

    def begin(self) -> None:
        """Have it begin. What goes wrong is logged."""
        owner = self.owner()
        try:
            if owner is not None:
                self.how(owner)
        except Exception:  # noqa: BLE001 — a stranger's method must not keep the others from being called
            _log.exception("not made anew after a fork", owner=type(owner).__qualname__)


def in_each_process(begin: Callable[[], None]) -> None:
    """Call a method now, and again in every child that is forked while its object lives.

    It makes what no child may share: connections, pools of threads, locks, and notes of calls under way. In a child no
    other thread runs yet, and none of the parent's ever will; what they held stays held, so nothing old is touched.
    """
    in_children(begin)
    begin()


def in_children(begin: Callable[[], None]) -> None:
    """Call a method in every child that is forked while its object lives, and not now: others may be using it."""
    number, method = next(_number), cast(MethodType, begin)
    _begun[number] = _Owner(ref(method.__self__, partial(_forget, _begun, number)), method.__func__)


def _forget(begun: dict[int, _Owner], number: int, _gone: "ref[object]") -> None:
    """Leave one out; it needs no name of this module, for at the interpreter's end those are gone before the owners."""
    begun.pop(number, None)


class ForkLock:
    """A lock that a fork waits for, for what must not be half done in a child, or open in it at all.

    `let_go` is called before each fork, with the lock held. `with` raises `OSError` in a child that was forked while
    another thread held the lock for longer than a fork waits.
    """

    def __init__(self, let_go: Callable[[], None] | None = None) -> None:
        self._lock = RLock()
        self._let_go = let_go
        self._forking: set[int] = set()
        """The threads that fork with the lock held."""
        self._usable = True
        _locks.add(self)

    def __enter__(self) -> None:
        if not self._usable:
            raise OSError(errno.EBUSY, _HELD)
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def before(self) -> None:
        """Let no other thread have it from now on until the fork is made."""
        if not self._lock.acquire(timeout=LONGEST_WAIT):
            return
        self._forking.add(get_ident())
        if self._let_go is not None:
            self._let_go()

    def after_in_parent(self) -> None:
        """Let the others have it again."""
        if get_ident() in self._forking:
            self._forking.remove(get_ident())
            self._lock.release()

    def after_in_child(self) -> None:
        """Be a new lock, unless the parent's other thread was in the midst of something."""
        self._usable = self._usable and get_ident() in self._forking
        self._forking = set()
        self._lock = RLock()


def _before() -> None:
    for lock in tuple(_locks):
        lock.before()


def _after_in_parent() -> None:
    for lock in tuple(_locks):
        lock.after_in_parent()


def _after_in_child() -> None:
    for lock in tuple(_locks):
        lock.after_in_child()
    for known in tuple(_begun.values()):
        known.begin()


if hasattr(os, "register_at_fork"):  # where there is no fork nothing is to be done for it
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)

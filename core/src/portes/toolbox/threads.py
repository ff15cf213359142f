"""The threads that a carrier's own calls run on, bounded and named."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from portes.forks.children import in_each_process

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """At most `most` threads, made when they are first needed and named `portes-NAME_0` and so on."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._closed = False
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._pool = ThreadPoolExecutor(self._most, f"portes-{self._name}")
        if self._closed:
            self.close()

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T] | None":
        """The result to come of a call that runs soon; None when they, or the interpreter, are closing."""
        try:
            return self._pool.submit(call, *args, **kwargs)
        except RuntimeError:
            return None

    def close(self) -> None:
        """Begin no more calls and drop those that wait; those that run end by their own time limits."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

"""Several sources gone through at once, each waited for in a thread of its own; it knows nothing of what they give."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TypeVar

Given = TypeVar("Given")


def side_by_side(
    sources: Mapping[str, Generator[Given, None, None]], name: str
) -> Generator[tuple[str, Given], None, None]:
    """What sources give, each under its key, as it comes; raises what the first of them to fail raises.

    A source is asked for more once what it gave before was done with: when the caller wants the next one. Threads are
    called `name` and the key. Each source is closed at its end, and where nobody wants any more.
    """
    came: SimpleQueue[tuple[str, Sequence[Given], BaseException | None]] = SimpleQueue()
    done_with = {key: Semaphore(0) for key in sources}
    ended = Event()

    def run(key: str) -> None:
        try:
            with closing(sources[key]) as source:
                for given in source:
                    came.put((key, (given,), None))
                    done_with[key].acquire()
                    if ended.is_set():
                        return
            came.put((key, (), None))
        except BaseException as problem:  # noqa: BLE001 — raised again in the thread that waits for it
            came.put((key, (), problem))

    for key in sources:
        Thread(target=run, args=(key,), name=f"{name}-{key}", daemon=True).start()
    left = len(sources)
    try:
        while left:
            key, some, problem = came.get()
            if problem is not None:
                raise problem
            left -= not some
            for given in some:
                yield key, given
                done_with[key].release()
    finally:
        ended.set()
        for each in done_with.values():
            each.release()

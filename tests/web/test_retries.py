"""When files that make no store are tried again, by a clock that only the test moves."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stage import ENVIRON, wait_until, write_store

from portes.errors import Problem, SettingsError
from portes.hooks import Watchers
from portes.store import Opener, Store
from portes.web.live_stores import LiveStores
from portes.web.reload import parent, worker
from portes.web.reload.generation import Generation, GenerationFile, PreparedWorkers
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import StoreChange, StoreLoader
from portes.web.reload.worker import WorkerReloader

LOOKS = 3
"""Looks at the files after which what did not happen is not going to."""


class HandWound:
    """The clock of a module; threads sleep by the real one."""

    sleep = staticmethod(time.sleep)

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


class LockedOpener(Opener):
    """Opens stores once nobody locks their files; each trial takes some seconds of the clock."""

    def __init__(self, clock: HandWound) -> None:
        super().__init__(environ=ENVIRON, watchers=Watchers())
        self.locked, self.trials, self.seconds, self._clock = True, 0, 0.0, clock

    def open(self, file: Path, before: Store | None = None) -> Store:
        self.trials += 1
        self._clock.now += self.seconds
        if self.locked:
            raise SettingsError(Problem("file", "", "is locked", "wait"))
        return super().open(file, before)


class WatchedLoader(StoreLoader):
    """Counts the looks at its files and what they lead to, and has something happen before each look."""

    looks = loads = 0
    before: Callable[[], object] = staticmethod(lambda: None)

    def signatures(self) -> object:
        self.before()
        self.looks += 1
        return super().signatures()

    def load(self, *, every: bool = False, refused: bool = False) -> StoreChange:
        self.loads += 1
        return super().load(every=every, refused=refused)


class CountedFile(GenerationFile):
    """Counts how often it was read."""

    looks = 0

    def read(self) -> Generation:
        self.looks += 1
        return super().read()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandWound:
    clock = HandWound()
    monkeypatch.setattr(parent, "time", clock)
    monkeypatch.setattr(worker, "time", clock)
    return clock


@pytest.fixture
def opener(clock: HandWound) -> LockedOpener:
    return LockedOpener(clock)


@pytest.fixture
def loader(opener: LockedOpener, tmp_path: Path) -> Iterator[WatchedLoader]:
    loader = WatchedLoader([write_store(tmp_path, "shop", {"near": {}})], opener)
    yield loader
    loader.close()


def some_looks(at: WatchedLoader | CountedFile) -> None:
    looks = at.looks
    wait_until(lambda: at.looks >= looks + LOOKS)


@pytest.mark.parametrize(("seconds", "pause"), [(0.0, 5.0), (0.125, 5.0), (1.0, 20.0)])
def test_the_parent_tries_again_after_five_seconds_or_twenty_times_what_the_trial_took(
    clock: HandWound, opener: LockedOpener, loader: WatchedLoader, tmp_path: Path, seconds: float, pause: float
) -> None:
    opener.seconds = seconds
    reloader = ParentReloader(loader, GenerationFile(tmp_path))
    with reloader.running():
        wait_until(lambda: reloader.generation.at > 0)  # workers hear of a refused store, too
        some_looks(loader)
        clock.now = seconds + pause - 0.125
        some_looks(loader)
        early = opener.trials
        opener.locked = False
        clock.now = seconds + pause
        wait_until(lambda: loader.stores != ())
        clock.now += 100
        some_looks(loader)

    assert (early, opener.trials, loader.loads, [store.name for store in loader.stores]) == (1, 2, 2, ["shop"])


def test_a_file_is_read_once_it_stayed_the_same_from_one_look_to_the_next(
    opener: LockedOpener, loader: WatchedLoader, tmp_path: Path
) -> None:
    file = tmp_path / "shop.toml"

    def growing() -> None:
        file.write_text(file.read_text() + "#\n")

    loader.before = growing
    with ParentReloader(loader, GenerationFile(tmp_path)).running():
        some_looks(loader)
        meanwhile = opener.trials
        loader.before = lambda: None
        wait_until(lambda: opener.trials == 1)

    assert meanwhile == 0


def test_a_worker_that_alone_refuses_a_store_tries_it_again_every_five_seconds(
    clock: HandWound, opener: LockedOpener, loader: WatchedLoader, tmp_path: Path
) -> None:
    generations, notes = CountedFile(tmp_path / "private"), PreparedWorkers(tmp_path / "private")
    loader.load()
    reloader, live, trials = WorkerReloader(loader, generations, notes), LiveStores([]), []

    async def running() -> tuple[str, ...]:
        reloader.start(live, asyncio.get_running_loop())
        for moment in (0.0, 4.75, 5.0, 9.75):
            clock.now = moment
            await asyncio.to_thread(some_looks, generations)
            trials.append(opener.trials)
        opener.locked = False
        clock.now = 10.0
        await asyncio.to_thread(wait_until, lambda: live.current.stores != ())
        return tuple(store.name for store in live.current.stores)

    async def ended() -> tuple[str, ...]:
        names = await running()
        live.close()  # the thread ends with the next exchange
        generations.advance(Generation(), forced=True)
        generations.settle(generations.read(), 1.0)
        looks = opener.trials
        await asyncio.to_thread(wait_until, lambda: opener.trials > looks)
        await asyncio.to_thread(some_looks_until_silent, generations)
        return names

    assert asyncio.run(ended()) == ("shop",)
    assert trials == [2, 2, 3, 3]


def some_looks_until_silent(generations: CountedFile) -> None:
    def silent() -> bool:
        looks = generations.looks
        time.sleep(0.5)
        return generations.looks == looks

    wait_until(silent)


@pytest.mark.parametrize("later", [False, True])
def test_a_worker_waits_ten_seconds_for_the_moment_of_an_exchange_or_until_a_later_one_is_announced(
    clock: HandWound, opener: LockedOpener, loader: WatchedLoader, tmp_path: Path, *, later: bool
) -> None:
    """The parent may be gone, or may have found no room to say the moment; the worker must not stay behind for ever."""
    generations, notes = CountedFile(tmp_path / "private"), PreparedWorkers(tmp_path / "private")
    opener.locked = False
    loader.load()
    before = loader.stores
    reloader, live = WorkerReloader(loader, generations, notes), LiveStores(before)

    async def running() -> bool:
        reloader.start(live, asyncio.get_running_loop())
        first = generations.advance(Generation(), forced=True)
        await asyncio.to_thread(wait_until, lambda: notes.have(first.number, [os.getpid()]))
        clock.now = 9.75
        await asyncio.to_thread(some_looks, generations)
        waits = live.current.stores == before
        if later:
            generations.advance(first, forced=False)
        else:
            clock.now = 10.0
        await asyncio.to_thread(wait_until, lambda: live.current.stores == loader.stores != before)
        live.close()  # the thread ends with the next exchange
        generations.settle(generations.advance(generations.read(), forced=True), 1.0)
        await asyncio.to_thread(some_looks_until_silent, generations)
        return waits

    assert asyncio.run(running())

"""A store that is used after a fork: nothing of the parent's is shared, and nothing of it is waited for."""

import gc
import multiprocessing
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from forked import forked
from forking_store import PriceServer, forking_store, own, price, prices
from keeping import ids, wait_until
from shop import request

from portes.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # Python 3.12 warns where threads run

LOCKS = (type(threading.Lock()), type(threading.RLock()), ThreadPoolExecutor)
FOREIGN = ("sqlalchemy", "structlog", "pluggy", "stevedore", "importlib", "pydantic", "requests.cookies")
"""Whose objects are not looked through: they are never used under a lock, or a `ForkLock` keeps forks away."""

STATIC = (ModuleType, FunctionType, type, str, int, float)

Shop = tuple[Store, PriceServer]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    with forking_store(tmp_path) as opened:
        yield opened
    sys.modules.pop("acme_carrier", None)


def kept(store: Store) -> list[str]:
    """The ids of all receipts, once the store is closed."""
    assert store.settings.state is not None
    return ids(store.settings.state / "receipts.sqlite")


def connections(store: Store) -> list[str]:
    """The idle connections of the carrier's session that are open."""
    pools = store.tools["acme"].http.get_adapter("http://").poolmanager.pools  # type: ignore[attr-defined]
    idle = [connection for name in pools.keys() for connection in pools[name].pool.queue]  # noqa: SIM118
    return [str(one.sock) for one in idle if one is not None and one.sock is not None]


def locks_of(store: Store) -> dict[int, tuple[object, str]]:
    """Every lock and every pool of threads that a store leads to, by its identity, and the way there."""
    found: dict[int, tuple[object, str]] = {}
    seen: set[int] = set()
    left: list[tuple[Any, str]] = [(store, "store")]
    while left:
        thing, way = left.pop()
        kind = type(thing)
        if id(thing) in seen or kind.__module__.startswith(FOREIGN) or isinstance(thing, STATIC):
            continue
        seen.add(id(thing))
        if isinstance(thing, LOCKS):
            found[id(thing)] = (thing, way)
        else:
            left += [(part, f"{way} > {kind.__name__}") for part in gc.get_referents(thing)]
    return found


def test_parent_and_children_of_a_fork_get_each_their_own_answers_and_receipts(shop: Shop) -> None:
    store, server = shop
    store.quote(request())  # a connection, a thread, a token and a receipt that waits are there to be shared

    def act(asker: int) -> list[int | str]:
        told = prices(store, asker, 40)
        store.close()
        return told

    children = [forked(partial(act, asker)) for asker in (1, 2, 3)]
    told = {0: prices(store, 0, 40)} | {number: child.told() for number, child in enumerate(children, 1)}
    store.close()

    assert told == {asker: own(asker, 40) for asker in range(4)}
    assert [askers for askers in server.askers.values() if len(askers) > 1] == []
    assert len({pid for askers in server.askers.values() for pid in askers}) == 4
    assert (len(kept(store)), len(set(kept(store)))) == (161, 161)


def test_a_child_forked_amid_eight_busy_threads_answers_at_once_and_so_does_the_parent(shop: Shop) -> None:
    store, server = shop
    server.gate.clear()
    with ThreadPoolExecutor(8) as askers:
        waiting = [askers.submit(prices, store, 0, 1, number) for number in range(8)]
        for _ in waiting:
            server.waiting.acquire(timeout=30)
        children = [forked(lambda: (store.quoter.under_way(), prices(store, 0, 8))) for _ in range(3)]
        threading.Timer(0.05, server.gate.set).start()
        told = [child.told() for child in children]

    assert told == [[{"acme": 0}, own(0, 8)]] * 3
    assert [price for one in waiting for price in one.result()] == own(0, 8)


def test_a_child_that_asks_and_closes_the_store_leaves_the_parent_s_as_it_is(shop: Shop) -> None:
    store, server = shop
    first = store.quote(request())

    def act() -> str:
        quote = store.quote(request(to="01000055"))
        store.close()
        return quote.id

    childs = forked(act).told()
    second = store.quote(request(to="01000077"))
    store.close()

    assert price(second) == 77
    assert len(server.askers) == 2
    assert sorted(kept(store)) == sorted([first.id, childs, second.id])


def test_a_child_has_neither_a_database_nor_a_connection_of_its_parent_open(shop: Shop) -> None:
    store, _ = shop
    store.quote(request())
    wait_until(lambda: bool(kept(store)))

    def opened() -> list[str]:
        left = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        return [name for name in left if "sqlite" in name]

    assert forked(opened).told() == []
    assert connections(store)
    assert forked(lambda: connections(store)).told() == []


def test_a_child_of_a_child_and_a_process_of_multiprocessing_answer_too(shop: Shop) -> None:
    store, _ = shop
    prices(store, 0, 2)

    def grandparent() -> list[int | str]:
        return [*prices(store, 1, 2), *forked(lambda: prices(store, 2, 2)).told()]

    assert forked(grandparent).told() == own(1, 2) + own(2, 2)
    fork = multiprocessing.get_context("fork")
    reading, writing = fork.Pipe(duplex=False)
    process = fork.Process(target=lambda: writing.send(prices(store, 3, 2)))
    process.start()
    assert reading.poll(30)
    assert reading.recv() == own(3, 2)
    process.join()


def test_no_lock_and_no_pool_of_threads_of_a_store_is_its_parent_s(shop: Shop) -> None:
    store, _ = shop
    prices(store, 0, 2)
    of_parent = locks_of(store)

    assert of_parent
    assert forked(lambda: [way for name, (_, way) in locks_of(store).items() if name in of_parent]).told() == []


@pytest.mark.exhaustive
def test_children_forked_at_any_moment_of_eight_busy_threads_all_answer(shop: Shop) -> None:
    store, server = shop
    ended = threading.Event()

    def busy(number: int) -> int:
        asked = 0
        while not ended.is_set():
            asked += 1
            assert prices(store, 0, 1, number * 1000 + asked % 1000) == own(0, 1, number * 1000 + asked % 1000)
        return asked

    def act(asker: int) -> list[int | str]:
        told = prices(store, asker, 3)
        store.close()
        return told

    with ThreadPoolExecutor(8) as askers:
        working = [askers.submit(busy, number) for number in range(8)]
        told = [forked(partial(act, 1 + number % 9)).told() for number in range(40)]
        ended.set()
        asked = sum(one.result() for one in working)
    store.close()

    assert told == [own(1 + number % 9, 3) for number in range(40)]
    assert [askers for askers in server.askers.values() if len(askers) > 1] == []
    assert (len(kept(store)), len(set(kept(store)))) == (asked + 120, asked + 120)

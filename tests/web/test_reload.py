"""Files that change under the running service: taken up whole by every worker, or refused and told; no call fails."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crowd import Crowd, Prices, ask, prices, settled
from stage import EXPRESS, NORMAL, Service, browser, service, wait_until, write_store

TILLS = Path(__file__).parent / "tills"
PROCESSES = 3
"""The parent and two workers, each of which loads every store."""


@dataclass
class Shop:
    """A store whose two carriers take their prices from files beside it."""

    folder: Path
    name: str = "shop"

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.toml"

    def put(self, name: str, text: str) -> None:
        """Replace a file at once, unless it says so already: that would be a change of its own."""
        file = self.folder / name
        if not file.exists() or file.read_text() != text:
            (self.folder / "aside" / name).write_text(text)
            (self.folder / "aside" / name).replace(file)

    def write(self, cheap: int, dear: int, *, more: str = "", **settings: Any) -> None:
        """Both prices in one change: each version of the settings names tariffs of its own."""
        tills = {"cheap": cheap, "dear": dear}
        for price in tills.values():
            self.put(f"{price}.txt", f"{price}\n")
        new = write_store(
            self.folder / "aside",
            self.name,
            {key: {"tariff": f"{price}.txt", **settings} for key, price in tills.items()},
            services={"cheap": [NORMAL], "dear": [EXPRESS]},
            more=more,
        )
        new.write_text(new.read_text().replace('use = "prop"', 'use = "till"'))
        new.replace(self.file)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("stores")
    (folder / "aside").mkdir()
    shop = Shop(folder)
    shop.write(1000, 2000)
    return shop


@pytest.fixture(scope="module")
def running(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("log") / "out.jsonl"
    with service([shop.folder, "--workers", "2"], log, TILLS) as started:
        yield started


def readyz(running: Service) -> dict[str, Any]:
    with browser() as session:
        told: dict[str, Any] = session.get(f"{running.admin}/readyz", timeout=60).json()
        return told


def metrics(running: Service) -> list[str]:
    with browser() as session:
        return session.get(f"{running.admin}/metrics", timeout=60).text.splitlines()


def pids(running: Service) -> set[int]:
    return set(readyz(running)["workers"]["answering"])


@contextmanager
def loaded(running: Service, times: int = PROCESSES) -> Iterator[None]:
    """Wait at the end of the block until so many processes loaded a store."""
    before = len(running.logged("store loaded"))
    yield
    wait_until(lambda: len(running.logged("store loaded")) >= before + times)


def changed_under_load(running: Service, change: Callable[[], object], until: Prices) -> set[Prices]:
    """What was answered before, while and after something changed; every call must have been answered."""
    crowd = Crowd(running)
    with crowd.asking():
        wait_until(lambda: len(crowd.answers) > 5)
        with loaded(running):
            change()
        wait_until(lambda: settled(running, until))
    assert crowd.problems == []
    assert len(crowd.answers) > 10
    return {prices(answer) for answer in crowd.answers}


def state(process: int) -> str:
    """The letter of a process: R, S, … or Z for one that died."""
    stat = Path(f"/proc/{process}/stat")
    return stat.read_text().rpartition(") ")[2][0] if stat.exists() else "X"


def test_changed_settings_are_taken_up_whole_by_every_worker_and_no_call_fails(running: Service, shop: Shop) -> None:
    seen = changed_under_load(running, lambda: shop.write(1100, 2200), until=(1100, 2200))

    assert seen == {(1000, 2000), (1100, 2200)}


def test_a_tariff_exchanged_in_mid_flight_prices_the_next_call(running: Service, shop: Shop) -> None:
    with loaded(running):
        shop.write(1100, 2200, seconds=0.1)

    seen = changed_under_load(running, lambda: shop.put("2200.txt", "2300\n"), until=(1100, 2300))

    assert seen == {(1100, 2200), (1100, 2300)}


def test_once_one_worker_answers_by_a_change_no_other_answers_as_before_however_slow_it_is(
    running: Service, shop: Shop
) -> None:
    with loaded(running):
        shop.write(1150, 2150)
    wait_until(lambda: settled(running, (1150, 2150)))
    crowd = Crowd(running)

    with crowd.asking():
        with loaded(running):
            shop.write(1175, 2175, hesitant="slow")
        wait_until(lambda: settled(running, (1175, 2175)))

    assert len(list(shop.folder.glob("slow-*.d"))) == 1
    assert crowd.problems == []
    assert crowd.before_after((1150, 2150), (1175, 2175)) == 0


def test_broken_settings_leave_the_old_ones_in_force_and_are_told_until_they_are_mended(
    running: Service, shop: Shop
) -> None:
    with loaded(running):
        shop.write(1200, 2400)
    wait_until(lambda: settled(running, (1200, 2400)))
    assert 'portes_store_refused{store="shop"} 0.0' in metrics(running)

    shop.write(1300, 2600, more="[nonsense]")
    wait_until(lambda: readyz(running)["reload"]["files"][0]["refused"] is not None)

    told = readyz(running)
    assert told["ready"]
    assert "nonsense" in told["reload"]["files"][0]["refused"]["problems"][0]
    assert 'portes_store_refused{store="shop"} 1.0' in metrics(running)
    assert running.events("store refused")[-1]["stays"]
    assert settled(running, (1200, 2400))
    with loaded(running):
        shop.write(1300, 2600)
    wait_until(lambda: settled(running, (1300, 2600)))
    mended = readyz(running)["reload"]["files"][0]
    assert mended["refused"] is None
    assert mended["fingerprint"] != told["reload"]["files"][0]["fingerprint"]
    assert 'portes_store_refused{store="shop"} 0.0' in metrics(running)


def test_a_tariff_that_holds_no_price_is_refused_with_its_place(running: Service, shop: Shop) -> None:
    with loaded(running):
        shop.write(1400, 2800)
    wait_until(lambda: settled(running, (1400, 2800)))

    shop.put("2800.txt", "to be filled in\n")
    wait_until(lambda: readyz(running)["reload"]["files"][0]["refused"] is not None)

    assert "holds no price" in readyz(running)["reload"]["files"][0]["refused"]["problems"][0]
    assert settled(running, (1400, 2800))
    with loaded(running):
        shop.put("2800.txt", "2800\n")


def test_a_hang_up_reads_everything_again_and_restarts_no_worker(running: Service, shop: Shop) -> None:
    before, generation = pids(running), readyz(running)["reload"]["generation"]

    with loaded(running):
        running.process.send_signal(signal.SIGHUP)
    for worker in before:
        os.kill(worker, signal.SIGHUP)
    time.sleep(0.3)

    assert [state(worker) for worker in before if state(worker) in "XZ"] == []
    assert pids(running) == before
    assert readyz(running)["reload"]["generation"] == generation + 1
    assert ask(running).status_code == 200


def test_a_changed_secret_is_used_by_the_next_call_and_closes_the_circuit(running: Service, shop: Shop) -> None:
    shop.put("password", "wrong\n")
    with loaded(running):
        shop.write(1500, 3000, seconds=0.001, password="file:password")
    wait_until(lambda: {ask(running).status_code for _ in range(10)} == {503})

    with loaded(running):
        shop.put("password", "open sesame\n")

    wait_until(lambda: {ask(running).status_code for _ in range(20)} == {200})
    assert settled(running, (1500, 3000))


def test_stores_come_and_go_with_their_files(running: Service, shop: Shop) -> None:
    other = Shop(shop.folder, "other")

    with loaded(running):
        other.write(1600, 3200)
    wait_until(lambda: {ask(running, "other").status_code for _ in range(20)} == {200})
    assert {one["name"] for one in readyz(running)["stores"]} == {"shop", "other"}
    assert {one["store"] for one in readyz(running)["reload"]["files"]} == {"shop", "other"}

    other.file.unlink()

    wait_until(lambda: {ask(running, "other").status_code for _ in range(20)} == {404})
    assert ask(running).status_code == 200
    assert {one["name"] for one in readyz(running)["stores"]} == {"shop"}


def test_a_killed_worker_comes_back_with_the_newest_stores(running: Service, shop: Shop) -> None:
    with loaded(running):
        shop.write(1700, 3400)
    wait_until(lambda: settled(running, (1700, 3400)))
    before = pids(running)

    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(pids(running) - before) == 1 and len(pids(running)) == 2)

    assert settled(running, (1700, 3400))


def test_a_worker_that_comes_back_to_broken_settings_says_so_and_takes_them_up_once_they_are_mended(
    running: Service, shop: Shop
) -> None:
    with loaded(running):
        shop.write(1800, 3600)
    wait_until(lambda: settled(running, (1800, 3600)))
    before = pids(running)
    shop.write(1900, 3800, more="[nonsense]")
    wait_until(lambda: readyz(running)["reload"]["files"][0]["refused"] is not None)

    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(pids(running)) == 2 and len(pids(running) - before) == 1)

    wait_until(lambda: {ask(running).status_code for _ in range(20)} == {200, 503})
    assert readyz(running)["stores"][0]["answering"] == [max(before)]
    assert 'portes_store_workers{store="shop"} 1.0' in metrics(running)
    shop.write(1900, 3800)
    wait_until(lambda: settled_at_last(running, (1900, 3800)))


def settled_at_last(running: Service, on: Prices) -> bool:
    """The same where some calls may yet be refused."""
    answers = [ask(running) for _ in range(20)]
    return {answer.status_code for answer in answers} == {200} and {prices(answer) for answer in answers} == {on}


def test_a_new_store_that_is_wrong_is_known_by_its_name_to_every_worker(running: Service, shop: Shop) -> None:
    other = Shop(shop.folder, "other")

    other.write(1600, 3200, more="[nonsense]")

    wait_until(lambda: {ask(running, "other").status_code for _ in range(20)} == {503})
    assert readyz(running)["refused"] == ["other"]
    other.file.unlink()
    wait_until(lambda: {ask(running, "other").status_code for _ in range(20)} == {404})
    assert ask(running).status_code == 200

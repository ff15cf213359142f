"""A table built where the state folder is full or takes nothing: told at once, and nothing half kept."""

from pathlib import Path

import pytest
from bulk_shop import Shop
from logins import full_folder

from portes.contingency.build import BuiltTable, build_table
from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.portals import find_portal
from portes.contingency.regions import regions_of_states
from portes.errors import SettingsError
from portes.store import Store
from portes.tables.versions import TableVersions

ORDER = BuildOrder(
    find_portal("plain"),
    "tester",
    goods=GoodsWishes(density=200_000, value=10_000),
    borders=(500, 1_000, 3_000),
    regions=regions_of_states("BR", ["AC"]),
    most_calls=20,
)


@pytest.fixture
def store(shop: Shop) -> Store:
    return shop.open(carrier="bulk = { calls_a_minute = 100000 }", settings="batch = 50")


def built(shop: Shop, store: Store) -> BuiltTable:
    return build_table(store, ORDER, shop.clock)


def told_of(shop: Shop, store: Store) -> str:
    """What is told of a build that fails, in one problem that names the folder and its key."""
    with pytest.raises(SettingsError) as raised:
        built(shop, store)
    (problem,) = raised.value.problems
    assert (problem.where, problem.value) == ("service.state", str(shop.folder / "state"))
    assert problem.file.endswith("portes.toml")
    assert problem.fix.endswith(", and build again")
    return str(problem)


def kept(shop: Shop) -> list[str]:
    return [*map(str, TableVersions(shop.folder / "state").versions())]


def test_a_full_disk_is_told_with_the_state_folder_before_anybody_is_asked(shop: Shop, store: Store) -> None:
    with full_folder():
        told = told_of(shop, store)

    assert "its disk has room" in told
    assert shop.simulator.calls == 0
    assert built(shop, store).report["version"] == "contingency-plain@1"


def test_a_state_folder_that_takes_nothing_is_told_before_anybody_is_asked(shop: Shop, store: Store) -> None:
    (shop.folder / "state").mkdir(exist_ok=True)
    (shop.folder / "state" / "samples.sqlite").mkdir()  # what is opened to be written to fails, for root too

    assert "see that this user may write to it" in told_of(shop, store)
    assert (shop.simulator.calls, kept(shop)) == (0, [])


def test_a_version_that_cannot_be_kept_leaves_no_part_of_it_and_costs_no_answer(shop: Shop, store: Store) -> None:
    def close(journal: Path = shop.folder / "state" / "tables.sqlite-journal") -> None:
        journal.mkdir(exist_ok=True)  # SQLite cannot begin to write

    shop.simulator.on_call = close
    told = told_of(shop, store)
    asked = shop.simulator.calls
    (shop.folder / "state" / "tables.sqlite-journal").rmdir()

    assert "tables.sqlite" in told
    assert kept(shop) == []
    assert built(shop, store).report["version"] == "contingency-plain@1"
    assert shop.simulator.calls == asked > 0

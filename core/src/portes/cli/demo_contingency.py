"""The table part of `portes demo`: a small contingency table of the demo store, and how near to live it is."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from portes.contingency.build import BuiltTable
    from portes.contingency.checking import LaneErrors
    from portes.contingency.pace import StoppableClock
    from portes.store import Store

_STATES: Final = ("RJ", "AC")
_BORDERS: Final = (500, 1_000, 3_000, 10_000)
_CALLS: Final = 250
_CHECKED: Final = 200
_DENSITY: Final = 200_000
_VALUE: Final = 12_990
_SWITCHED_ON: Final = re.compile(r"(^\[carriers\.jamef\]$(?:\n(?!\[).*)*?\nactive = )true", re.MULTILINE)
_QUICK: Final = "bulk = { calls_a_minute = 100000, at_once = 4 }  # a simulator has no limit"


def contingency_line(store: Path, environ: Mapping[str, str]) -> str:
    """Build a small table from a copy of the demo store, and say in one line how near to the live prices it is.

    `store` is the demo store's folder, its simulated carriers switched on. Jamef is left out: it lets a host log in
    once a minute, and the demo's service just did. Raises `SettingsError` and `OSError`.
    """
    from portes.contingency.pace import StoppableClock
    from portes.store import open_store

    copy, clock = _copied(store), StoppableClock()
    try:
        with open_store(copy, environ=environ, clock=clock) as opened:
            built, errors = _built_and_checked(opened, clock)
    finally:
        clock.stop()
        shutil.rmtree(copy)
    return _line(built, errors)


def _copied(store: Path) -> Path:
    """A copy of the demo store that keeps state, and asks Correios as quickly as its simulator answers."""
    copy = Path(shutil.copytree(store, store.with_name("contingency-store")))
    file = copy / "portes.toml"
    text = _SWITCHED_ON.sub(r"\1false", file.read_text(encoding="utf-8"))
    text = text.replace("[store]\n", '[service]\nstate = "state"\n\n[store]\n', 1)
    file.write_text(text.replace("[carriers.correios]\n", f"[carriers.correios]\n{_QUICK}\n", 1), encoding="utf-8")
    return copy


def _built_and_checked(store: "Store", clock: "StoppableClock") -> "tuple[BuiltTable, LaneErrors]":
    from portes.contingency.build import build_table
    from portes.contingency.checking import lane_errors, random_points
    from portes.contingency.goods import Goods
    from portes.contingency.goods_sources import GoodsWishes
    from portes.contingency.opening import store_oracle
    from portes.contingency.order import OLDEST, BuildOrder
    from portes.contingency.portals import find_portal
    from portes.contingency.recipe import Wishes, recipe_of
    from portes.contingency.regions import regions_of_states

    country = store.settings.store.country
    order = BuildOrder(
        find_portal("plain"),
        "demo",
        goods=GoodsWishes(_DENSITY, _VALUE),
        borders=_BORDERS,
        regions=regions_of_states(country, _STATES),
        most_calls=_CALLS,
    )
    built = build_table(store, order, clock)
    recipe = recipe_of(store, Goods(_DENSITY, _VALUE), Wishes())
    points = [*random_points(country, order.regions, _BORDERS, _CHECKED, seed=2)]
    with store_oracle(store, recipe, clock, oldest=OLDEST) as oracle:
        return built, lane_errors(built.sampled.rows, oracle, points)


def _line(built: "BuiltTable", errors: "LaneErrors") -> str:
    asked, rows = built.report["cells"]["asked"], len(built.sampled.rows)
    near = f"{errors.within} of {errors.compared} live prices within 1 %, {errors.cheaper} cheaper"
    return f"{' and '.join(_STATES)}: {rows} rows from {asked} lanes; {near}"

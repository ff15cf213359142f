"""A shop whose carrier is asked over HTTP, and a clock whose waiting costs no time."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from lane_carrier import LaneSimulator

from portes.contingency.asking import StoreOracle
from portes.contingency.goods import Goods
from portes.contingency.opening import store_oracle
from portes.contingency.order import OLDEST
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint
from portes.store import Store, open_store

MONDAY_NIGHT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""Midnight in São Paulo."""

STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
{store}
[[origins]]
id = 1
postal_code = "01001000"
handling_days = 1
cut_off = "14:00"
[[origins]]
id = 2
postal_code = "37640000"
[carriers.lanes]
use = "lanes"
id = 1
{carrier}
[carriers.lanes.settings]
base_url = "{url}"
{settings}
[[carriers.lanes.services]]
code = "n"
delivery = "normal"
extra_days = 2
[[carriers.lanes.services]]
code = "x"
delivery = "express"
{more}
"""


FALLBACK = """
[carriers.table]
use = "table"
id = 2
fallback_only = true
settings = { file = "table.csv" }
services = [{ code = "t", delivery = "normal" }]
"""


@dataclass
class HandWoundClock:
    """A clock that only waiting moves; it remembers how long was waited."""

    moment: datetime = MONDAY_NIGHT
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.seconds += seconds


@dataclass
class Shop:
    """A store, its one carrier's simulator, and the clock."""

    folder: Path
    url: str
    simulator: LaneSimulator
    clock: HandWoundClock
    stores: ExitStack

    def open(self, *, more: str = "", store: str = "", carrier: str = "", settings: str = "") -> Store:
        """Open the store of a file with these lines in it."""
        self.write(more=more, store=store, carrier=carrier, settings=settings)
        return self.stores.enter_context(open_store(self.folder, environ={}, clock=self.clock))

    def open_with_fallback(self) -> Store:
        """Open the store with a table that stands in for its carrier."""
        (self.folder / "table.csv").write_text(
            "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\nt,01000000,99999999,0,9000,1.00,1\n"
        )
        return self.open(carrier='fallback = "table"', more=FALLBACK)

    def write(self, **lines: str) -> Path:
        """Write the store's file."""
        parts: dict[str, Any] = {"more": "", "store": "", "carrier": "", "settings": "", **lines}
        file = self.folder / "portes.toml"
        file.write_text(STORE.format(url=self.url, **parts))
        return file


GOODS = Goods(density=200_000, value=10_000)
NEAR, FAR = LanePoint("01512651", 500), LanePoint("69900000", 5_000)
CHEAPEST = '[[rules]]\nuse = "cheapest"\n'


class Asker:
    """Opens oracles of a shop's store, and closes them at the end."""

    def __init__(self, stack: ExitStack, clock: HandWoundClock) -> None:
        self._stack, self._clock = stack, clock

    def __call__(self, store: Store, oldest: int = OLDEST, goods: Goods = GOODS, **wishes: Any) -> StoreOracle:
        recipe = recipe_of(store, goods, Wishes(**wishes))
        return self._stack.enter_context(store_oracle(store, recipe, self._clock, oldest=oldest))

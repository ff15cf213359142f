"""The shop whose carrier is asked over HTTP, for each test of a table."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from bulk_shop import Asker, HandWoundClock, Shop
from lane_carrier import LaneSimulator, install_lane_carrier

from portes.simulators.serving import HOST, serving


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    folder, site = tmp_path / "shop", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    install_lane_carrier(site)
    monkeypatch.syspath_prepend(site)
    simulator = LaneSimulator()
    with serving(simulator) as port, ExitStack() as stores:
        yield Shop(folder, f"http://{HOST}:{port}/", simulator, HandWoundClock(), stores)


@pytest.fixture
def oracle(shop: Shop) -> Asker:
    """Opens oracles of the shop's store."""
    return Asker(shop.stores, shop.clock)

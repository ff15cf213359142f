"""What a running service says of its catalogues: SKUs, age, rows that cannot be used, and why a source is silent."""

from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from shop import FrozenClock
from sku_shop import BY_KEY, GOODS, bare, fill, opened, write_shop

from portes.hooks import Watchers
from portes.store import Store
from portes.web.monitoring import metrics
from portes.web.monitoring.gauges import Gauges, vitals_gauges
from portes.web.monitoring.vitals import vitals_of
from portes.web.monitoring.worker_monitor import catalogue_json


def gauges(*stores: Store) -> dict[str, float]:
    """The gauges of catalogues, each store as in a worker of its own."""
    registry = CollectorRegistry()
    registry.register(Gauges(vitals_gauges([vitals_of([store]) for store in stores])))
    lines = generate_latest(registry).decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.partition(" ") for line in lines)
        if name.startswith("portes_catalogue_")
    }


def test_age_and_rows_are_told_of_the_worker_that_is_worst_off(tmp_path: Path) -> None:
    clock = FrozenClock()
    fill(tmp_path / "skus.db", GOODS | {"odd": -1})
    with opened(write_shop(tmp_path), clock=clock) as store, opened(write_shop(tmp_path, BY_KEY)) as other:
        clock.moment += timedelta(seconds=70)
        told = gauges(store, other)
        (own,) = catalogue_json([vitals_of([store])], "shop")

    assert told == {
        'portes_catalogue_skus{store="shop"}': 0.0,
        'portes_catalogue_age_seconds{store="shop"}': 70.0,
        'portes_catalogue_faulty{store="shop"}': 1.0,
        'portes_catalogue_failing{store="shop"}': 0.0,
    }
    assert (own["skus"], own["age"], own["faulty"], own["failure"]) == (3, 70.0, 1, "")


def test_why_a_source_is_silent_is_told(tmp_path: Path) -> None:
    with opened(write_shop(tmp_path)) as store:
        (own,) = catalogue_json([vitals_of([store])], "shop")
        told = gauges(store)

    assert (own["skus"], own["age"]) == (0, None)
    assert "OperationalError" in own["failure"]
    assert told['portes_catalogue_failing{store="shop"}'] == 1.0
    assert 'portes_catalogue_age_seconds{store="shop"}' not in told


def test_a_store_without_a_catalogue_tells_nothing(tmp_path: Path) -> None:
    with opened(write_shop(tmp_path, "")) as store:
        assert catalogue_json([vitals_of([store])], "shop") == []
        assert gauges(store) == {}


def test_lines_that_the_catalogue_says_nothing_of_are_counted_by_cause(tmp_path: Path) -> None:
    def counted(cause: str) -> float:
        return metrics.REGISTRY.get_sample_value("portes_skus_missed_total", {"store": "shop", "cause": cause}) or 0.0

    before = counted("unknown"), counted("unreachable")
    watchers = Watchers()
    watchers.register(metrics, "metrics")
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path), watchers=watchers) as store:
        store.quote(bare("none", "light", "none"))
    with opened(write_shop(tmp_path / "down"), watchers=watchers) as store:
        store.quote(bare("light"))

    assert (counted("unknown"), counted("unreachable")) == (before[0] + 2, before[1] + 1)

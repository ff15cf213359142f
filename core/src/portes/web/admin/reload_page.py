"""What operators are told of loaded and refused stores, on a page and as metrics; it loads none itself."""

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from portes.web.reload.loads import Load, Refused
from portes.web.reload.reloading import Reloading

Json = dict[str, Any]


class ReloadPage(Collector):
    """Tells how the serving parent's loads stand."""

    def __init__(self, reloading: Reloading) -> None:
        self._reloading = reloading
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def told(self) -> Json:
        """For `/readyz`: the generation, and file by file what is in force since when and what was refused."""
        loads = self._reloading.loads
        return {
            "generation": self._reloading.generation.number,
            "refused": _refused(loads.lost),
            "files": [_file(load) for load in loads.loads.values()],
        }

    def exposition(self) -> bytes:
        """For `/metrics`, beside what the workers count."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Make the metrics of the moment, as prometheus-client asks for them."""
        generation = self._reloading.generation.number
        yield GaugeMetricFamily("portes_generation", "How often stores were exchanged.", generation)
        since = GaugeMetricFamily("portes_store_loaded_seconds", "Unix time of the store in force.", labels=["store"])
        refused = GaugeMetricFamily(
            "portes_store_refused",
            "1 while the files make no store and an earlier one may be in force.",
            labels=["store"],
        )
        count = CounterMetricFamily(
            "portes_store_loads", "Files that were read, by outcome.", labels=["store", "outcome"]
        )
        for load in self._reloading.loads.loads.values():
            name = _name(load)
            if load.since is not None:
                since.add_metric([name], load.since.timestamp())
            refused.add_metric([name], load.refused is not None or self._reloading.loads.lost is not None)
            count.add_metric([name, "loaded"], load.loaded)
            count.add_metric([name, "refused"], load.refusals)
        yield from (since, refused, count)


def _name(load: Load) -> str:
    return str(load.file) if load.store is None else load.store.name


def _file(load: Load) -> Json:
    return {
        "file": str(load.file),
        "store": load.store.name if load.store is not None else None,
        "loaded": load.since.isoformat() if load.since is not None else None,
        "fingerprint": load.fingerprint,
        "refused": _refused(load.refused),
    }


def _refused(refused: Refused | None) -> Json | None:
    if refused is None:
        return None
    return {"at": refused.at.isoformat(), "problems": [str(problem) for problem in refused.problems]}

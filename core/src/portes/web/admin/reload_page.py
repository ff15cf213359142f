"""What operators are told of loaded and refused stores, on a page and as metrics; it loads none itself."""

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import LoadedFile, LoadRefusal

Json = dict[str, Any]


class ReloadPage(Collector):
    """The state of the serving parent's stores and their files."""

    def __init__(self, reloader: ParentReloader) -> None:
        self._reloader = reloader
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def as_json(self) -> Json:
        """The part of `/readyz`: the generation, and file by file what is in force since when and what was refused."""
        loader = self._reloader.loader
        return {
            "generation": self._reloader.generation.number,
            "refused": _refused(loader.refused_paths),
            "files": [_file(file) for file in loader.files.values()],
        }

    def exposition(self) -> bytes:
        """The part of `/metrics` beside what the workers count."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment, as prometheus-client asks for them."""
        loader, generation = self._reloader.loader, self._reloader.generation.number
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
        for file in loader.files.values():
            name = _name(file)
            if file.since is not None:
                since.add_metric([name], file.since.timestamp())
            refused.add_metric([name], file.refused is not None or loader.refused_paths is not None)
            count.add_metric([name, "loaded"], file.loaded)
            count.add_metric([name, "refused"], file.refusals)
        yield from (since, refused, count)


def _name(file: LoadedFile) -> str:
    return str(file.path) if file.store is None else file.store.name


def _file(file: LoadedFile) -> Json:
    return {
        "file": str(file.path),
        "store": file.store.name if file.store is not None else None,
        "loaded": file.since.isoformat() if file.since is not None else None,
        "fingerprint": file.fingerprint,
        "refused": _refused(file.refused),
    }


def _refused(refusal: LoadRefusal | None) -> Json | None:
    if refusal is None:
        return None
    return {"at": refusal.at.isoformat(), "problems": [str(problem) for problem in refusal.problems]}

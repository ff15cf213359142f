"""What operators are told of loaded and refused stores, on a page and as metrics; it loads none itself."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from portes.redaction import LOGGED
from portes.web.live_stores import RefusedStores
from portes.web.reload.parent import ParentReloader
from portes.web.reload.store_loader import LoadedFile, LoadRefusal

Json = dict[str, Any]


class ReloadPage(Collector):
    """The state of the serving parent's stores and their files."""

    def __init__(self, reloader: ParentReloader) -> None:
        self._reloader = reloader
        self._registry = CollectorRegistry()
        self._registry.register(self)

    @property
    def refused_stores(self) -> RefusedStores:
        """Those that are known and not in force."""
        return self._reloader.loader.refused_stores

    def as_json(self) -> Json:
        """The part of `/readyz`: the generation, and file by file what is in force since when and what was refused."""
        loader = self._reloader.loader
        return {
            "generation": self._reloader.generation.number,
            "crashed": self._reloader.crashed,
            "refused": _refused(loader.refused_paths),
            "files": [_file(file) for file in loader.files.values()],
        }

    def files(self, store: str) -> list[Json]:
        """The same of one store; several files where others claim its name."""
        return [_file(file) for file in self._reloader.loader.files.values() if file.name == store]

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
            "1 while the files of now make no store, whether an earlier one answers or none.",
            labels=["store"],
        )
        count = CounterMetricFamily(
            "portes_store_loads", "Files that were read, by outcome.", labels=["store", "outcome"]
        )
        unread = loader.refused_paths is not None or bool(self._reloader.crashed)
        files: defaultdict[str, list[LoadedFile]] = defaultdict(list)
        for file in loader.files.values():
            files[file.name].append(file)
        for name, own in files.items():
            for file in own:
                if file.since is not None:
                    since.add_metric([name], file.since.timestamp())
            refused.add_metric([name], unread or any(file.refused is not None for file in own))
            count.add_metric([name, "loaded"], sum(file.loaded for file in own))
            count.add_metric([name, "refused"], sum(file.refusals for file in own))
        yield from (since, refused, count)


def _file(file: LoadedFile) -> Json:
    return {
        "file": str(file.path),
        "store": file.name,
        "loaded": file.since.isoformat() if file.since is not None else None,
        "fingerprint": file.fingerprint,
        "refused": _refused(file.refused),
    }


def _refused(refusal: LoadRefusal | None) -> Json | None:
    if refusal is None:
        return None
    return {"at": refusal.at.isoformat(), "problems": [LOGGED.text(str(one)) for one in refusal.problems]}

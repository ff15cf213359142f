"""What /metrics says beside the counts: how workers are, and how channels did over windows; it measures nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import time
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from portes.contingency.drift.report import DriftReport
from portes.contract.money import exponent
from portes.engine.breaker import Circuit
from portes.web.monitoring.slo import ChannelKey, Target, Window
from portes.web.monitoring.vitals import CarrierVitals, CatalogueVitals, WorkerStatus, WorkerVitals

_STORE: Final = ("store",)
_PART: Final = ("store", "part")
_CARRIER: Final = ("store", "carrier")
_CHANNEL: Final = ("store", "channel")
_WINDOW: Final = ("store", "channel", "window")
_TABLE: Final = ("store", "table")

LabelledValue = tuple[tuple[str, ...], float]
"""The values of a gauge's labels, and its own."""


class Gauges(Collector):
    """Gauges whose values were read elsewhere, for a registry."""

    def __init__(self, *families: Iterable[Metric]) -> None:
        self._families = [family for some in families for family in some]

    def collect(self) -> Iterable[Metric]:
        """The gauges, as prometheus-client asks for them."""
        return self._families


def vitals_gauges(workers: Sequence[WorkerVitals]) -> Iterator[GaugeMetricFamily]:
    """The workers' vitals, added up over the workers."""
    stores = [(name, store) for worker in workers for name, store in worker.stores.items()]
    carriers = [((name, key), one) for name, store in stores for key, one in store.carriers.items()]
    lag = max((worker.lag for worker in workers), default=0.0)
    yield _gauge("portes_loop_lag_seconds", "How late the latest event loop of all workers is.", (), [((), lag)])
    limit = min((worker.call_limit for worker in workers), default=0)
    yield _gauge("portes_call_limit", "Calls under way that the worker with the least room lets in.", (), [((), limit)])
    calls = [((name,), store.calls) for name, store in stores]
    yield _gauge("portes_calls", "Calls of marketplaces being quoted.", _STORE, calls)
    entries = [((name,), store.cache_entries) for name, store in stores]
    yield _gauge("portes_cache_entries", "Questions whose answers are remembered, all workers.", _STORE, entries)
    sizes = [((name,), store.cache_size) for name, store in stores]
    yield _gauge("portes_cache_size", "Most questions that may be remembered, all workers.", _STORE, sizes)
    held = [((name,), store.cache_bytes) for name, store in stores]
    yield _gauge("portes_cache_bytes", "What the remembered questions count for, all workers.", _STORE, held)
    room = [((name,), store.cache_most_bytes) for name, store in stores]
    yield _gauge("portes_cache_most_bytes", "What they may count for, all workers.", _STORE, room)
    yield from _catalogues([(name, store.catalogue) for name, store in stores if store.catalogue is not None])
    unkept = [((name, part), 1.0) for name, store in stores for part in store.unkept]
    yield _gauge("portes_state_unkept", "Workers for whom the state folder does not take a part.", _PART, unkept)
    under_way = [(key, one.calls) for key, one in carriers]
    yield _gauge("portes_carrier_calls", "Questions under way or waiting for a thread.", _CARRIER, under_way)
    yield from _circuits(carriers)


def worker_gauges(status: WorkerStatus, stores: Mapping[str, int]) -> Iterator[Metric]:
    """How many workers answer, in all and for each store; how silent they are and how many were replaced."""
    answering = len(status.heard)
    yield _gauge("portes_workers_answering", "Workers that answer calls.", (), [((), answering)])
    yield _gauge("portes_workers_wanted", "Workers that should.", (), [((), status.wanted)])
    silence = max(status.silences.values(), default=0.0)
    yield _gauge("portes_worker_silent_seconds", "Since the most silent worker was last heard.", (), [((), silence)])
    by_store = [((store,), float(workers)) for store, workers in stores.items()]
    yield _gauge("portes_store_workers", "Workers that answer for the store.", _STORE, by_store)
    replaced = CounterMetricFamily("portes_workers_replaced", "Workers that were replaced.", labels=["cause"])
    for cause, count in status.replaced.items():
        replaced.add_metric([cause], count)
    yield replaced


def _circuits(carriers: Sequence[tuple[tuple[str, str], CarrierVitals]]) -> Iterator[GaugeMetricFamily]:
    states: list[LabelledValue] = [
        ((*key, state.value), one.circuit is state) for key, one in carriers for state in Circuit
    ]
    yield _gauge("portes_circuit", "Workers whose circuit is in this state.", (*_CARRIER, "state"), states)
    causes: list[LabelledValue] = [((*key, one.cause.value), 1) for key, one in carriers if one.cause is not None]
    yield _gauge("portes_circuit_cause", "Workers whose circuit this failure opened.", (*_CARRIER, "cause"), causes)
    soonest: dict[tuple[str, ...], float] = {}
    for key, one in carriers:
        if one.circuit is not Circuit.CLOSED:
            left = max(0.0, one.probe_at - time())
            soonest[key] = min(left, soonest.get(key, left))
    help_text = "Seconds until the first worker probes an open circuit."
    yield _gauge("portes_circuit_probe_seconds", help_text, _CARRIER, soonest.items())


def _catalogues(found: Sequence[tuple[str, CatalogueVitals]]) -> Iterator[GaugeMetricFamily]:
    """How catalogues are; of workers that differ, the one that is worst off."""
    skus, ages, faulty, failing = dict[str, int](), dict[str, float](), dict[str, int](), dict[str, int]()
    for name, one in found:
        skus[name] = min(skus.get(name, one.skus), one.skus)
        faulty[name] = max(faulty.get(name, 0), one.faulty)
        failing[name] = failing.get(name, 0) + bool(one.failure)
        if one.age is not None:
            ages[name] = max(ages.get(name, 0.0), one.age)
    told: Sequence[tuple[str, str, Mapping[str, float]]] = (
        ("skus", "SKUs that the catalogue knows, in the worker that knows the fewest.", skus),
        ("age_seconds", "Since the catalogue was read from its source, in the worker where that is longest.", ages),
        ("faulty", "SKUs whose row in the catalogue cannot be used.", faulty),
        ("failing", "Workers in which the catalogue's source last said nothing.", failing),
    )
    for name, text, values in told:
        yield _gauge(f"portes_catalogue_{name}", text, _STORE, [((store,), each) for store, each in values.items()])


def drift_gauges(reports: Iterable[DriftReport]) -> Iterator[GaugeMetricFamily]:
    """How wrong the tables are that marketplaces fall back on, by the last check of each; nothing where none was."""
    checks = [((report.store, report.table), report) for report in reports]
    text = "What a thousand orders by the table lose against live prices, in major units of the store's currency."
    losses = [(key, one.figures.loss_per_thousand / 10 ** exponent(one.currency)) for key, one in checks]
    yield _gauge("portes_contingency_loss_per_thousand", text, _TABLE, losses)
    shares = [(key, float(one.figures.cheaper_percent / 100)) for key, one in checks]
    yield _gauge("portes_contingency_cheaper_ratio", "Share of lanes that the table is too cheap on.", _TABLE, shares)
    ages = [(key, max(0.0, time() - one.oldest.timestamp())) for key, one in checks]
    yield _gauge("portes_contingency_age_seconds", "Since the table's oldest price was found out.", _TABLE, ages)
    moments = [(key, one.checked.timestamp()) for key, one in checks]
    help_text = "When the table was last checked, in seconds since 1970."
    yield _gauge("portes_contingency_checked_timestamp_seconds", help_text, _TABLE, moments)
    passed = [(key, float(len(one.over))) for key, one in checks]
    yield _gauge("portes_contingency_over", "Thresholds that the table passed in its last check.", _TABLE, passed)


def slo_gauges(found: Mapping[ChannelKey, tuple[Target, Sequence[Window]]]) -> Iterator[GaugeMetricFamily]:
    """How each channel did over each window; where nobody asked, or no time can be told, nothing is said."""
    targets = [(key, target) for key, (target, _) in found.items()]
    availability = [(key, target.availability) for key, target in targets]
    yield _gauge("portes_slo_target", "Share of answers that are to be of use and in time.", _CHANNEL, availability)
    limits = [(key, target.limit) for key, target in targets]
    yield _gauge("portes_slo_limit_seconds", "When the marketplace discards an answer.", _CHANNEL, limits)
    windows = [((*key, window.name), window) for key, (_, own) in found.items() for window in own]
    for name, text in _OF_WINDOWS.items():
        figures = [(key, getattr(window, name)) for key, window in windows]
        known = [(key, figure) for key, figure in figures if figure is not None]
        yield _gauge(f"portes_slo_{name}{_UNITS.get(name, '')}", text, _WINDOW, known)


_OF_WINDOWS: Final = {
    "seconds": "How much of the window the history covers.",
    "answers": "Answers in the window.",
    "availability": "Share of answers that were of use and in time.",
    "in_time": "Share in time of the answers that would have been of use.",
    "p99": "What 99 of 100 answers took at most.",
    "burn": "How fast the error budget is used up; 1 uses it up exactly.",
}
_UNITS: Final = {"p99": "_seconds"}


def _gauge(name: str, text: str, labels: Sequence[str], values_by_label: Iterable[LabelledValue]) -> GaugeMetricFamily:
    """A gauge with the values of equal labels added up."""
    sums: dict[tuple[str, ...], float] = {}
    for values, figure in values_by_label:
        sums[values] = sums.get(values, 0.0) + figure
    gauge = GaugeMetricFamily(name, text, labels=labels)
    for values, figure in sums.items():
        gauge.add_metric(values, figure)
    return gauge

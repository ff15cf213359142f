"""The built-in watcher that feeds Prometheus.

With `PROMETHEUS_MULTIPROC_DIR` set before this module is imported every process counts into files there, and
`exposition` adds them up.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from portes.contract import Answer, DeliveryType, Quote, QuoteRequest, Source
from portes.hooks import hookimpl
from portes.web.monitoring.budget import carrier_faults
from portes.web.monitoring.slo import ChannelKey, Counts

REGISTRY: Final = CollectorRegistry()

T = TypeVar("T")

# Dense around 0.4 s, after which marketplaces discard an answer.
_ANSWER_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.75, 1, 2.5, 5)
_CARRIER_SECONDS: Final = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 4, 8, 16)
_AGES: Final = (10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)

BOUNDS: Final = (*_ANSWER_SECONDS, float("inf"))
"""The buckets of `portes_request_seconds`."""

_requests = Counter(
    "portes_requests", "Calls on a channel, by status.", ["store", "channel", "status"], registry=REGISTRY
)
_request_seconds = Histogram(
    "portes_request_seconds",
    "From a call's first line to its reply.",
    ["store", "channel"],
    buckets=_ANSWER_SECONDS,
    registry=REGISTRY,
)
_verdicts = Counter("portes_verdicts", "Quotes by verdict.", ["store", "channel", "verdict"], registry=REGISTRY)
_outcomes = Counter(
    "portes_carrier_outcomes",
    "What carriers said, per service: rates by source, refusals and failures by kind.",
    ["store", "carrier", "outcome", "kind"],
    registry=REGISTRY,
)
_carrier_seconds = Histogram(
    "portes_carrier_seconds",
    "How long a carrier's call took, or was waited for; 0 out of memory.",
    ["store", "carrier"],
    buckets=_CARRIER_SECONDS,
    registry=REGISTRY,
)
_alarms = Counter("portes_alarms", "What needs a person, by kind.", ["store", "kind"], registry=REGISTRY)
_receipts_lost = Counter(
    "portes_receipts_lost",
    "Quotes that were answered but whose receipts were not kept, by cause.",
    ["store", "cause"],
    registry=REGISTRY,
)

_turned_away = Counter(
    "portes_turned_away",
    "Calls that got an early 503 instead of an answer too late, by reason.",
    ["store", "channel", "reason"],
    registry=REGISTRY,
)
_discarded = Counter(
    "portes_discarded",
    "Answers that the marketplace must have thrown away, by cause.",
    ["store", "channel", "cause"],
    registry=REGISTRY,
)
_faults = Counter(
    "portes_faults",
    "Answers thrown away that a carrier's failure is to blame for, by carrier and kind; an answer may have several.",
    ["store", "channel", "carrier", "kind"],
    registry=REGISTRY,
)
_withheld = Counter(
    "portes_withheld",
    "Answers whose offers were held back because a delivery type that might serve all lines failed, by that type.",
    ["store", "channel", "delivery"],
    registry=REGISTRY,
)
_offers = Counter(
    "portes_offers", "Offers made, by where their rate came from.", ["store", "source"], registry=REGISTRY
)
_fallback_uses = Counter(
    "portes_fallback_uses",
    "Delivery types that a carrier failed at and its fallback priced, by kind of the failure.",
    ["store", "carrier", "fallback", "kind"],
    registry=REGISTRY,
)
_skus_missed = Counter(
    "portes_skus_missed",
    "Lines of which the store's catalogue said nothing: it lacks the SKU (unknown), or could not be asked (late, ...).",
    ["store", "cause"],
    registry=REGISTRY,
)
_plugin_failures = Counter(
    "portes_plugin_failures",
    "Quotes that are unknown because a rule or a packer crashed or broke its word, by where it stands in the settings.",
    ["store", "part", "plugin"],
    registry=REGISTRY,
)
_offer_age = Histogram(
    "portes_offer_age_seconds",
    "How old the rate of an offer out of memory was.",
    ["store"],
    buckets=_AGES,
    registry=REGISTRY,
)
_connections_closed = Counter(
    "portes_connections_closed",
    "Connections closed because too many were open, by the cap that was reached: one that waited, or the new one.",
    ["cap", "outcome"],
    registry=REGISTRY,
)

# A labelled child costs several times its increment to look up, so each is looked up once.
_requests_of = cache(_requests.labels)
_request_seconds_of = cache(_request_seconds.labels)
_verdicts_of = cache(_verdicts.labels)
_outcomes_of = cache(_outcomes.labels)
_carrier_seconds_of = cache(_carrier_seconds.labels)
_offers_of = cache(_offers.labels)
_offer_age_of = cache(_offer_age.labels)
_turned_away_of = cache(_turned_away.labels)
_discarded_of = cache(_discarded.labels)


@hookimpl
def portes_replied(
    store: str,
    channel: str,
    status: int,
    seconds: float,
    cause: str,
    withheld: Sequence[DeliveryType],
    quote: Quote | None,
) -> None:
    """Count a call, how long it took, and whose fault it is when the answer was of no use."""
    _requests_of(store, channel, status).inc()
    _request_seconds_of(store, channel).observe(seconds)
    for delivery in withheld:
        _withheld.labels(store, channel, delivery.value).inc()
    if cause:
        _discarded_of(store, channel, cause).inc()
        for carrier, kind in carrier_faults(quote, cause) if quote is not None else ():
            _faults.labels(store, channel, carrier, kind).inc()


@hookimpl
def portes_turned_away(store: str, channel: str, reason: str) -> None:
    """Count an early 503, by reason."""
    _turned_away_of(store, channel, reason).inc()


@hookimpl
def portes_quoted(store: str, request: QuoteRequest, quote: Quote) -> None:
    """Count a verdict, the offers by where they came from, and rules and packers that failed."""
    _verdicts_of(store, request.channel, quote.verdict.value).inc()
    rates = [offer.rate for line in quote.lines for offer in line.offers]
    for source, count in _counted([rate.source for rate in rates]):
        _offers_of(store, source).inc(count)
    for age in [rate.age for rate in rates if rate.source is Source.CACHE]:
        _offer_age_of(store).observe(age)
    for part, plugin in dict.fromkeys((failed.part, failed.plugin) for failed in quote.plugin_failures):
        _plugin_failures.labels(store, part, plugin).inc()


@hookimpl
def portes_answered(store: str, carrier: str, answer: Answer, seconds: float) -> None:
    """Count each service's outcome and how long the carrier took."""
    for source, count in _counted([rate.source for rate in answer.rates]):
        _outcomes_of(store, carrier, "rate", source).inc(count)
    for no, count in _counted([refusal.kind for refusal in answer.refusals]):
        _outcomes_of(store, carrier, "refusal", no).inc(count)
    for kind, count in _counted([failure.kind for failure in answer.failures]):
        _outcomes_of(store, carrier, "failure", kind).inc(count)
    _carrier_seconds_of(store, carrier).observe(seconds)


@hookimpl
def portes_fell_back(store: str, carrier: str, fallback: str, kind: str) -> None:
    """Count a use of a fallback, by the kind of failure that it covered."""
    _fallback_uses.labels(store, carrier, fallback, kind).inc()


@hookimpl
def portes_sku_missed(store: str, skus: Sequence[str], cause: str) -> None:
    """Count lines of which the catalogue said nothing, by cause."""
    _skus_missed.labels(store, cause).inc(len(skus))


@hookimpl
def portes_alarmed(store: str, kind: str) -> None:
    """Count an alarm by its kind."""
    _alarms.labels(store, kind).inc()


@hookimpl
def portes_receipts_lost(store: str, count: int, cause: str) -> None:
    """Count receipts that were lost, by cause."""
    _receipts_lost.labels(store, cause).inc(count)


def _counted(kinds: Iterable[T]) -> Iterable[tuple[T, int]]:
    """Each kind once, with how often it came: a count of several costs no more than that of one."""
    counts: dict[T, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return counts.items()


def count_closed_connection(cap: str, outcome: str) -> None:
    """Count a connection that was closed at a cap, `worker` or `address`: `given_up` for another one, or `refused`."""
    _connections_closed.labels(cap, outcome).inc()


def exposition(folder: Path | None = None, *more: Collector) -> bytes:
    """The text that Prometheus reads: the counts of this process, or of all that count into `folder`, and `more`."""
    registry = CollectorRegistry()
    for collector in (counts_collector(folder), *more):
        registry.register(collector)
    return generate_latest(registry)


def counts_collector(folder: Path | None = None) -> Collector:
    """The counts of this process, or of all that count into `folder`, added up."""
    if folder is None:
        return REGISTRY
    return MultiProcessCollector(None, path=str(folder))  # type: ignore[no-untyped-call] # untyped there


def channel_counts(folder: Path | None = None) -> dict[ChannelKey, Counts]:
    """The counts of what each channel answered so far."""
    tallies: defaultdict[ChannelKey, _Tally] = defaultdict(_Tally)
    for family in counts_collector(folder).collect():
        add = _TALLIED.get(family.name)
        for sample in family.samples if add else ():
            if add and not sample.name.endswith(("_created", "_sum", "_count")):
                add(tallies[sample.labels["store"], sample.labels["channel"]], sample.labels, int(sample.value))
    return {key: tally.counts() for key, tally in tallies.items()}


class _Tally:
    """The counts of a channel while they are collected."""

    def __init__(self) -> None:
        self._discarded: dict[str, int] = {}
        self._faults: dict[str, int] = {}
        self._cumulative = array("Q", [0] * len(BOUNDS))

    def discarded(self, labels: Mapping[str, str], count: int) -> None:
        self._discarded[labels["cause"]] = count

    def fault(self, labels: Mapping[str, str], count: int) -> None:
        self._faults[f"{labels['carrier']} {labels['kind']}"] = count

    def cumulative(self, labels: Mapping[str, str], count: int) -> None:
        self._cumulative[BOUNDS.index(float(labels["le"]))] = count

    def counts(self) -> Counts:
        return Counts(self._cumulative[-1], self._discarded, self._faults, self._cumulative)


_TALLIED: Final = {
    "portes_discarded": _Tally.discarded,
    "portes_faults": _Tally.fault,
    "portes_request_seconds": _Tally.cumulative,
}

"""The built-in watcher that feeds Prometheus; it counts what it is told and knows nothing of HTTP or workers.

With `PROMETHEUS_MULTIPROC_DIR` set before this module is imported every process counts into files there, and
`exposition` adds them up.
"""

from functools import cache
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from portes.contract import Answer, Quote, QuoteRequest
from portes.hooks import hookimpl

REGISTRY: Final = CollectorRegistry()

# Dense around 0.4 s, after which marketplaces discard an answer.
_ANSWER_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.75, 1, 2.5, 5)
_CARRIER_SECONDS: Final = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 4, 8, 16)

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
    "How long a question waited for a carrier.",
    ["store", "carrier"],
    buckets=_CARRIER_SECONDS,
    registry=REGISTRY,
)
_alarms = Counter("portes_alarms", "What needs a person, by kind.", ["store", "kind"], registry=REGISTRY)

# A labelled child costs several times its increment to look up, so each is looked up once.
_requests_of = cache(_requests.labels)
_request_seconds_of = cache(_request_seconds.labels)
_verdicts_of = cache(_verdicts.labels)
_outcomes_of = cache(_outcomes.labels)
_carrier_seconds_of = cache(_carrier_seconds.labels)


@hookimpl
def portes_replied(store: str, channel: str, status: int, seconds: float) -> None:
    """Count a call and how long it took."""
    _requests_of(store, channel, status).inc()
    _request_seconds_of(store, channel).observe(seconds)


@hookimpl
def portes_quoted(store: str, request: QuoteRequest, quote: Quote) -> None:
    """Count a verdict."""
    _verdicts_of(store, request.channel, quote.verdict.value).inc()


@hookimpl
def portes_answered(store: str, carrier: str, answer: Answer, seconds: float) -> None:
    """Count each service's outcome and how long the carrier took."""
    for rate in answer.rates:
        _outcomes_of(store, carrier, "rate", rate.source.value).inc()
    for refusal in answer.refusals:
        _outcomes_of(store, carrier, "refusal", refusal.kind.value).inc()
    for failure in answer.failures:
        _outcomes_of(store, carrier, "failure", failure.kind.value).inc()
    _carrier_seconds_of(store, carrier).observe(seconds)


@hookimpl
def portes_alarmed(store: str, kind: str) -> None:
    """Count an alarm."""
    _alarms.labels(store, kind).inc()


def exposition(folder: Path | None = None) -> bytes:
    """Render the counts as Prometheus reads them: of this process, or of all that count into `folder`."""
    if folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call] # the library leaves it untyped
    return generate_latest(registry)

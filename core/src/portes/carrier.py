"""The seam every carrier plugin fills."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from portes.clock import Clock, SystemClock
from portes.contract.answer import Answer, Service
from portes.contract.base import Noun, Positive
from portes.contract.goods import Shipment
from portes.contract.limits import ParcelLimits
from portes.contract.measures import CubicRule
from portes.contract.places import Country
from portes.errors import LateError


class Deadline:
    """How long a carrier may take: its own timeout, in seconds from now on a monotonic clock."""

    __slots__ = ("_at", "_clock", "seconds")

    def __init__(self, seconds: float, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._at = self._clock.monotonic() + seconds
        self.seconds = seconds
        """The whole timeout, as it was when the deadline was made."""

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._at - self._clock.monotonic())

    @property
    def passed(self) -> bool:
        """True once no time is left."""
        return self.remaining() <= 0

    def check(self) -> Self:
        """Raise `LateError` when no time is left."""
        if self.passed:
            msg = f"no answer within {self.seconds:g} s"
            raise LateError(msg)
        return self


class Abilities(Noun):
    """What this instance of a carrier can do, declared once; the contract kit holds it to it."""

    services: tuple[Service, ...]
    """Every configured service, inactive ones included."""
    countries: frozenset[Country] | None = None
    """Destinations it may carry to; None when only asking tells."""
    instant: bool = False
    """It answers without I/O, in microseconds; the engine asks it inline, never in a thread."""
    batch: Positive = 1
    """How many shipments one `quote` call may hold."""
    measure: Literal["parcels", "totals"] = "parcels"
    """Whether it prices single parcels or the totals of a shipment (weight, volume, pieces)."""
    dated: bool = False
    """Whether the dispatch date can change price or time."""
    price_source: Literal["live", "table"] = "live"
    time_source: Literal["live", "table", "published"] = "live"
    limits: ParcelLimits = ParcelLimits()
    """The largest parcel that its services take; packers split there."""
    service_limits: dict[str, ParcelLimits] = Field(default_factory=dict)
    """The limits of services that have their own, by code, in place of `limits`."""
    splits_at: dict[str, ParcelLimits] = Field(default_factory=dict)
    """Where packers split for services besides, by code: a unit beyond is a parcel that is still asked about."""
    cubic: CubicRule | None = None
    """How it bills the size of a parcel; packers choose cartons by it. None for the scale alone, or where nobody knows.
    """
    origins: tuple[int, ...] = ()
    """Numbers of the store's origins that it has prices from; empty for all, or where only asking tells."""
    version: str = ""
    """Changes whenever its prices may have changed for a reason of ours: the tariff's fingerprint, say."""

    @property
    def active(self) -> tuple[Service, ...]:
        """The services to be asked and answered."""
        return tuple(service for service in self.services if service.active)

    def limits_of(self, service: str) -> ParcelLimits:
        """The largest parcel that a service takes, by its code."""
        return self.service_limits.get(service, self.limits)


@runtime_checkable
class Carrier(Protocol):
    """Who transports. One method, synchronous, thread-safe; one answer per shipment, in order.

    A plugin's class, named by an entry point of the group `portes.carriers`, also carries two pydantic
    models and a constructor (see `CarrierPlugin`).
    """

    @property
    def abilities(self) -> Abilities:
        """What this instance can do, the same for its whole life."""
        ...

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment, with every active service as a rate, a refusal or a failure.

        Called with at most `abilities.batch` shipments. Raises a `CarrierError` when the whole call came
        to nothing; anything else that escapes is a crash of this carrier alone.
        """
        ...


class CarrierSettings(BaseModel):
    """Base of a plugin's settings, `[carriers.NAME.settings]`: frozen, unknown keys refused, secrets `SecretStr`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CarrierPlugin(Carrier, Protocol):
    """What the entry point of a carrier names: the class behind a `Carrier`."""

    Settings: ClassVar[type[CarrierSettings]]
    """The plugin's own keys; every field has a description."""
    ServiceSettings: ClassVar[type[Service]]
    """`Service` itself, or a subclass that adds the plugin's own keys of a service."""

    def __init__(self, settings: Any, services: Sequence[Any], tools: Any) -> None:  # noqa: ANN401 — each its own
        """Make the carrier of one store: its `Settings`, its active and inactive services, `portes.toolbox.Tools`."""


class Severity(StrEnum):
    """How bad a finding is; the worst one is the exit code of `portes doctor`."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(Noun):
    """One rung of a carrier's self-diagnosis. Texts are by language (`en`, `pt`, `es`) and hold no secret."""

    check: Annotated[str, Field(min_length=1)]
    """What was looked at, as a stable word: `host`, `login`, `posting_card`."""
    severity: Severity
    cause: dict[str, str]
    """What is so, by language."""
    evidence: str = ""
    """What was seen: a status, a code; never a secret or a body."""
    remedy: dict[str, str] = Field(default_factory=dict)
    """What to do about it."""


@runtime_checkable
class Diagnosable(Protocol):
    """A carrier that can say why it does not work, for `portes doctor`."""

    def diagnose(self, deadline: Deadline) -> Iterable[Finding]:
        """Climb from the host to a quote, and say each rung as soon as it is known; stop where it breaks."""
        ...


@runtime_checkable
class Warmable(Protocol):
    """A carrier that can fetch tokens and open connections before the first quote."""

    def warm(self, deadline: Deadline) -> None:
        """Get ready. What goes wrong here is logged and shows again in the first quote."""
        ...


__all__ = [
    "Abilities",
    "Carrier",
    "CarrierPlugin",
    "CarrierSettings",
    "Clock",
    "Deadline",
    "Diagnosable",
    "Finding",
    "Severity",
    "Warmable",
]

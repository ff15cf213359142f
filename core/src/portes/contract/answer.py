"""What one carrier says of one shipment: rates, refusals, failures and nothing else."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from portes.contract.base import Days, Natural, Noun, Seconds, ShortText, Text, Truth, Words
from portes.contract.bounds import DEAREST_EXTRA, LONGEST_WAIT, MOST_NAMED, MOST_SERVICES
from portes.contract.goods import Shipment
from portes.contract.money import Money
from portes.contract.pickup import PickupPoint
from portes.contract.timing import TransitTime
from portes.errors import CarrierError


class DeliveryType(StrEnum):
    """How quick a service is, in the words every channel can render."""

    NORMAL = "normal"
    EXPRESS = "express"
    SUPER_EXPRESS = "super_express"


AboveValue = Literal["refuse", "split", "cap", "undeclared"]
"""What becomes of parcels worth more than a service lets anybody declare."""


class Service(Noun):
    """A carrier's product with the engine's keys; a plugin's `ServiceSettings` derives from it and adds its own.

    In the settings one `[[carriers.NAME.services]]` table holds both, side by side.
    """

    code: Text
    """The carrier's code of the product, as text: `03298`."""
    name: ShortText = ""
    """What people call it; the code when empty."""
    delivery: DeliveryType
    active: Truth = True
    """An inactive service is neither asked nor answered."""
    extra_days: Days = 0
    """Business days added to the carrier's transit time."""
    extra_cost: Annotated[Natural, Field(le=DEAREST_EXTRA)] = 0
    """Added to the carrier's cost, in minor units of the store's currency; the settings file takes `"2.50"`."""
    above_value: AboveValue = "refuse"
    """A parcel worth more than can be declared: `refuse`; `split` the goods; `cap` what is declared; `undeclared`."""


class Source(StrEnum):
    """The origin of a rate: asked live, a table, memory, or a fallback."""

    LIVE = "live"
    TABLE = "table"
    CACHE = "cache"
    FALLBACK = "fallback"


class Surcharge(Noun):
    """A named part of a rate's cost: `base`, `ad_valorem`, `risk`, `toll`, `excess_weight`, `tax`, … (glossary)."""

    name: Text
    amount: Money


class Note(Noun):
    """Something the shopper or the operator should know about a rate."""

    kind: Text
    """`risk_area`, `collect_at_office`, `sample_tariff`, …"""
    text: Words


class Rate(Noun):
    """It carries, for this cost, in this time."""

    service: Text
    """The code of the service."""
    cost: Money
    """What the carrier bills the shop; never negative."""
    surcharges: Annotated[tuple[Surcharge, ...], Field(max_length=MOST_NAMED)] = ()
    """The parts that add up to `cost`, `base` among them, none negative; empty when the carrier names none."""
    transit: TransitTime
    source: Source
    age: Seconds = 0
    """Seconds since the carrier said so; 0 for a live or computed rate."""
    notes: Annotated[tuple[Note, ...], Field(max_length=MOST_NAMED)] = ()
    pickup_points: Annotated[tuple[PickupPoint, ...], Field(max_length=MOST_NAMED)] = ()
    """Where the shopper may fetch it, nearest first, for a service that does not come to the door and knows some."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        if self.cost.minor < 0:
            msg = f"a cost of {self.cost} is negative"
            raise ValueError(msg)
        if self.surcharges:
            self._check_parts()

    def _check_parts(self) -> None:
        if any(part.amount.currency != self.cost.currency for part in self.surcharges):
            msg = f"a surcharge is not in {self.cost.currency}"
            raise ValueError(msg)
        if any(part.amount.minor < 0 for part in self.surcharges):
            msg = "a surcharge is negative; a discount belongs in the base"
            raise ValueError(msg)
        parts = sum(part.amount.minor for part in self.surcharges)
        if parts != self.cost.minor:
            msg = f"the surcharges add up to {parts}, the cost is {self.cost.minor} minor units"
            raise ValueError(msg)


class RefusalKind(StrEnum):
    """Why a carrier says no. A fact, cacheable; only for listed codes and true limits."""

    NOT_SERVED = "not_served"
    """Not from this origin to this place, whatever the goods are: other lines are not asked about from there."""
    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    SERVICE_UNAVAILABLE = "service_unavailable"
    OTHER = "other"


class Refusal(Noun):
    """The carrier, or its published limits, say no."""

    service: Text
    kind: RefusalKind
    code: Words = ""
    """The carrier's own code, when it has one."""
    text: Words = ""
    """The carrier's own words, or the limit that was passed."""


class LineCode(StrEnum):
    """Why a line was asked about nowhere: the `code` of the refusals and failures that stand for every service then."""

    UNKNOWN_SKU = "unknown_sku"
    """The store's catalogue lacks the SKU. A refusal or a failure, as the store's `unknown_sku` says; a failure where
    neither caller nor catalogue tells a measure."""
    OUT_OF_STOCK = "out_of_stock"
    """No origin has enough units: a refusal."""
    UNMEASURED_SKU = "unmeasured_sku"
    """The catalogue has the SKU without a weight or a size, and the caller tells none: a failure."""
    UNUSABLE_ROW = "unusable_row"
    """The catalogue has the SKU in a row with a cell that cannot be read: a failure."""
    CATALOGUE_FAILED = "catalogue_failed"
    """The catalogue could not be asked, so that nobody knows whether it has the SKU: a failure."""


class FailureKind(StrEnum):
    """Why we could not find out. Never cached, never shown as "not served"."""

    LATE = "late"
    UNREACHABLE = "unreachable"
    GARBLED = "garbled"
    REJECTED_CREDENTIALS = "rejected_credentials"
    THROTTLED = "throttled"
    BUSY = "busy"
    CRASHED = "crashed"
    OPEN_CIRCUIT = "open_circuit"
    INCOMPLETE = "incomplete"
    REJECTED_REQUEST = "rejected_request"


class Failure(Noun):
    """We could not find out."""

    service: Text
    kind: FailureKind
    hint: Words = ""
    """What a person should know or do."""
    retry_after: Seconds | None = None
    """Seconds until another try makes sense, when the carrier said so."""
    code: ShortText = ""
    """Of a line that nobody was asked about, why: a `LineCode`; empty for what carriers failed at."""

    @classmethod
    def of(cls, service: str, error: CarrierError) -> Self:
        """The failure of one service, given by its code, that an error of the whole call comes to.

        Anybody may raise such an error: a hint that is too long is cut, and a wait that makes no sense counts as none.
        """
        hint, again = str(error.hint), error.retry_after
        sensible = type(again) is int and 0 <= again <= LONGEST_WAIT
        return cls(service=service, kind=FailureKind(error.kind), hint=hint, retry_after=again if sensible else None)


Outcome = Rate | Refusal | Failure
"""What becomes of one service."""


class Answer(Noun):
    """What one carrier says of one shipment: every active service in exactly one of the three."""

    shipment_id: Text
    rates: Annotated[tuple[Rate, ...], Field(max_length=MOST_SERVICES)] = ()
    refusals: Annotated[tuple[Refusal, ...], Field(max_length=MOST_SERVICES)] = ()
    failures: Annotated[tuple[Failure, ...], Field(max_length=MOST_SERVICES)] = ()

    @classmethod
    def of(cls, shipment: Shipment, outcomes: Iterable[Outcome]) -> Self:
        """The answer to a shipment, its outcomes sorted by kind; those of one kind keep their order."""
        listed = tuple(outcomes)
        return cls(
            shipment_id=shipment.id,
            rates=tuple([each for each in listed if isinstance(each, Rate)]),
            refusals=tuple([each for each in listed if isinstance(each, Refusal)]),
            failures=tuple([each for each in listed if isinstance(each, Failure)]),
        )

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All outcomes: rates, then refusals, then failures."""
        return (*self.rates, *self.refusals, *self.failures)

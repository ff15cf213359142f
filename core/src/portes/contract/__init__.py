"""The quote contract: frozen nouns, validated at the door."""

from portes.contract.answer import (
    Answer,
    DeliveryType,
    Failure,
    FailureKind,
    LineCode,
    Note,
    Outcome,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Source,
    Surcharge,
)
from portes.contract.goods import Item, Parcel, RequestLine, Shipment
from portes.contract.limits import Excess, ParcelLimits
from portes.contract.measures import CubicRule, Dimensions
from portes.contract.money import Money
from portes.contract.pickup import PickupKind, PickupPoint
from portes.contract.places import Origin, Place
from portes.contract.quote import (
    FailedService,
    Offer,
    OfferPart,
    PluginFailure,
    Quote,
    QuoteLine,
    RefusedService,
    Verdict,
)
from portes.contract.request import Grouping, QuoteRequest
from portes.contract.timing import LeadTime, TransitTime

__all__ = [
    "Answer",
    "CubicRule",
    "DeliveryType",
    "Dimensions",
    "Excess",
    "FailedService",
    "Failure",
    "FailureKind",
    "Grouping",
    "Item",
    "LeadTime",
    "LineCode",
    "Money",
    "Note",
    "Offer",
    "OfferPart",
    "Origin",
    "Outcome",
    "Parcel",
    "ParcelLimits",
    "PickupKind",
    "PickupPoint",
    "Place",
    "PluginFailure",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "Rate",
    "Refusal",
    "RefusalKind",
    "RefusedService",
    "RequestLine",
    "Service",
    "Shipment",
    "Source",
    "Surcharge",
    "TransitTime",
    "Verdict",
]

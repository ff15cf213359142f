"""Answers marketplaces' freight questions, from carrier plugins and freight tables: the face of the library.

What hosts and plugin authors need stands here; it knows no HTTP and loads the machinery behind
`open_store` and `hookimpl` only when those are called for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from portes.carrier import (
    Abilities,
    Carrier,
    CarrierSettings,
    Deadline,
    Diagnosable,
    Finding,
    Severity,
    Warmable,
)
from portes.contract import (
    Answer,
    CubicRule,
    DeliveryType,
    Dimensions,
    Excess,
    FailedService,
    Failure,
    FailureKind,
    Item,
    LeadTime,
    LineCode,
    Money,
    Note,
    Offer,
    OfferPart,
    Origin,
    Outcome,
    Parcel,
    ParcelLimits,
    PickupKind,
    PickupPoint,
    Place,
    PluginFailure,
    Quote,
    QuoteLine,
    QuoteRequest,
    Rate,
    Refusal,
    RefusalKind,
    RefusedService,
    RequestLine,
    Service,
    Shipment,
    Source,
    Surcharge,
    TransitTime,
    Verdict,
)
from portes.errors import (
    BusyError,
    CarrierError,
    CatalogueError,
    DatabaseError,
    GarbledError,
    IncompleteError,
    LateError,
    PortesError,
    Problem,
    RejectedCredentialsError,
    RejectedRequestError,
    RequestError,
    SettingsError,
    ThrottledError,
    TooMuchError,
    UnauthorizedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from portes.hooks import hookimpl
    from portes.store import Store, open_store

__all__ = [
    "Abilities",
    "Answer",
    "BusyError",
    "Carrier",
    "CarrierError",
    "CarrierSettings",
    "CatalogueError",
    "CubicRule",
    "DatabaseError",
    "Deadline",
    "DeliveryType",
    "Diagnosable",
    "Dimensions",
    "Excess",
    "FailedService",
    "Failure",
    "FailureKind",
    "Finding",
    "GarbledError",
    "IncompleteError",
    "Item",
    "LateError",
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
    "PortesError",
    "Problem",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "Rate",
    "Refusal",
    "RefusalKind",
    "RefusedService",
    "RejectedCredentialsError",
    "RejectedRequestError",
    "RequestError",
    "RequestLine",
    "Service",
    "SettingsError",
    "Severity",
    "Shipment",
    "Source",
    "Store",
    "Surcharge",
    "ThrottledError",
    "TooMuchError",
    "TransitTime",
    "UnauthorizedError",
    "UnreachableError",
    "Verdict",
    "Warmable",
    "hookimpl",
    "open_store",
]

if not TYPE_CHECKING:  # a checker that saw this function would take any misspelled name for an attribute
    _LATER = {"Store": "portes.store", "hookimpl": "portes.hooks", "open_store": "portes.store"}

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(import_module(_LATER[name]), name)

"""A small table, shipments, and what the table carrier answers of them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from portes.carrier import Deadline
from portes.contract import (
    Answer,
    DeliveryType,
    Dimensions,
    Failure,
    Money,
    Origin,
    Parcel,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
)
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService

MONDAY = date(2026, 3, 2)
HEADER = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,"
    "percent_minimum,minimum,max_volume_cm3,days_min,days_max\n"
)
SMALL = (
    HEADER
    + "economy,01000000,05999999,0,1000,12.90,,,,,,2,3\n"
    + "economy,01000000,05999999,1000,5000,19.90,,,,,,3,4\n"
)

Make = Callable[..., TableCarrier]


def economy(**more: Any) -> TableService:
    return TableService(code=more.pop("code", "economy"), delivery=DeliveryType.NORMAL, **more)


def parcel(weight: int = 500, size: tuple[int, int, int] = (200, 150, 100), **more: Any) -> Parcel:
    length, width, height = size
    return Parcel(weight=weight, size=Dimensions(length=length, width=width, height=height), **more)


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def shipment(
    *parcels: Parcel, to: str = "01512651", country: str = "BR", on: date = MONDAY, origin: int = 1
) -> Shipment:
    here = Origin(id=origin, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    place = Place(country=country, postal_code=to)
    return Shipment(id="s-1", parcels=parcels or (parcel(),), origin=here, place=place, dispatch_date=on)


def answered(carrier: TableCarrier, asked: Shipment) -> Answer:
    (answer,) = carrier.quote([asked], Deadline(1))
    return answer


def outcome(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> Rate | Refusal | Failure:
    """What is said of the only service."""
    answer = answered(carrier, shipment(*parcels, **more))
    outcomes: list[Rate | Refusal | Failure] = [*answer.rates, *answer.refusals, *answer.failures]
    (only,) = outcomes
    return only


def rate(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> Rate:
    found = outcome(carrier, *parcels, **more)
    assert isinstance(found, Rate)
    return found


def parts(found: Rate) -> dict[str, int]:
    return {part.name: part.amount.minor for part in found.surcharges}


def refused(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> RefusalKind:
    found = outcome(carrier, *parcels, **more)
    assert isinstance(found, Refusal)
    assert found.text
    return found.kind

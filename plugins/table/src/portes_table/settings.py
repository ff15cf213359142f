"""The settings of a table carrier and of its services; it knows no table's content."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from portes.carrier import CarrierSettings
from portes.contract import ParcelLimits, Service
from portes.contract.base import ShopNumber
from portes.contract.bounds import HEAVIEST_PARCEL
from portes.contract.places import Country
from portes.contract.rounding import Rounding
from portes.tables import text_encoding
from portes_table.tariff import TariffSettings

_ZERO = Decimal(0)


class TableSettings(CarrierSettings):
    """`[carriers.NAME.settings]` of a carrier with `use = "table"`."""

    file: Annotated[
        str, Field(description="The table, relative to the store's folder; services may name their own.")
    ] = ""
    format: Annotated[str, Field(description="`plain`, `vtex` or the name of another installed format.")] = "plain"
    country: Annotated[Country | None, Field(description="Whose postal codes the table has; the store's country.")] = (
        None
    )
    encoding: Annotated[str | None, Field(description="A Python codec such as `windows-1252`; detected.")] = None
    separator: Annotated[
        Literal[",", ";", "\t"] | None, Field(description="Between the cells of a text file; detected in its header.")
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None, Field(description="Decimal sign of numbers written as text; detected.")
    ] = None
    weight_unit: Annotated[
        Literal["g", "kg"], Field(description="Unit of the weights, where the format leaves it open (`vtex`).")
    ] = "g"
    zero_price: Annotated[
        Literal["report", "free", "refuse"],
        Field(description="What a row that charges nothing means: a mistake, free carriage, or no service there."),
    ] = "report"
    polygons: Annotated[
        Literal["report", "skip"],
        Field(description="Rows for a drawn area instead of postal codes are a mistake, or are left out (`vtex`)."),
    ] = "report"
    overlap: Annotated[
        Literal["reject_table", "narrowest", "dearest"],
        Field(description="Ranges that hold the same code are a mistake, or the narrowest or the dearest row counts."),
    ] = "reject_table"
    hole: Annotated[
        Literal["reject_table", "fail", "next_bracket"],
        Field(description="A hole between brackets is a mistake, has no price, or the next bracket's."),
    ] = "reject_table"
    beside: Annotated[
        Mapping[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]],
        Field(description='Other files of the table, by the word of its format: `{ places = "tables/places.csv" }`.'),
    ] = {}
    defaults: Annotated[
        Mapping[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]],
        Field(description='What columns hold that the file lacks: `{ days_max = "5" }`.'),
    ] = {}
    rounding: Annotated[Rounding, Field(description="How each part of a price is rounded to whole minor units.")] = (
        "half_up"
    )
    price_each: Annotated[
        Literal["shipment", "parcel"],
        Field(description="Whether the weights of all parcels are added up and priced once, or each parcel is priced."),
    ] = "shipment"
    cubic_factor: Annotated[
        Decimal | None,
        Field(gt=0, le=100_000, description="kg charged per m³ (road in Brazil: often 300); none: actual weight."),
    ] = None
    cubic_divisor: Annotated[
        int | None, Field(gt=0, le=1_000_000, description="Instead of the factor: cm³ per kg charged, such as 6000.")
    ] = None
    cubic_exempt: Annotated[
        int,
        Field(ge=0, le=HEAVIEST_PARCEL, description="Grams of actual weight up to which the cubic one is ignored."),
    ] = 0
    least_weight: Annotated[
        int, Field(ge=0, le=HEAVIEST_PARCEL, description="Grams that are charged at least, whatever it weighs.")
    ] = 0
    weight_step: Annotated[
        int,
        Field(ge=0, le=HEAVIEST_PARCEL, description="Grams to a multiple of which the taxable weight is rounded up."),
    ] = 0
    tariff: Annotated[
        TariffSettings | None, Field(description="What is charged beside the rows: components, least freight, tax.")
    ] = None
    extra_percent: Annotated[Decimal, Field(ge=0, le=1000, description="Added to the whole price: 10 is 10 %.")] = _ZERO
    valid_from: Annotated[date | None, Field(description="First dispatch date that the table prices.")] = None
    valid_to: Annotated[date | None, Field(description="Last dispatch date that the table prices.")] = None
    origins: Annotated[
        tuple[ShopNumber, ...], Field(description="Ids of the origins that the table prices from; none named: all.")
    ] = ()
    limits: Annotated[
        ParcelLimits,
        Field(description="The largest parcel: `weight` (g), `longest_side` and `sides_sum` (mm), `volume` (mm³)."),
    ] = ParcelLimits()
    calendar: Annotated[
        str | None, Field(description="Whose business days the table counts; the store's calendar.")
    ] = None

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        return text_encoding(name) if name else None

    @field_validator("cubic_factor", "extra_percent")
    @classmethod
    def _can_be_kept(cls, amount: Decimal | None) -> Decimal | None:
        if amount is not None and amount != round(amount, 6):
            msg = "has more than six decimals"
            raise ValueError(msg)
        return amount

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.cubic_factor and self.cubic_divisor:
            msg = "give cubic_factor or cubic_divisor, not both"
            raise ValueError(msg)
        if self.tariff and self.extra_percent:
            msg = (
                "extra_percent and a tariff are both given; write a component of the tariff instead:"
                ' name = "extra", percent, of = "freight"'
            )
            raise ValueError(msg)
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            msg = "valid_from is after valid_to"
            raise ValueError(msg)
        return self


class TableService(Service):
    """`[[carriers.NAME.services]]`: the engine's keys, and which rows of which file price the service."""

    table_service: Annotated[
        str, Field(description="What the table calls the service; its code, or nothing where the format names none.")
    ] = ""
    file: Annotated[str, Field(description="This service's own table; the carrier's `file`.")] = ""

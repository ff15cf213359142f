"""The settings of a table carrier and of its services; it knows no table's content."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from portes.contract import ParcelLimits, Service
from portes.contract.base import ShopNumber
from portes.contract.bounds import HEAVIEST_PARCEL
from portes.contract.places import Country
from portes.contract.rounding import Rounding
from portes_table.files import TableFile, TableName
from portes_table.tariff import TariffSettings

_ZERO = Decimal(0)


class TableSettings(TableFile):
    """`[carriers.NAME.settings]` of a carrier with `use = "table"`."""

    country: Annotated[Country | None, Field(description="Whose postal codes the table has; the store's country.")] = (
        None
    )
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
    file: Annotated[str, Field(description="This service's own table; the carrier's `file` or `stored`.")] = ""
    stored: Annotated[str, Field(description="Or its own stored table.")] = ""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.file and self.stored:
            msg = "file and stored both name the table; leave one of them out"
            raise ValueError(msg)
        return self

    @property
    def table(self) -> TableName:
        """Its own table; a blank one where it has none."""
        return TableName(self.file, self.stored)

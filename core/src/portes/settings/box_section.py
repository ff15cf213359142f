"""`[[boxes]]`: every key of a carton that the store packs into, and what the keys demand of each other."""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from portes.contract import Dimensions, Money
from portes.contract.base import Natural, Positive, ShopNumber
from portes.contract.bounds import DEAREST_EXTRA, HEAVIEST_PARCEL
from portes.contract.suggestions import did_you_mean
from portes.errors import Problems, SettingsError
from portes.packing.protocol import Carton
from portes.rules.amounts import Amount, minor_units
from portes.settings.messages import unfit
from portes.settings.sections import Name, Section

_SIDES: Final = ("length", "width", "height")


def _with_room(size: Dimensions) -> Dimensions:
    if not size.volume:
        raise unfit("has a side of zero", "write every side in whole millimetres")
    return size


BoxSize = Annotated[Dimensions, AfterValidator(_with_room)]


class BoxSection(Section):
    """`[[boxes]]`: a carton that the store packs into, any number of them."""

    code: Name = Field(
        description="Your own code of it: letters, digits, hyphens and underscores; unique in the store."
    )
    inside: BoxSize = Field(
        description="What goods may fill, in mm: `{ length = 400, width = 300, height = 300 }`; padding taken off. "
        "Goods tagged `upright` stand along its height."
    )
    outside: BoxSize | None = Field(
        None,
        description="What carriers measure, in mm, no side smaller than inside; the inside when left out, so write it: "
        "corrugated board adds some 5 to 15 mm a side, and carriers bill it.",
    )
    weight: Annotated[Natural, Field(le=HEAVIEST_PARCEL)] = Field(
        0, description="Grams of the empty carton with its padding, which carriers weigh too."
    )
    most_weight: Annotated[Positive, Field(le=HEAVIEST_PARCEL)] | None = Field(
        None, description="Grams of goods that it bears; as much as the carrier takes when left out."
    )
    cost: Annotated[Amount, Field(ge=0)] = Field(
        Decimal(0), description='What one costs the store, in quotes: `"2.50"`.'
    )
    origins: tuple[ShopNumber, ...] = Field(
        (), description="Numbers of the origins that have it; all of them when left out."
    )


class CartonDraft(NamedTuple):
    """A carton as its table says it."""

    carton: Carton
    section: BoxSection


def read_carton(
    section: BoxSection, where: str, currency: str, numbers: Collection[int] | None, problems: Problems
) -> Carton | None:
    """The carton of a table that stands at a place of the file; None where something of it is wrong, and told.

    `numbers` are those of the store's origins; None where they cannot all be read.
    """
    before = problems.count
    inside, outside = section.inside, section.outside or section.inside
    for side in _SIDES:
        own, least = getattr(outside, side), getattr(inside, side)
        if own < least:
            cause, fix = f"is less than the inside's {least}", "swap the two, or write what a carrier measures"
            problems.add(f"{where}.outside.{side}", str(own), cause, fix)
    for at, number in enumerate(section.origins):
        if numbers is not None and number not in numbers:
            known = ", ".join(map(str, numbers))
            fix = did_you_mean(str(number), list(map(str, numbers))) or f"write one of {known}"
            problems.add(f"{where}.origins.{at}", str(number), "is no origin of this store", fix)
    cost = minor_amount("cost", section.cost, currency, where, problems)
    if problems.count > before or cost is None:
        return None
    return Carton(section.code, inside, outside, section.weight, section.most_weight, cost, section.origins)


def minor_amount(key: str, amount: Decimal, currency: str, where: str, problems: Problems) -> int | None:
    """An amount of the file in minor units; None where it is none of the currency or beyond any sense, and told."""
    try:
        minor = minor_units({key: amount}, currency)[key]
    except SettingsError as error:
        problems.include(one.at(f"{where}.{key}", problems.file) for one in error.problems)
        return None
    if minor > DEAREST_EXTRA:
        most = Money(minor=DEAREST_EXTRA, currency=currency).amount
        problems.add(f"{where}.{key}", str(amount), "is too large", f'write "{most}" or less')
        return None
    return minor

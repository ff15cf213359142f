"""What a table is asked about a shipment: taxable weight, volume and value of what it prices; it knows no price."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from portes.contract import CubicRule, Parcel, ParcelLimits, Shipment
from portes.contract.bounds import DEAREST_PARCEL, HEAVIEST_PARCEL, LARGEST_VOLUME
from portes.contract.rounding import quotient
from portes.tables import RateTable
from portes_table.settings import TableSettings

_GRAM: Final = 1000
"""Milligrams in a gram."""


class Piece(NamedTuple):
    """What is priced at once."""

    number: int
    """How many equal ones there are."""
    weight: int
    """The taxable weight, in milligrams."""
    volume: int
    """The volume of the goods, in cubic millimetres."""
    value: int | None
    """Declared value in minor units of the table's currency; None when any of it is unknown or in another currency."""
    parcels: int
    """How many parcels it is made of."""
    units: int | None
    """How many units of goods they hold; None when that of any is not known."""

    @property
    def grams(self) -> int:
        """The taxable weight in whole grams, rounded up so that it never falls into a lower bracket."""
        return -(-self.weight // _GRAM)


class Scale:
    """Weighs shipments under the settings of one carrier."""

    def __init__(self, settings: TableSettings, currency: str) -> None:
        self._each = settings.price_each == "parcel"
        self._exempt = settings.cubic_exempt * _GRAM
        self._least = settings.least_weight * _GRAM
        self._step = settings.weight_step * _GRAM
        self._currency = currency
        self._milligrams, self._volume = _ratio(settings)

    def pieces(self, shipment: Shipment) -> list[Piece]:
        """The whole shipment as one piece, or each kind of parcel."""
        return self.each(shipment) if self._each else [self._piece(shipment.parcels)]

    def each(self, shipment: Shipment) -> list[Piece]:
        """Every kind of parcel as a piece."""
        return [self._piece((parcel,), 1, parcel.count) for parcel in shipment.parcels]

    def unit(self, parcel: Parcel) -> Piece:
        """The mean unit of what a parcel holds, or the parcel where nobody says how many units that is.

        Where all units are equal it is one of them; else one at least is as heavy, as large or as dear.
        """
        units = parcel.units or 1
        value = parcel.value and parcel.value.model_copy(update={"minor": parcel.value.minor // units})
        update = {"weight": parcel.weight // units, "volume": parcel.volume // units, "value": value, "volumes": 1}
        return self._piece((parcel.model_copy(update={**update, "units": parcel.units and 1}),), 1)

    def splits_at(self, tables: Sequence[RateTable]) -> ParcelLimits:
        """What no parcel may have more of to find a price in any of the tables that price a service."""
        ends = [one.highest_bracket() for one in tables]
        highest = max((end for end in ends if end is not None), default=None)
        if highest is None or None in ends:
            return ParcelLimits()
        if tables[0].axis == "value":
            return ParcelLimits(value=min(highest, DEAREST_PARCEL))
        if tables[0].axis == "volume":
            return ParcelLimits(volume=min(highest * 1000, LARGEST_VOLUME))
        return self._of_weight(highest) if tables[0].axis == "weight" else ParcelLimits()

    def _of_weight(self, highest: int) -> ParcelLimits:
        """What a parcel may weigh and measure so that the taxable weight is no more than so many grams."""
        most = highest * _GRAM // self._step * self._step if self._step else highest * _GRAM
        volume = most * self._volume // self._milligrams if self._milligrams and not self._exempt else None
        return ParcelLimits(
            weight=min(most // _GRAM, HEAVIEST_PARCEL) or None, volume=volume and min(volume, LARGEST_VOLUME)
        )

    def _piece(self, parcels: Iterable[Parcel], count: int | None = None, number: int = 1) -> Piece:
        """Add parcels up; `count` instead of their own counts."""
        weight = volume = total = pieces = units = 0
        known = counted = True
        for parcel in parcels:
            times, value = count or parcel.count, parcel.value
            pieces += parcel.volumes * times
            weight += parcel.weight * times
            volume += parcel.volume * times
            known = known and value is not None and value.currency == self._currency
            total += value.minor * times if value is not None else 0
            counted = counted and parcel.units is not None
            units += (parcel.units or 0) * times
        taxable = self._taxable(weight * _GRAM, volume)
        return Piece(number, taxable, volume, total if known else None, pieces, units if counted else None)

    def _taxable(self, actual: int, volume: int) -> int:
        """The taxable weight in milligrams: actual or cubic, no less than the least, in started steps.

        What a volume is charged as is rounded up to the milligram, so that it is never understated.
        """
        exempt = self._exempt and actual <= self._exempt
        cubic = 0 if exempt else quotient(volume * self._milligrams, self._volume, "up")
        weight = max(actual, cubic, self._least)
        return -(-weight // self._step) * self._step if self._step else weight


def cubic_rule(settings: TableSettings) -> CubicRule | None:
    """How the carrier bills sizes, for whoever packs; None where it does not."""
    exempt = settings.cubic_exempt
    if settings.cubic_divisor:
        return CubicRule(settings.cubic_divisor, exempt_weight=exempt)
    return CubicRule.by_factor(settings.cubic_factor, exempt) if settings.cubic_factor else None


def _ratio(settings: TableSettings) -> tuple[int, int]:
    """How many milligrams are charged for how many cubic millimetres, as two whole numbers."""
    if settings.cubic_divisor:
        return _GRAM, settings.cubic_divisor  # cm³ per kg are mm³ per g
    kilos, cubic_metres = (settings.cubic_factor or Decimal(0)).as_integer_ratio()
    return kilos, cubic_metres * 1000  # kg per m³ are a thousandth of a milligram per mm³

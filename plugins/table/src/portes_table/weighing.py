"""What a table is asked about a shipment: chargeable weight, volume and value of what it prices; it knows no price."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from portes.contract import Parcel, Shipment
from portes.contract.rounding import quotient
from portes_table.settings import TableSettings


class Piece(NamedTuple):
    """What is priced at once."""

    number: int
    """How many equal ones there are."""
    weight: int
    """The chargeable weight, in grams."""
    volume: int
    """The volume of the goods, in cubic millimetres."""
    value: int | None
    """Declared value in minor units of the table's currency; None when any of it is unknown or in another currency."""
    units: int
    """How many parcels it is made of."""


class Scale:
    """Weighs shipments under the settings of one carrier."""

    def __init__(self, settings: TableSettings, currency: str) -> None:
        self._each = settings.price_each == "parcel"
        self._exempt = settings.cubic_exempt
        self._currency = currency
        self._grams, self._volume = _ratio(settings)

    def pieces(self, shipment: Shipment) -> list[Piece]:
        """The whole shipment as one piece, or each kind of parcel."""
        return self.each(shipment) if self._each else [self._piece(shipment.parcels)]

    def each(self, shipment: Shipment) -> list[Piece]:
        """Every kind of parcel as a piece."""
        return [self._piece((parcel,), 1, parcel.count) for parcel in shipment.parcels]

    def _piece(self, parcels: Iterable[Parcel], count: int | None = None, number: int = 1) -> Piece:
        """Add parcels up; `count` instead of their own counts."""
        weight = volume = total = units = 0
        known = True
        for parcel in parcels:
            times, value = count or parcel.count, parcel.value
            weight += parcel.weight * times
            volume += parcel.volume * times
            units += times
            known = known and value is not None and value.currency == self._currency
            total += value.minor * times if value is not None else 0
        return Piece(number, max(weight, self._cubic_weight(volume)), volume, total if known else None, units)

    def _cubic_weight(self, volume: int) -> int:
        """Grams that a volume is charged as, rounded up so that it is never understated."""
        cubic = quotient(volume * self._grams, self._volume, "up")
        return cubic if cubic > self._exempt else 0


def _ratio(settings: TableSettings) -> tuple[int, int]:
    """How many grams are charged for how many cubic millimetres, as two whole numbers."""
    if settings.cubic_divisor:
        return 1, settings.cubic_divisor  # cm³ per kg are mm³ per g
    grams, volume = (settings.cubic_factor or Decimal(0)).as_integer_ratio()
    return grams, volume * 1_000_000

"""From a tariff's price to what Correos bills: each step a setting and a named part; it knows no file and no time."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract import Parcel, RefusalKind
from portes.contract.measures import cubic_weight_by_divisor
from portes.contract.rounding import rounded
from portes_correos_es.services import Line
from portes_correos_es.settings import CorreosSettings
from portes_correos_es.tariff import Found, Hole, NotOffered, Tariff, Validity
from portes_correos_es.territories import BEYOND_CUSTOMS, EUROPEAN_UNION, SPANISH, Area, Territory

_HUNDRED: Final = Decimal(100)
_TAXLESS: Final = frozenset({Area.CEUTA, Area.MELILLA, Area.ANDORRA})


class Tax(NamedTuple):
    """What the state adds."""

    name: str
    """`IVA`, `IGIC`; empty where there is none."""
    percent: Decimal

    def __str__(self) -> str:
        return f"{self.name} {self.percent.normalize():f} %" if self.name else "no tax on this lane"


class Parts(NamedTuple):
    """What a shipment costs, in minor units, part by part; `tax` is None where it is left out."""

    base: int
    """The bracket's price, or the highest bracket's; less the discount, as all parts but customs and tax."""
    excess_weight: int
    oversize: int
    fuel: int
    customs: int
    tax: int | None


class Billed(NamedTuple):
    """What all pieces of a shipment come to before customs and tax, and where their prices stand."""

    parts: tuple[int, int, int, int]
    """Base, excess weight, oversize and fuel, in minor units."""
    validity: Validity
    rows: tuple[str, ...]
    """The rows of the tariff, each once: `line 7`."""


Lookup = Callable[[int], Found | NotOffered | Hole]
"""The tariff's price of so many grams."""


def lookup(tariff: Tariff, line: Line, origin: Territory, zone: str, day: date) -> Lookup:
    """The prices of one service on one lane and day."""
    return lambda grams: tariff.price(line.product.key, line.mode, origin, zone, day, grams, line.max_weight)


def billable_weight(parcel: Parcel, cubic_divisor: int) -> int:
    """Grams of one piece: the greater of what the scale says and its volume by the divisor, rounded up."""
    cubic = cubic_weight_by_divisor(parcel.size.volume, cubic_divisor) if cubic_divisor else 0
    return max(parcel.weight, cubic)


def tax_between(settings: CorreosSettings, origin: Territory, destination: Territory) -> Tax:
    """The tax by territory, as the printed tariffs charge it."""
    areas = {origin.area, destination.area}
    if areas & _TAXLESS:
        return Tax("", Decimal(0))
    if Area.CANARIAS in areas:
        inside = origin.shares_province(destination) or (len(areas) == 1 and settings.igic_between_provinces)
        return Tax("IGIC", settings.igic_percent) if inside else Tax("", Decimal(0))
    if areas <= SPANISH or _taxed_abroad(settings, origin, destination):
        return Tax("IVA", settings.iva_percent)
    return Tax("", Decimal(0))


def _taxed_abroad(settings: CorreosSettings, origin: Territory, destination: Territory) -> bool:
    inside = {origin.country, destination.country} <= EUROPEAN_UNION
    return settings.tax_abroad == "always" or (settings.tax_abroad == "eu_only" and inside)


def customs_handling(settings: CorreosSettings, origin: Territory, destination: Territory) -> int:
    """Minor units a shipment for papers to or from Canarias, Ceuta and Melilla, if it needs any."""
    due = {origin.area, destination.area} & BEYOND_CUSTOMS
    return int(settings.customs_handling * 100) if due else 0


def price_parcels(
    settings: CorreosSettings, line: Line, parcels: Sequence[Parcel], price: Lookup
) -> Billed | NotOffered | Hole:
    """What all pieces come to, or the first no."""
    parts, validity = (0, 0, 0, 0), None
    rows: dict[str, None] = {}
    for parcel in parcels:
        grams = billable_weight(parcel, settings.cubic_divisor)
        found = _bounded(line, grams) or price(grams)
        if not isinstance(found, Found):
            return found
        piece = _piece(settings, line, parcel, found)
        base, excess, oversize, fuel = (part + each * parcel.count for part, each in zip(parts, piece, strict=True))
        parts, validity = (base, excess, oversize, fuel), found.validity
        rows[found.row] = None
    assert validity is not None  # noqa: S101 — a shipment has a parcel
    return Billed(parts, validity, tuple(rows))


def _bounded(line: Line, grams: int) -> NotOffered | None:
    most = line.max_billable
    if most is None or grams <= most:
        return None
    return NotOffered(RefusalKind.TOO_HEAVY, f"{grams} g are billed, {line.product.name} takes {most} g")


def _piece(settings: CorreosSettings, line: Line, parcel: Parcel, found: Found) -> tuple[int, int, int, int]:
    """The parts of one piece. Only running totals are rounded, so the parts add up to the exact product's cents."""
    less = 1 - line.discount / _HUNDRED
    base = found.base * less
    weighed = (found.base + found.extra) * less
    sized = weighed * (1 + _oversize(settings, parcel) / _HUNDRED)
    fuelled = sized * (1 + settings.fuel_percent / _HUNDRED)
    totals = (0, *(rounded(amount, "half_up") for amount in (base, weighed, sized, fuelled)))
    first, second, third, fourth = (after - before for before, after in pairwise(totals))
    return first, second, third, fourth


def _oversize(settings: CorreosSettings, parcel: Parcel) -> Decimal:
    passed = settings.standard_size.passed(parcel.size.sides)
    return (Decimal(0), settings.oversize_percent, settings.oversize_twice_percent)[passed]


def taxed(parts: tuple[int, int, int, int], customs: int, tax: Tax, *, left_out: bool) -> Parts:
    """All parts, with the tax on their sum."""
    due = rounded((sum(parts) + customs) * tax.percent / _HUNDRED, "half_up")
    return Parts(*parts, customs, None if left_out else due)


__all__ = [
    "Billed", "Lookup", "Parts", "Tax", "billable_weight", "customs_handling", "lookup", "price_parcels", "tax_between",
    "taxed",
]  # fmt: skip

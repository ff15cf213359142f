"""What a marketplace asks for a lane by the table that it fell back on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from portes.contingency.prices import PriceTerms
from portes.contract import DeliveryType
from portes.contract.measures import cubic_weight
from portes.contract.rounding import quotient
from portes.errors import Problem, SettingsError, shown
from portes.receipts.offers import OfferedLane
from portes.tables import (
    MICROS,
    FactNeededError,
    FoundRow,
    NoRow,
    PricedLoad,
    RateTable,
    Tariff,
    TariffPricer,
    ValueNeededError,
)

TOO_LARGE: Final = "the volume is above what the table's row takes"
VALUE_NEEDED: Final = "the table charges by a declared value, and nobody stated one"
FACT_NEEDED: Final = "the table charges by what a receipt does not tell"
"""Why a table has no price, beside what `NoRow` says."""

_MILLIGRAMS: Final = 1000


class TablePrices:
    """The prices of a table, as the portal that it was uploaded to works them out."""

    def __init__(
        self, table: RateTable, services: Mapping[str, str], cubic_factor: Decimal, terms: PriceTerms | None = None
    ) -> None:
        """Take a table, the name of its service by delivery type, and the kg that the portal bills a m³ as.

        A factor of 0 bills the actual weight; `terms` are what the seller added to live prices.
        Raises `SettingsError` for a service that the table lacks, and for a
        table that does not go by weight.
        """
        if table.axis != "weight":
            cause = f"has brackets of {table.axis}, and a portal looks its table up by weight"
            raise SettingsError(Problem("table", "", cause, "name the table that was exported for the portal"))
        for service in services.values():
            if service not in table.services:
                known = ", ".join(filter(None, table.services)) or "one service without a name"
                cause = "is no service of the table"
                raise SettingsError(Problem("--service", shown(service), cause, f"it has: {known}"))
        self.table = table
        self.services = services
        self.cubic_factor = cubic_factor
        self._terms = terms
        self._pricer = TariffPricer(Tariff())

    def billed(self, lane: OfferedLane) -> int:
        """Grams that the portal bills a lane by: the actual weight or the cubic one, whichever is more."""
        return max(lane.weight, cubic_weight(lane.volume, self.cubic_factor)) if self.cubic_factor else lane.weight

    def meant(self, live: int) -> int | None:
        """What the seller wants the table to say where this is the live price; None where it is the live price."""
        return self._terms.of(live * MICROS) // MICROS if self._terms else None

    def price(self, lane: OfferedLane, billed: int) -> int | str:
        """The price of a lane in minor units, or why the table has none; `lane.delivery` is one of `services`."""
        table, service = self.table, self.services[lane.delivery]
        if table.overlap == "dearest":
            rows = table.find_all(service, lane.postal_code, billed, lane.origin)
            return rows.value if isinstance(rows, NoRow) else self._dearest(rows, lane, billed)
        row = table.find(service, lane.postal_code, billed, lane.origin)
        return row.value if isinstance(row, NoRow) else self._dearest((row,), lane, billed)

    def _dearest(self, rows: Sequence[FoundRow], lane: OfferedLane, billed: int) -> int | str:
        most = 0
        try:
            for row in rows:
                if row.terms.max_volume and lane.volume > row.terms.max_volume:
                    return TOO_LARGE
                most = max(most, self._cost(row, lane, billed))
        except ValueNeededError:
            return VALUE_NEEDED
        except FactNeededError:
            return FACT_NEEDED
        return most

    def _cost(self, row: FoundRow, lane: OfferedLane, billed: int) -> int:
        price, _, terms = row
        if terms.fees or terms.extra_per_kg or terms.minimum or terms.tax >= 0:
            return self._pricer.charge(row, PricedLoad(billed * _MILLIGRAMS, lane.value, 1, lane.units)).cost
        return quotient(price, MICROS, "half_up")  # what nearly all rows come to, and a fourth of the time of a check


def services_of(table: RateTable, declared: Mapping[str, str]) -> dict[str, str]:
    """The table's service for each delivery type that it sells: by name, as declared, or the only one as `normal`.

    `declared` has delivery types by the table's names. Raises `SettingsError` where nobody can tell.
    """
    types = {delivery.value for delivery in DeliveryType}
    if wrong := next((value for value in declared.values() if value not in types), None):
        fix = f"write one of {', '.join(sorted(types))}"
        raise SettingsError(Problem("--service", shown(wrong), "is no delivery type", fix))
    if declared:
        return {delivery: name for name, delivery in declared.items()}
    named = {name: name for name in table.services if name in types}
    if named:
        return named
    if len(table.services) == 1:
        return {DeliveryType.NORMAL.value: table.services[0]}
    cause = f"has the services {', '.join(table.services)}, none of them named as a delivery type"
    fix = f"say which is which: --service {table.services[0]}=normal"
    raise SettingsError(Problem("table", "", cause, fix))

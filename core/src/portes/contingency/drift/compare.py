"""Holds lanes as they were offered live against a table; pure, it asks nobody."""

from collections.abc import Iterable
from typing import Final

from portes.contingency.drift.prices import TablePrices
from portes.contingency.drift.regions import StateParts
from portes.contingency.drift.tally import Comparisons, TallyKey, bracket_of
from portes.receipts.offers import OfferedLane

ABROAD: Final = "to another country than the table's"
OTHER_MONEY: Final = "in another currency than the table's"
NO_SERVICE: Final = "of a delivery type that no service of the table is named as (--service says which is which)"
"""Why a lane is not compared."""


class LaneComparer:
    """Compares lanes with one table; `comparisons` is what came of it so far."""

    def __init__(self, prices: TablePrices, tolerance: int) -> None:
        """`tolerance` is how far a price may be from the live one, in millionths of a percent of the live one."""
        self.comparisons = Comparisons()
        self._prices = prices
        self._tolerance = tolerance
        self._parts = StateParts(prices.table.country)

    def compare(self, lanes: Iterable[OfferedLane], left_out: Iterable[str] = ()) -> None:
        """Count some lanes, and why others cannot be."""
        self.comparisons.left_out.update(left_out)
        for lane in lanes:
            if why := self._why_not(lane):
                self.comparisons.left_out[why] += 1
            else:
                self._compare(lane)

    def _why_not(self, lane: OfferedLane) -> str:
        table = self._prices.table
        if lane.country != table.country:
            return ABROAD
        if lane.currency != table.currency:
            return OTHER_MONEY
        return "" if lane.delivery in self._prices.services else NO_SERVICE

    def _compare(self, lane: OfferedLane) -> None:
        billed = self._prices.billed(lane)
        price = self._prices.price(lane, billed)
        tally = self.comparisons.tally(TallyKey(lane.delivery, self._parts.of(lane.postal_code), bracket_of(billed)))
        if isinstance(price, str):
            tally.uncovered += 1
            self.comparisons.unpriced[price] += 1
        else:
            tally.add(lane.price, price, self._tolerance, self._prices.meant(lane.price))

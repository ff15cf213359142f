"""What a seller adds to the prices of a table before it is uploaded: margin, rounding, a least price; exact."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from portes.contract.rounding import quotient
from portes.tables import MICROS, Row


class PriceTerms(NamedTuple):
    """What becomes of a price: raised by a margin, then up to a whole number of steps, and never below the least."""

    margin: Decimal = Decimal(0)
    """Percent; below zero for a discount."""
    step: int = 1
    """Minor units that prices are whole multiples of."""
    least: int = 0
    """Minor units."""

    def priced(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows with their prices; a row that refuses stays as it is."""
        for row in rows:
            yield row._replace(price=self.of(row.price)) if row.price >= 0 else row

    def of(self, price: int) -> int:
        """A price in millionths of a minor unit, as another one."""
        times, parts = ((100 + self.margin) / 100).as_integer_ratio()
        step = self.step * MICROS
        return max(step * quotient(price * times, parts * step, "up"), self.least * MICROS)

    def as_told(self) -> dict[str, Any]:
        """The terms as a report has them: percent, minor units."""
        return {"margin_percent": str(self.margin), "round_to": self.step, "least": self.least}

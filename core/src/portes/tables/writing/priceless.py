"""Rows that price nothing or charge nothing, counted while a table is written, and told at the end."""

from portes.errors import Problems
from portes.tables.protocol import ON_REQUEST, REFUSED, Row, Terms
from portes.tables.writing.blocks import WrittenBracket


class PricelessCount:
    """How many rows have no price, or charge nothing."""

    def __init__(self) -> None:
        self.refused = self.on_request = self.free = 0

    def leaves_out(self, row: Row) -> bool:
        """Whether a row has no price, for a format without words for that; it is counted."""
        if row.price == REFUSED:
            self.refused += 1
        elif row.price == ON_REQUEST:
            self.on_request += 1
        return row.price < 0

    def look_at(self, bracket: WrittenBracket) -> None:
        """Count a bracket that charges nothing."""
        self.free += not bracket.price and not _charges(bracket.terms)

    def tell(self, problems: Problems) -> None:
        """Note what was counted."""
        if self.refused:
            problems.note(f"{self.refused} rows that the carrier does not serve are left out")
        if self.on_request:
            problems.note(f"{self.on_request} rows whose price is on request are left out")
        if self.free:
            problems.note(f'{self.free} rows charge nothing: Portes reads them with zero_price = "free"')


def _charges(terms: Terms) -> bool:
    return bool(
        terms.extra_per_kg or terms.minimum or any(fee.amount or fee.percent or fee.least for fee in terms.fees)
    )

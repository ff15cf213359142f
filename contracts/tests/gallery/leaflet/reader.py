"""A sound table format for the kit to be tried on: CEPs, a weight, a price and days, by Portuguese headers."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from portes.errors import Problems
from portes.tables import ReadOptions, Row, Terms, WriteOptions, WrittenFile
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import Sheet, open_sheets


class Leaflet:
    """One line for each region and bracket; brackets begin where the one before ends."""

    version: ClassVar[int] = 1
    columns: ClassVar[Sequence[Column]] = (
        Column("Serviço", Cells.text),
        Column("CEP de", Cells.postal_code),
        Column("CEP até", Cells.postal_code),
        Column("Peso de", Cells.weight, number=True),
        Column("Peso até", Cells.weight, number=True),
        Column("Frete", Cells.price, number=True),
        Column("Prazo", Cells.days),
        Column("Observação", Cells.note, blank=""),
    )

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """One row for each line that can be read."""
        sheets = self.sheets(source, options, problems)
        for sheet, line, values in read_lines(sheets, self.columns, options, problems):
            yield from self.rows(sheet, line, values)

    def sheets(self, source: bytes, options: ReadOptions, problems: Problems) -> Sequence[Sheet]:
        """The sheets of the file."""
        return open_sheets(source, options, problems)

    def rows(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[Row]:
        """The rows that a line makes."""
        service, postal_from, postal_to, weight_from, weight_to, price, days, _ = values
        yield Row(
            line, service, postal_from, postal_to, weight_from, weight_to, price, weight_to, Terms(days, days), sheet
        )

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """One file of all rows, without words for people."""
        lines = [";".join(column.name for column in self.columns)]
        unit = 10**6 if options.weight_unit == "kg" else 1000
        for row in rows:
            weights = (Decimal(border) / unit for border in (row.weight_from, row.weight_to))
            numbers = (*weights, Decimal(row.price).scaleb(-8).quantize(Decimal("0.01")), row.terms.days_max)
            lines.append(";".join([row.service, row.postal_from, row.postal_to, *map(str, numbers), ""]))
        yield WrittenFile(f"{options.stem}.csv", "\n".join(lines).encode(), len(lines) - 1)

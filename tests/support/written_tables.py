"""Tables that a test writes as a shop would send them, and opens as the product opens them."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.tables import RateTable, ReadOptions, open_table


def table_of(content: str | bytes, format_name: str, country: str = "BR", **options: Any) -> RateTable:
    """The rate table that some text or bytes are in a format; five days, unless other defaults are given."""
    declared: dict[str, Any] = {"currency": "BRL", "defaults": {"days_max": "5"}, **options}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_table(path, format_name, ReadOptions(country=country, **declared))


def workbook_of(*rows: Sequence[object]) -> bytes:
    """An XLSX file of one sheet."""
    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()

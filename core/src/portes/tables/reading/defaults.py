"""Values that the operator declares for all rows, because the file has no column for them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from portes.contract.suggestions import did_you_mean
from portes.errors import Problems
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import CellError, Cells
from portes.tables.reading.fields import REQUIRED, Column
from portes.tables.reading.header_checks import unit_faults
from portes.tables.reading.headers import HeaderReader, Part

_WHERE: Final = "defaults"


def with_defaults(columns: Sequence[Column], options: ReadOptions, problems: Problems) -> list[Column]:
    """The columns, those with a declared default with its value in place of a blank, so that a header may lack them.

    `defaults` of the options name a column as a header may; what is none, or cannot be read, becomes a problem.
    """
    reader = HeaderReader(columns, options)
    values: dict[str, Any] = {}
    for name, text in options.defaults.items():
        part = reader.part(name)
        if part is None:
            known = [column.name for column in columns]
            fix = did_you_mean(name, known) or f"write one of {', '.join(known)}"
            problems.add(f"{_WHERE}.{name}", text, "is no column of this format", fix)
        elif part.column.name in values:
            problems.add(f"{_WHERE}.{name}", text, f"{part.column.name} is declared more than once", "keep one of them")
        else:
            values[part.column.name] = _value(reader, part, text, problems)
    return [
        replace(column, blank=values[column.name], named=False)
        if values.get(column.name, REQUIRED) is not REQUIRED
        else column
        for column in columns
    ]


def _value(reader: HeaderReader, part: Part, text: str, problems: Problems) -> Any:  # noqa: ANN401 — of the column's kind
    """What a default means; `REQUIRED` where that is a problem."""
    where, before = f"{_WHERE}.{part.text}", problems.count
    for _, cause, fix in unit_faults(reader, [part]):
        problems.add(where, text, cause, fix)
    if problems.count > before:
        return REQUIRED
    options = reader.options
    if part.column.weighs and (unit := part.heading.unit("weight")):
        options = replace(options, weight_unit="kg" if unit == "kg" else "g")
    if not text.strip():
        problems.add(where, text, "is blank", "write what stands in all rows, or leave it out")
        return REQUIRED
    try:
        return part.column.read(Cells(options, lambda: [text], unit=part.heading.unit("volume")), text)
    except CellError as error:
        problems.add(where, text, str(error), error.fix)
        return REQUIRED

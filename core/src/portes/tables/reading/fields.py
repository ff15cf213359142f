"""Columns as a format expects them: names, readers, what a blank means, and the units that a header may state."""

from dataclasses import dataclass
from typing import Any, Final

from portes.tables.reading.cells import Cells, Reader
from portes.tables.reading.headings import Unit, heading_of


class _Required:
    """The blank value of a column that has none."""


REQUIRED: Final = _Required()

_MEASURES: Final[dict[Reader, tuple[str, ...]]] = {
    Cells.weight: ("weight",),
    Cells.per_unit: ("money", "weight"),
    Cells.per_kg: ("money", "weight"),
    Cells.price: ("money",),
    Cells.base_price: ("money",),
    Cells.amount: ("money",),
    Cells.percent: ("part",),
    Cells.volume: ("volume",),
    Cells.cubic_metres: ("volume",),
    Cells.days: ("time",),
    Cells.day_span: ("time",),
    Cells.span: ("time",),
}
"""What the units in a header may measure, by the column's reader."""

_WORDS: Final = (Cells.text, Cells.note)
_DASHED: Final = (Cells.text, Cells.postal_code)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a format."""

    name: str
    read: Reader
    """The method of `Cells` that reads it."""
    blank: Any = REQUIRED
    """What a blank cell or a missing column means; `REQUIRED` refuses both."""
    number: bool = False
    """Whether its cells show which decimal sign the file uses, where those of another column do not."""
    also: tuple[str, ...] = ()
    """What else a header may call it; neither case, accents, spaces nor signs matter, and a unit may follow."""
    named: bool = False
    """Whether the header must have it although its cells may be blank."""
    measured: str = ""
    """What the units in its header measure, `weight` or `money`, where its reader is none of `Cells`."""

    @property
    def required(self) -> bool:
        """Whether a header without it is a problem."""
        return self.named or self.blank is REQUIRED

    @property
    def percent(self) -> bool:
        """Whether its numbers are percentages, so that a workbook's format of a cell counts."""
        return self.read is Cells.percent

    @property
    def decoration(self) -> bool:
        """Whether nothing depends on its cells, so that even an error may stand there."""
        return self.read is Cells.note

    @property
    def words(self) -> bool:
        """Whether anything may stand in its cells."""
        return self.read in _WORDS

    @property
    def dashed(self) -> bool:
        """Whether a dash in a cell is a blank; a reader of its own may give it a meaning."""
        return self.blank is not REQUIRED and (bool(self.measures) or self.read in _DASHED)

    @property
    def measures(self) -> tuple[str, ...]:
        """What the units that a header states for it may measure."""
        return (self.measured,) if self.measured else _MEASURES.get(self.read, ())

    @property
    def weighs(self) -> bool:
        """Whether its cells are in the table's unit of weights."""
        return self.read in {Cells.weight, Cells.per_unit}

    @property
    def own_unit(self) -> Unit | None:
        """The unit that its name states, `kg` for `weight_to_kg`; None when it states none."""
        own = [unit for unit in heading_of(self.name).units if unit.measure in self.measures[:1]]
        return own[0] if own else None


def place(sheet: str, part: str) -> str:
    """Say where something stands, as spreadsheets do: `Sheet1!price`, or the part alone in a text file."""
    return f"{sheet}!{part}" if sheet else part

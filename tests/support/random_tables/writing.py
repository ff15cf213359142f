"""What every writer is made of: its format's name, what that can hold, and the table as cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from random_tables.dressing import Cell, Code, Grid
from random_tables.nouns import Bracket, Holds, Lane, RandomTable


@dataclass(frozen=True)
class Writer:
    """The writer of one format."""

    format: str
    holds: Holds
    grid: Callable[[RandomTable], Grid]


def rows_of(table: RandomTable) -> Iterator[tuple[Lane, Bracket]]:
    """Each bracket of each lane, for formats with a row for each."""
    return ((lane, bracket) for lane in table.lanes for bracket in lane.brackets)


def money(cents: int, places: int = 2) -> Decimal:
    """Cents in whole units of money."""
    return Decimal(cents).scaleb(-2).quantize(Decimal(1).scaleb(-places))


def kilos(grams: int, places: int = 2) -> Decimal:
    """Grams in kg; without the last digit where borders are multiples of ten, for 1.234 may be a thousand."""
    return Decimal(grams).scaleb(-3).quantize(Decimal(1).scaleb(-places))


def filled(amount: int, cell: Cell) -> Cell:
    """The cell where there is an amount, else a blank."""
    return cell if amount else ""


def ends(lane: Lane) -> tuple[Code, Code]:
    """The first and the last code of a lane's place."""
    return Code(lane.spot.first), Code(lane.spot.last)


def begin(bracket: Bracket, step: int, *, apart: bool) -> int:
    """The printed lower border: a step above the upper one below it, where the table prints them so."""
    fits = bracket.up_to is None or bracket.low + step < bracket.up_to
    return bracket.low + step if apart and bracket.joined and fits else bracket.low


def fails_or_fills(table: RandomTable) -> dict[str, str]:
    """What is declared about holes."""
    return {"hole": "next_bracket" if table.fills else "fail"}


def shared_borders(table: RandomTable) -> list[int]:
    """The upper borders of all lanes, where a header has them."""
    return sorted({one for _, bracket in rows_of(table) for one in (bracket.low, bracket.up_to or 0)} - {0})


def at_border(lane: Lane, up_to: int | None) -> Bracket | None:
    """The bracket of a lane that ends at a border."""
    return next((bracket for bracket in lane.brackets if bracket.up_to == up_to), None)

"""What the carrier answers where no row of its table prices a shipment: a refusal only where somebody said no."""

from typing import Final

from portes.contract import Failure, FailureKind, Refusal, RefusalKind
from portes.tables import UNKNOWN_UNITS, Axis, NoRow, RateTable
from portes_table.lines import Line
from portes_table.weighing import Piece

_REFUSALS: Final = {
    NoRow.SERVICE: RefusalKind.SERVICE_UNAVAILABLE,
    NoRow.RANGE: RefusalKind.NOT_SERVED,
    NoRow.REFUSED: RefusalKind.SERVICE_UNAVAILABLE,  # of one bracket: another one may be priced for the same place
}
_ABOVE: Final[dict[Axis, tuple[RefusalKind, str]]] = {
    "weight": (
        RefusalKind.TOO_HEAVY,
        "heavier than the highest weight bracket, which has no price for extra weight",
    ),
    "value": (RefusalKind.VALUE_OUT_OF_RANGE, "worth more than the highest bracket of the table"),
    "units": (RefusalKind.OTHER, "more units than the highest bracket of the table"),
    "volume": (RefusalKind.TOO_LARGE, "larger than the highest bracket of the table"),
}
_UNITS: Final[dict[Axis, str]] = {"weight": "g", "units": "units", "volume": "cm³"}


def no_price(line: Line, piece: Piece, reason: NoRow, origin: str) -> Refusal | Failure:
    """The refusal that the table states; a failure where nobody said no: a hole, or a price on request."""
    axis = line.table.axis
    if reason is NoRow.ABOVE:
        kind, text = _ABOVE[axis]
        return Refusal(service=line.code, kind=kind, text=text)
    if reason is NoRow.ORIGIN:
        text = f"the table has no prices from {origin or 'the country of the origin'}"
        return Refusal(service=line.code, kind=RefusalKind.NOT_SERVED, text=text)
    if reason in _REFUSALS:
        return Refusal(service=line.code, kind=_REFUSALS[reason], text=reason.value)
    if reason is NoRow.ON_REQUEST:
        return _incomplete(line, reason.value)
    amount = measured(piece, axis)
    unit = _UNITS.get(axis) or f"minor units of {line.table.currency}"
    return _incomplete(line, f"the table has no price for {amount} {unit}, which is {reason.value}; add a row for it")


def no_measure(line: Line) -> Failure:
    """The failure of a table by what nobody stated."""
    return _incomplete(line, f"the table's {unstated(line.table)}")


def unstated(table: RateTable) -> str:
    """What is missing where `measured` is None, and the fix."""
    if table.axis == "units":
        return f"brackets are of units of goods, and {UNKNOWN_UNITS}"
    return f"brackets are of the declared value; state every item's value in {table.currency}"


def measured(piece: Piece, axis: Axis) -> int | None:
    """What a table asks of a piece; None when that is its value or units, and nobody stated them."""
    if axis == "weight":
        return piece.grams
    if axis == "value":
        return piece.value
    return piece.units if axis == "units" else -(-piece.volume // 1000)


def _incomplete(line: Line, hint: str) -> Failure:
    return Failure(service=line.code, kind=FailureKind.INCOMPLETE, hint=hint)

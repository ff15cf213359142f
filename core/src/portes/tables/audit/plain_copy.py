"""Rows of any table as a text file of the format `plain`, also those that a sound table does not have."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, Axis, ReadOptions, Row, Terms
from portes.tables.reading.fields import place

_BORDERS: dict[Axis, tuple[str, str]] = {
    "weight": ("weight_from_g", "weight_to_g"),
    "value": ("value_from", "value_to"),
    "units": ("units_from", "units_to"),
    "volume": ("volume_from_cm3", "volume_to_cm3"),
}
_PLACES = ("service", "postal_from", "postal_to", "origin_from", "origin_to")
_REST = ("price", "price_per_extra_kg", "extra_from_g", "percent_of_value", "percent_minimum", "minimum")
_TERMS = ("max_volume_cm3", "days_min", "days_max")


def write_copy(rows: Sequence[Row], options: ReadOptions) -> bytes:
    """The rows as they stand, faults and all, in UTF-8.

    Raises `SettingsError` with every row that says what the format has no column for: a toll, a tax, a rank.
    """
    problems = Problems()
    axis = rows[0].axis if rows else "weight"
    stream = StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerow([*_PLACES, *_BORDERS[axis], *_REST, *_TERMS])
    for row in rows:
        if unsaid := _unsaid(row):
            fix = "mend the file itself: the copy is written in the format plain"
            problems.add(
                place(row.sheet, "row"), None, f"{unsaid}, which the format plain has no column for", fix, row.line
            )
            continue
        out.writerow(_cells(row, options))
    problems.check()
    return stream.getvalue().encode()


def _unsaid(row: Row) -> str:
    """What a row says that the format cannot, in words; empty when it can say all of it."""
    terms = row.terms
    if row.rank:
        return f"has the rank {row.rank}"
    if terms.tax >= 0:
        return "states a tax"
    if terms.extra_step:
        return "charges started kilograms"
    for fee in terms.fees:
        if fee.name != "ad_valorem" or fee.amount or fee.larger:
            return f"charges {fee.name}"
    return "charges several percentages" if len(terms.fees) > 1 else ""


def _cells(row: Row, options: ReadOptions) -> list[str]:
    terms, places = row.terms, exponent(options.currency)
    scale = -3 - (places if row.axis == "value" else 0)
    high = "" if row.weight_to >= NO_LIMIT else _text(row.weight_to, scale)
    borders = [_text(row.weight_from, scale), high]
    head = [row.service, row.postal_from, row.postal_to, row.origin_from, row.origin_to, *borders]
    return [*head, *_prices(row, terms, -6 - places), *_days(terms)]


def _prices(row: Row, terms: Terms, scale: int) -> list[str]:
    price = "on request" if row.price == ON_REQUEST else "0" if row.price == REFUSED else _text(row.price, scale)
    over = _text(row.extra_from, -3) if terms.extra_per_kg and row.extra_from != row.weight_to else ""
    percent, least = (terms.fees[0].percent, terms.fees[0].least) if terms.fees else (0, 0)
    amounts = (_text(amount, scale) if amount else "" for amount in (terms.extra_per_kg, least, terms.minimum))
    per_kg, least_text, minimum = amounts
    return [price, per_kg, over, f"{_text(percent, -6)}%" if percent else "", least_text, minimum]


def _days(terms: Terms) -> list[str]:
    volume = _text(terms.max_volume, -3) if terms.max_volume else ""
    return [volume, str(terms.days_min), str(terms.days_max)]


def _text(number: int, scale: int) -> str:
    return f"{Decimal(number).scaleb(scale).normalize():f}"

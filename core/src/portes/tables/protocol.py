"""What a table format is: bytes in, rows out.

A format is a class named by an entry point of the group `portes.table_formats`. It turns a file's words
into rows and says what it could not understand; ranges, brackets and duplicates are checked afterwards,
the same for every format.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, NamedTuple, Protocol

from portes.errors import Problems

Milligrams = int
"""Weights in tables are whole milligrams, because templates print borders such as 1001.001 g."""

NO_LIMIT: Final[Milligrams] = 10**15
"""The upper end of a bracket without one: a million tonnes."""


Per = Literal["shipment", "parcel", "unit", "kg", "started_kg", "100_kg", "started_100_kg"]
"""What an amount is charged for each of; a started one counts whole, the others by their exact part."""


class Fee(NamedTuple):
    """One charge beside a base price, as a row or a tariff states it: `amount` for each `per`, and a percentage.

    What it comes to is the amounts and the percentage together, and never less than `least`.
    """

    name: str
    """The surcharge's name in a rate, from the glossary: `ad_valorem`, `risk_management`, `toll`, …"""
    amount: int = 0
    """In millionths of a minor unit, for each `per`."""
    per: Per = "shipment"
    percent: int = 0
    """In millionths of a percent; of what is for the tariff to say, by the name."""
    least: int = 0
    """In millionths of a minor unit."""


class Terms(NamedTuple):
    """What a row charges beside its price, and how long it takes. Rows share them."""

    days_min: int
    """Business days from hand-over to door."""
    days_max: int
    extra_per_kg: int = 0
    """Per kg above the row's `extra_from`, in millionths of a minor unit: 0.865 BRL is 86 500 000."""
    extra_step: Milligrams = 0
    """The step in which the extra weight is charged, a started one whole; 0: to the milligram."""
    minimum: int = 0
    """The least that the row comes to, in millionths of a minor unit; what counts is for the tariff to say."""
    max_volume: int = 0
    """The largest volume, in cubic millimetres; 0 means no limit."""
    fees: tuple[Fee, ...] = ()
    """What it charges under a name of its own."""
    tax: int = -1
    """The tax on the lane, in millionths of a percent; -1 where the row does not say."""


class Row(NamedTuple):
    """One line of a rate table: a postal range, a weight bracket, a price and its terms."""

    line: int
    """Where it stands in the file or sheet, from 1."""
    service: str
    """What the table calls the service; empty when the format names none."""
    postal_from: str
    """First postal code of the range, canonical text as in `Place`; a prefix where the country has no fixed form."""
    postal_to: str
    """Last postal code of the range, inclusive."""
    weight_from: Milligrams
    """Lower border of the bracket as printed; it belongs to the bracket below, if there is one."""
    weight_to: Milligrams
    """Upper border of the bracket, inclusive; `NO_LIMIT` without one."""
    price: int
    """Base price in millionths of a minor unit: 12.90 BRL is 1 290 000 000."""
    extra_from: Milligrams
    """From where `extra_per_kg` counts. At `weight_to`, the highest bracket has no upper end."""
    terms: Terms
    sheet: str = ""
    """The sheet of a workbook; empty for a text file."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the operator declares about a file, and what its words mean."""

    country: str
    """Whose postal codes these are, ISO 3166 (`BR`)."""
    currency: str
    """Whose money the prices are, ISO 4217 (`BRL`)."""
    encoding: str | None = None
    """A Python codec name; None detects UTF-8, UTF-16 with its mark, Windows-1252 and Latin-1."""
    separator: Literal[",", ";", "\t"] | None = None
    """Between cells of a text file; None detects it in the header."""
    decimal: Literal[".", ","] | None = None
    """Decimal sign of all numbers written as text; None detects it in the file."""
    weight_unit: Literal["g", "kg"] = "g"
    """Unit of weights, where the format leaves it open."""
    zero_price: Literal["report", "free", "refuse"] = "report"
    """What a row that charges nothing means: a mistake, free carriage, or no service there."""
    declared: tuple[str, ...] = ('decimal = "," (--decimal comma)', 'decimal = "." (--decimal dot)')
    """How the operator declares a comma and a dot as `decimal`, for messages; empty where that cannot be done."""
    polygons: Literal["report", "skip"] = "report"
    """What to do with rows for a drawn area instead of postal codes: no postal code can be priced by them."""

    @property
    def border_step(self) -> int:
        """Grams between two brackets that are printed apart and meant to touch: `0-10`, `10.01-20` in kg."""
        return 10 if self.weight_unit == "kg" else 1


class TableFormat(Protocol):
    """What an entry point of the group `portes.table_formats` names; made without arguments."""

    version: ClassVar[int]
    """Raise it whenever the same bytes would be read otherwise: compiled tables are made anew."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows that can be understood; every cell that cannot is added to `problems`, and nothing is raised."""
        ...

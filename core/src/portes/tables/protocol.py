"""What a table format is: bytes in, rows out.

A format is a class named by an entry point of the group `portes.table_formats`. It turns a file's words
into rows and says what it could not understand; ranges, brackets and duplicates are checked afterwards,
the same for every format.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Final, Literal, NamedTuple, Protocol

from portes.errors import Problems

Milligrams = int
"""Weights in tables are whole milligrams, because templates print borders such as 1001.001 g."""

Micros = int
"""Money in tables is whole millionths of a minor unit, because tariffs print prices such as 66.1024 BRL."""

MICROS: Final = 10**6
"""Millionths in a minor unit."""

NO_LIMIT: Final[Milligrams] = 10**15
"""The upper end of a bracket without one: a million tonnes."""

REFUSED: Final[Micros] = -1
"""A price that says: the carrier does not go there, or does not take that much."""

ON_REQUEST: Final[Micros] = -3
"""A price that says: the carrier quotes such shipments by hand ("sob consulta"), so the table cannot tell."""

IN_KG: Final = (
    'write the weights in g, or declare weight_unit = "kg" (--weight-unit kg) where the format leaves the unit open'
)
"""What to do about weights that were read in g and are in kg."""

Axis = Literal["weight", "value", "units", "volume"]
"""What the brackets of a table are of; the borders are thousandths of a gram, a minor unit, a unit or a cm³."""

Per = Literal["shipment", "parcel", "unit", "kg", "started_kg", "100_kg", "started_100_kg"]
"""What an amount is charged for each of; a started one counts whole, the others by their exact part."""


class Fee(NamedTuple):
    """One charge beside a base price, as a row or a tariff states it: `amount` for each `per`, and a percentage.

    What it comes to is the amounts and the percentage together, or the larger of both, and never less than `least`.
    One by the name `base` is part of the base price, its percentage one of the declared value.
    """

    name: str
    """The surcharge's name in a rate, from the glossary: `ad_valorem`, `risk_management`, `toll`, …"""
    amount: Micros = 0
    """For each `per`."""
    per: Per = "shipment"
    percent: int = 0
    """In millionths of a percent; of what is for the tariff to say, by the name."""
    least: Micros = 0
    """What the fee comes to at least; charged also when amount and percentage are zero."""
    larger: bool = False
    """Whether the larger of amounts and percentage counts, rather than both together."""


class Terms(NamedTuple):
    """What a row charges beside its price, and how long it takes. Rows share them."""

    days_min: int
    """Business days from hand-over to door."""
    days_max: int
    extra_per_kg: Micros = 0
    """Per kg above the row's `extra_from`: 0.865 BRL is 86 500 000."""
    extra_step: Milligrams = 0
    """What counts whole of the extra weight once begun: 1 000 000 is each started kg, 0 the exact part of a kg."""
    minimum: Micros = 0
    """The least that the row comes to in all."""
    max_volume: int = 0
    """The largest volume, in cubic millimetres; 0 means no limit."""
    fees: tuple[Fee, ...] = ()
    """Charges beside the price, in the order of the table."""
    tax: int = -1
    """Tax of the lane, in millionths of a percent; -1 where the row states none."""


class Row(NamedTuple):
    """One line of a rate table: a postal range, a bracket, a price and its terms."""

    line: int
    """Where it stands in the file or sheet, from 1."""
    service: str
    """What the table calls the service; empty when the format names none."""
    postal_from: str
    """First postal code of the range, canonical text as in `Place`; a prefix where the country has no fixed form."""
    postal_to: str
    """Last postal code of the range, inclusive."""
    weight_from: Milligrams
    """Lower border of the bracket as printed, on the row's axis; it belongs to the bracket below, if there is one."""
    weight_to: Milligrams
    """Upper border of the bracket, inclusive; `NO_LIMIT` without one."""
    price: Micros
    """Base price; or `REFUSED` or `ON_REQUEST`."""
    extra_from: Milligrams
    """From where `extra_per_kg` counts. At `weight_to`, the highest bracket has no upper end."""
    terms: Terms
    sheet: str = ""
    """The sheet of a workbook; empty for a text file."""
    axis: Axis = "weight"
    """What the bracket is of; the same in the whole table."""
    rank: int = 0
    """A row of a higher rank wins over one of a lower where both price a shipment, whatever `overlap` says."""
    origin_from: str = ""
    """First postal code that the row prices from, canonical text; blank: from anywhere."""
    origin_to: str = ""
    """Last postal code that the row prices from, inclusive."""


Overlap = Literal["reject_table", "narrowest", "dearest"]
"""Which of several ranges prices a code that all of them hold."""

Hole = Literal["reject_table", "fail", "next_bracket"]
"""What prices a shipment between two brackets, or below the lowest."""

Above = Literal["report", "flat", "per_kg"]
"""What a price above the last weight of a header is for: one price whatever it weighs, or each kg above."""

TollPer = Literal["report", "shipment", "100_kg", "started_100_kg"]
"""What a toll is charged for each of."""


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
    overlap: Overlap = "reject_table"
    """What to do with ranges of one service and rank that hold the same code: a mistake, or which of them counts."""
    hole: Hole = "reject_table"
    """What to do with a hole between brackets: a mistake, no price there, or the price of the next bracket."""
    of_fees: bool = False
    """Whether the table is of fees by place, whose rows need state no bracket and no days."""
    above: Above = "report"
    """What prices mean in a column such as `acima de 30kg`, where the format does not say: a mistake until declared."""
    toll_per: TollPer = "report"
    """What a column of tolls is for each of, where neither its header nor the format says: a mistake until declared."""
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Other files that belong to the table, by the word that its format knows: `places`, `prices`, `mapping`."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """What columns of the table hold where its file does not have them, or a cell is blank: `{"days_max": "5"}`."""


class StatedTerms(NamedTuple):
    """What a file says of the whole table that the carrier's settings have to say too."""

    tax_is_added: bool | None = None
    """Whether the law's tax is to be added to the prices; None where the file does not say."""
    cubic_factor: Decimal | None = None
    """By which a volume is charged as a weight, 0 for not at all; None where the file does not say."""
    cubic_exempt_kg: Decimal | None = None
    """The actual weight up to which the factor is ignored."""
    sides: tuple[Decimal, ...] = ()
    """Limits of a parcel's sides, in a unit that nobody states."""


class TableFormat(Protocol):
    """What an entry point of the group `portes.table_formats` names; made without arguments.

    It may also have `marks: ClassVar[tuple[str, ...]]`, the words that its documentation prints in the header. A file
    of unknown layout is known by them; a format without a documented header has none. With `beside_marks:
    ClassVar[Mapping[str, tuple[str, ...]]]`, such words by the name of a file beside it, those files are known too.
    A class with `of_fees = True` is of fees by place, and no carrier sells by it.
    One with sections may have their `titles`, also a tuple of texts: the names of sheets, or lines of their own. And it
    may have `stated_terms(source, options) -> StatedTerms`, what a file without problems says of the whole table: who
    sells by it holds its settings to that.
    """

    version: ClassVar[int]
    """Raise it whenever the same bytes would be read otherwise: compiled tables are made anew."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows that can be understood; every cell that cannot is added to `problems`, and nothing is raised."""
        ...

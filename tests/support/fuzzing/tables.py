"""Rate tables as text files: every line is a row with the values of its cells, or a problem; none is lost."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import ClassVar

from found_rows import least_of_value, percent_of_value

from fuzzing.door import Door
from fuzzing.odd import odd_text, sometimes_torn
from fuzzing.readings import readings, without_symbol
from portes.errors import Problems
from portes.tables import NO_LIMIT, ReadOptions, Row, check_table, find_format

DASHES = ("-", "--", "---", "\u2013", "\u2014", "n/a", "N/A", "n/d", "N/D")
"""What stands for a blank where a cell may be blank."""
OPTIONS = ReadOptions(country="BR", currency="BRL")
_NOISY = 16
"""Digits of a float that is written out whole."""
_MOST_PROBLEMS = 90
_SEPARATORS = ",;\t"
_CELL = re.compile("[,;\t]")
_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALOR!")

Grid = Sequence[tuple[int, Sequence[str]]]
"""The lines of a table that are not blank, with their numbers, the header first."""
Value = Callable[[Row], int]

NUMBERS: Mapping[str, Mapping[str, tuple[int, Value, int | None]]] = {
    "plain": {
        "weight_from_g": (1000, lambda row: row.weight_from, None),
        "weight_to_g": (1000, lambda row: row.weight_to, NO_LIMIT),
        "price": (10**8, lambda row: row.price, None),
        "price_per_extra_kg": (10**8, lambda row: row.terms.extra_per_kg, 0),
        "percent_of_value": (10**6, lambda row: percent_of_value(row.terms), 0),
        "percent_minimum": (10**8, lambda row: least_of_value(row.terms), 0),
        "minimum": (10**8, lambda row: row.terms.minimum, 0),
        "max_volume_cm3": (1000, lambda row: row.terms.max_volume, 0),
        "days_max": (1, lambda row: row.terms.days_max, None),
    },
    "vtex": {
        "WeightStart": (1000, lambda row: row.weight_from, None),
        "WeightEnd": (1000, lambda row: row.weight_to, None),
        "AbsoluteMoneyCost": (10**8, lambda row: row.price, None),
        "PricePercent": (10**6, lambda row: percent_of_value(row.terms), 0),
        "PriceByExtraWeight": (10**11, lambda row: row.terms.extra_per_kg, 0),
    },
}
"""Of each format the columns of numbers: the factor to our own unit, where a row keeps it, and what a blank means."""

SOUND: Mapping[str, Mapping[str, Sequence[str]]] = {
    "plain": {
        "postal_from": ("01000000", "1000000", "01000-000"),
        "postal_to": ("05999999", "05.999-999"),
        "weight_from_g": ("0", "1000"),
        "weight_to_g": ("2000", "30000", ""),
        "price": ("12.90", "12,90", "1.234,56", "R$ 8,49", "18.700000000000003"),
        "price_per_extra_kg": ("", "0.865"),
        "percent_of_value": ("", "0.30%", "0.3", "10"),
        "percent_minimum": ("", "5.00"),
        "minimum": ("", "20"),
        "max_volume_cm3": ("", "1000000"),
        "days_max": ("3", "4"),
    },
    "vtex": {
        "ZipCodeStart": ("01000000",),
        "ZipCodeEnd": ("05999999",),
        "PolygonName": ("",),
        "WeightStart": ("0", "1000"),
        "WeightEnd": ("2000", "30000"),
        "AbsoluteMoneyCost": ("12.90", "12,90"),
        "PricePercent": ("0", "0.3", ""),
        "PriceByExtraWeight": ("0", "0.001"),
        "MaxVolume": ("1000000000", ""),
        "TimeCost": ("3", "04.12:00:00"),
        "Country": ("BRA", "BR"),
        "MinimumValueInsurance": ("0", ""),
    },
}


def drawn_lines(format_name: str, draws: Random, share: float = 0.04) -> Iterator[list[str]]:
    """A header and some lines, most cells sound."""
    columns = SOUND[format_name]
    yield [*columns] if draws.random() < 0.95 else [odd_text(draws), *columns][: len(columns)]
    for _ in range(draws.choice((1, 2, 6))):
        yield [odd_text(draws) if draws.random() < share else draws.choice(cells) for cells in columns.values()]


class TextTableDoor(Door):
    """A table of one format as bytes of text."""

    format_name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._format = find_format(self.format_name)

    def draw(self, draws: Random) -> bytes:
        separator = draws.choice(_SEPARATORS)
        quoted = draws.random() < 0.2
        lines = [
            separator.join(f'"{cell}"' if quoted or separator in cell else cell for cell in line)
            for line in drawn_lines(self.format_name, draws)
        ]
        if draws.random() < 0.1:
            lines.insert(draws.randrange(len(lines)), draws.choice(("", "# a note", "sep=;", "#REF!", separator * 9)))
        text = draws.choice(("\n", "\n", "\r\n", "\r")).join(lines)
        encoding = draws.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
        return sometimes_torn(text.encode(encoding, errors="replace"), draws)

    def take(self, given: bytes) -> bool:
        problems = Problems()
        rows = list(self._format.read(given, OPTIONS, problems))
        assert rows or problems.count or not given.strip() or _is_bare(given), "nothing was read, and nothing was told"
        grid = grid_of(given, "#" if self.format_name == "plain" else "\0")
        if grid and problems.count < _MOST_PROBLEMS:
            check_rows(self.format_name, grid, rows, problems)
        return bool(rows) and not problems.count and self._compiles(given)

    def _compiles(self, given: bytes) -> bool:
        file = self.folder / "table.csv"
        file.write_bytes(given)
        report = check_table(file, self.format_name, OPTIONS)
        assert report.problems or report.summary, "neither a table nor a problem"
        return not report.problems


class PlainDoor(TextTableDoor):
    """A table of our own format as text."""

    name: ClassVar[str] = "plain"
    format_name = "plain"


class VtexDoor(TextTableDoor):
    """A table of VTEX's template as text."""

    name: ClassVar[str] = "vtex"
    format_name = "vtex"


def check_rows(format_name: str, grid: Grid, rows: Sequence[Row], problems: Problems) -> None:
    """Hold rows against the cells that they come from."""
    (head, header), *body = grid
    told = {problem.line for problem in problems.all()}
    told |= {int(line) for note in problems.notes for line in re.findall(r"line (\d+) \(", note)}
    if told & {0, head}:
        return  # the whole sheet may have been left out
    names = [folded(name) for name in header]
    by_line = {row.line: row for row in rows}
    for line, cells in body:
        row = by_line.get(line)
        assert row is not None or line in told, f"line {line} is lost"
        if row is not None:
            values = dict(zip(names, cells, strict=False))
            for column, (factor, value, blank) in NUMBERS[format_name].items():
                check_cell(column, values.get(folded(column), ""), factor, value(row), blank)


def folded(name: str) -> str:
    """A column's name without what headers may leave out."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def check_cell(column: str, cell: str, factor: int, read: int, blank: int | None) -> None:
    if not cell.strip() or (cell.strip() in DASHES and blank is not None):
        assert blank is not None, f"{column} is blank"
        assert read == blank, f"{column}: {read} for a blank cell"
        return
    bare = without_symbol(cell.strip().removesuffix("%"), "BRL").strip()
    meant = {number * factor for number in meanings(bare)}
    assert read in meant, f"{column}: {read} for {cell!r}, which means {sorted(map(str, meant))}"


def meanings(text: str) -> set[Fraction]:
    """All that a number may mean, that without the last digits of a float too."""
    meant = readings(text)
    noisy = sum(sign.isdigit() for sign in text.lstrip("0.,")) >= _NOISY
    return meant | {Fraction(Decimal(f"{float(number):.15g}")) for number in meant if noisy}


def grid_of(given: bytes, comment: str = "\0") -> Grid:
    """The lines of a file without quotes, marks and odd signs; none of another, whose reading is only not to crash."""
    try:
        text = given.decode()
    except ValueError:
        return ()
    if (
        set(text) & set('"\0\ufeff')
        or text.lower().startswith("sep=")
        or given.startswith((b"PK", b"\xff\xfe", b"\xfe\xff"))
    ):
        return ()
    lines = [(number, line) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1) if line.strip()]
    lines = [(number, line) for number, line in lines if line[0] != comment or _CELL.split(line)[0] in _ERRORS]
    separator = max(_SEPARATORS, key=lines[0][1].count) if lines else ","
    grid = [(number, line.split(separator)) for number, line in lines]
    return [(number, cells) for number, cells in grid if any(cell.strip() for cell in cells)]


def _is_bare(given: bytes) -> bool:
    """Whether a file has a header at most."""
    return len([line for line in re.split(rb"[\r\n]+", given) if line.strip(b" ,;\t\0\xff\xfe")]) <= 1

"""What differs between two tables, as a person reads it or as JSON; it compares none."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from portes.cli.render.screen import folding, plain, screen
from portes.errors import escaped_json
from portes.tables.comparison import CellDifference, TableDifference
from portes.tables.comparison.difference import FROM_NOTHING, Bracket
from portes.tables.protocol import NO_LIMIT, Axis
from portes.tables.questions import weight_words

_MOST_LINES: Final = 15
_UNITS: Final[Mapping[Axis, str]] = {"value": "minor units", "units": "units", "volume": "cm³"}
_HEADINGS: Final = ("lanes", "dearer", "cheaper", "gained", "lost", "largest rise", "largest fall", "slower", "faster")


def difference_line(difference: TableDifference) -> str:
    """All that differs in one line."""
    total = difference.total
    if not (total.changed or total.slower or total.faster or total.otherwise):
        return "no price, day or term differs"
    shares = [
        f"{_share(count, total.all)} {word}"
        for word, count in (
            ("dearer", total.dearer),
            ("cheaper", total.cheaper),
            ("gained", total.gained),
            ("lost", total.lost),
            ("slower", total.slower),
            ("faster", total.faster),
            ("with other fees, minimum, tax or volume", total.otherwise),
        )
        if count
    ]
    return f"of all lanes {', '.join(shares)}; the price in the middle {_change(difference.median) or 'as before'}"


def show_difference(before: str, after: str, difference: TableDifference) -> None:
    """Print what differs: in one line, then by region and by bracket, the most changed first."""
    console = screen()
    console.print(plain(f"From {before} to {after}: {difference_line(difference)}."))
    regions = {region or "elsewhere": cell for region, cell in difference.by_region().items()}
    brackets = {bracket_words(bracket, difference.axis): cell for bracket, cell in difference.by_bracket().items()}
    for title, cells in (("region", regions), ("bracket", brackets)):
        if any(_differs(cell) for cell in cells.values()):
            _show_cells(title, cells)
    console.print("A lane is a postal code in a bracket; prices are the rows', before what a tariff adds.")


def difference_json(before: str, after: str, difference: TableDifference) -> str:
    """All that differs as JSON: lanes are counted, changes are hundredths of a percent."""
    cells = [
        {
            "service": service,
            "region": region,
            "above": bracket[0],
            "up_to": bracket[1] if bracket[1] < NO_LIMIT // 1000 else None,
            **_numbers(cell),
        }
        for (service, region, bracket), cell in _worst_first(difference.cells)
    ]
    total = {**_numbers(difference.total), "median": difference.median}
    said = {"from": before, "to": after, "axis": difference.axis, "total": total, "cells": cells}
    return escaped_json(json.dumps(said, ensure_ascii=False, indent=2))


def bracket_words(bracket: Bracket, axis: Axis) -> str:
    """A bracket as people read it: `1 kg to 5 kg`."""
    low, high = bracket
    endless = high >= NO_LIMIT // 1000
    if axis == "weight":
        words = [weight_words(border * 1000, "kg" if border >= 1000 or not border else "g") for border in bracket]
    else:
        words = [f"{border:,} {_UNITS[axis]}" for border in bracket]
    return f"above {words[0]}" if endless else f"{words[0]} to {words[1]}" if low else f"up to {words[1]}"


def _show_cells(title: str, cells: Mapping[str, CellDifference]) -> None:
    from rich.table import Table

    table = Table()
    for at, name in enumerate((title, *_HEADINGS)):
        table.add_column(name, justify="right" if at else "left")
    told = [(name, cell) for name, cell in _worst_first(cells) if _differs(cell)]
    for name, cell in told[:_MOST_LINES]:
        shares = (_share(count, cell.all) for count in (cell.dearer, cell.cheaper, cell.gained, cell.lost))
        changes = (_change(cell.rise), _change(cell.fall))
        days = (_share(count, cell.all) for count in (cell.slower, cell.faster))
        table.add_row(*map(plain, (name, f"{cell.all:,}", *shares, *changes, *days)))
    screen().print(folding(table))
    left = len(cells) - min(len(told), _MOST_LINES)
    if left:
        more = len(told) - min(len(told), _MOST_LINES)
        rest = f"{more} more with smaller changes, " if more else ""
        screen().print(plain(f"{rest}{left - more} without any."))


def _worst_first(cells: Mapping[str, CellDifference] | Mapping[tuple[str, str, Bracket], CellDifference]) -> Iterator:  # type: ignore[type-arg]
    """Cells by the share of lanes that changed, and then by how many these are."""
    yield from sorted(cells.items(), key=lambda one: (-(one[1].changed / (one[1].all or 1)), -one[1].changed, one[0]))


def _differs(cell: CellDifference) -> bool:
    return bool(cell.changed or cell.slower or cell.faster or cell.otherwise)


def _numbers(cell: CellDifference) -> dict[str, int | None]:
    names = ("dearer", "cheaper", "same", "gained", "lost", "slower", "faster", "otherwise")
    rise = None if cell.rise == FROM_NOTHING else cell.rise
    return {"lanes": cell.all, **{name: getattr(cell, name) for name in names}, "rise": rise, "fall": cell.fall}


def _share(count: int, whole: int) -> str:
    """A share in percent; one that is not nothing never reads as nothing."""
    if not count:
        return ""
    share = 100 * count / whole
    return f"{share:.1f} %" if share >= 0.1 else "< 0.1 %"


def _change(change: int) -> str:
    if change == FROM_NOTHING:
        return "from nothing"
    return f"{change / 100:+.1f} %" if change else ""

"""What differs between two tables, as a person reads it or as JSON; it compares none."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from portes.cli.render.screen import plain, screen
from portes.errors import escaped_json
from portes.tables.comparison import CellDifference, TableDifference
from portes.tables.comparison.difference import FROM_NOTHING, Bracket
from portes.tables.protocol import NO_LIMIT, Axis
from portes.tables.questions import weight_words

_MOST_LINES: Final = 15
_UNITS: Final[Mapping[Axis, str]] = {"value": "minor units", "units": "units", "volume": "cm³"}


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
    if not difference.total.common and (parted := _parted_words(difference)):
        console.print(plain(parted))
    regions = {region or "elsewhere": cell for region, cell in sorted(difference.by_region().items())}
    axis = difference.axis
    brackets = {bracket_words(bracket, axis): cell for bracket, cell in sorted(difference.by_bracket().items())}
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
        for (service, region, bracket), cell in _worst_first(dict(sorted(difference.cells.items())))
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


def _parted_words(difference: TableDifference) -> str:
    """That the tables call their services differently, so that no lane is in both; empty where they do not."""
    lost, gained = (
        sorted({service for (service, _, _), cell in difference.cells.items() if getattr(cell, name)})
        for name in ("lost", "gained")
    )
    if not (lost and gained) or {*lost} & {*gained}:
        return ""
    before, after = (", ".join(name or "one without a name" for name in names) for names in (lost, gained))
    return f"They have no service in common: {before} before, {after} after."


def _show_cells(title: str, cells: Mapping[str, CellDifference]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    told = [(name, cell) for name, cell in _worst_first(cells) if _differs(cell)]
    shown = told[:_MOST_LINES]
    columns = {heading: [column(cell) for _, cell in shown] for heading, column in _COLUMNS.items()}
    columns = {heading: column for heading, column in columns.items() if any(column)}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(title, overflow="fold")
    for heading in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    for at, (name, _) in enumerate(shown):
        table.add_row(*map(plain, (name, *(column[at] for column in columns.values()))))
    screen().print(table)
    if rest := _rest_words(f"{title}s", len(told) - len(shown), len(cells) - len(told)):
        screen().print(plain(rest))


def _rest_words(things: str, smaller: int, unchanged: int) -> str:
    """What is not shown: `38 more regions with smaller changes, 2 regions without any change.`."""
    parts = []
    if smaller:
        parts.append(f"{smaller} more {things if smaller > 1 else things[:-1]} with smaller changes")
    if unchanged:
        parts.append(f"{unchanged} {things if unchanged > 1 else things[:-1]} without any change")
    return f"{', '.join(parts)}." if parts else ""


def _worst_first(cells: Mapping[str, CellDifference] | Mapping[tuple[str, str, Bracket], CellDifference]) -> Iterator:  # type: ignore[type-arg]
    """Cells by the share of lanes that changed, then by how many these are, and then in the order that they have."""
    yield from sorted(cells.items(), key=lambda one: (-(one[1].changed / (one[1].all or 1)), -one[1].changed))


def _differs(cell: CellDifference) -> bool:
    return bool(cell.changed or cell.slower or cell.faster or cell.otherwise)


def _numbers(cell: CellDifference) -> dict[str, int | None]:
    names = ("dearer", "cheaper", "same", "gained", "lost", "slower", "faster", "otherwise")
    rise = None if cell.rise == FROM_NOTHING else cell.rise
    return {"lanes": cell.all, **{name: getattr(cell, name) for name in names}, "rise": rise, "fall": cell.fall}


def _share(count: int, whole: int) -> str:
    """A share in percent; one that is not nothing never reads as nothing."""
    return f"{share} %" if (share := _share_number(count, whole)) else ""


def _share_number(count: int, whole: int) -> str:
    share = 100 * count / whole
    return "" if not count else f"{share:.1f}" if share >= 0.1 else "< 0.1"


def _change(change: int) -> str:
    return f"{number} %" if (number := _change_number(change)) not in {"", _FROM_NOTHING} else number


def _change_number(change: int) -> str:
    if change == FROM_NOTHING:
        return _FROM_NOTHING
    return f"{change / 100:+.{1 if abs(change) >= _TENTH else 2}f}" if change else ""


def _share_of(name: str) -> Callable[[CellDifference], str]:
    return lambda cell: _share_number(getattr(cell, name), cell.all)


_TENTH: Final = 10
"""A tenth of a percent, in hundredths: what is less is told with one decimal more, for it is no nothing."""
_FROM_NOTHING: Final = "from nothing"
_COLUMNS: Final[Mapping[str, Callable[[CellDifference], str]]] = {
    "lanes": lambda cell: f"{cell.all:,}",
    **{f"{name}\n%": _share_of(name) for name in ("dearer", "cheaper", "gained", "lost")},
    "rise\nup to\n%": lambda cell: _change_number(cell.rise),
    "fall\nup to\n%": lambda cell: _change_number(cell.fall),
    **{f"{name}\n%": _share_of(name) for name in ("slower", "faster")},
    "other\nterms\n%": _share_of("otherwise"),
}
"""What is told of a region or a bracket, by its heading; shares are of its lanes."""

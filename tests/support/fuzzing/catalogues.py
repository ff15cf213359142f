"""Catalogues as text files: every line is a SKU with what its cells say, or a problem; none is lost."""

from random import Random
from typing import ClassVar

from fuzzing.door import Door
from fuzzing.odd import odd_text, sometimes_torn
from fuzzing.readings import without_symbol
from fuzzing.tables import Grid, folded, grid_of, meanings
from portes.catalogue import Catalogue, read_catalogue
from portes.errors import Problem, SettingsError

ORIGINS = (1, 2)
_SOUND = {
    "sku": ("sku-1", "sku-2", "é", "0012", "a b"),
    "declared_value": ("", "129.90", "1.234,56", "R$ 8,49", "5"),
    "origins": ("", "1", "2 1", "1|2"),
    "handling_days": ("", "0", "3", "365"),
    "tags": ("", "fragile", "fragile heavy"),
}
_MOST_PROBLEMS = 90


class CatalogueDoor(Door):
    """What a shop says of its SKUs."""

    name: ClassVar[str] = "catalogue"

    def draw(self, draws: Random) -> bytes:
        separator = draws.choice(",;\t")
        lines = [separator.join(_SOUND)]
        for _ in range(draws.choice((1, 2, 6))):
            cells = [odd_text(draws) if draws.random() < 0.05 else draws.choice(each) for each in _SOUND.values()]
            lines.append(separator.join(f'"{cell}"' if separator in cell else cell for cell in cells))
        text = draws.choice(("\n", "\r\n")).join(lines)
        encoding = draws.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
        return sometimes_torn(text.encode(encoding, errors="replace"), draws)

    def take(self, given: bytes) -> bool:
        file = self.folder / "catalogue.csv"
        file.write_bytes(given)
        grid = grid_of(given)
        try:
            catalogue = read_catalogue(file, "BRL", origins=ORIGINS)
        except SettingsError as error:
            problems = error.problems
        else:
            if grid:
                _check(grid, catalogue)
            return len(catalogue) > 0
        _check_problems(problems)
        return False


def _check_problems(problems: tuple[Problem, ...]) -> None:
    assert problems, "a refusal without a word"
    assert all(problem.cause and problem.fix for problem in problems), problems


def _check(grid: Grid, catalogue: Catalogue) -> None:
    (_, header), *body = grid
    assert len(catalogue) == len(body), "a line is lost"
    columns = {folded(name): name for name in _SOUND}
    names = [columns.get(folded(name)) for name in header]
    for _, cells in body:
        said = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        entry = catalogue.get(said["sku"])
        assert entry is not None, f"{said['sku']} is lost"
        value = said.get("declared_value", "")
        assert (entry.declared_value is None) == (not value)
        if entry.declared_value is not None:
            meant = {number * 100 for number in meanings(without_symbol(value, "BRL"))}
            assert entry.declared_value.minor in meant, f"{entry.declared_value} for {value!r}"
        assert entry.handling_days == int(said.get("handling_days") or 0)
        assert set(entry.tags) == set(_words(said.get("tags", "")))
        assert set(entry.origins) == {int(word) for word in _words(said.get("origins", ""))} <= set(ORIGINS)


def _words(cell: str) -> list[str]:
    return cell.replace("|", " ").replace(",", " ").replace(";", " ").split()

"""The section on the whole table: tax, cubage and limits, each beside or below its label."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from portes.contract.numbers import parse_number
from portes.errors import Problems
from portes.tables.protocol import ReadOptions, StatedTerms
from portes.tables.reading.cells import Cell
from portes.tables.reading.fields import place
from portes.tables.reading.headings import key_of
from portes.tables.reading.sheets import Sheet

_TAX: Final = "ICMS"
_FACTOR: Final = "Cubagem"
_EXEMPT: Final = "Isenção de Cubagem"
_SIDES: Final = ("Limite de Altura", "Limite de Largura", "Limite de Comprimento")
LABELS: Final = (_TAX, _FACTOR, _EXEMPT, *_SIDES)
"""As the platform's help pages name them."""
_KNOWN: Final = {key_of(label): label for label in LABELS} | {key_of("Fator de Cubagem"): _FACTOR}
_ANSWERS: Final = {"s": False, "n": True}


class Stated(NamedTuple):
    """A label and what stands beside or below it."""

    sheet: str
    line: int
    label: str
    value: Cell

    @property
    def text(self) -> str:
        """The value in words; empty for a blank cell."""
        return str(self.value).strip()


def read_generalities(
    sheets: Sequence[Sheet], ignored: Collection[str], options: ReadOptions, problems: Problems
) -> StatedTerms:
    """What the section says; a label that is not known, said twice or not understood becomes a problem."""
    found: dict[str, Stated] = {}
    for stated in _stated(sheets, ignored, problems):
        if stated.label in found:
            cause, fix = f"says {stated.label} a second time", "keep one of them"
            problems.add(place(stated.sheet, stated.label), stated.text, cause, fix, stated.line)
        found[stated.label] = stated
    return StatedTerms(
        tax_is_added=_tax(found.get(_TAX), problems),
        cubic_factor=_number(found.get(_FACTOR), options, problems, blank=Decimal(0)),
        cubic_exempt_kg=_number(found.get(_EXEMPT), options, problems),
        sides=tuple(
            number for side in _SIDES if (number := _number(found.get(side), options, problems, blank=Decimal(0)))
        ),
    )


def _stated(sheets: Sequence[Sheet], ignored: Collection[str], problems: Problems) -> Iterator[Stated]:
    """Every label with its value: the next cell of its line, or the one below where labels stand side by side."""
    for section in sheets:
        sheet = max(section.readings(), key=_labels).chosen()
        lines = [(number, cells, [str(cell).strip() for cell in cells]) for number, cells in sheet.lines()]
        values: set[tuple[int, int]] = set()
        for at, (number, cells, texts) in enumerate(lines):
            below = lines[at + 1][1] if at + 1 < len(lines) else ()
            heads = sum(key_of(text) in _KNOWN for text in texts) > 1
            for column, text in enumerate(texts):
                label = _KNOWN.get(key_of(text))
                if label:
                    where = (at + 1, column) if heads else (at, column + 1)
                    values.add(where)
                    row = below if heads else cells
                    value = row[where[1]] if where[1] < len(row) else ""
                    yield Stated(sheet.name, number, label, value)
                elif text and (at, column) not in values and key_of(text) not in ignored:
                    fix = f'write one of {", ".join(LABELS)}, or "{text[:40]}" = "ignore" in the mapping'
                    problems.add(place(sheet.name, f"cell {column + 1}"), text, "is not understood", fix, number)


def _labels(sheet: Sheet) -> int:
    """How many cells of a section are labels."""
    return sum(key_of(str(cell)) in _KNOWN and str(cell)[-1:].isalpha() for _, cells in sheet.lines() for cell in cells)


def _tax(stated: Stated | None, problems: Problems) -> bool | None:
    if stated is None or not stated.text:
        return None
    answer = _ANSWERS.get(stated.text.lower())
    if answer is None:
        fix = "write N where the law's tax is not in the prices, S where it is, or where there is none"
        problems.add(place(stated.sheet, stated.label), stated.text, "is neither S nor N", fix, stated.line)
    return answer


def _number(
    stated: Stated | None, options: ReadOptions, problems: Problems, blank: Decimal | None = None
) -> Decimal | None:
    """The number beside a label; `blank` where the cell is blank, None where there is no label."""
    if stated is None or not stated.text:
        return blank if stated else None
    where = place(stated.sheet, stated.label)
    try:
        number = parse_number(stated.text, decimal="." if isinstance(stated.value, float) else options.decimal)
    except ValueError as error:
        problems.add(where, stated.text, str(error), "write a number", stated.line)
        return blank
    if number < 0:
        problems.add(where, stated.text, "is less than zero", "write a number", stated.line)
    return number


def tell_terms(terms: StatedTerms, problems: Problems) -> None:
    """Note what the section says and what the carrier's settings have to say with it."""
    if terms.tax_is_added is not None:
        words = "N: the law's tax is to be added" if terms.tax_is_added else "S: it is in the prices, or there is none"
        problems.note(f"ICMS is {words}; the carrier's tariff.tax has to say the same")
    if terms.cubic_factor is not None:
        said = f"{terms.cubic_factor.normalize():f}" if terms.cubic_factor else "none"
        problems.note(f"Cubagem is {said}; the carrier's cubic_factor or cubic_divisor has to say the same")
    if terms.cubic_exempt_kg:
        problems.note(
            f"Isenção de Cubagem is {terms.cubic_exempt_kg.normalize():f} kg; the carrier's cubic_exempt is in g"
        )
    if terms.sides:
        problems.note("of the limits of sides only the longest is checked, by the carrier's limits.longest_side")


__all__ = ["LABELS", "Stated", "read_generalities", "tell_terms"]

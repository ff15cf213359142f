"""The sections of a file: sheets by their names, or parts of a sheet under a title line."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from portes.errors import Problems, shown
from portes.tables.reading.cells import Line
from portes.tables.reading.fields import place
from portes.tables.reading.headings import key_of
from portes.tables.reading.sheets import Sheet


class SectionTitle(StrEnum):
    """What a part of the file is, by the name that the platform's help pages have for it."""

    GENERAL = "Generalidades & Restrições"
    CENTRES = "Especificações de Centro de Distribuição (CD) e Métodos"
    COVERAGE = "Abrangência"
    TARIFF = "Tarifas"
    FEES = "Taxas"


_ALSO: Final = {
    "Generalidades e Restrições": SectionTitle.GENERAL,
    "Generalidades": SectionTitle.GENERAL,
    "Tarifa": SectionTitle.TARIFF,
}
TITLES: Final = (*map(str, SectionTitle), *_ALSO)
"""Every title of a section that the help pages have."""
_NAMES: Final = {
    key_of(name): section for name, section in (*((str(one), one) for one in SectionTitle), *_ALSO.items())
}
_NUMBERED: Final = re.compile(r"^\s*\d{1,2}\s*[.)-]?\s*")
_SUFFIX: Final = re.compile(r"\.[A-Za-z]{3,4}$")
_CUT: Final = 31
"""Characters of a sheet's name: a longer one is cut."""


def section_of(text: str) -> SectionTitle | None:
    """The section that a title or a sheet's name says, numbered or not: `4. Tarifas`; None for any other text."""
    bare = _SUFFIX.sub("", _NUMBERED.sub("", text.rpartition("!")[2]))
    key = key_of(bare)
    if key in _NAMES:
        return _NAMES[key]
    long = len(text.rpartition("!")[2]) >= _CUT - 1
    meant = {section for name, section in _NAMES.items() if long and key and name.startswith(key)}
    return meant.pop() if len(meant) == 1 else None


@dataclass(frozen=True, slots=True)
class SectionSheet:
    """The lines of one section, numbered as in its sheet."""

    whole: Sheet
    name: str
    """The section's title as the file has it; with its sheet where it is a part of one."""
    first: int
    """Its first line below the title, from 1."""
    last: int | None
    """None: to the end of the sheet, as the last of several."""

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The section's lines, numbered as in its sheet."""
        for number, cells in self.whole.lines(percents):
            if self.last is not None and number > self.last:
                return
            if number >= self.first:
                yield number, cells

    def readings(self) -> "Sequence[SectionSheet]":
        """The section in each way that the cells of its sheet may be told apart."""
        return [replace(self, whole=reading) for reading in self.whole.readings()]

    def chosen(self) -> "SectionSheet":
        """The section in this way, which reports what is broken."""
        return replace(self, whole=self.whole.chosen())


Sections = Mapping[SectionTitle, Sequence[Sheet]]


def find_sections(sheets: Sequence[Sheet], ignored: Collection[str], problems: Problems) -> Sections:
    """The sections of a file; a sheet that is none, and has none, is a problem unless its name is ignored."""
    found: dict[SectionTitle, list[Sheet]] = {section: [] for section in SectionTitle}
    for sheet in sheets:
        named = section_of(sheet.name)
        parts = [(named, SectionSheet(sheet, sheet.name, 1, None))] if named else _parts(sheet)
        if not parts and key_of(sheet.name) not in ignored:
            fix = f'name it by one of {", ".join(SectionTitle)}, or write "{sheet.name}" = "ignore" in the mapping'
            problems.add(place(sheet.name, "sheet"), shown(sheet.name), "is none of the platform's sections", fix)
        for section, part in parts:
            if key_of(section) in ignored or key_of(part.name) in ignored:
                problems.note(f"section {section} is not used, as the mapping says")
            else:
                found[section].append(part)
    return found


def _parts(sheet: Sheet) -> Sequence[tuple[SectionTitle, SectionSheet]]:
    """The parts of a sheet under the lines that have nothing but the name of a section, read as finds most of them."""
    titles = max((_titles(reading) for reading in sheet.readings()), key=len)
    ends = [*(line - 1 for line, *_ in titles[1:]), None]
    return [
        (section, SectionSheet(sheet, place(sheet.name, title), line + 1, last))
        for (line, section, title), last in zip(titles, ends, strict=False)
    ]


def _titles(reading: Sheet) -> Sequence[tuple[int, SectionTitle, str]]:
    """The lines that are titles, each with its section and its words."""
    titles: list[tuple[int, SectionTitle, str]] = []
    for number, cells in reading.lines():
        said = [str(cell).strip() for cell in cells if str(cell).strip()]
        if len(said) == 1 and (section := section_of(said[0])):
            titles.append((number, section, said[0]))
    return titles

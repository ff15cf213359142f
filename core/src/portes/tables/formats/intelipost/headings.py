"""What a mapping beside the file says of headings that nobody documents: which field they are, or that none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from portes.contract.suggestions import did_you_mean
from portes.errors import Problems
from portes.tables.formats.mapping.description import WORD, MappedColumn, read_mapping
from portes.tables.protocol import ReadOptions
from portes.tables.reading.columns import Column
from portes.tables.reading.headings import key_of

_ONLY: Final = "columns"


@dataclass(frozen=True, slots=True)
class DeclaredHeadings:
    """The headings that a mapping names, by their words without accents, case and signs."""

    fields: Mapping[str, tuple[str, ...]]
    """The headings of a field of ours."""
    ignored: frozenset[str]
    """Headings, labels and sections that are not used."""

    def ignores(self, text: str) -> bool:
        """Whether a heading is one that the mapping says not to use, or a blank one."""
        return not text or key_of(text) in self.ignored

    def known(self, columns: Sequence[Column], names: Mapping[str, str]) -> tuple[Column, ...]:
        """The columns, those of a field also under the headings that it has in the mapping; `names` are our words."""
        return tuple(
            replace(column, also=(*column.also, *self.fields.get(names.get(column.name, ""), ()))) for column in columns
        )


def declared_headings(options: ReadOptions, fields: Sequence[str], problems: Problems) -> DeclaredHeadings:
    """The mapping beside a file, none where there is none; what cannot be used becomes problems."""
    own = Problems(WORD)
    mapping = read_mapping(options, problems) if WORD in options.beside else None
    found: dict[str, list[str]] = {}
    ignored: set[str] = set()
    for heading, meaning in mapping.columns.items() if mapping else ():
        if meaning == MappedColumn(field="ignore"):
            ignored.add(key_of(heading))
        elif meaning.field in fields and meaning == MappedColumn(field=meaning.field):
            found.setdefault(meaning.field, []).append(heading)
        else:
            fix = did_you_mean(meaning.field, fields) or f'write one of {", ".join(fields)}, or "ignore"'
            own.add(f"columns.{heading}", meaning.field or None, "is no field of this format", fix)
    for key in sorted(mapping.model_fields_set - {_ONLY}) if mapping else ():
        own.add(key, None, "is not used here", "declare it in the settings of the table, and leave it out")
    problems.include(own.all())
    return DeclaredHeadings({field: tuple(names) for field, names in found.items()}, frozenset(ignored))


__all__ = ["DeclaredHeadings", "declared_headings"]

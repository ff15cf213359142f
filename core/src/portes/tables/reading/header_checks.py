"""What is wrong with a header: unknown, doubled and missing columns, and units that cannot be meant."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, Problems, shown
from portes.tables.protocol import ReadOptions
from portes.tables.reading.fields import Column, place
from portes.tables.reading.headers import IGNORED, HeaderReader, Part, Parts
from portes.tables.reading.vocabulary import field_of, is_counted

_TAKEN: Final = {"part": ("percent",), "time": ("days",), "volume": ("cm3", "m3")}
"""The units that are read, by what they measure; of money it is the table's currency."""
_WEIGHTS: Final = ("g", "kg")
UNSAID_UNIT: Final = "does not say its unit"
"""What is wrong with a column that may be in several units; its header is one of the format all the same."""
_DECLARE: Final = "(--default "
"""What the fix of a missing column says that may be declared."""


def check_parts(
    reader: HeaderReader, where: str, line: int, texts: Sequence[str], parts: Parts, problems: Problems
) -> tuple[Part, ...]:
    """The columns of a header, with those that are not read among them; what is wrong with it becomes problems."""
    known: list[Part] = []
    for text, part in zip(texts, parts, strict=True):
        found = part or reader.unread(text)
        if found is None:
            problems.add(where, text, "is no column of this format", _unknown_fix(text, reader, parts), line)
            continue
        if found.column is IGNORED:
            sheet = where.rpartition("!")[0]
            problems.note(
                place(sheet, f"column {shown(text)} is not used" if text else "a column without a name is not used")
            )
        known.append(found)
    for name, cause, fix in _faults(reader, known):
        problems.add(where, name, cause, fix, line)
    return tuple(known)


def weight_unit_of(parts: Sequence[Part]) -> str:
    """The unit of weights that a header states; empty when it states none."""
    return next((unit for part in parts if part.column.weighs and (unit := part.heading.unit("weight"))), "")


def weight_units_read(parts: Sequence[Part], reader: HeaderReader) -> set[str]:
    """The units that weights of a table are read in: what its headings state, else what holds where they do not."""
    own = weight_unit_of(parts) or reader.options.weight_unit
    weighed = {own for part in parts if part.column.weighs}
    return weighed | {part.heading.unit("weight") or reader.bracket_unit or "" for part in parts if part.bracket}


def is_settled_by_declaring(problem: Problem) -> bool:
    """Whether a problem of a header says only what the operator may declare: a unit, or days that no column has."""
    return problem.cause == UNSAID_UNIT or _DECLARE in problem.fix


def missing_words(columns: Sequence[Column]) -> str:
    """Columns that are missing, in words: `column price is missing`, `columns price and days_max are missing`."""
    names = [column.name for column in columns]
    if len(names) < 2:
        return f"column {''.join(names)} is missing"
    return f"columns {', '.join(names[:-1])} and {names[-1]} are missing"


def _faults(reader: HeaderReader, known: Sequence[Part]) -> Iterator[tuple[str | None, str, str]]:
    counted = Counter((part.column.name, part.bracket) for part in known if part.column is not IGNORED)
    for part in known:
        if counted.pop((part.column.name, part.bracket), 0) > 1:
            yield part.name, "stands there more than once", "keep one of them"
        if part.doubt:
            yield (
                part.text,
                part.doubt,
                "write the weight without a separator of thousands, or declare the decimal sign",
            )
    named = {part.column.name for part in known}
    missing = [column for column in reader.required if column.name not in named]
    if missing:
        yield None, missing_words(missing), _missing_fix(missing, reader.options)
    if reader.bracket_unit and not any(part.bracket or part.doubt for part in known):
        yield None, "no column is for a weight bracket", "name each by its weights, such as até 10 kg"
    yield from unit_faults(reader, known)


def _missing_fix(missing: Sequence[Column], options: ReadOptions) -> str:
    """To add the columns; or, since many files have no days and all rows may take as long, to declare those."""
    add = "add it" if len(missing) == 1 else "add them"
    days = [column.name for column in missing if "time" in column.measures]
    if not days or not options.declared:
        return add
    return f'{add}, or declare the days of all rows: defaults = {{ {days[0]} = "5" }} {_DECLARE}{days[0]}=5)'


def unit_faults(reader: HeaderReader, known: Sequence[Part]) -> Iterator[tuple[str | None, str, str]]:
    """What is wrong with the units that headings state, or leave open: heading, cause and fix."""
    options = reader.options
    weights = {part.heading.unit("weight"): part.text for part in known if part.column.weighs}
    stated = {unit: text for unit, text in weights.items() if unit in _WEIGHTS}
    for part in known:
        for unit in part.heading.units:
            if unit.measure in part.column.measures and unit.name not in _taken(part.column, unit.measure, reader):
                fix = f"convert what stands there, and write {_taken(part.column, unit.measure, reader)[-1]}"
                yield part.text, f"is in {unit.name}", fix
    if len(stated) > 1:
        yield None, f"states weights in {' and in '.join(stated)}", "write all weights in one unit"
    elif "g" in stated and options.weight_unit == "kg":
        yield stated["g"], "is in g, and the table is declared in kg", "declare no weight_unit, or convert the weights"
    if not stated and options.weight_unit == "g":
        for part in known:
            own = part.column.own_unit
            if own and own.measure in {"weight", "volume"} and not part.heading.unit(own.measure):
                yield part.text, UNSAID_UNIT, _unit_fix(part)


def _unit_fix(part: Part) -> str:
    name, own = part.column.name, part.column.own_unit
    if own is None or own.measure == "volume":
        return f"write {name}, or add (m3) to it"
    other = name.removesuffix(own.name) + "kg"
    return f'write {name} or {other}, or declare weight_unit = "kg" (--weight-unit kg)'


def _taken(column: Column, measure: str, reader: HeaderReader) -> tuple[str, ...]:
    if measure == "money":
        return (reader.options.currency,)
    if measure == "weight":
        return _WEIGHTS if column.weighs else ("kg",)
    return _TAKEN[measure]


def _unknown_fix(text: str, reader: HeaderReader, parts: Parts) -> str:
    """What to do about an unknown column: it may be one that is needed, under a name of somebody else's."""
    if "mapping" in reader.options.beside:
        return 'name it under [columns] of the mapping: a field, a fee, or "ignore"'
    hint = did_you_mean(text, [column.name for column in reader.columns])
    if hint:
        return hint
    field = field_of(text)
    if field:
        return f"it looks like {field}, for which this format has no column: choose one that has, or a mapping"
    named = {part.column.name for part in parts if part}
    free = [column.name for column in reader.columns if column.name not in named]
    needed = [column.name for column in reader.required if column.name not in named]
    if needed:
        return f"rename it if it stands for {', '.join(needed)}; otherwise say in a mapping what it is"
    if is_counted(text):
        return "it seems to change the price: choose a format that has it, or say in a mapping what it is"
    return f"rename it if it stands for one of {', '.join(free)}; otherwise say in a mapping that it is not to be used"

"""A mapping as its TOML file says it: which column is which field, and how borders and numbers are written."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from portes.contract.suggestions import did_you_mean
from portes.errors import Problems
from portes.tables.protocol import Per, ReadOptions

WORD: Final = "mapping"
"""By what the file is known in `beside`."""
_LARGEST: Final = 1 << 20
"""Bytes of a mapping: thousands of columns."""
_FAR: Final = 1_048_576
_DECLARE: Final = 'write beside = { mapping = "tables/my-carrier.toml" } (--beside mapping=FILE)'
_LIST: Final = "`portes tables detect FILE --write FILE.toml` writes a mapping to begin with"


class MappedColumn(BaseModel):
    """What one column of the file is: a field of a row, or a part of a fee."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    field: str = ""
    """A field by our own word, or `ignore`."""
    unit: Literal["g", "kg"] | None = None
    """The unit of its weights."""
    bracket: str = ""
    """The weight bracket that a column of prices is for: `header` where the heading states it, or its words."""
    fee: str = ""
    """The name of a fee, in place of a field."""
    per: Per = "shipment"
    percent: bool = False
    """Whether the numbers are the fee's percentage."""
    least: bool = False
    """Whether the numbers are the least that the fee comes to."""


def _long_form(meaning: object) -> object:
    return {"field": meaning} if isinstance(meaning, str) else meaning


Meaning = Annotated[MappedColumn, BeforeValidator(_long_form)]
"""A column in short, `"price"`, or as a table."""


class TableMapping(BaseModel):
    """A mapping as its file has it: every key with its default."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    sheets: list[str] = []
    """The sheets that are read, by name; none: all that are not hidden."""
    header: bool = True
    """Whether the file names its columns; where it does not, they are called by letters as in a spreadsheet."""
    first_line: Annotated[int, Field(ge=1, le=_FAR)] = 1
    """Where the header is looked for, or the rows begin."""
    decimal: Literal[".", ","] | None = None
    weight_unit: Literal["g", "kg"] | None = None
    border: Literal["upper_inclusive", "lower_inclusive"] = "upper_inclusive"
    """Which end of a bracket belongs to it."""
    extra_from: Literal["weight_to", "weight_from", "nothing"] = "weight_to"
    """From where the price for excess weight counts, where no column says so."""
    extra_step: Literal["exact", "started_kg"] = "exact"
    """Whether a started kg of excess weight counts whole."""
    columns: dict[str, Meaning]
    defaults: dict[str, str | int | Decimal] = {}
    """What a blank cell, or a column that is not there, means; by field."""


def read_mapping(options: ReadOptions, problems: Problems) -> TableMapping | None:
    """The mapping beside a table; None when there is none that can be used, which `problems` tells."""
    source = options.beside.get(WORD)
    if source is None:
        problems.add("format", "mapping", "needs a file that says which column is which", f"{_DECLARE}; {_LIST}")
        return None
    own = Problems(WORD)
    mapping = _parsed(source, own)
    problems.include(own.all())
    return mapping


def _parsed(source: bytes, problems: Problems) -> TableMapping | None:
    if len(source) > _LARGEST:
        problems.add("file", len(source), f"has more than {_LARGEST} bytes", "name the mapping, not the table")
        return None
    try:
        return TableMapping.model_validate(tomllib.loads(source.decode("utf-8-sig"), parse_float=_number))
    except UnicodeDecodeError:
        problems.add("file", None, "is no text in UTF-8", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problems.add("file", None, f"is no TOML: {error}", "mend it there; a text needs quotes on both sides")
    except RecursionError:
        problems.add("file", None, "nests too deep", "write tables as the documentation shows")
    except ValueError as error:
        if not isinstance(error, ValidationError):  # Python's own limit for the digits of a number
            problems.add("file", None, f"holds a number that is too long: {error}", "write a shorter one")
            return None
        for each in error.errors(include_url=False):
            problems.add(*_words(each))
    return None


def _number(text: str) -> Decimal:
    """A number with decimals, exactly; infinity and the like are texts for the reader of their field to refuse."""
    return Decimal(text)


def _words(error: ErrorDetails) -> tuple[str, object, str, str]:
    """Place, value, cause and fix of what is wrong with the shape of a mapping."""
    path = [str(part) for part in error["loc"]]
    if path[:1] == ["defaults"] and len(path) > 1:
        return ".".join(path[:2]), None, "is neither a text nor a number", 'write "express" or 5'
    where = ".".join(path)
    if error["type"] == "extra_forbidden":
        known = MappedColumn.model_fields if path[0] == "columns" else TableMapping.model_fields
        fix = did_you_mean(path[-1], known) or f"write one of {', '.join(known)}"
        return where, path[-1], "is no key of a mapping", fix
    if error["type"] == "missing":
        return where, None, "is missing", 'write [columns] with a line for each column: "CEP inicial" = "postal_from"'
    value: Any = error["input"]
    return where, value if isinstance(value, str | int | Decimal) else None, *_wanted(error)


def _wanted(error: ErrorDetails) -> tuple[str, str]:
    wanted = error["msg"].removeprefix("Input should be ")
    return "cannot be meant here", f"write {wanted}"


def each_column(mapping: TableMapping) -> Iterator[tuple[str, str, MappedColumn]]:
    """Every column that is read: its place in the mapping, its name, and what it is."""
    for name, meaning in mapping.columns.items():
        if meaning.field != "ignore" or meaning.fee:
            yield f"columns.{name}", name, meaning

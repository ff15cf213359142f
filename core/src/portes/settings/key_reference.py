"""A model of settings as rows of a reference page: key, type, default, sentence."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel

from portes.contract import Service
from portes.contract.durations import parse_duration, render_duration
from portes.settings.schema import Node, Shape, shape_of

_TYPES: Final = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
_FORMATS: Final = {"decimal": 'number, in quotes when it has a fraction: `"2.5"`', "date": "day", "time": "time of day"}
_OBJECT: Final = "table"
_EXTRA_COST: Final = "Added to the carrier's cost, in the store's currency."


@dataclass(frozen=True, slots=True)
class KeyReference:
    """One key of a settings table, as the reference page tells it."""

    path: str
    """From the table on: `timeout`, `auth.password`."""
    type: str
    """What may be written, in words."""
    default: str
    """As it would be written; empty when the key is required, or when leaving it out means nothing at all."""
    required: bool
    meaning: str
    """Its sentence."""
    when: str = ""
    """The kind of table that it belongs to, when there are several: `kind = "basic"`."""


def reference(model: type[BaseModel]) -> list[KeyReference]:
    """Every key of a model, in its order, those of tables inside after the table's own."""
    return list(_keys(shape_of(model), shape_of(model).root))


def service_reference(model: type[Service]) -> list[KeyReference]:
    """Every key of a service's table; `extra_cost` as the file has it, not as the model holds it."""
    written = 'amount in quotes, such as `"2.50"`'
    return [
        replace(key, type=written, default='"0"', meaning=_EXTRA_COST) if key.path == "extra_cost" else key
        for key in reference(model)
    ]


def _keys(shape: Shape, node: Node) -> Iterator[KeyReference]:
    required = node.get("required", ())
    for name, child in node.get("properties", {}).items():
        own = KeyReference(
            path=name,
            type=_type(shape, child),
            default=_default(shape, child),
            required=name in required,
            meaning=_meaning(shape, child),
        )
        yield own
        for table in _tables(shape, child):
            when = _kind(shape, table)
            for key in _keys(shape, table):
                yield replace(key, path=f"{name}.{key.path}", when=key.when or when)


def _choices(shape: Shape, node: Node) -> list[Node]:
    """The ways to write a value; what a key left out stands for is none."""
    found = (choice for choice in shape.alternatives(node) if choice.get("type") != "null")
    return [choice for choice in found if {"type", "enum", "const"} & choice.keys()]


def _tables(shape: Shape, node: Node) -> Iterator[Node]:
    for choice in _choices(shape, node):
        if "properties" in choice:
            yield choice
        elif isinstance(choice.get("items"), dict):
            yield from _tables(shape, choice["items"])


def _type(shape: Shape, node: Node) -> str:
    return " or ".join(dict.fromkeys(_words(shape, choice) for choice in _choices(shape, node))) or "anything"


def _words(shape: Shape, choice: Node) -> str:
    if choice.get("writeOnly"):
        return 'secret: `"${NAME}"` or `"file:PATH"`'
    values = choice.get("enum", [choice["const"]] if "const" in choice else [])
    if values:
        return " or ".join(f"`{json.dumps(value)}`" for value in values)
    if _is_duration(choice):
        return 'duration, such as `"400ms"`, `"4s"`, `"5m"`'
    if choice["type"] == "array":
        return f"list of {_type(shape, choice['items'])}" if choice.get("items") else "list"
    return _FORMATS.get(choice.get("format", ""), _TYPES.get(choice["type"], _OBJECT)) + _span(choice)


def _span(choice: Node) -> str:
    """The least and the largest number that may be written; empty for what is no number."""
    words = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "to below"}
    return "".join(f" {word} {_digits(choice[bound])}" for bound, word in words.items() if bound in choice)


def _digits(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _is_duration(choice: Node) -> bool:
    try:
        return bool([parse_duration(example) for example in choice.get("examples", ())])
    except (ValueError, AttributeError):
        return False


def _default(shape: Shape, node: Node) -> str:
    value = node.get("default")
    if not value and value is not False and value != 0:
        return ""
    if isinstance(value, dict):  # of the keys inside, which tell their own
        return ""
    if any(_is_duration(choice) for choice in _choices(shape, node)):
        value = render_duration(value)
    return json.dumps(value, ensure_ascii=False)


def _meaning(shape: Shape, node: Node) -> str:
    """The key's own sentence, or that of its type."""
    inherited = (each["description"] for each in shape.alternatives(node) if "description" in each)
    return " ".join((node.get("description") or next(inherited, "")).split())


def _kind(shape: Shape, table: Node) -> str:
    """What tells this table from its siblings: its first key with a single value."""
    for name, child in table.get("properties", {}).items():
        for choice in _choices(shape, child):
            if "const" in choice:
                return f"{name} = {json.dumps(choice['const'])}"
    return ""
